import type { NodeAPI, NodeDef } from "node-red";
import { lineText } from "../lib/modbus/line.ts";
import { serveModbus } from "./admin/modbus-pages.ts";
import { readLine, useLine } from "./runtime/modbus-lines.ts";
import type { EvModbusNode } from "./runtime/node-types.ts";
import { Properties } from "./runtime/properties.ts";
import { start } from "./runtime/start.ts";
import { StatusLine } from "./runtime/status.ts";

/** One Modbus line, shared by every node that describes the same one. It outlives a deploy. */
export default function register(RED: NodeAPI): void {
  serveModbus(RED);

  function EvModbus(this: EvModbusNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    start(this, new StatusLine(this), () => {
      const { timeoutMs, ...settings } = readLine(new Properties(def));
      const use = useLine(settings, `ev-modbus (${this.id})`);
      this.line = { bus: use.bus, timeoutMs, text: lineText(settings) };
      this.on("close", (removed: boolean, done: () => void) => void use.release(removed).then(done, done));
    });
  }
  RED.nodes.registerType("ev-modbus", EvModbus);
}

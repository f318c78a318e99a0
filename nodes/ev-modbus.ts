import type { NodeAPI } from "node-red";
import { lineText } from "../lib/modbus/line.ts";
import { serveModbus } from "./admin/modbus-pages.ts";
import { readLine, useLine } from "./runtime/modbus-lines.ts";
import type { EvModbusNode } from "./runtime/node-types.ts";
import { registerNode } from "./runtime/register.ts";

/** One Modbus line, shared by every node that describes the same one. It outlives a deploy. */
export default function register(RED: NodeAPI): void {
  serveModbus(RED);
  registerNode<EvModbusNode>(RED, "ev-modbus", {
    setUp: (node, read) => {
      const { timeoutMs, ...settings } = readLine(read);
      const use = useLine(settings, `ev-modbus (${node.id})`);
      node.line = { bus: use.bus, timeoutMs, text: lineText(settings) };
      return { close: (removed) => use.release(removed) };
    },
  });
}

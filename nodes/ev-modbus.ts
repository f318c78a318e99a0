import type { Node, NodeAPI, NodeDef } from "node-red";
import { acquire, release } from "../lib/lingering.ts";
import { ModbusBus } from "../lib/modbus/bus.ts";
import { Properties } from "./shared/properties.ts";
import { start } from "./shared/start.ts";
import { StatusLine } from "./shared/status.ts";

export interface EvModbusNode extends Node {
  /** undefined while its properties are wrong. */
  line?: { bus: ModbusBus; timeoutMs: number };
}

/** One Modbus connection, shared by every node that names the same host and port. It outlives a deploy. */
export default function register(RED: NodeAPI): void {
  function EvModbus(this: EvModbusNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    start(this, new StatusLine(this), () => {
      const { host, port, timeoutMs } = readSettings(new Properties(def));
      const key = `${host}:${port}`;
      const bus = acquire(
        "modbus",
        key,
        () => new ModbusBus({ host, port }),
        (open) => open.close(),
      );
      this.line = { bus, timeoutMs };
      this.on("close", (removed: boolean, done: () => void) => void release("modbus", key, removed).then(done, done));
    });
  }
  RED.nodes.registerType("ev-modbus", EvModbus);
}

function readSettings(read: Properties): { host: string; port: number; timeoutMs: number } {
  const transport = read.choice("transport", ["tcp", "rtu", "rtu-over-tcp", "udp"]);
  if (transport !== "tcp") throw read.wrong("transport", "tcp, the one this release offers");
  const host = read.text("host", "127.0.0.1");
  if (!host || /[\s/]/.test(host)) throw read.wrong("host", "a host name or an IP address");
  return {
    host,
    port: read.number("port", 502, { min: 1, max: 65_535, integer: true }),
    timeoutMs: read.number("timeoutMs", 1000, { min: 50, max: 30_000 }),
  };
}

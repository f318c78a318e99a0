import type { NodeAPI } from "node-red";
import { lineText } from "../lib/modbus/line.ts";
import { serveModbus } from "./admin/modbus-pages.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import { isCoilMessage, writeCoil } from "./runtime/contacts/coils.ts";
import { badMessage } from "./runtime/input.ts";
import { readLine, useLine } from "./runtime/modbus-lines.ts";
import type { EvModbusNode } from "./runtime/node-types.ts";
import { registerNode } from "./runtime/register.ts";

/** One Modbus line, shared by every node that describes the same one. It outlives a deploy. */
export default function register(RED: NodeAPI): void {
  serveModbus(RED);
  registerNode<EvModbusNode>(RED, "ev-modbus", {
    idle: "this connection has an error in its properties",
    setUp: (node, read) => {
      const { timeoutMs, ...settings } = readLine(read);
      const writable = read.flag("writable", false);
      const use = useLine(settings, `ev-modbus (${node.id})`);
      const line = { bus: use.bus, timeoutMs, text: lineText(settings), writable };
      node.line = line;
      return {
        input: (message) => {
          permitUserEverywhere(node, message);
          if (!isCoilMessage(message)) throw badMessage("topic", "coil", message.topic);
          return writeCoil(line, message);
        },
        close: (removed) => use.release(removed),
      };
    },
  });
}

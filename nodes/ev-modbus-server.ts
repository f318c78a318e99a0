import type { NodeAPI } from "node-red";
import { ModbusDoor, type ModbusDoorSettings, type WriteNews } from "../lib/managers/modbus/modbus-door.ts";
import { readDoor, registerDoor } from "./runtime/managers/manager-door.ts";
import type { Properties } from "./runtime/properties.ts";

/** Shows the site's connectors as registers over Modbus TCP, and takes what managers write as limits that end by themselves. */
export default function register(RED: NodeAPI): void {
  registerDoor(RED, "ev-modbus-server", {
    readSettings,
    open: (node, site, settings, ports, teller) =>
      new ModbusDoor(node.id, site, settings, {
        ...ports,
        wrote: (news) => teller.tell(news, () => refusalText(news)),
      }),
  });
}

const WHY = {
  readOnly: "this server takes no writes",
  writer: "its address is not among the writers",
  zone: "no zone holds the connector, so nothing can limit it",
  register: "nothing can be written there, or not this value",
} as const satisfies Record<NonNullable<WriteNews["refused"]>, string>;

function refusalText({ writer, register, refused }: WriteNews): string {
  return `a write of ${writer} to register ${register} was refused: ${refused === null ? "" : WHY[refused]}`;
}

function readSettings(read: Properties): ModbusDoorSettings {
  const map = read.choice("map", ["phasewise", "victron", "bender"]);
  return {
    map,
    connector: read.text("connector"),
    unitId: read.number("unitId", 1, { min: 1, max: 247, integer: true }),
    ...readDoor(read, 1502),
    announce: read.flag("announce", map === "victron"),
  };
}

import type { NodeAPI } from "node-red";
import { type ControlNews, SempDoor, type SempDoorSettings } from "../lib/managers/semp/semp-door.ts";
import { readDoor, registerDoor } from "./runtime/managers/manager-door.ts";
import type { Properties } from "./runtime/properties.ts";

/** Shows the site's connectors to SMA's Sunny Home Manager and others as devices of SEMP, and takes what they recommend as limits. */
export default function register(RED: NodeAPI): void {
  registerDoor(RED, "ev-semp", {
    readSettings,
    open: (node, site, settings, ports, teller) =>
      new SempDoor(node.id, site, settings, {
        ...ports,
        controlled: (news) => teller.tell(news, () => refusalText(news)),
        log: (text) => teller.log(text),
      }),
  });
}

const WHY = {
  readOnly: "this server takes none",
  writer: "its address is not among the writers",
  zone: "no zone holds the connector, so nothing can limit it",
  device: "no connector has this device id",
  request: "it cannot be read",
} as const satisfies Record<NonNullable<ControlNews["refused"]>, string>;

function refusalText({ writer, refused }: ControlNews): string {
  return `a recommendation of ${writer} was refused: ${refused === null ? "" : WHY[refused]}`;
}

function readSettings(read: Properties): SempDoorSettings {
  return { ...readDoor(read, 8899), announce: read.flag("announce", true) };
}

import type { Node, NodeAPI } from "node-red";
import { MANAGER_LEASE_S } from "../lib/dlm/inputs/manager-limits.ts";
import { ModbusDoor, type ModbusDoorSettings, type WriteNews } from "../lib/managers/modbus/modbus-door.ts";
import { claimName, releaseName } from "../lib/names.ts";
import type { Site } from "../lib/site/site.ts";
import { Seldom, serveDoor, subjectOf } from "./runtime/manager-news.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Shows the site's connectors as registers over Modbus TCP, and takes what managers write as limits that end by themselves. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-modbus-server", {
    setUp: (node, read, status) => {
      const settings = readSettings(read);
      const site = useSite(RED, node, "site", read.text("site"));
      try {
        return serve(node, site, settings, status);
      } catch (error) {
        void releaseSite(site, false);
        throw error;
      }
    },
  });
}

function serve(node: Node, site: Site, settings: ModbusDoorSettings, status: StatusLine) {
  const told = new Told(node, site);
  const door = new ModbusDoor(node.id, site, settings, {
    wrote: (news) => told.write(news),
    claim: (port) =>
      claimName("port", String(port), node.id, `ev-modbus-server "${node.name || node.id}" (${node.id})`),
    free: (port) => releaseName("port", String(port), node.id),
  });
  return serveDoor(node, site, status, door, settings.port);
}

/** Tells flows of writes: of those that are refused, now and then. */
class Told {
  readonly #node: Node;
  readonly #site: Site;
  readonly #seldom = new Seldom();

  constructor(node: Node, site: Site) {
    this.#node = node;
    this.#site = site;
  }

  write({ writer, target, register, name, value, refused }: WriteNews): void {
    if (refused !== null) {
      if (!this.#seldom.passes(`${writer} ${refused}`, this.#site.clock.nowMs())) return;
      this.#node.log(`a write of ${writer} to register ${register} was refused: ${WHY[refused]}`);
    }
    const payload = { writer, register, name, value, refused };
    sendOut(this.#node, { topic: `write/${target ?? "site"}`, ...subjectOf(target), payload });
  }
}

const WHY = {
  readOnly: "this server takes no writes",
  writer: "its address is not among the writers",
  zone: "no zone holds the connector, so nothing can limit it",
  register: "nothing can be written there, or not this value",
} as const satisfies Record<NonNullable<WriteNews["refused"]>, string>;

function readSettings(read: Properties): ModbusDoorSettings {
  const map = read.choice("map", ["phasewise", "victron", "bender"]);
  const { least, most, usual } = MANAGER_LEASE_S;
  return {
    map,
    connector: read.text("connector"),
    unitId: read.number("unitId", 1, { min: 1, max: 247, integer: true }),
    host: read.text("host"),
    port: read.number("port", 1502, { min: 1, max: 65_535, integer: true }),
    writable: read.flag("writable", false),
    writers: read.texts("writers"),
    leaseS: read.number("leaseS", usual, { min: least, max: most, integer: true }),
    fallbackA: read.optionalNumber("fallbackA", { min: 0, max: 1000 }),
    announce: read.flag("announce", map === "victron"),
  };
}

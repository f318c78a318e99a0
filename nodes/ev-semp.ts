import type { Node, NodeAPI } from "node-red";
import { MANAGER_LEASE_S } from "../lib/dlm/inputs/manager-limits.ts";
import { type ControlNews, SempDoor, type SempDoorSettings } from "../lib/managers/semp/semp-door.ts";
import { claimName, releaseName } from "../lib/names.ts";
import type { Site } from "../lib/site/site.ts";
import { Seldom, serveDoor, subjectOf } from "./runtime/manager-news.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Shows the site's connectors to SMA's Sunny Home Manager and others as devices of SEMP, and takes what they recommend as limits. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-semp", {
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

function serve(node: Node, site: Site, settings: SempDoorSettings, status: StatusLine) {
  const seldom = new Seldom();
  const door = new SempDoor(node.id, site, settings, {
    controlled: (news) => tell(node, site, seldom, news),
    claim: (port) => claimName("port", String(port), node.id, `ev-semp "${node.name || node.id}" (${node.id})`),
    free: (port) => releaseName("port", String(port), node.id),
    log: (text) => seldom.passes(text, site.clock.nowMs()) && node.log(text),
  });
  return serveDoor(node, site, status, door, settings.port);
}

/** Tells flows of recommendations: of those that are refused, now and then. */
function tell(node: Node, site: Site, seldom: Seldom, { target, ...news }: ControlNews): void {
  const { writer, refused } = news;
  if (refused !== null) {
    if (!seldom.passes(`${writer} ${refused}`, site.clock.nowMs())) return;
    node.log(`a recommendation of ${writer} was refused: ${WHY[refused]}`);
  }
  sendOut(node, { topic: `write/${target ?? "site"}`, ...subjectOf(target), payload: news });
}

const WHY = {
  readOnly: "this server takes none",
  writer: "its address is not among the writers",
  zone: "no zone holds the connector, so nothing can limit it",
  device: "no connector has this device id",
  request: "it cannot be read",
} as const satisfies Record<NonNullable<ControlNews["refused"]>, string>;

function readSettings(read: Properties): SempDoorSettings {
  const { least, most, usual } = MANAGER_LEASE_S;
  return {
    host: read.text("host"),
    port: read.number("port", 8899, { min: 1, max: 65_535, integer: true }),
    writable: read.flag("writable", false),
    writers: read.texts("writers"),
    leaseS: read.number("leaseS", usual, { min: least, max: most, integer: true }),
    fallbackA: read.optionalNumber("fallbackA", { min: 0, max: 1000 }),
    announce: read.flag("announce", true),
  };
}

import type { Node, NodeAPI } from "node-red";
import { MANAGER_LEASE_S } from "../../../lib/dlm/inputs/manager-limits.ts";
import { claimName, releaseName } from "../../../lib/names.ts";
import type { Site } from "../../../lib/site/site.ts";
import { sentence } from "../../../lib/words/sentence.ts";
import type { Properties } from "../properties.ts";
import { registerNode } from "../register.ts";
import { releaseSite, useSite } from "../site.ts";
import { report } from "../start.ts";
import type { StatusLine } from "../status.ts";
import { tellManagers, wordsThrough } from "./manager-news.ts";
import { WriteTeller } from "./write-teller.ts";

/** Who may write, and what holds for how long. */
export function readWriting(read: Properties) {
  const { least, most, usual } = MANAGER_LEASE_S;
  return {
    writable: read.flag("writable", false),
    leaseS: read.number("leaseS", usual, { min: least, max: most, integer: true }),
    fallbackA: read.optionalNumber("fallbackA", { min: 0, max: 1000 }),
  };
}

/** The settings that all servers for managers have. @param port where none is given */
export function readDoor(read: Properties, port: number) {
  return {
    host: read.text("host"),
    port: read.number("port", port, { min: 1, max: 65_535, integer: true }),
    writers: read.texts("writers"),
    ...readWriting(read),
  };
}

/** Ports of this node among those of all nodes. */
interface Ports {
  /** @throws EvError EV_NAME_DUPLICATE naming both nodes */
  claim(port: number): void;
  free(port: number): void;
}

/** What a type of servers for managers has of its own. */
interface DoorType<Settings> {
  /** @throws EvError EV_CONFIG_INVALID naming property and fix */
  readSettings(read: Properties): Settings;
  open(node: Node, site: Site, settings: Settings, ports: Ports, teller: WriteTeller): Door;
}

/** Registers a type of nodes that serve managers at a port of their own. */
export function registerDoor<Settings extends { port: number }>(
  RED: NodeAPI,
  type: string,
  { readSettings, open }: DoorType<Settings>,
): void {
  registerNode(RED, type, {
    setUp: (node, read, status) => {
      const settings = readSettings(read);
      const site = useSite(RED, node, "site", read.text("site"));
      const ports: Ports = {
        claim: (port) => claimName("port", String(port), node.id, `${type} "${node.name || node.id}" (${node.id})`),
        free: (port) => releaseName("port", String(port), node.id),
      };
      try {
        const door = open(node, site, settings, ports, new WriteTeller(node, site));
        return serveDoor(node, site, status, door, settings.port);
      } catch (error) {
        void releaseSite(site, false);
        throw error;
      }
    },
  });
}

/** A server for managers, with a port of its own. */
export interface Door {
  /** Connectors that it shows. */
  readonly connectors: number;
  /** Follows what is deployed now; rejects with what is wrong. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

/** Lets a door follow each deploy, tells of its words, and shows in the node's status how it is doing. */
function serveDoor(node: Node, site: Site, status: StatusLine, door: Door, port: number) {
  let failure = "";
  const show = () => {
    if (failure !== "") return;
    const words = wordsThrough(node, site);
    const asked = words > 0 ? ` · ${sentence(site.language, "line.words", { n: words })}` : "";
    const served = sentence(site.language, "line.served", { n: door.connectors });
    status.set(words > 0 ? "working" : "good", `${served} · :${port}${asked}`);
  };
  const follow = () => {
    door.follow().then(
      () => {
        failure = "";
        show();
      },
      (error: Error) => {
        // Each deploy asks again; what stays wrong is told once.
        if (error.message !== failure) report(node, status, error);
        failure = error.message;
      },
    );
  };
  const stops = [site.plant.onCommit(follow), tellManagers(node, site, show)];
  follow();
  return {
    close: async (removed: boolean) => {
      for (const stop of stops) stop();
      await door.close();
      if (removed) site.managers.shut(node.id);
      await releaseSite(site, removed);
    },
  };
}

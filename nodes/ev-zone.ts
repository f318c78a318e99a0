import type { NodeAPI } from "node-red";
import type { ZoneDefinition, ZoneMeterDefinition } from "../lib/dlm/topology/plant.ts";
import type { Site } from "../lib/site/site.ts";
import { showFindings } from "./runtime/findings.ts";
import { meterName } from "./runtime/meter-names.ts";
import type { EvZoneNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import { report } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

const LARGEST_A = 100_000;

/** One breaker of the building. */
export default function register(RED: NodeAPI): void {
  registerNode<EvZoneNode>(RED, "ev-zone", {
    setUp: (node, read, status) => {
      const site = useSite(RED, node, "site", read.text("site"));
      node.site = site;
      const stopShowing = place(RED, node, read, site, status);
      return {
        close: (removed) => {
          stopShowing();
          site.plant.retire("zone", node.id);
          return releaseSite(site, removed);
        },
      };
    },
  });
}

/** Hands the zone to the site; one that cannot be read keeps the whole tree from coming into force. */
function place(RED: NodeAPI, node: EvZoneNode, read: Properties, site: Site, status: StatusLine): () => void {
  try {
    const zone = readZone(RED, read, node.id);
    node.zoneName = zone.name;
    site.plant.putZone(zone);
    return showFindings(node, status, site, () => status.set("good", "ev-zone.status.checked"));
  } catch (error) {
    report(node, status, error);
    site.plant.putBroken(node.id, `zone ${node.name || node.id}: ${(error as Error).message}`);
    return () => {};
  }
}

function readZone(RED: NodeAPI, read: Properties, nodeId: string): ZoneDefinition {
  const amps = { min: 0, max: LARGEST_A };
  return {
    nodeId,
    name: readName(read),
    parentNodeId: read.text("parent") || null,
    limitA: read.triple("limitA", [63, 63, 63], amps),
    operatorLimitA: read.optionalTriple("operatorLimitA", amps),
    headroomA: read.triple("headroomA", [0, 0, 0], amps),
    assumedLoadA: read.triple("assumedLoadA", [0, 0, 0], amps),
    maxPowerW: read.optionalNumber("maxPowerW", { min: 1 }),
    imbalanceA: read.optionalNumber("imbalanceA", amps),
    failSafeA: read.number("failSafeA", 6, amps),
    consumptionMeter: meterName(RED, read.text("consumptionMeter")),
    demandLimitW: read.optionalNumber("demandLimitW", { min: 1, max: 1e9 }),
    demandWindowS: read.number("demandWindowS", 900, { min: 60, max: 86_400 }),
    meters: read.list("meters").map((row) => readMeter(RED, row)),
  };
}

function readName(read: Properties): string {
  const name = read.name("name");
  if (name.includes("/")) throw read.wrong("name", "a name without a slash: it is part of topics");
  return name;
}

function readMeter(RED: NodeAPI, read: Properties): ZoneMeterDefinition {
  const meter: ZoneMeterDefinition = {
    meter: meterName(RED, read.name("meter")),
    location: read.choice("location", ["including", "excluding"]),
    staleAfterS: read.number("staleAfterS", 10, { min: 1, max: 3600 }),
    onStale: read.choice("onStale", ["failSafe", "fallbackLoad"]),
    fallbackA: read.optionalTriple("fallbackA", { min: 0, max: LARGEST_A }),
  };
  if (meter.onStale === "fallbackLoad" && meter.fallbackA === null) {
    throw read.wrong("fallbackA", "the load to assume while the meter is silent, A");
  }
  return meter;
}

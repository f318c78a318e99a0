import type { NodeAPI } from "node-red";
import type { ConnectorWiring } from "../lib/dlm/topology/facts.ts";
import { EvError } from "../lib/errors.ts";
import { claimName, releaseName } from "../lib/names.ts";
import type { Site } from "../lib/site/site.ts";
import { modelProfile } from "../lib/station/capabilities/models/index.ts";
import { readOverrides } from "../lib/station/capabilities/models/overrides.ts";
import { fallsBack } from "../lib/station/capabilities/models/resolve.ts";
import type { TraitPatch } from "../lib/station/capabilities/models/types.ts";
import type { ChargePointDefinition } from "../lib/station/types.ts";
import { serveChargePoints } from "./admin/charge-point-pages.ts";
import { showFindings } from "./runtime/findings.ts";
import { meterName } from "./runtime/meter-names.ts";
import type { EvCentralSystemNode, EvChargePointNode, EvZoneNode } from "./runtime/node-types.ts";
import { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { report } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Longest name or place that fits a page and the title of a mail. */
const LONGEST_NAME = 80;

const ROTATIONS = ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"] as const;

/** One charger: identity, zone and wiring. */
export default function register(RED: NodeAPI): void {
  registerNode<EvChargePointNode>(RED, "ev-charge-point", {
    credentials: { password: { type: "password" } },
    setUp: (node, read, status) => {
      const site = siteOf(RED, read);
      const stopShowing = serve(RED, node, read, site, status);
      return {
        close: () => {
          stopShowing();
          site?.plant.retire("chargePoint", node.id);
          site?.upstreams.retire(node.id);
          if (node.identity) releaseName("identity", node.identity, node.id);
        },
      };
    },
  });
  serveChargePoints(RED);
}

/** The site through its central system, else through its zone. */
function siteOf(RED: NodeAPI, read: Properties): Site | undefined {
  const owner = RED.nodes.getNode(read.text("centralSystem") || read.text("zone"));
  return (owner as EvCentralSystemNode | EvZoneNode | null)?.site;
}

function siteless(RED: NodeAPI, read: Properties): EvError {
  const property = read.text("centralSystem") ? "centralSystem" : "zone";
  const isThere = RED.nodes.getNode(read.text(property)) !== null;
  return new EvError(
    "EV_CONFIG_MISSING",
    isThere
      ? `${property}: the one chosen has an error of its own; correct that first`
      : "centralSystem and zone: neither is there; choose one of each",
  );
}

/** Hands the charge point to its site; one that cannot be read keeps the whole tree from coming into force. */
function serve(
  RED: NodeAPI,
  node: EvChargePointNode,
  read: Properties,
  site: Site | undefined,
  status: StatusLine,
): () => void {
  try {
    if (!site) throw siteless(RED, read);
    place(RED, node, read, site);
    return showFindings(node, status, site, () => {});
  } catch (error) {
    report(node, status, error);
    site?.plant.putBroken(node.id, `charge point ${read.given("identity") || node.id}: ${(error as Error).message}`);
    return () => {};
  }
}

function place(RED: NodeAPI, node: EvChargePointNode, read: Properties, site: Site): void {
  const definition = readDefinition(RED, read, node.credentials?.password ?? "");
  const { identity, safeA, stationLimitA } = definition;
  const connectors = definition.connectors.map(({ name: _, ...wiring }) => wiring);
  claimName("identity", identity, node.id, `ev-charge-point "${identity}" (${node.id})`);
  node.identity = identity;
  node.site = site;
  const zoneNodeId = read.text("zone") || null;
  const zoneNode = zoneNodeId === null ? null : (RED.nodes.getNode(zoneNodeId) as EvZoneNode | null);
  site.plant.putChargePoint({
    nodeId: node.id,
    identity,
    zoneNodeId,
    stationLimitA,
    exclusive: read.flag("exclusive", false),
    safeA,
    aliases: definition.aliases,
    fallsBack: !definition.ocpp || fallsBack(modelProfile(definition.model), definition.overrides),
    connectors,
  });
  site.describe({ ...definition, zone: zoneNode?.zoneName ?? null });
  site.upstreams.putChargePoint({
    ...{ nodeId: node.id, name: `charge point ${identity}`, identity },
    centralSystem: definition.centralSystem ?? null,
    backEnds: read.texts("backEnds"),
  });
}

function readDefinition(RED: NodeAPI, read: Properties, password: string): Omit<ChargePointDefinition, "zone"> {
  const identity = read.name("identity");
  if (identity.length > 48 || [...identity].some((character) => character < " " || character === "/")) {
    throw read.wrong("identity", "at most 48 characters, without a slash or control characters");
  }
  const safeA = read.number("safeA", 6, { min: 0, max: 80 });
  const centralSystem = read.text("centralSystem");
  const ticked = read.texts("commissioned");
  return {
    identity,
    ...names(read, ["name", "place"]),
    aliases: read.texts("aliases"),
    model: readModel(read),
    overrides: readPatch(read.given("overrides")),
    safeA,
    stationLimitA: read.optionalNumber("stationLimitA", { min: 1, max: 1000 }),
    connectors: readConnectors(RED, read, safeA),
    password: password || null,
    ocpp: centralSystem !== "",
    ...(centralSystem && { centralSystem }),
    ...(ticked.length > 0 && { ticked }),
  };
}

/** @throws EvError EV_CONFIG_INVALID for a model that there is not */
function readModel(read: Properties): string {
  const model = read.text("model", "auto") || "auto";
  if (model !== "auto" && !modelProfile(model))
    throw read.wrong("model", "auto, or one that the dialog lists (docs/chargers.md has their ids)");
  return model;
}

/** @throws EvError EV_CONFIG_INVALID naming path and fix */
function readPatch(given: unknown): TraitPatch {
  const { patch, problem } = readOverrides(given);
  if (problem !== null) throw new EvError("EV_CONFIG_INVALID", problem);
  return patch;
}

/** Names for people, on one line each; only those that are given. */
function names<T extends "name" | "place">(read: Properties, fields: readonly T[]): { [Field in T]?: string } {
  const given = fields.map((field) => {
    const name = read.text(field).trim();
    if (name.length > LONGEST_NAME || /\p{Cc}/u.test(name))
      throw read.wrong(field, `at most ${LONGEST_NAME} characters, on one line`);
    return [field, name] as const;
  });
  return Object.fromEntries(given.filter(([, name]) => name !== "")) as { [Field in T]?: string };
}

/** Only where it is given: most cars have one minimum. */
function threePhaseMinimum(row: Properties): Pick<ConnectorWiring, "minA3p"> {
  const minA3p = row.optionalNumber("minA3p", { min: 1, max: 80 });
  if (minA3p === null) return {};
  if (minA3p < row.number("minA", 6)) throw row.wrong("minA3p", "empty, or not below minA");
  return { minA3p };
}

function readConnectors(RED: NodeAPI, read: Properties, safeA: number): ChargePointDefinition["connectors"] {
  const rows = read.list("connectors");
  const connectors = (rows.length ? rows : [new Properties({})]).map((row) => ({
    number: row.number("number", 1, { min: 1, max: 99, integer: true }),
    ...names(row, ["name"]),
    phases: row.number("phases", 3, { min: 1, max: 3, integer: true }) as 1 | 2 | 3,
    rotation: row.choice("rotation", ROTATIONS),
    maxA: row.number("maxA", 32, { min: 1, max: 1000 }),
    minA: row.number("minA", 6, { min: 1, max: 80 }),
    ...threePhaseMinimum(row),
    priorityClass: row.number("priorityClass", 1, { min: 0, max: 99, integer: true }),
    mode: row.choice("mode", ["fast", "pv", "minpv", "off"]),
    ...(row.text("socketType") && { socketType: row.text("socketType") }),
    ...(row.text("sessionMeter") && { sessionMeter: meterName(RED, row.text("sessionMeter")) }),
    safeA,
  }));
  const numbers = connectors.map(({ number }) => number);
  if (new Set(numbers).size !== numbers.length)
    throw read.wrong("connectors", "a list in which each number stands once");
  return connectors;
}

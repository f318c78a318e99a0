import type { NodeAPI, NodeDef } from "node-red";
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
import type {
  ChargePointCredentials,
  EvCentralSystemNode,
  EvChargePointNode,
  EvZoneNode,
} from "./runtime/node-types.ts";
import { Properties } from "./runtime/properties.ts";
import { report } from "./runtime/start.ts";
import { StatusLine } from "./runtime/status.ts";

interface EvChargePointDef extends NodeDef {
  centralSystem?: string;
  zone?: string;
  identity?: string;
  overrides?: unknown;
}

const ROTATIONS = ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"] as const;

/** One charger: identity, zone and wiring. */
export default function register(RED: NodeAPI): void {
  function EvChargePoint(this: EvChargePointNode, def: EvChargePointDef): void {
    RED.nodes.createNode(this, def);
    const status = new StatusLine(this);
    const site = siteOf(RED, def);
    let stopShowing: (() => void) | null = null;
    try {
      if (!site) throw new EvError("EV_CONFIG_MISSING", "centralSystem and zone: neither is there; choose one of each");
      place(RED, this, def, site);
      stopShowing = showFindings(this, status, site, () => {});
    } catch (error) {
      report(this, status, error);
      site?.plant.putBroken(this.id, `charge point ${def.identity || this.id}: ${(error as Error).message}`);
    }
    this.on("close", () => {
      stopShowing?.();
      site?.plant.retire("chargePoint", this.id);
      if (this.identity) releaseName("identity", this.identity, this.id);
    });
  }
  RED.nodes.registerType<EvChargePointNode, EvChargePointDef, object, ChargePointCredentials>(
    "ev-charge-point",
    EvChargePoint,
    {
      credentials: { password: { type: "password" } },
    },
  );
  serveChargePoints(RED);
}

/** The site through its central system, else through its zone. */
function siteOf(RED: NodeAPI, def: EvChargePointDef): Site | undefined {
  const owner = RED.nodes.getNode(def.centralSystem || def.zone || "") as EvCentralSystemNode | EvZoneNode | null;
  return owner?.site;
}

function place(RED: NodeAPI, node: EvChargePointNode, def: EvChargePointDef, site: Site): void {
  const definition = readDefinition(def, node.credentials?.password ?? "");
  const { identity, connectors, safeA, stationLimitA } = definition;
  claimName("identity", identity, node.id, `ev-charge-point "${identity}" (${node.id})`);
  node.identity = identity;
  node.site = site;
  const zoneNode = def.zone ? (RED.nodes.getNode(def.zone) as EvZoneNode | null) : null;
  site.plant.putChargePoint({
    nodeId: node.id,
    identity,
    zoneNodeId: def.zone || null,
    stationLimitA,
    exclusive: new Properties(def).flag("exclusive", false),
    safeA,
    aliases: definition.aliases,
    fallsBack: !definition.ocpp || fallsBack(modelProfile(definition.model), definition.overrides),
    connectors,
  });
  site.describe({ ...definition, zone: zoneNode?.zoneName ?? null });
}

function readDefinition(def: EvChargePointDef, password: string): Omit<ChargePointDefinition, "zone"> {
  const read = new Properties(def);
  const identity = read.name("identity");
  if (identity.length > 48 || [...identity].some((character) => character < " " || character === "/")) {
    throw read.wrong("identity", "at most 48 characters, without a slash or control characters");
  }
  const safeA = read.number("safeA", 6, { min: 0, max: 80 });
  const centralSystem = read.text("centralSystem");
  return {
    identity,
    aliases: read.texts("aliases"),
    model: readModel(read),
    overrides: readPatch(def.overrides),
    safeA,
    stationLimitA: read.optionalNumber("stationLimitA", { min: 1, max: 1000 }),
    connectors: readConnectors(read, safeA),
    password: password || null,
    ocpp: centralSystem !== "",
    ...(centralSystem && { centralSystem }),
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

/** Only where it is given: most cars have one minimum. */
function threePhaseMinimum(row: Properties): Pick<ConnectorWiring, "minA3p"> {
  const minA3p = row.optionalNumber("minA3p", { min: 1, max: 80 });
  if (minA3p === null) return {};
  if (minA3p < row.number("minA", 6)) throw row.wrong("minA3p", "empty, or not below minA");
  return { minA3p };
}

function readConnectors(read: Properties, safeA: number): (ConnectorWiring & { number: number })[] {
  const rows = read.list("connectors");
  const connectors = (rows.length ? rows : [new Properties({})]).map((row) => ({
    number: row.number("number", 1, { min: 1, max: 99, integer: true }),
    phases: row.number("phases", 3, { min: 1, max: 3, integer: true }) as 1 | 2 | 3,
    rotation: row.choice("rotation", ROTATIONS),
    maxA: row.number("maxA", 32, { min: 1, max: 1000 }),
    minA: row.number("minA", 6, { min: 1, max: 80 }),
    ...threePhaseMinimum(row),
    priorityClass: row.number("priorityClass", 1, { min: 0, max: 99, integer: true }),
    mode: row.choice("mode", ["fast", "pv", "minpv", "off"]),
    ...(row.text("socketType") && { socketType: row.text("socketType") }),
    safeA,
  }));
  const numbers = connectors.map(({ number }) => number);
  if (new Set(numbers).size !== numbers.length)
    throw read.wrong("connectors", "a list in which each number stands once");
  return connectors;
}

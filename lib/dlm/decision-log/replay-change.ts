import { invalid } from "../inputs/input-fields.ts";
import type { AllocationConfig, Connector, ControllerConfig, Snapshot, Zone } from "../types.ts";

/** Settings that a replay has otherwise than they were. */
export interface ReplayChange {
  /** By name of the zone. */
  zones: Record<string, Partial<Zone>>;
  /** By `<identity>/<number>`. */
  connectors: Record<string, Partial<Connector>>;
  controller: Partial<ControllerConfig>;
  allocation: Partial<AllocationConfig>;
}

const GROUPS = ["zones", "connectors", "controller", "allocation"] as const;
const ZONE_FIELDS: readonly string[] = [
  "limitA",
  "operatorLimitA",
  "headroomA",
  "assumedLoadA",
  "maxPowerW",
  "imbalanceA",
  "failSafeA",
  "gridLimit",
];
const CONNECTOR_FIELDS: readonly string[] = [
  "phases",
  "rotation",
  "minA",
  "maxA",
  "externalLimitA",
  "priorityClass",
  "weight",
  "mode",
];

export function noChange(): ReplayChange {
  return { zones: {}, connectors: {}, controller: {}, allocation: {} };
}

/**
 * Reads the changes of a replay; a value of `null` takes a field away. That each value makes sense is checked by the controller.
 * @throws EvError EV_MESSAGE_INVALID naming a group, zone field or connector field that does not exist
 */
export function readChange(value: unknown, path = "payload.change"): ReplayChange {
  const change = noChange();
  if (value === undefined || value === null) return change;
  for (const [group, given] of Object.entries(objectAt(value, path))) {
    if (!GROUPS.includes(group as never)) throw invalid(`${path}.${group}`, `one of ${GROUPS.join(", ")}`, given);
    const fields = objectAt(given, `${path}.${group}`);
    if (group === "zones") checkEach(fields, `${path}.zones`, ZONE_FIELDS);
    if (group === "connectors") checkEach(fields, `${path}.connectors`, CONNECTOR_FIELDS);
    Object.assign(change, { [group]: fields });
  }
  return change;
}

/** The snapshot with other settings. */
export function changed(snapshot: Snapshot, { zones, connectors, allocation }: ReplayChange): Snapshot {
  return {
    ...snapshot,
    zones: snapshot.zones.map((zone) => mergedWith(zone, zones[zone.id])),
    connectors: snapshot.connectors.map((connector) => {
      const change = connectors[connector.id];
      // A changed external limit stands for whatever limited the connector then.
      return mergedWith(connector, change && "externalLimitA" in change ? { ...change, ceilings: null } : change);
    }),
    config: { ...snapshot.config, ...allocation },
  };
}

function mergedWith<T extends object>(base: T, change: object | undefined): T {
  if (!change) return base;
  const merged = new Map(Object.entries({ ...base, ...change }));
  for (const [field, value] of Object.entries(change)) if (value === null) merged.delete(field);
  return Object.fromEntries(merged) as T;
}

function checkEach(group: Record<string, unknown>, path: string, known: readonly string[]): void {
  for (const [id, given] of Object.entries(group)) {
    for (const [field, value] of Object.entries(objectAt(given, `${path}.${id}`)))
      if (!known.includes(field)) throw invalid(`${path}.${id}.${field}`, `one of ${known.join(", ")}`, value);
  }
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(path, "an object", value);
  return value as Record<string, unknown>;
}

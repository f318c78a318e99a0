import type { Triple } from "../../units.ts";
import type {
  Change,
  ChangedField,
  HandoverData,
  ReportedCharger,
  ReportedConnector,
  ReportedTest,
  ReportedZone,
} from "./types.ts";

/** One thing of a report, as text: fields under names that stay. */
type Facts = [field: ChangedField, name: string, text: string | null][];

/** What differs between two reports, thing by thing. Texts are numbers, names and codes; the report words them. */
export function changesBetween(before: HandoverData, now: HandoverData): Change[] {
  const [old, present] = [thingsOf(before), thingsOf(now)];
  const keys = [...new Set([...present.keys(), ...old.keys()])];
  return keys.flatMap((key): Change[] => {
    const [left, right] = [old.get(key), present.get(key)];
    const { what } = (right ?? left)!;
    if (!left) return [{ what, field: null, item: null, before: null, now: what }];
    if (!right) return [{ what, field: null, item: null, before: what, now: null }];
    return factChanges(what, left.facts, right.facts);
  });
}

function factChanges(what: string, left: Facts, right: Facts): Change[] {
  const key = ([field, name]: Facts[number]) => `${field} ${name}`;
  const [old, present] = [new Map(left.map((one) => [key(one), one])), new Map(right.map((one) => [key(one), one]))];
  return [...new Set([...present.keys(), ...old.keys()])].flatMap((id): Change[] => {
    const [was, is] = [old.get(id), present.get(id)];
    const [field, name] = (is ?? was)!;
    const [before, now] = [was?.[2] ?? null, is?.[2] ?? null];
    return before === now ? [] : [{ what, field, item: name || null, before, now }];
  });
}

interface Thing {
  what: string;
  facts: Facts;
}

/** By kind and name: a zone and a charger may be called alike. */
function thingsOf({ site, zones, chargers, tests }: HandoverData): Map<string, Thing> {
  const thing = (kind: string, what: string, facts: Facts): [string, Thing] => [`${kind} ${what}`, { what, facts }];
  return new Map([
    // A site that gets another name is the same site.
    ["site", { what: site.name, facts: [["voltage", "", `${site.voltageV} V`]] }],
    ...zones.map((zone) => thing("zone", zone.name, zoneFacts(zone))),
    ...chargers.map((charger) => thing("charger", charger.identity, chargerFacts(charger))),
    ...chargers.flatMap(({ connectors }) =>
      connectors.map((connector) => thing("connector", connector.target, connectorFacts(connector, tests))),
    ),
  ]);
}

function connectorFacts(connector: ReportedConnector, tests: readonly ReportedTest[]): Facts {
  const { target, phases, rotation, provenRotation, maxA, safeA } = connector;
  return [
    ["phases", "", String(phases)],
    ["rotation", "", rotation],
    ["proven", "", provenRotation],
    ["maximum", "", `${maxA} A`],
    ["safe", "", `${safeA} A`],
    ["result", "", tests.find((test) => test.target === target)?.verdict ?? null],
  ];
}

function zoneFacts(zone: ReportedZone): Facts {
  const { parent, limitA, operatorLimitA, headroomA, assumedLoadA, maxPowerW, failSafeA, demand, meters } = zone;
  return [
    ["below", "", parent],
    ["breaker", "", amps(limitA)],
    ["operator", "", amps(operatorLimitA)],
    ["headroom", "", amps(headroomA)],
    ["assumed", "", amps(assumedLoadA)],
    ["mostW", "", maxPowerW === null ? null : `${maxPowerW} W`],
    ["failSafe", "", failSafeA === null ? null : `${failSafeA} A`],
    ["demand", "", demand && `${demand.limitW} W, ${demand.windowS} s`],
    ["meters", "", meters.map(({ meter, location }) => `${meter} (${location})`).join(", ") || null],
  ];
}

function chargerFacts(charger: ReportedCharger): Facts {
  const { zone, vendor, model, firmware, stationLimitA, fallsBack, password, steps, settings } = charger;
  return [
    ["zone", "", zone],
    ["maker", "", [vendor, model].filter(Boolean).join(" ") || null],
    ["firmware", "", firmware],
    ["stationLimit", "", stationLimitA === null ? null : `${stationLimitA} A`],
    ["fallsBack", "", fallsBack ? "yes" : "no"],
    ["password", "", password],
    ...steps.map(({ id, text, state }): Facts[number] => ["step", text ?? id, state]),
    ...(settings?.keys ?? []).map(({ key, value }): Facts[number] => ["setting", key, value]),
  ];
}

/** `32 A`, or one for each phase. */
export function amps(value: Triple | null): string | null {
  if (value === null) return null;
  return value.every((one) => one === value[0]) ? `${value[0]} A` : `${value.join(" / ")} A`;
}

import type {
  HandoverData,
  OpenPoint,
  PlainPoint,
  ReportedCharger,
  ReportedConnector,
  ReportedDrill,
  ReportedTest,
} from "./types.ts";

/** What the data themselves do not show. */
export interface Seen {
  hasTree: boolean;
  hasDatabase: boolean;
  findings: readonly { where: string; text: string; isError: boolean }[];
  exposed: readonly ("editor" | "dashboard")[];
  /** Identities of chargers that are not connected. */
  away: readonly string[];
  /** Of chargers with settings that wait for a restart. */
  restart: readonly string[];
}

/** What is not in order yet, the gravest first. */
export function openPoints({ site, chargers, tests, drills = [] }: HandoverData, seen: Seen): OpenPoint[] {
  const plain = (kind: PlainPoint, where = site.name): OpenPoint => ({ kind, where });
  const { findings, hasTree, hasDatabase, exposed, away, restart } = seen;
  const found = findings.map((one): OpenPoint => ({ kind: "finding", ...one }));
  const isError = (point: OpenPoint) => point.kind === "finding" && point.isError;
  return [
    ...(hasDatabase ? [] : [plain("database")]),
    ...(hasTree ? [] : [plain("noTree")]),
    ...found.filter(isError),
    ...found.filter((point) => !isError(point)),
    ...exposed.map((id) => plain(`${id}Open`)),
    ...newestDrills(drills).flatMap(({ target, verdict }) =>
      verdict === "wrong" ? [plain("drillWrong", target)] : [],
    ),
    ...chargers.flatMap((charger) => [
      ...charger.connectors.flatMap((connector) => ofConnector(connector, tests)),
      ...ofCharger(charger, { isAway: away.includes(charger.identity), waits: restart.includes(charger.identity) }),
    ]),
  ];
}

/** The newest of each kind and target. */
export function newestDrills(drills: readonly ReportedDrill[]): ReportedDrill[] {
  return drills.filter(
    (one, index) => drills.findIndex(({ kind, target }) => kind === one.kind && target === one.target) === index,
  );
}

function ofConnector(
  { target, rotation, phases, maxA }: ReportedConnector,
  tests: readonly ReportedTest[],
): OpenPoint[] {
  const newest = tests.find((test) => test.target === target);
  const kinds: PlainPoint[] = [];
  if (rotation === "Unknown") kinds.push("rotationUnknown");
  if (!newest) return [...kinds, "untested" as const].map((kind) => ({ kind, where: target }));
  const { configured, verdict, end } = newest;
  if (configured.phases !== phases || configured.rotation !== rotation || configured.maxA !== maxA)
    kinds.push("testOld");
  if (verdict === "wrong") kinds.push("testWrong");
  else if (verdict === "unsure" || end !== "finished") kinds.push("testUnsure");
  return kinds.map((kind) => ({ kind, where: target }));
}

function ofCharger(
  { identity, ocpp, password, fallsBack, settings, steps }: ReportedCharger,
  { isAway, waits }: { isAway: boolean; waits: boolean },
): OpenPoint[] {
  const holds: [PlainPoint, boolean][] = [
    ["away", isAway],
    ["noPassword", ocpp && password === "none"],
    ["noFallBack", !fallsBack],
    ["settingsUnread", ocpp && settings === null],
    ["restart", waits],
  ];
  const open = steps.filter(({ state }) => state === "open").length;
  return [
    ...holds.flatMap(([kind, does]): OpenPoint[] => (does ? [{ kind, where: identity }] : [])),
    ...(open > 0 ? [{ kind: "steps" as const, where: identity, open, all: steps.length }] : []),
  ];
}

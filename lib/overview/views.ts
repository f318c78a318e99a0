import { invalid } from "../errors.ts";
import { chargerRows, overrideRows, type RowSource, totalsRow, zoneRows } from "./rows.ts";

/** One point of a chart: `series` names its line, `x` is ms since 1970. */
export interface ChartPoint {
  series: string;
  x: number;
  y: number | null;
}

type View = (source: RowSource, wallMs: number, zone: string | null) => unknown;

const VIEWS = {
  totals: totalsRow,
  zones: zoneRows,
  chargers: chargerRows,
  overrides: overrideRows,
  load: loadPoints,
  allocation: allocationPoints,
  power: powerPoints,
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof VIEWS;

/** What is shown all the time; charts are asked for by name, as often as they are to have a point. */
const USUAL: readonly ViewName[] = ["totals", "zones", "chargers", "overrides"];

/** Whether a message asks for rows: topic `view`, or `view/<name>`. */
export function isViewRequest({ topic }: { topic?: unknown }): boolean {
  return typeof topic === "string" && /^view(\/|$)/.test(topic);
}

/**
 * Answers it with a message for each view: `{topic: "view/zones", payload}`. `payload.zone` chooses the zone of `view/load`.
 * @param source null while nothing was decided yet: no messages
 * @throws EvError EV_MESSAGE_INVALID for a view that does not exist
 */
export function answerViews(
  { topic, payload }: { topic?: unknown; payload?: unknown },
  source: RowSource | null,
  wallMs: number,
): { topic: string; payload: unknown }[] {
  const name = String(topic).replace(/^view\/?/, "");
  const names = name === "" ? USUAL : [name];
  const unknown = names.find((one) => !Object.hasOwn(VIEWS, one));
  if (unknown !== undefined)
    throw invalid("topic", `view, or view/ and one of ${Object.keys(VIEWS).join(", ")}`, topic);
  if (!source) return [];
  const zone = (payload as { zone?: unknown } | null | undefined)?.zone;
  return names.map((one) => {
    const view: View = VIEWS[one as ViewName];
    return { topic: `view/${one}`, payload: view(source, wallMs, typeof zone === "string" ? zone : null) };
  });
}

/** The load of a zone on each phase, and its limit; of the root zone where none is named. */
function loadPoints(source: RowSource, wallMs: number, zone: string | null): ChartPoint[] {
  const rows = zoneRows(source);
  const row = zone === null ? rows[0] : rows.find((one) => one.zone === zone);
  if (!row) return [];
  const phases = row.loadA.map((y, phase) => ({ series: `L${phase + 1}`, x: wallMs, y }));
  return [...phases, { series: "Limit", x: wallMs, y: Math.min(...row.limitA) }];
}

/** Where power comes from and goes to, kW; what no meter tells is left out. */
function powerPoints(source: RowSource, wallMs: number): ChartPoint[] {
  const { sunKW, gridKW, houseKW, batteryKW, powerKW } = totalsRow(source);
  const lines = { Sun: sunKW, Grid: gridKW, House: houseKW, Battery: batteryKW, Cars: powerKW };
  return Object.entries(lines).flatMap(([series, y]) => (y === null ? [] : [{ series, x: wallMs, y }]));
}

/** What each charger is given, A per phase. */
function allocationPoints(source: RowSource, wallMs: number): ChartPoint[] {
  return chargerRows(source).map(({ charger, limitA }) => ({ series: charger, x: wallMs, y: limitA ?? 0 }));
}

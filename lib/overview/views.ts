import { invalid } from "../errors.ts";
import { record } from "../fields.ts";
import { CATALOGUES } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { type HistoryView, historyView, type LoadHistory } from "./load-history.ts";
import { chargerRows, overrideRows, type RowSource, totalsRow, zoneRows } from "./rows.ts";

/** One point of a chart: `series` names its line, `x` is ms since 1970. */
export interface ChartPoint {
  series: string;
  x: number;
  y: number | null;
}

/** What a page needs to show anything: its words, and whose site it is. */
export interface PageWords {
  language: Language;
  /** Name of the site; empty = it has none. */
  site: string;
  /** IANA name. */
  timeZone: string;
  /** Identities of its charge points, to choose from. */
  chargePoints: string[];
  /** What they are called, by identity; those without a name are missing. */
  names: Readonly<Record<string, string>>;
  words: Readonly<Record<string, string>>;
  /** What each charging mode is called. */
  modes: Readonly<Record<string, string>>;
  /** The words of the part in which a wiring is proven, and of its verdicts. */
  proof: Readonly<Record<string, string>>;
  /** The same of drills. */
  drill: Readonly<Record<string, string>>;
}

/** What views are made of beside the rows. */
export interface ViewContext {
  wallMs: number;
  siteName: string;
  history: LoadHistory;
}

/** What a request says in its payload, as far as it is understood. */
interface Asked {
  zone: string | null;
  hours: number;
}

type View = (source: RowSource, context: ViewContext, asked: Asked) => unknown;

const DAY_H = 24;
const WEEK_H = 7 * DAY_H;

const VIEWS = {
  totals: (source: RowSource) => totalsRow(source),
  zones: zoneRows,
  chargers: chargerRows,
  overrides: overrideRows,
  load: loadPoints,
  allocation: allocationPoints,
  power: powerPoints,
  words: pageWords,
  history: historyOf,
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof VIEWS;

/** What is shown all the time; charts are asked for by name, as often as they are to have a point. */
const USUAL: readonly ViewName[] = ["totals", "zones", "chargers", "overrides"];

/** Whether a message asks for rows: topic `view`, or `view/<name>`. */
export function isViewRequest({ topic }: { topic?: unknown }): boolean {
  return typeof topic === "string" && /^view(\/|$)/.test(topic);
}

/**
 * Answers it with a message for each view: `{topic: "view/zones", payload}`. `payload.zone` chooses the zone of `view/load` and
 * `view/history`, `payload.hours` how far back the latter goes.
 * @param source null while nothing was decided yet: no messages
 * @throws EvError EV_MESSAGE_INVALID for a view that does not exist
 */
export function answerViews(
  { topic, payload }: { topic?: unknown; payload?: unknown },
  source: RowSource | null,
  context: ViewContext,
): { topic: string; payload: unknown }[] {
  const name = String(topic).replace(/^view\/?/, "");
  const names = name === "" ? USUAL : [name];
  const unknown = names.find((one) => !Object.hasOwn(VIEWS, one));
  if (unknown !== undefined)
    throw invalid("topic", `view, or view/ and one of ${Object.keys(VIEWS).join(", ")}`, topic);
  if (!source) return [];
  const { zone, hours } = record(payload);
  const asked: Asked = {
    zone: typeof zone === "string" ? zone : null,
    hours: typeof hours === "number" && hours >= 1 ? Math.min(hours, WEEK_H) : DAY_H,
  };
  return names.map((one) => {
    const view: View = VIEWS[one as ViewName];
    return { topic: `view/${one}`, payload: view(source, context, asked) };
  });
}

function pageWords({ language, timeZone, overview }: RowSource, { siteName }: ViewContext): PageWords {
  const { page, mode, number, proofPage, drillPage, verdict } = CATALOGUES[language];
  return {
    language,
    site: siteName,
    timeZone: timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone,
    chargePoints: [...new Set(overview.chargers.map(({ chargePoint }) => chargePoint))],
    names: Object.fromEntries(
      overview.chargers.flatMap(({ chargePoint, pointName }) => (pointName ? [[chargePoint, pointName]] : [])),
    ),
    words: { ...page, decimal: number.decimal },
    modes: mode,
    proof: { ...proofPage, ...verdict },
    drill: { ...drillPage, ...verdict },
  };
}

function historyOf(source: RowSource, { history, wallMs }: ViewContext, asked: Asked): HistoryView {
  return historyView(history, source, asked, wallMs);
}

/** The load of a zone on each phase, and its limit; of the root zone where none is named. */
function loadPoints(source: RowSource, { wallMs }: ViewContext, { zone }: Asked): ChartPoint[] {
  const rows = zoneRows(source);
  const row = zone === null ? rows[0] : rows.find((one) => one.zone === zone);
  if (!row) return [];
  const phases = row.loadA.map((y, phase) => ({ series: `L${phase + 1}`, x: wallMs, y }));
  return [...phases, { series: "Limit", x: wallMs, y: Math.min(...row.limitA) }];
}

/** Where power comes from and goes to, kW; what no meter tells is left out. */
function powerPoints(source: RowSource, { wallMs }: ViewContext): ChartPoint[] {
  const { sunKW, gridKW, houseKW, batteryKW, powerKW } = totalsRow(source);
  const lines = { Sun: sunKW, Grid: gridKW, House: houseKW, Battery: batteryKW, Cars: powerKW };
  return Object.entries(lines).flatMap(([series, y]) => (y === null ? [] : [{ series, x: wallMs, y }]));
}

/** What each charger is given, A per phase. */
function allocationPoints(source: RowSource, { wallMs }: ViewContext): ChartPoint[] {
  return chargerRows(source).map(({ charger, limitA }) => ({ series: charger, x: wallMs, y: limitA ?? 0 }));
}

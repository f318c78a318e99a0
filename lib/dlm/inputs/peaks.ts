/** The demand limits of all zones below a root: what each may draw now, and the highest peak of the month. */
import { monthStart } from "../../local-time.ts";
import type { JsonValue } from "../../units.ts";
import type { RootPlant } from "../topology/root-plant.ts";
import { type DemandLimit, PeakWindow } from "./peak-window.ts";
import { type ActiveLimit, list, record } from "./signals.ts";

/** The source of limits that come from a demand limit. */
export const DEMAND = "demand";

/** How a demand limit is doing. */
export interface DemandState extends DemandLimit {
  /** Mean of the window that is on, W. */
  meanW: number;
  /** What the zone may draw now, W. */
  allowedW: number;
  /** The highest mean of a window of this month; null = none has ended yet. */
  peakW: number | null;
  /** When that window ended, wall time. */
  peakAtMs: number | null;
}

interface Followed {
  window: PeakWindow;
  /** The window that the supplier counts: its number, energy in W × ms, and for how long the load was known. */
  counted: { index: number; energy: number; knownMs: number };
  read: { atMs: number; powerW: number } | null;
  peak: { monthMs: number; w: number; atMs: number } | null;
  /** The most that the other consumers drew in each of the last hours, W. */
  othersW: { hour: number; w: number }[];
  firstHour: number;
  /** What they drew last, W; 0 = not known. */
  othersNowW: number;
  allowedW: number;
  raisedAtMs: number;
}

interface Moment {
  nowMs: number;
  wallMs: number;
}

const HOUR_MS = 3_600_000;
/** The other consumers are known once a day of them was seen, h. */
const DAY_H = 24;
/** What is allowed changes in such parts of the limit, and rises so often in a window: chargers are not to be written all the time. */
const STEPS = 20;
const RAISES = 15;
/** A window counts as measured when this part of it was. */
const MEASURED = 0.9;
/** A reading holds no longer than this, ms. */
const HOLDS_MS = 60_000;

export class Peaks {
  readonly #timeZone: () => string;
  readonly #zones = new Map<string, Followed>();
  #saved: { [zone: string]: JsonValue } = {};

  constructor(timeZone: () => string = () => "") {
    this.#timeZone = timeZone;
  }

  /** The load of a zone. @param othersW its part that no charger draws; null = not known now */
  read(zone: string, powerW: number, othersW: number | null, moment: Moment): void {
    const followed = this.#zones.get(zone);
    if (!followed) return;
    this.#count(followed, moment);
    followed.window.read(Math.max(0, powerW), moment.nowMs);
    followed.read = { atMs: moment.nowMs, powerW: Math.max(0, powerW) };
    followed.othersNowW = Math.max(0, othersW ?? 0);
    if (othersW !== null) noteOthers(followed, othersW, moment.wallMs);
  }

  /** The supplier's clock begins a window. @returns whether the zone has a demand limit */
  pulse(zone: string, moment: Moment): boolean {
    const followed = this.#zones.get(zone);
    if (!followed) return false;
    this.#count(followed, moment);
    this.#close(followed, moment);
    followed.window.pulse(moment.nowMs);
    return true;
  }

  /** Follows the zones of the plant, and works out what each may draw now. */
  look(plant: RootPlant, moment: Moment): void {
    const wanted = new Map(plant.zones.flatMap(({ zone, demand }) => (demand ? [[zone.id, demand] as const] : [])));
    for (const zone of this.#zones.keys()) if (!wanted.has(zone)) this.#zones.delete(zone);
    for (const [zone, limit] of wanted) {
      const known = this.#zones.get(zone);
      const { limitW, windowS } = known?.window.limit ?? {};
      const isSame = limitW === limit.limitW && windowS === limit.windowS;
      const followed = known && isSame ? known : this.#begin(zone, limit, moment);
      this.#zones.set(zone, followed);
      this.#count(followed, moment);
      decide(followed, moment);
    }
  }

  /** The limit that holds on a zone now. */
  limits(zone: string): ActiveLimit[] {
    const followed = this.#zones.get(zone);
    if (!followed) return [];
    const { window, allowedW } = followed;
    const said = { zone, source: DEMAND, reason: "", scope: "total", limitA: null, untilWallMs: null } as const;
    return [{ ...said, powerW: allowedW, demand: window.limit }];
  }

  state(zone: string, nowMs: number): DemandState | null {
    const followed = this.#zones.get(zone);
    if (!followed) return null;
    const { window, allowedW, peak } = followed;
    const meanW = Math.round(window.meanW(nowMs));
    return { ...window.limit, meanW, allowedW, peakW: peak && Math.round(peak.w), peakAtMs: peak?.atMs ?? null };
  }

  rename(names: ReadonlyMap<string, string>): void {
    for (const [from, to] of names) {
      const followed = this.#zones.get(from);
      if (!followed) continue;
      this.#zones.delete(from);
      this.#zones.set(to, followed);
    }
  }

  save({ nowMs, wallMs }: Moment): JsonValue {
    const saved: { [zone: string]: JsonValue } = {};
    for (const [zone, { window, peak, othersW, firstHour }] of this.#zones) {
      const plain = { window: window.save(nowMs, wallMs), peak, othersW, firstHour };
      saved[zone] = JSON.parse(JSON.stringify(plain)) as JsonValue;
    }
    return saved;
  }

  restore(saved: JsonValue | undefined): void {
    this.#saved = record(saved);
  }

  #begin(zone: string, limit: DemandLimit, { nowMs, wallMs }: Moment): Followed {
    const saved = record(this.#saved[zone]);
    delete this.#saved[zone];
    const window = record(saved["window"]);
    const agoMs = typeof window["wallMs"] === "number" ? wallMs - window["wallMs"] : -1;
    const hour = Math.floor(wallMs / HOUR_MS);
    const { peak = null, firstHour } = saved;
    return {
      window: new PeakWindow(limit, nowMs, { ...window, agoMs }),
      counted: { index: -1, energy: 0, knownMs: 0 },
      read: null,
      peak: peak as Followed["peak"],
      othersW: list(saved["othersW"]) as unknown as Followed["othersW"],
      firstHour: typeof firstHour === "number" ? firstHour : hour,
      othersNowW: 0,
      allowedW: 0,
      raisedAtMs: Number.NEGATIVE_INFINITY,
    };
  }

  /** Adds what was drawn since the last reading to the window that the supplier counts; without pulses it begins with the clock. */
  #count(followed: Followed, moment: Moment): void {
    const { window, read, counted } = followed;
    const windowMs = window.limit.windowS * 1000;
    if (!window.isAligned) {
      const index = Math.floor(moment.wallMs / windowMs);
      if (counted.index !== index) {
        this.#close(followed, moment);
        followed.counted.index = index;
      }
    }
    if (!read) return;
    const ms = Math.min(HOLDS_MS, Math.max(0, moment.nowMs - read.atMs));
    followed.counted.energy += read.powerW * ms;
    followed.counted.knownMs += ms;
    followed.read = { ...read, atMs: moment.nowMs };
  }

  /** A window has ended. */
  #close(followed: Followed, { wallMs }: Moment): void {
    const { counted, window, peak } = followed;
    followed.counted = { index: counted.index, energy: 0, knownMs: 0 };
    const windowMs = window.limit.windowS * 1000;
    if (counted.knownMs < MEASURED * windowMs) return;
    const w = counted.energy / counted.knownMs;
    const monthMs = monthStart(wallMs, this.#timeZone());
    if (!peak || peak.monthMs !== monthMs || w > peak.w) followed.peak = { monthMs, w, atMs: wallMs };
  }
}

/** Less at once, in steps; more after a while. */
function decide(followed: Followed, { nowMs, wallMs }: Moment): void {
  const { window, allowedW } = followed;
  const raiseMs = (window.limit.windowS * 1000) / RAISES;
  const stepW = window.limit.limitW / STEPS;
  const exactW = window.allowedW(nowMs, expectedOthersW(followed, wallMs), followed.othersNowW);
  const nextW = Math.floor(exactW / stepW + 1e-9) * stepW;
  if (nextW === allowedW) return;
  if (nextW > allowedW && nowMs - followed.raisedAtMs < raiseMs) return;
  if (nextW > allowedW) followed.raisedAtMs = nowMs;
  followed.allowedW = nextW;
}

/** The most of the last day; before a day was seen, the limit. */
function expectedOthersW({ othersW, firstHour, window }: Followed, wallMs: number): number {
  const hour = Math.floor(wallMs / HOUR_MS);
  if (hour - firstHour < DAY_H) return window.limit.limitW;
  return Math.max(0, ...othersW.filter((one) => hour - one.hour <= DAY_H).map(({ w }) => w));
}

function noteOthers(followed: Followed, w: number, wallMs: number): void {
  const hour = Math.floor(wallMs / HOUR_MS);
  const last = followed.othersW.at(-1);
  if (last?.hour === hour) last.w = Math.max(last.w, w);
  else followed.othersW = [...followed.othersW.filter((one) => hour - one.hour <= DAY_H), { hour, w }];
}

import type { SessionShare } from "../../store/books/session-types.ts";

/** What one period has of a session. */
export interface Part {
  /** Which period: it lies between this bound and the next. */
  index: number;
  durationMs: number;
  /** null = not known. */
  energyWh: number | null;
  sunWh: number | null;
}

type Session = Pick<SessionShare, "startedWallMs" | "lastWallMs" | "energyWh" | "pvShare" | "midnights">;

/** What it had charged until a moment. */
interface Point {
  wallMs: number;
  energyWh: number;
  sunWh: number;
}

/**
 * Shares a session out among periods. Its energy follows what was kept of it around midnights, and the time in between and where
 * nothing was kept. The parts add up to the session where the periods cover it.
 * @param boundsMs where periods begin, and where the last ends; rising
 */
export function shareOut(session: Session, boundsMs: readonly number[]): Part[] {
  const { startedWallMs: startMs, energyWh, pvShare } = session;
  const endMs = Math.max(startMs, session.lastWallMs);
  const first = Math.max(0, periodAt(startMs, boundsMs));
  const isWithin = startMs >= boundsMs[first]! && first < boundsMs.length - 1 && endMs <= boundsMs[first + 1]!;
  const wholeSunWh = energyWh === null || pvShare === null ? null : energyWh * pvShare;
  if (isWithin) return [{ index: first, durationMs: endMs - startMs, energyWh, sunWh: wholeSunWh }];
  const course = energyWh === null ? null : courseOf(session, endMs, energyWh, wholeSunWh);
  const parts: Part[] = [];
  for (let index = first; index < boundsMs.length - 1 && boundsMs[index]! < endMs; index++) {
    const fromMs = Math.max(startMs, boundsMs[index]!);
    const toMs = Math.min(endMs, boundsMs[index + 1]!);
    if (toMs <= fromMs) continue;
    const [before, after] = course ? [chargedUntil(course, fromMs), chargedUntil(course, toMs)] : [null, null];
    parts.push({
      index,
      durationMs: toMs - fromMs,
      energyWh: before && after ? after.energyWh - before.energyWh : null,
      sunWh: before && after && wholeSunWh !== null ? after.sunWh - before.sunWh : null,
    });
  }
  return parts;
}

/** The period that a moment is in; -1 = before all. Behind all: the last bound. */
export function periodAt(wallMs: number, boundsMs: readonly number[]): number {
  let [low, high] = [0, boundsMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (boundsMs[middle]! <= wallMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** From nothing to all of it, never falling. What was kept meanwhile and goes beyond the whole is scaled down to it. */
function courseOf(
  { startedWallMs, midnights, pvShare }: Session,
  endMs: number,
  wholeWh: number,
  sunWh: number | null,
) {
  const course: Point[] = [{ wallMs: startedWallMs, energyWh: 0, sunWh: 0 }];
  const keptWh = midnights.reduce((most, [, wh]) => Math.max(most, wh), 0);
  const scale = keptWh > wholeWh ? wholeWh / keptWh : 1;
  const wholeSunWh = sunWh ?? 0;
  for (const [wallMs, wh, keptSunWh] of midnights) {
    const last = course.at(-1)!;
    if (wallMs <= last.wallMs || wallMs >= endMs) continue;
    const energyWh = Math.max(last.energyWh, wh * scale);
    const soFarWh = keptSunWh === null ? energyWh * (pvShare ?? 0) : keptSunWh * scale;
    // No part has more sun than energy, and what is left is enough for the rest of both.
    const [leastWh, mostWh] = [wholeSunWh - (wholeWh - energyWh), last.sunWh + energyWh - last.energyWh];
    const risingWh = Math.max(last.sunWh, leastWh, Math.min(soFarWh, mostWh, wholeSunWh));
    course.push({ wallMs, energyWh, sunWh: risingWh });
  }
  course.push({ wallMs: endMs, energyWh: wholeWh, sunWh: wholeSunWh });
  return course;
}

function chargedUntil(course: readonly Point[], wallMs: number): Point {
  const next = course.findIndex((point) => point.wallMs >= wallMs);
  if (next < 0) return course.at(-1)!;
  const [before, after] = [course[next - 1], course[next]!];
  if (!before || after.wallMs === wallMs) return after;
  const part = (wallMs - before.wallMs) / (after.wallMs - before.wallMs);
  const between = (from: number, to: number) => from + part * (to - from);
  return {
    wallMs,
    energyWh: between(before.energyWh, after.energyWh),
    sunWh: between(before.sunWh, after.sunWh),
  };
}

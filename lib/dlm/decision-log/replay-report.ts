import { isoTime } from "../../clock.ts";
import { round } from "../../units.ts";
import { amps } from "../runtime/explain.ts";
import type { ReplaySide, ReplayStep } from "./replay.ts";

/** What a replay came to, both ways. */
export interface ReplayReport {
  from: string | null;
  to: string | null;
  steps: number;
  connectors: Record<string, { was: ConnectorSum; would: ConnectorSum }>;
  zones: Record<string, { was: ZoneSum; would: ZoneSum }>;
  /** One line for each connector that fares otherwise. */
  text: string;
}

interface ConnectorSum {
  /** Mean of what was commanded, A, and lowest and highest. */
  meanA: number;
  minA: number;
  maxA: number;
  /** Charge on its fullest phase, Ah. */
  chargeAh: number;
}

interface ZoneSum {
  /** Highest load on any phase, A. */
  peakA: number;
}

type Side = "was" | "would";

/** Adds the steps of a replay up, one by one. */
export class ReplaySum {
  #first: number | null = null;
  #last: number | null = null;
  #steps = 0;
  #seconds = 0;
  readonly #connectors = new Map<string, Record<Side, ConnectorSum & { sumAs: number }>>();
  readonly #zones = new Map<string, Record<Side, ZoneSum>>();

  add(step: ReplayStep): void {
    this.#first ??= step.wallMs;
    this.#last = step.wallMs;
    this.#steps++;
    this.#seconds += step.elapsedS;
    this.#addSide("was", step.was, step.elapsedS);
    this.#addSide("would", step.would, step.elapsedS);
  }

  report(): ReplayReport {
    const connectors: ReplayReport["connectors"] = {};
    for (const [id, sides] of this.#connectors)
      connectors[id] = { was: this.#sum(sides.was), would: this.#sum(sides.would) };
    const zones = Object.fromEntries(
      [...this.#zones].map(([id, { was, would }]) => [
        id,
        { was: { peakA: round(was.peakA, 1) }, would: { peakA: round(would.peakA, 1) } },
      ]),
    );
    return {
      from: this.#first === null ? null : isoTime(this.#first),
      to: this.#last === null ? null : isoTime(this.#last),
      steps: this.#steps,
      connectors,
      zones,
      text: textOf(connectors, zones),
    };
  }

  #addSide(side: Side, { setpoints, drawsA, loadsA }: ReplaySide, elapsedS: number): void {
    for (const [id, limitA] of Object.entries(setpoints)) {
      const sum = this.#connector(id, limitA)[side];
      sum.minA = Math.min(sum.minA, limitA);
      sum.maxA = Math.max(sum.maxA, limitA);
      sum.sumAs += limitA * elapsedS;
      sum.meanA = limitA;
      sum.chargeAh += ((drawsA[id] ?? 0) * elapsedS) / 3600;
    }
    for (const [id, loadA] of Object.entries(loadsA)) {
      const zone = this.#zones.get(id) ?? { was: { peakA: 0 }, would: { peakA: 0 } };
      zone[side].peakA = Math.max(zone[side].peakA, ...loadA);
      this.#zones.set(id, zone);
    }
  }

  #connector(id: string, limitA: number): Record<Side, ConnectorSum & { sumAs: number }> {
    const blank = () => ({ meanA: 0, minA: limitA, maxA: limitA, chargeAh: 0, sumAs: 0 });
    const known = this.#connectors.get(id) ?? { was: blank(), would: blank() };
    this.#connectors.set(id, known);
    return known;
  }

  #sum({ meanA, minA, maxA, chargeAh, sumAs }: ConnectorSum & { sumAs: number }): ConnectorSum {
    const mean = this.#seconds > 0 ? sumAs / this.#seconds : meanA;
    return { meanA: round(mean, 1), minA: round(minA, 1), maxA: round(maxA, 1), chargeAh: round(chargeAh, 2) };
  }
}

function textOf(connectors: ReplayReport["connectors"], zones: ReplayReport["zones"]): string {
  const lines: string[] = [];
  for (const [id, { was, would }] of Object.entries(connectors)) {
    if (JSON.stringify(was) === JSON.stringify(would)) continue;
    lines.push(`${id}: ${span(was)}; would be ${span(would)}`);
  }
  for (const [id, { was, would }] of Object.entries(zones))
    if (was.peakA !== would.peakA)
      lines.push(`zone ${id}: highest load ${amps(was.peakA)}, would be ${amps(would.peakA)}`);
  return lines.length ? lines.join("\n") : "nothing would have been otherwise";
}

function span({ minA, maxA, meanA, chargeAh }: ConnectorSum): string {
  return `${minA === maxA ? amps(minA) : `${minA} to ${amps(maxA)} (mean ${amps(meanA)})`}, ${chargeAh} Ah`;
}

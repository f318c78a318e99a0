import type { Clock } from "../clock.ts";
import type { BoardRows } from "../dlm/board.ts";
import type { LimitBook } from "../station/limits/limit-book.ts";
import { mostBetween, type PossibleLimit } from "../station/limits/limit-course.ts";
import { END_DOUBT_MS } from "../thresholds.ts";

export interface WriteGateDeps {
  clock: Clock;
  limits: LimitBook;
  /** Where the connectors have to fit that are ruled together with this one; undefined where no load management rules it. */
  rows: (connectorId: string) => BoardRows | undefined;
  /** How a connector of a charge point with a zone is wired, by what is deployed; undefined where no load management is to rule it. */
  managed: (chargePoint: string, connector: number) => { maxA: number } | undefined;
}

/** A limit that is to be written. */
export interface AskedLimit extends PossibleLimit {
  /** It has to fit although the charge point may hold as much already: it may as well hold less. */
  anew?: boolean;
}

/** A stretch of time, monotonic, and a current, A per phase. */
interface Rise {
  fromMs: number;
  toMs: number;
  currentA: number;
}

/**
 * Decides before each limit is written whether it fits, for as long as it holds, beside what all other chargers hold by themselves if
 * everything here vanished now (safety.md S12). A limit that allows at no moment more than the charge point holds already always fits.
 */
export class WriteGate {
  readonly #deps: WriteGateDeps;

  constructor(deps: WriteGateDeps) {
    this.#deps = deps;
  }

  /** @param id `<identity>/<number>` */
  admits(id: string, limit: AskedLimit): boolean {
    const rows = this.#deps.rows(id);
    const own = rows?.facts.get(id);
    if (!rows || !own) return !this.#risesUnruled(id, limit);
    if (this.#keepsMaximum(own)) return this.#admitsMaximum(id, own, limit, rows);
    const rise = limit.anew ? riseAnew(limit, this.#deps.clock.nowMs()) : this.#rise(own, limit);
    if (rise === null) return true;
    const later = limit.anew ? null : this.#laterRise(own, limit, rise);
    const fits = ({ fromMs, toMs, currentA }: Rise, when: "now" | "afterwards") => {
      const holdsA = (other: string) => {
        const facts = rows.facts.get(other);
        return facts ? this.#mostA(facts, fromMs, toMs) : 0;
      };
      return rows.alone.fits(id, Math.max(currentA, this.#mostA(own, fromMs, toMs)), holdsA, when);
    };
    const forGood = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, currentA: limit.safeA };
    if (!fits(rise, "now") || (later && !fits(later, "now"))) return false;
    return rise.toMs < Number.POSITIVE_INFINITY || fits(forGood, "afterwards");
  }

  /**
   * A connector that does not fall back counts with its maximum: it may rise once the connectors that do fall back leave room for that,
   * or hold nothing. Other connectors that do not fall back are left out: whatever they are told, they would keep their maximum. A pause is always written.
   */
  #admitsMaximum(id: string, own: RowFacts, { limitA, untilMs }: PossibleLimit, { alone, facts }: BoardRows): boolean {
    const { limits, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const heldA = limits.heldA(own.chargePoint, own.connector, nowMs);
    if (limitA <= (heldA ?? 0)) return true;
    const holdsA = (other: string) => {
      const one = facts.get(other);
      return one && !this.#keepsMaximum(one) ? this.#mostA(one, nowMs, untilMs) : 0;
    };
    const othersHold = [...facts.keys()].some((other) => other !== id && holdsA(other) > 0);
    return !othersHold || alone.fits(id, own.wiring.maxA, holdsA);
  }

  /** Before the first decision after a start nothing is known to fit: what a charge point of a zone holds may not be raised. */
  #risesUnruled(id: string, limit: PossibleLimit): boolean {
    const cut = id.lastIndexOf("/");
    const [chargePoint, connector] = [id.slice(0, cut), Number(id.slice(cut + 1))];
    const wiring = this.#deps.managed(chargePoint, connector);
    return wiring !== undefined && this.#rise({ chargePoint, connector, wiring }, limit) !== null;
  }

  /** When a limit may allow more than what its charge point holds now; null = never. */
  #rise({ chargePoint, connector, wiring }: Held, { limitA, untilMs, safeA }: PossibleLimit): Rise | null {
    const { limits, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const heldA = (atMs: number) => limits.mostAloneA(chargePoint, connector, wiring.maxA, atMs, atMs);
    const endsHigher = safeA > heldA(Number.POSITIVE_INFINITY);
    const toMs = endsHigher ? Number.POSITIVE_INFINITY : untilMs + END_DOUBT_MS;
    if (limitA > heldA(nowMs)) return { fromMs: nowMs, toMs, currentA: Math.max(limitA, safeA) };
    const endMs = limits.downwardEndMs(chargePoint, connector) + END_DOUBT_MS;
    if (limitA <= safeA) {
      const fromMs = Math.max(nowMs, untilMs - END_DOUBT_MS);
      if (heldA(fromMs) < safeA) return { fromMs, toMs, currentA: safeA };
      return endsHigher ? { fromMs: Math.max(nowMs, endMs), toMs, currentA: safeA } : null;
    }
    if (limitA <= heldA(toMs)) return null;
    return endMs >= toMs ? null : { fromMs: Math.max(nowMs, endMs), toMs, currentA: limitA };
  }

  /** A limit in the place of a pause ends in the safe current where the pause would go on; null = not before all downward leases have ended. */
  #laterRise({ chargePoint, connector, wiring }: Held, { safeA }: PossibleLimit, { toMs }: Rise): Rise | null {
    const { limits } = this.#deps;
    const endMs = limits.lastDownwardEndMs() + END_DOUBT_MS;
    if (endMs <= toMs || limits.mostAloneA(chargePoint, connector, wiring.maxA, toMs, toMs) >= safeA) return null;
    return { fromMs: toMs, toMs: endMs, currentA: safeA };
  }

  /** The most that a connector may draw at any moment of a rise, A per phase. */
  #mostA(facts: RowFacts, fromMs: number, toMs: number): number {
    const { chargePoint, connector, wiring, aloneA, toldByFlow } = facts;
    if (toldByFlow) return Math.max(0, ...toldByFlow.map((told) => mostBetween(told, fromMs, toMs)));
    if (aloneA !== undefined && aloneA >= wiring.maxA) return aloneA;
    const { limits } = this.#deps;
    const heldA = limits.mostAloneA(chargePoint, connector, wiring.maxA, fromMs, toMs);
    // While a charger is away its car may be exchanged for another, which would begin at the safe current.
    const awayA = facts.state === "offline" ? facts.disconnectedA : 0;
    return Math.max(heldA, limits.disobeysA(chargePoint, connector), awayA);
  }

  /** Whether the connector takes its maximum when it is left alone: by the last decision, and still so by what it has accepted since. */
  #keepsMaximum({ chargePoint, connector, aloneA, wiring, toldByFlow }: RowFacts): boolean {
    if (aloneA === undefined || aloneA < wiring.maxA) return false;
    const forGood = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    return !!toldByFlow || this.#deps.limits.mostAloneA(chargePoint, connector, wiring.maxA, ...forGood) >= wiring.maxA;
  }
}

function riseAnew({ limitA, untilMs, safeA }: PossibleLimit, nowMs: number): Rise {
  return { fromMs: nowMs, toMs: untilMs + END_DOUBT_MS, currentA: Math.max(limitA, safeA) };
}

/** A connector whose limits are in the book. */
interface Held {
  chargePoint: string;
  connector: number;
  wiring: { maxA: number };
}

type RowFacts = NonNullable<ReturnType<BoardRows["facts"]["get"]>>;

import type { Reason } from "../dlm/types.ts";
import type { Bottleneck } from "./plan-types.ts";

const LIMITS: ReadonlySet<string> = new Set(["ZONE", "GRID", "POWER", "IMBALANCE", "PV"]);

/** Sums up what held cars back, limit by limit. */
export class Bottlenecks {
  readonly #found = new Map<string, Bottleneck>();
  /** Limits that hold somebody back in the present span. */
  readonly #now = new Set<Bottleneck>();

  /** One connector could take so much more in this span; `reasons` are those of its allocation. */
  add(reasons: readonly Reason[], heldBackWh: number, atMin: number): void {
    const reason = reasons.find(({ code }) => LIMITS.has(code));
    if (!reason || heldBackWh <= 0) return;
    const { code, zone = null } = reason;
    const key = `${code}/${zone}`;
    const found = this.#found.get(key) ?? { code, zone, heldBackWh: 0, hours: 0, firstMin: atMin };
    this.#found.set(key, found);
    found.heldBackWh += heldBackWh;
    this.#now.add(found);
  }

  /** The span has ended. */
  passed(minutes: number): void {
    for (const found of this.#now) found.hours += minutes / 60;
    this.#now.clear();
  }

  /** Most held back first. */
  list(): Bottleneck[] {
    return [...this.#found.values()].sort(
      (a, b) => b.heldBackWh - a.heldBackWh || (a.zone ?? "").localeCompare(b.zone ?? ""),
    );
  }
}

import { isoTime } from "../../clock.ts";
import type { AllocationMessage, Words } from "../../messages.ts";
import { LEASE } from "../../thresholds.ts";
import type { Triple } from "../../units.ts";
import type { PlantConnector } from "../topology/plant.ts";
import { wiredPhases } from "../topology/wiring.ts";
import type { Reason } from "../types.ts";
import type { Explanation } from "./explain.ts";

/** The allocation message of a connector. @param seq its number among all messages */
export function allocationMessage(
  {
    id,
    chargePoint,
    connector,
    zoneName,
    wiring,
  }: Pick<PlantConnector, "id" | "chargePoint" | "connector" | "zoneName" | "wiring">,
  { limitA, reasons, text, phases }: Explanation,
  { seq, cycleS, wallMs, words }: { seq: number; cycleS: number; wallMs: number; words?: Words | undefined },
): AllocationMessage {
  const loaded = wiredPhases(phases ? { ...wiring, phases } : wiring);
  const phasesA = [0, 1, 2].map((phase) => (loaded.includes(phase) ? limitA : 0)) as Triple;
  return {
    topic: `alloc/${id}`,
    chargePoint,
    connector,
    zone: zoneName,
    payload: {
      ts: isoTime(wallMs),
      limitA,
      phasesA,
      leaseS: LEASE.leaseS,
      cycleS,
      seq,
      ...(phases && { phases }),
      reasons,
      text,
      ...(words && { words }),
    },
  };
}

/** What was announced last of a connector. */
interface Sent {
  limitA: number;
  phases: 1 | 3 | undefined;
  zoneName: string;
  reasons: readonly Reason[];
  atMs: number;
}

/** Decides which allocation messages leave, by connector: on change, and unchanged ones so often that the last is never older than two cycles. */
export class Announcements {
  readonly #sent = new Map<string, Sent>();
  #seq = 0;

  /** Everything is due again: there is a new listener. */
  forget(): void {
    this.#sent.clear();
  }

  /**
   * @param cycleMs null = between two cycles, when only changes leave
   * @returns the sequence number of the message that is due now; null = none is
   */
  due(
    { id, zoneName }: Pick<PlantConnector, "id" | "zoneName">,
    { limitA, reasons, phases }: Explanation,
    cycleMs: number | null,
    nowMs: number,
  ): number | null {
    const sent = this.#sent.get(id);
    const old = sent !== undefined && cycleMs !== null && nowMs - sent.atMs > cycleMs * 1.05;
    const isSame =
      sent?.limitA === limitA && sent.phases === phases && sent.zoneName === zoneName && areSame(sent.reasons, reasons);
    if (isSame && !old) return null;
    this.#sent.set(id, { limitA, phases, zoneName, reasons, atMs: nowMs });
    return ++this.#seq;
  }
}

/** The same reasons in the same order, whatever their texts say. */
function areSame(some: readonly Reason[], others: readonly Reason[]): boolean {
  return some.length === others.length && some.every((one, i) => isSame(one, others[i]!));
}

function isSame(one: Reason, other: Reason): boolean {
  return one.code === other.code && one.note === other.note && one.zone === other.zone && one.phase === other.phase;
}

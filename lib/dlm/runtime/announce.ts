import { isoTime } from "../../clock.ts";
import type { AllocationMessage, Words } from "../../messages.ts";
import { LEASE } from "../../thresholds.ts";
import type { Triple } from "../../units.ts";
import type { PlantConnector } from "../topology/plant.ts";
import { wiredPhases } from "../topology/wiring.ts";
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

/** Decides which allocation messages leave, by connector: on change, and unchanged ones so often that the last is never older than two cycles. */
export class Announcements {
  readonly #sent = new Map<string, { key: string; atMs: number }>();
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
    const key = JSON.stringify([
      limitA,
      phases ?? 0,
      zoneName,
      ...reasons.map(({ code, note, zone, phase }) => [code, note, zone, phase]),
    ]);
    const sent = this.#sent.get(id);
    const old = sent !== undefined && cycleMs !== null && nowMs - sent.atMs > cycleMs * 1.05;
    if (sent?.key === key && !old) return null;
    this.#sent.set(id, { key, atMs: nowMs });
    return ++this.#seq;
  }
}

/** A limit on its way from "accepted" to "in force". */
export class Reaction {
  #history: { atMs: number; limitA: number }[] = [];

  /**
   * Notes the limit of now and tells the one in force: the newest that is at least `delayS` old. Before the first has aged
   * that long, the first.
   */
  inForceA(nowMs: number, limitA: number, delayS: number): number {
    if (this.#history.at(-1)?.limitA !== limitA) this.#history.push({ atMs: nowMs, limitA });
    const aged = this.#history.findLastIndex(({ atMs }) => atMs <= nowMs - delayS * 1000);
    if (aged > 0) this.#history.splice(0, aged);
    return this.#history[0]!.limitA;
  }
}

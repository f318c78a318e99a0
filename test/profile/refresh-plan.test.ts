import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RefreshPlan } from "../../lib/profile/refresh-plan.ts";
import { FakeClock } from "../fake-clock.ts";

const REFRESH_MS = 75_000;

/** Chargers whose leases are renewed as planned; counts the renewals of each second. */
class Fleet {
  readonly plan = new RefreshPlan();
  readonly clock = new FakeClock();
  readonly perSecond = new Map<number, number>();
  readonly gapsMs: number[] = [];
  readonly #timers = new Map<string, object>();

  lease(id: string, refreshMs: number): void {
    const nowMs = this.clock.nowMs();
    const dueMs = this.plan.plan(id, nowMs, refreshMs);
    assert.ok(dueMs > nowMs && dueMs <= nowMs + refreshMs, `${id}: ${dueMs - nowMs} ms`);
    this.clock.clear(this.#timers.get(id));
    const renew = (): void => {
      const second = Math.floor(this.clock.nowMs() / 1000);
      this.perSecond.set(second, (this.perSecond.get(second) ?? 0) + 1);
      this.gapsMs.push(this.clock.nowMs() - nowMs);
      this.lease(id, refreshMs);
    };
    this.#timers.set(id, this.clock.setTimeout(renew, dueMs - nowMs));
  }

  most(fromS: number, toS: number): number {
    return Math.max(...this.#within(fromS, toS));
  }

  average(fromS: number, toS: number): number {
    return this.#within(fromS, toS).reduce((sum, count) => sum + count, 0) / (toS - fromS);
  }

  #within(fromS: number, toS: number): number[] {
    return Array.from({ length: toS - fromS }, (_, index) => this.perSecond.get(fromS + index) ?? 0);
  }
}

describe("Renewals", () => {
  it("of a charger alone come as late as they may", () => {
    const plan = new RefreshPlan();
    assert.equal(plan.plan("CP1/1", 12_345, REFRESH_MS), 87_345);
    assert.equal(plan.plan("CP1/1", 20_001, REFRESH_MS), 95_001);
  });

  it("of 1,000 chargers that came at once are spread evenly from the first round on, below 15 a second", () => {
    const fleet = new Fleet();
    for (let index = 0; index < 1000; index++) fleet.lease(`CP${index}/1`, REFRESH_MS);
    fleet.clock.advance(450_000);
    const averagePerS = fleet.average(0, 450);
    assert.ok(fleet.most(0, 450) <= 15, `${fleet.most(0, 450)} in a second`);
    assert.ok(averagePerS > 13 && averagePerS < 13.5, `${averagePerS} a second`);
  });

  it("never come late nor in bursts, whatever else is written between", () => {
    const changes = fc.array(
      fc.record({ afterMs: fc.nat({ max: 20_000 }), id: fc.nat({ max: 59 }), gone: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(20_000, 75_000, 300_000),
        changes,
        (size, refreshMs, all) => {
          const fleet = new Fleet();
          for (let index = 0; index < size; index++) fleet.lease(`CP${index}/1`, refreshMs);
          for (const { afterMs, id, gone } of all) {
            fleet.clock.advance(afterMs);
            if (gone) fleet.plan.drop(`CP${id}/1`);
            fleet.lease(`CP${id}/1`, refreshMs);
          }
          fleet.clock.advance(2 * refreshMs);
          const endS = Math.floor(fleet.clock.nowMs() / 1000);
          assert.ok(
            fleet.most(0, endS) <= Math.ceil((60 * 1000) / refreshMs) + 1,
            `${fleet.most(0, endS)} in a second`,
          );
        },
      ),
      { numRuns: 100, seed: 20261121 },
    );
  });

  it("of those that went make room", () => {
    const plan = new RefreshPlan();
    for (let index = 0; index < 10; index++) plan.plan(`CP${index}/1`, 0, REFRESH_MS);
    for (let index = 0; index < 10; index++) plan.drop(`CP${index}/1`);
    assert.equal(plan.plan("CP1/1", 0, REFRESH_MS), REFRESH_MS);
  });
});

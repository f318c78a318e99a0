import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type MeterDoubt, MeterSteps } from "../../../../lib/dlm/meters/plausibility/meter-steps.ts";
import type { Triple } from "../../../../lib/units.ts";
import { cases } from "../../../full.ts";
import { MeteredSite, type SiteOptions } from "./metered-site.ts";

const SEED = 20260701;
const HOUR_S = 3600;
const EVERY_S = [5, 10, 30, 60] as const;

/** A meter and chargers that are steady for so long before and after each step. */
class Bench {
  readonly steps = new MeterSteps();
  nowS = 0;
  #fromS = 0;

  /** The chargers draw this, and the meter shows that, for a minute. */
  hold(chargersA: Triple, shownA: Triple, generates = false, forS = 60): void {
    this.#fromS = this.nowS + 1;
    for (const endS = this.nowS + forS; this.nowS < endS; ) {
      this.nowS++;
      this.steps.measured(this.nowS * 1000, shownA);
      const run = { fromMs: this.#fromS * 1000, toMs: this.nowS * 1000, currentA: chargersA };
      if (run.toMs > run.fromMs) this.steps.look(this.nowS * 1000, run, generates);
    }
  }

  /** A car starts and stops so often behind a meter that shows a load of 8 A and the car as `shown` makes of it. */
  cycle(times: number, carA: Triple, shown: (currentA: Triple) => Triple): void {
    const background: Triple = [8, 8, 8];
    for (let i = 0; i < times; i++) {
      this.hold([0, 0, 0], shown(background), true);
      this.hold(carA, shown(background.map((amps, p) => amps + carA[p]!) as Triple), true);
    }
  }
}

const right = (currentA: Triple): Triple => currentA;
const inverted = (currentA: Triple): Triple => currentA.map((amps) => -amps) as Triple;
const tenth = (currentA: Triple): Triple => currentA.map((amps) => amps / 10) as Triple;
const swapped = ([l1, l2, l3]: Triple): Triple => [l3, l1, l2];

/** What is doubted after steps of a car behind such a meter. */
function doubtAfter(times: number, carA: Triple, shown: (currentA: Triple) => Triple): MeterDoubt | null {
  const bench = new Bench();
  bench.cycle(times, carA, shown);
  return bench.steps.doubt;
}

describe("steps of chargers at a meter", () => {
  it("that it shows leave it in peace", () => {
    assert.equal(doubtAfter(5, [16, 16, 16], right), null);
    assert.equal(doubtAfter(5, [16, 0, 0], right), null);
  });

  it("find it out by the third when it counts backwards", () => {
    assert.equal(doubtAfter(1, [16, 16, 16], inverted), null);
    assert.deepEqual(doubtAfter(2, [16, 16, 16], inverted), { flaw: "sign", phase: 1 });
  });

  it("find a single clamp that is mounted the other way round", () => {
    const second = ([l1, l2, l3]: Triple): Triple => [l1, -l2, l3];
    assert.deepEqual(doubtAfter(2, [0, 16, 0], second), { flaw: "sign", phase: 2 });
    assert.equal(doubtAfter(4, [16, 0, 0], second), null);
  });

  it("find it out when it shows a tenth", () => {
    assert.deepEqual(doubtAfter(2, [16, 16, 16], tenth), { flaw: "scale", phase: 1 });
  });

  it("find it out when another phase shows them", () => {
    assert.deepEqual(doubtAfter(2, [16, 0, 0], swapped), { flaw: "order", phase: 1 });
  });

  it("say nothing of a meter at which a battery makes up for every one of them", () => {
    assert.equal(
      doubtAfter(5, [16, 16, 16], () => [0.1, -0.2, 0.1]),
      null,
    );
  });

  it("say nothing while the meter has gaps", () => {
    const bench = new Bench();
    for (let i = 0; i < 5; i++) {
      bench.hold([0, 0, 0], [-8, -8, -8], true);
      bench.nowS += 5;
      bench.hold([16, 16, 16], [-24, -24, -24], true);
      bench.nowS += 5;
    }
    assert.equal(bench.steps.doubt, null);
  });

  it("clear it when they show again", () => {
    const bench = new Bench();
    bench.cycle(3, [16, 16, 16], inverted);
    assert.equal(bench.steps.doubt?.flaw, "sign");
    bench.cycle(2, [6, 6, 6], right);
    assert.equal(bench.steps.doubt, null);
  });

  it("are remembered over a restart", () => {
    const bench = new Bench();
    bench.cycle(2, [16, 16, 16], tenth);
    const restored = new MeterSteps();
    restored.restore(JSON.parse(JSON.stringify(bench.steps.save())));
    assert.deepEqual(restored.doubt, bench.steps.doubt);
    for (const saved of [null, 5, "x", [], { verdicts: 7, excess: {} }, { verdicts: [["no"]], excess: ["no"] }]) {
      restored.restore(saved as never);
      assert.equal(restored.doubt, null);
    }
  });
});

describe("chargers that draw more than their meter shows", () => {
  it("make it doubtful after 30 s where nothing can feed in behind it", () => {
    const bench = new Bench();
    bench.hold([16, 16, 16], [2.4, 2.4, 2.4], false, 29);
    assert.equal(bench.steps.doubt, null);
    bench.hold([16, 16, 16], [2.4, 2.4, 2.4], false, 35);
    assert.deepEqual(bench.steps.doubt, { flaw: "scale", phase: 1 });
    const backwards = new Bench();
    backwards.hold([16, 16, 16], [-24, -24, -24]);
    assert.deepEqual(backwards.steps.doubt, { flaw: "sign", phase: 1 });
  });

  it("are nothing new where something can, or where a step has shown on it before", () => {
    const sunny = new Bench();
    sunny.hold([16, 16, 16], [2.4, 2.4, 2.4], true);
    assert.equal(sunny.steps.doubt, null);
    const followed = new Bench();
    followed.hold([0, 0, 0], [-14, -14, -14]);
    followed.hold([16, 16, 16], [2, 2, 2]);
    assert.equal(followed.steps.doubt, null);
  });
});

describe("meters of lively buildings", () => {
  /** Any building of the kind, as a property of its seed. */
  const each = (more: Partial<SiteOptions>, holds: (site: MeteredSite) => void, numRuns: number) =>
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 2 ** 30 }),
          cars: fc.integer({ min: 1, max: 5 }),
          everyS: fc.constantFrom(...EVERY_S),
          lateS: fc.integer({ min: 0, max: 5 }),
        }),
        (site) => holds(new MeteredSite({ mounting: "right", ...site, ...more })),
      ),
      { seed: SEED, numRuns: cases(Math.ceil(numRuns / 4), numRuns) },
    );
  const inPeace = (site: MeteredSite) => assert.equal(site.live(HOUR_S), 0);

  it("are never doubted when they are right, however loads come and go and however late chargers report", () => {
    each({}, inPeace, 60);
    each({ onePhase: true }, inPeace, 30);
  });

  it("are never doubted for the sun or a battery behind them", () => {
    each({ pvA: 12, declared: true }, inPeace, 40);
    each({ battery: true }, inPeace, 30);
  });

  for (const mounting of ["inverted", "tenth"] as const) {
    it(`are found out when they are ${mounting}`, () => {
      each({ mounting }, found, 40);
    });
  }

  it("are found out when their phases are swapped and cars charge on one", () => {
    each({ mounting: "swapped", onePhase: true, everyS: 5, cars: 2 }, found, 20);
  });

  it("are trusted again after they have been mounted rightly", () => {
    each(
      { mounting: "inverted", everyS: 5 },
      (site) => {
        found(site);
        site.mount("right");
        const doubtedS = site.live(HOUR_S);
        assert.ok(doubtedS < HOUR_S, `still doubted after ${doubtedS} s`);
        assert.equal(site.live(HOUR_S), 0);
      },
      15,
    );
  });

  function found(site: MeteredSite): void {
    site.run(2 * HOUR_S);
    assert.notEqual(site.doubts.of("grid"), null, `not found in ${site.nowS} s and ${site.steps} steps of cars`);
  }
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { highestSeenA, type SeenLoad, seeLoad } from "../../../lib/dlm/controller/background/assumed-load.ts";
import { createDlmController } from "../../../lib/dlm/controller/controller.ts";
import { highestToJson, withHighest } from "../../../lib/dlm/controller/memory.ts";
import type { ChargingMode, ConnectorState, Snapshot } from "../../../lib/dlm/types.ts";
import type { JsonValue, Triple } from "../../../lib/units.ts";
import { cases } from "../../full.ts";
import { Bench, car, limits, root } from "./bench.ts";

interface Moment {
  gapS: number;
  houseA: Triple;
  gridW: number;
  cars: { drawA: number[] | null; reports: boolean; state: ConnectorState; mode: ChargingMode }[];
}

const STATES: ConnectorState[] = ["charging", "charging", "charging", "waiting", "idle", "available", "offline"];

const moments: fc.Arbitrary<Moment[]> = fc.array(
  fc.record({
    gapS: fc.constantFrom(0.1, 1, 1, 5, 10, 30, 59),
    houseA: fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })),
    gridW: fc.integer({ min: -15000, max: 15000 }),
    cars: fc.array(
      fc.record({
        drawA: fc.option(fc.array(fc.integer({ min: 0, max: 34 }), { minLength: 3, maxLength: 3 })),
        reports: fc.boolean(),
        state: fc.constantFrom(...STATES),
        mode: fc.constantFrom<ChargingMode>("fast", "fast", "pv", "minpv"),
      }),
      { minLength: 3, maxLength: 3 },
    ),
  }),
  { minLength: 2, maxLength: 40 },
);

/** The snapshots of a history, each with its time, s; readings are kept until the next report. */
function story(history: readonly Moment[]): { atS: number; snapshot: (originS: number) => Snapshot }[] {
  let atS = 100;
  const readings: ({ drawA: number[]; atS: number } | null)[] = [null, null, null];
  return history.map(({ gapS, houseA, gridW, cars }) => {
    atS = Math.round((atS + gapS) * 10) / 10;
    cars.forEach(({ drawA, reports }, i) => {
      if (drawA && reports) readings[i] = { drawA, atS };
    });
    const now = atS;
    const known = [...readings];
    const snapshot = (originS: number): Snapshot => ({
      zones: [
        {
          id: "main",
          parent: null,
          limitA: 63,
          imbalanceA: 20,
          meters: [{ id: "m", location: "including", currentA: houseA, tsMs: (now - originS) * 1000 }],
        },
        { id: "garage", parent: "main", limitA: 40 },
      ],
      connectors: cars.map(({ state, mode }, i) => ({
        id: `c${i}`,
        zone: i === 0 ? "main" : "garage",
        state,
        mode,
        arrivalS: i,
        ...(known[i] && { measuredA: known[i].drawA, measuredTsMs: (known[i].atS - originS) * 1000 }),
      })),
      site: { gridW },
    });
    return { atS: now, snapshot };
  });
}

describe("the state of a controller", () => {
  it("lets another go on exactly where it stopped, wherever it was interrupted", () => {
    const property = fc.property(moments, fc.nat(), (history, cut) => {
      const steps = story(history);
      const at = cut % steps.length;
      const whole = createDlmController();
      let parted = createDlmController();
      steps.forEach(({ atS, snapshot }, i) => {
        if (i === at) parted = createDlmController({}, JSON.parse(JSON.stringify(parted.state())) as JsonValue);
        assert.deepEqual(parted.tick(atS * 1000, snapshot(0)), whole.tick(atS * 1000, snapshot(0)));
      });
      assert.deepEqual(parted.state(), whole.state());
    });
    fc.assert(property, { seed: 7, numRuns: cases(50, 150) });
  });

  it("raises nothing and forgets no reservation when the clock starts again at 0", () => {
    const property = fc.property(moments, fc.nat(), (history, cut) => {
      const steps = story(history);
      const at = 1 + (cut % (steps.length - 1));
      const before = createDlmController();
      for (const { atS, snapshot } of steps.slice(0, at)) before.tick(atS * 1000, snapshot(0));
      const saved = before.state();
      const { atS, snapshot } = steps[at - 1]!;
      // What is measured stays as old as it was; only the clock is another.
      const after = createDlmController({}, saved).tick(0, snapshot(atS));
      const same = createDlmController({}, saved).tick(atS * 1000, snapshot(0));
      assert.deepEqual(limits(after), limits(same));
    });
    fc.assert(property, { seed: 8, numRuns: cases(50, 150) });
  });

  it("is ignored where it is not one", () => {
    const bench = new Bench([root(32)], [car("a")]);
    const fresh = limits(bench.at(0));
    const good = createDlmController().state() as { [key: string]: JsonValue };
    const connectors = [
      { id: "a", setpointA: "8", idle: 3, demand: null, phases: { hits: [1], detected: -1 } },
      5,
      null,
    ];
    const garbage: JsonValue[] = [
      null,
      5,
      "x",
      [],
      {},
      { version: 2 },
      { ...good, connectors },
      { ...good, connectors: {} },
    ];
    for (const saved of garbage) {
      bench.restart(saved);
      assert.deepEqual(limits(bench.at(0)), fresh, JSON.stringify(saved));
    }
  });

  it("never makes it throw, whatever it holds", () => {
    const sound = new Bench([root(32, { imbalanceA: 5 })], [car("a"), car("b", { mode: "pv" })]);
    sound.second = 5;
    sound.meter("z", 10, "including");
    sound.at(5, { a: 6 });
    const text = JSON.stringify(sound.controller.state());
    const property = fc.property(fc.nat(), fc.jsonValue(), (position, value) => {
      const values = text.match(/:(?:-?[\d.]+|null|true|false|"[^"]*"|\[\]|\[[\d.,]+\])/g)!;
      let seen = 0;
      const broken = text.replace(/:(?:-?[\d.]+|null|true|false|"[^"]*"|\[\]|\[[\d.,]+\])/g, (match) =>
        seen++ === position % values.length ? `:${JSON.stringify(value)}` : match,
      );
      sound.restart(JSON.parse(broken) as JsonValue);
      for (const second of [6, 7, 20]) {
        const { a, b } = limits(sound.at(second, { a: 6 }));
        for (const limitA of [a!, b!]) assert.ok(limitA === 0 || (limitA >= 6 && limitA <= 32), `${limitA}`);
      }
    });
    fc.assert(property, { seed: 9, numRuns: cases(130, 400) });
  });
});

describe("a malformed snapshot", () => {
  const broken: [string, RegExp, (bench: Bench) => void][] = [
    ["a limit that is not a number", /zones\[0\]\.limitA/, (bench) => (bench.zones = [root(Number.NaN)])],
    [
      "a time stamp that is none",
      /zones\[0\]\.meters\[0\]\.tsMs/,
      (bench) => {
        bench.meter("z", 5);
        bench.zones[0]!.meters![0]!.tsMs = Number.NaN;
      },
    ],
    [
      "a sample time that is none",
      /connectors\[0\]\.measuredTsMs/,
      (bench) => {
        bench.connector("a").measuredTsMs = Number.POSITIVE_INFINITY;
      },
    ],
    [
      "a limit to go on from that is none",
      /connectors\[0\]\.commandedA/,
      (bench) => {
        bench.connector("a").commandedA = -1;
      },
    ],
    [
      "a ceiling that is none",
      /connectors\[0\]\.ceilings\[0\]\.limitA/,
      (bench) => {
        bench.connector("a").ceilings = [{ limitA: Number.NaN, cause: "person" }];
      },
    ],
    ["a grid power that is none", /site\.gridW/, (bench) => (bench.more = { site: { gridW: Number.NaN } })],
    ["a zone that does not exist", /zone/, (bench) => (bench.connector("a").zone = "nowhere")],
    ["two connectors of one name", /connectors|id/, (bench) => bench.connectors.push(car("a"))],
  ];
  for (const [what, message, spoil] of broken) {
    it(`is refused with its path and changes nothing: ${what}`, () => {
      const bench = new Bench([root(32)], [car("a")]);
      bench.follow = true;
      bench.until(20);
      const before = bench.controller.state();
      spoil(bench);
      assert.throws(
        () => bench.at(21),
        (error: Error) => message.test(error.message),
      );
      assert.deepEqual(bench.controller.state(), before);
    });
  }

  it("is refused when the time is not a number", () => {
    const controller = createDlmController();
    assert.throws(() => controller.tick(Number.NaN, { zones: [], connectors: [] }), /nowMs/);
    assert.deepEqual(controller.tick(0, { zones: [], connectors: [] }).setpoints, Object.create(null));
  });

  it("has a counterpart in the configuration", () => {
    assert.throws(() => createDlmController({ rampUpAps: -1 }), /config\.rampUpAps/);
    assert.throws(() => createDlmController({ settleS: Number.NaN }), /config\.settleS/);
  });
});

describe("a controller in odd places", () => {
  it("takes any id", () => {
    const ids = ["__proto__", "constructor", "toString", "ä/1", "🚗/1"];
    const bench = new Bench(
      [{ id: "__proto__", parent: null, limitA: 100 }],
      ids.map((id, i) => car(id, { zone: "__proto__", arrivalS: i })),
    );
    bench.follow = true;
    bench.until(30);
    bench.restart();
    const result = bench.until(60);
    assert.deepEqual(Object.keys(result.setpoints).sort(), [...ids].sort());
    for (const id of ids) assert.equal(result.setpoints[id]!.limitA, 20);
  });

  it("raises nothing while time goes backwards or stands still", () => {
    const bench = new Bench([root(63)], [car("a")]);
    bench.until(20);
    const { a } = limits(bench.at(20));
    for (const second of [20, 19, 3, 0, 0]) assert.equal(limits(bench.at(second)).a, a);
    assert.ok(limits(bench.at(5)).a! > a!);
  });

  it("goes on gently after a pause of an hour", () => {
    const bench = new Bench([root(63)], [car("a")], { rampUpAps: 0.1 });
    bench.at(0);
    assert.ok(limits(bench.at(3600)).a! <= 12);
  });

  it("forgets connectors that left, so that one of that name starts anew", () => {
    const bench = new Bench([root(63)], [car("a"), car("b")]);
    bench.until(30);
    const gone = bench.connectors.pop()!;
    bench.at(31);
    bench.connectors.push(gone);
    assert.equal(limits(bench.at(32)).b, 6);
  });

  it("handles 10 000 connectors in a tree", () => {
    const zones = [{ id: "main", parent: null, limitA: 4000 } as Snapshot["zones"][number]];
    for (let i = 0; i < 500; i++) zones.push({ id: `z${i}`, parent: "main", limitA: 63 });
    const connectors = Array.from({ length: 10_000 }, (_, i) => car(`c${i}`, { zone: `z${i % 500}`, arrivalS: i }));
    const bench = new Bench(zones, connectors);
    bench.follow = true;
    const result = bench.until(3);
    const sum = Object.values(limits(result)).reduce((total, limitA) => total + limitA, 0);
    assert.ok(sum <= 4000 && sum > 3900, `${sum}`);
  });
});

describe("The highest loads that were seen", () => {
  const seeing = (loadsA: readonly number[]): SeenLoad =>
    loadsA.reduce<SeenLoad | undefined>((seen, loadA) => seeLoad(seen, [loadA, loadA / 3, -loadA], 10), undefined)!;

  it("change nothing after a restart that has missed nothing, so that they grow old", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 900 }),
        (loadsA) => {
          const seen = new Map([["main", seeing(loadsA)]]);
          assert.deepEqual(withHighest(seen, JSON.parse(JSON.stringify(highestToJson(seen)))), seen);
        },
      ),
    );
  });

  it("stand in the running hour where they came after what else was kept", () => {
    const before = seeing(Array.from({ length: 400 }, () => 10));
    const after = seeing([...Array.from({ length: 400 }, () => 10), ...Array.from({ length: 6 }, () => 12.3456)]);
    const kept = withHighest(new Map([["main", before]]), highestToJson(new Map([["main", after]]))).get("main");
    assert.deepEqual(highestSeenA(kept), highestSeenA(after));
    assert.deepEqual(kept?.hoursA.slice(1), before.hoursA.slice(1));
  });
});

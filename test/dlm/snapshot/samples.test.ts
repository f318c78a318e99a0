import { strict as assert } from "node:assert";
import fc from "fast-check";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { readInput } from "../../../lib/dlm/inputs/input.ts";
import { ceilingA } from "../../../lib/dlm/snapshot/ceilings.ts";
import { CommandedLimits } from "../../../lib/dlm/snapshot/commanded.ts";
import { limitsOf, SampleFilter, type SampleView } from "../../../lib/dlm/snapshot/samples.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import type { PlantTree } from "../../../lib/dlm/topology/plant.ts";
import type { ControllerResult } from "../../../lib/dlm/types.ts";
import { charger, factsOf, METER, measurement, treeOf, WIRING, zone } from "../../building/plant.ts";

const WALL_MS = Date.parse("2026-06-01T12:00:00Z");
const circle: unknown[] = [];
circle.push(circle);

/** A filter with a clock of its own, one root zone `main` and whatever facts are set. */
class Bench {
  readonly filter = new SampleFilter();
  readonly commanded = new CommandedLimits();
  tree: PlantTree;
  facts: ConnectorFacts[];
  nowMs = 0;

  constructor(tree = treeOf([zone("main", { meters: [METER] })], [charger("CP1", "main")]), facts = [factsOf("CP1")]) {
    this.tree = tree;
    this.facts = facts;
  }

  get moment() {
    return { nowMs: this.nowMs, wallMs: WALL_MS + this.nowMs };
  }

  say(message: object): boolean {
    return this.filter.add(readInput(message), this.tree, "main", () => this.facts, this.moment);
  }

  /** One measurement each second. */
  measure(...samples: (number | null)[][]): void {
    for (const sample of samples) {
      this.nowMs += 1000;
      this.say(measurement(sample.length === 1 ? [sample[0]!, sample[0]!, sample[0]!] : sample));
    }
  }

  look(): SampleView {
    return this.filter.snapshot(this.tree, "main", this.facts, this.moment, this.commanded);
  }

  /** Lets the controller have decided on these setpoints. */
  ticked(setpoints: Record<string, number>): SampleView {
    const view = this.look();
    const zones = view.snapshot.zones.map((one) => ({
      ...one,
      meters: (one.meters ?? []).map(({ tsMs, ...meter }) => ({ ...meter, ageS: (this.nowMs - tsMs) / 1000 })),
    }));
    const target = allocate({ zones, connectors: view.snapshot.connectors });
    const result: ControllerResult = { setpoints: {}, target };
    for (const [id, limitA] of Object.entries(setpoints)) result.setpoints[id] = { limitA, reasons: [] };
    this.filter.ticked(view, result);
    this.commanded.decided(limitsOf(result));
    return view;
  }

  get meter() {
    return this.look().snapshot.zones[0]!.meters![0]!;
  }

  get connector() {
    return this.look().snapshot.connectors[0]!;
  }
}

describe("sample filter", () => {
  describe("a meter", () => {
    it("passes the newest good currents on, with their time", () => {
      const bench = new Bench();
      bench.measure([10], [20, 21, 22]);
      bench.nowMs += 500;
      assert.deepEqual(bench.meter, {
        id: "grid",
        location: "including",
        currentA: [20, 21, 22],
        tsMs: 2000,
        staleAfterS: 10,
        onStale: "failSafe",
      });
    });

    it("is awaited at first, then stale", () => {
      const bench = new Bench();
      assert.equal(bench.filter.ready(bench.tree, "main", 0), false);
      assert.deepEqual(bench.look().snapshot.zones[0]!.meters, []);
      assert.equal(ceilingA(bench.connector), 0);
      bench.nowMs = 10_001;
      assert.equal(bench.filter.ready(bench.tree, "main", bench.nowMs), true);
      assert.equal(bench.meter.currentA, null);
      assert.equal(bench.look().meters[0]!.state, "stale");
    });

    it("stops increases at once when a sample is not good, and keeps what it last knew until that is too old", () => {
      const bench = new Bench();
      bench.measure([10]);
      bench.ticked({ "CP1/1": 12 });
      bench.nowMs += 1000;
      bench.say(measurement([null, null, null], { quality: "bad" }));
      assert.equal(ceilingA(bench.connector), 12);
      assert.deepEqual(bench.connector.ceilings, [{ limitA: 12, cause: "meterHold", meter: "grid" }]);
      assert.deepEqual(bench.meter.currentA, [10, 10, 10]);
      bench.nowMs += 9001;
      assert.equal(bench.meter.currentA, null);
      assert.equal(ceilingA(bench.connector), undefined);
    });

    it("holds a connector that has nothing at 0", () => {
      const bench = new Bench();
      bench.measure([10]);
      bench.say(measurement([10, 10, 10], { quality: "stale" }));
      assert.equal(ceilingA(bench.connector), 0);
    });

    it("is trusted again after three good samples", () => {
      const bench = new Bench();
      bench.measure([10]);
      bench.say(measurement([10, 10, 10], { quality: "bad" }));
      bench.measure([10], [10]);
      assert.notEqual(ceilingA(bench.connector), undefined);
      bench.measure([10]);
      assert.equal(ceilingA(bench.connector), undefined);
    });

    it("stays stale after a gap until three good samples have come", () => {
      const bench = new Bench();
      bench.measure([10]);
      bench.nowMs += 20_000;
      bench.measure([11], [12]);
      assert.equal(bench.meter.currentA, null);
      bench.measure([13]);
      assert.deepEqual(bench.meter.currentA, [13, 13, 13]);
    });

    it("is stale at once when a phase is missing from a good sample", () => {
      const bench = new Bench();
      bench.measure([10], [10, null, 10]);
      assert.equal(bench.meter.currentA, null);
      assert.equal(bench.look().meters[0]!.state, "stale");
      bench.measure([10], [10], [10]);
      assert.deepEqual(bench.meter.currentA, [10, 10, 10]);
    });

    describe("that is frozen", () => {
      const same = measurement([20, 20, 20], { voltageV: [230.1, 229.8, 231.2] });
      const repeat = (bench: Bench, seconds: number, message = same) => {
        for (let second = 0; second < seconds; second++) {
          bench.nowMs += 1000;
          bench.say(message);
        }
      };
      const drawing = () => new Bench(undefined, [factsOf("CP1", { measuredA: [8, 8, 8], measuredAtMs: 0 })]);

      it("counts as known only since it stood still", () => {
        const bench = drawing();
        repeat(bench, 11);
        assert.equal(bench.look().meters[0]!.frozen, true);
        assert.equal(bench.look().meters[0]!.state, "hold");
        repeat(bench, 1);
        assert.equal(bench.look().meters[0]!.state, "stale");
        assert.equal(bench.meter.currentA, null);
      });

      it("is not taken for alive because a flow adds something that moves", () => {
        const bench = drawing();
        for (let count = 0; count < 12; count++)
          repeat(bench, 1, measurement([20, 20, 20], { voltageV: [230, 230, 230], count }));
        assert.equal(bench.look().meters[0]!.frozen, true);
      });

      it("needs three moving samples to be trusted again", () => {
        const bench = drawing();
        repeat(bench, 15);
        bench.measure([20.1], [20.2]);
        assert.equal(bench.meter.currentA, null);
        bench.measure([20.3]);
        assert.deepEqual(bench.meter.currentA, [20.3, 20.3, 20.3]);
      });

      it("may stand still while no charger draws, and when it measures nothing that must move", () => {
        const quiet = new Bench(undefined, [factsOf("CP1", { measuredA: [0, 0, 0], measuredAtMs: 0 })]);
        repeat(quiet, 30);
        assert.equal(quiet.look().meters[0]!.state, "good");
        const plain = drawing();
        repeat(plain, 30, measurement([20, 20, 20]));
        assert.equal(plain.look().meters[0]!.state, "good");
      });
    });

    it("shows increases the largest of the last three samples, decreases the newest", () => {
      const bench = new Bench();
      bench.measure([20]);
      bench.ticked({ "CP1/1": 10 });
      bench.measure([30], [22], [24]);
      assert.deepEqual(bench.meter.currentA, [30, 30, 30]);
      bench.measure([31]);
      assert.deepEqual(bench.meter.currentA, [31, 31, 31]);
    });

    it("never raises a sample so far that the present setpoints would not fit", () => {
      const bench = new Bench();
      bench.measure([30]);
      bench.ticked({ "CP1/1": 25 });
      bench.measure([60], [35], [36]);
      const [current] = bench.meter.currentA as number[];
      assert.equal(current, 63 - 25);
    });
  });

  describe("urgency", () => {
    const ready = (setpointA: number) => {
      const bench = new Bench();
      bench.measure([30]);
      bench.ticked({ "CP1/1": setpointA });
      return bench;
    };

    it("is a sample over the limit", () => assert.equal(ready(10).say(measurement([30, 64, 30])), true));
    it("is a rise beyond what is to spare", () => assert.equal(ready(25).say(measurement([39, 30, 30])), true));
    it("is a missing phase", () => assert.equal(ready(25).say(measurement([30, null, 30])), true));
    it("is not a sample that fits", () => assert.equal(ready(25).say(measurement([37, 30, 30])), false));
    it("is a rise that a zone above without a meter of its own cannot spare", () => {
      const tree = treeOf(
        [zone("main", { limitA: [40, 40, 40] }), zone("garage", { parentNodeId: "main", meters: [METER] })],
        [charger("CP1", "garage")],
      );
      const bench = new Bench(tree);
      bench.measure([10]);
      bench.ticked({ "CP1/1": 25 });
      assert.equal(bench.say(measurement([14, 14, 14])), false);
      assert.equal(bench.say(measurement([16, 16, 16])), true);
    });
    it("is a limit, another mode and a new state of a charger without OCPP", () => {
      const bench = ready(10);
      assert.equal(bench.say({ topic: "limit/main", payload: { limitA: 20 } }), true);
      assert.equal(bench.say({ topic: "mode/CP1/1", payload: "off" }), true);
      bench.facts = [];
      assert.equal(bench.say({ topic: "connector/CP1/1", payload: { state: "charging" } }), true);
      assert.equal(bench.say({ topic: "connector/CP1/1", payload: { state: "charging" } }), false);
    });
  });

  describe("a limit from outside", () => {
    const limited = (...payloads: object[]) => {
      const bench = new Bench();
      for (const payload of payloads) bench.say({ topic: "limit/main", payload });
      return bench;
    };
    const zoneOf = (bench: Bench) => bench.look().snapshot.zones[0]!;

    it("becomes the zone's grid limit, the lowest of all sources", () => {
      const bench = limited({ limitA: 40, source: "a" }, { limitA: 30, source: "b" }, { powerW: 4200, source: "c" });
      assert.deepEqual(zoneOf(bench).gridLimit, { currentA: 30, powerW: 4200, scope: "total" });
    });

    it("keeps the scopes apart", () => {
      const bench = limited({ limitA: 40, powerW: 9000, source: "a" }, { powerW: 4200, scope: "evse", source: "b" });
      const { gridLimit, operatorLimitA, maxPowerW } = zoneOf(bench);
      assert.deepEqual([gridLimit, operatorLimitA, maxPowerW], [{ powerW: 4200, scope: "evse" }, [40, 40, 40], 9000]);
    });

    it("ends with its time", () => {
      const bench = limited({ limitA: 40, ttlS: 60 });
      bench.nowMs = 59_999;
      assert.equal(zoneOf(bench).gridLimit?.currentA, 40);
      bench.nowMs = 60_000;
      assert.equal(zoneOf(bench).gridLimit, undefined);
    });

    it("is released by its own source with null", () => {
      const bench = limited({ limitA: 40, source: "a" }, { limitA: 30, source: "b" }, { limitA: null, source: "b" });
      assert.equal(zoneOf(bench).gridLimit?.currentA, 40);
      bench.say({ topic: "limit/main", payload: { limitA: null, source: "a" } });
      assert.equal(zoneOf(bench).gridLimit, undefined);
    });

    it("outlives a restart", () => {
      const bench = limited({ limitA: 40, ttlS: 60 });
      bench.say({ topic: "mode/CP1/1", payload: "minpv" });
      bench.say({ topic: "priority/CP1/1", payload: 0 });
      const next = new Bench();
      next.filter.restore(JSON.parse(JSON.stringify(bench.filter.save())), 0);
      next.nowMs = 30_000;
      assert.equal(zoneOf(next).gridLimit?.currentA, 40);
      assert.equal(next.connector.mode, "minpv");
      assert.equal(next.connector.priorityClass, 0);
    });
  });

  describe("a connector", () => {
    it("is passed on as wired, with what it measured and when", () => {
      const bench = new Bench(undefined, [
        factsOf("CP1", {
          measuredA: [8, 9, null],
          measuredAtMs: -5000,
          pluggedAtMs: -60_000,
          chargingS: 50,
          energyWh: 120,
        }),
      ]);
      bench.measure([10]);
      assert.deepEqual(bench.connector, {
        id: "CP1/1",
        zone: "main",
        phases: 3,
        rotation: "RST",
        minA: 6,
        maxA: 32,
        priorityClass: 1,
        mode: "fast",
        state: "charging",
        disconnectedA: 32,
        commandedA: 0,
        chargingS: 50,
        energyWh: 120,
        arrivalS: -60,
        measuredA: [8, 9, null],
        measuredTsMs: -5000,
      });
    });

    it("reserves what it may draw when it does not obey", () => {
      const bench = new Bench(undefined, [factsOf("CP1", { reservedA: 16 })]);
      assert.equal(bench.connector.reservedA, 16);
    });

    it("has another mode and class when a flow says so, and its own again with null", () => {
      const bench = new Bench();
      bench.say({ topic: "mode/CP1/1", payload: "pv" });
      bench.say({ topic: "priority/CP1/1", payload: 0 });
      assert.deepEqual([bench.connector.mode, bench.connector.priorityClass], ["pv", 0]);
      bench.say({ topic: "mode/CP1/1", payload: null });
      bench.say({ topic: "priority/CP1/1", payload: null });
      assert.deepEqual([bench.connector.mode, bench.connector.priorityClass], ["fast", 1]);
      bench.facts = [factsOf("CP1", { priorityClass: 0 })];
      assert.equal(bench.connector.priorityClass, 0, "as its driver's badge says");
      bench.say({ topic: "priority/CP1/1", payload: 2 });
      assert.equal(bench.connector.priorityClass, 2, "as a person says");
    });

    it("that is gone for good reserves nothing until it is seen again", () => {
      const bench = new Bench(undefined, [factsOf("CP1", { state: "offline", disconnectedA: 16 })]);
      assert.equal(bench.connector.disconnectedA, 16);
      bench.say({ topic: "clear/CP1/1", by: "Ann", reason: "dismantled" });
      assert.equal(bench.connector.disconnectedA, 0);
      bench.facts = [factsOf("CP1", { state: "available", disconnectedA: 16 })];
      bench.look();
      bench.facts = [factsOf("CP1", { state: "offline", disconnectedA: 16 })];
      assert.equal(bench.connector.disconnectedA, 16);
    });

    it("that is connected cannot be cleared", () => {
      assert.throws(() => new Bench().say({ topic: "clear/CP1/1" }), { code: "EV_MESSAGE_INVALID" });
    });
  });

  describe("a charger without OCPP", () => {
    const flow = () => new Bench(undefined, []);

    it("that was never heard is offline with its maximum reserved", () => {
      const { state, disconnectedA } = flow().connector;
      assert.deepEqual([state, disconnectedA], ["offline", 32]);
    });

    it("has the state and currents that the flow says", () => {
      const bench = flow();
      bench.nowMs = 3000;
      bench.say({ topic: "connector/CP1/1", payload: { state: "charging", measuredA: [8, 8, 8], energyWh: 50 } });
      const { state, measuredA, measuredTsMs, energyWh, arrivalS } = bench.connector;
      assert.deepEqual([state, measuredA, measuredTsMs, energyWh, arrivalS], ["charging", [8, 8, 8], 3000, 50, 3]);
    });

    it("is offline after 60 s without a message, with its maximum or its own fallback reserved", () => {
      const bench = flow();
      bench.say({ topic: "connector/CP1/1", payload: { state: "charging" } });
      bench.nowMs = 60_001;
      assert.deepEqual([bench.connector.state, bench.connector.disconnectedA], ["offline", 32]);
      bench.say({ topic: "connector/CP1/1", payload: { state: "charging", selfFallback: true } });
      bench.nowMs = 130_000;
      assert.deepEqual([bench.connector.state, bench.connector.disconnectedA], ["offline", 6]);
    });

    describe("that falls back by itself", () => {
      const says = (bench: Bench, drawnA: number) => {
        const payload = { state: "charging", measuredA: [drawnA, drawnA, drawnA], selfFallback: true };
        bench.say({ topic: "connector/CP1/1", payload });
      };
      const toldAt = (bench: Bench, second: number, limitA: number) => {
        bench.nowMs = second * 1000;
        bench.ticked({ "CP1/1": limitA });
      };
      const reservedAt = (bench: Bench, second: number) => {
        bench.nowMs = second * 1000;
        const { state, disconnectedA } = bench.connector;
        assert.equal(state, "offline");
        return disconnectedA;
      };

      it("keeps its last limit reserved while it is silent, until its lease has surely ended", () => {
        const bench = flow();
        says(bench, 0);
        toldAt(bench, 0, 16);
        toldAt(bench, 20, 16);
        says(bench, 16);
        // Away, it is given less: nobody knows whether it heard of that.
        toldAt(bench, 81, 0);
        assert.equal(reservedAt(bench, 81), 16);
        assert.equal(reservedAt(bench, 20 + 180 + 29), 16);
        assert.equal(reservedAt(bench, 20 + 180 + 30), 6);
      });

      it("has a higher limit of before reserved until it was heard to follow the lower one", () => {
        const bench = flow();
        says(bench, 0);
        toldAt(bench, 0, 20);
        toldAt(bench, 20, 10);
        bench.nowMs = 25_000;
        says(bench, 20);
        bench.nowMs = 35_000;
        says(bench, 20);
        assert.equal(reservedAt(bench, 100), 20);
        bench.nowMs = 101_000;
        says(bench, 10);
        assert.equal(reservedAt(bench, 170), 10);
      });

      it("has it reserved after a restart, too, and its maximum where only its fallback is known", () => {
        const before = flow();
        says(before, 0);
        toldAt(before, 0, 16);
        const saved = JSON.parse(JSON.stringify(before.filter.save()));
        const after = flow();
        after.filter.restore(saved, 5000);
        assert.equal(reservedAt(after, 5 + 209), 16);
        assert.equal(reservedAt(after, 5 + 210), 6);
        const older = flow();
        older.filter.restore({ ...saved, selfFallback: ["CP1/1"] }, 5000);
        assert.equal(reservedAt(older, 5 + 209), 32);
        assert.equal(reservedAt(older, 5 + 210), 6);
      });

      it("counts with its safe current while it is paused: nobody knows that it stays so when all of this is gone", () => {
        const bench = flow();
        says(bench, 0);
        toldAt(bench, 0, 0);
        assert.equal(bench.connector.aloneA, 6);
        toldAt(bench, 1, 10);
        assert.equal(bench.connector.aloneA, undefined);
      });

      it("frees all of it when a person has seen that it is off", () => {
        const bench = flow();
        says(bench, 0);
        toldAt(bench, 0, 16);
        bench.nowMs = 61_000;
        bench.say({ topic: "clear/CP1/1", payload: {} });
        assert.deepEqual([reservedAt(bench, 61), bench.look().facts[0]!.toldByFlow], [0, []]);
      });
    });

    it("that speaks OCPP after all is refused", () => {
      assert.throws(() => new Bench().say({ topic: "connector/CP1/1", payload: { state: "idle" } }), {
        code: "EV_MESSAGE_INVALID",
      });
    });
  });

  it("gives the surplus as grid power until it is 30 s old", () => {
    const bench = new Bench();
    assert.equal(bench.look().snapshot.site, undefined);
    bench.say({ topic: "surplus", payload: { surplusW: 5100, enableDelayS: 30, disableDelayS: 90 } });
    assert.deepEqual(bench.look().snapshot.site, { gridW: -5100 });
    assert.deepEqual(bench.filter.pvDelays, { enableDelayS: 30, disableDelayS: 90 });
    bench.nowMs = 30_001;
    assert.equal(bench.look().snapshot.site, undefined);
  });

  describe("a tariff", () => {
    const house = treeOf([zone("main")], [charger("CP1", "main"), charger("CP2", "main")]);
    const bench = () => new Bench(house, [factsOf("CP1"), factsOf("CP2")]);
    const modes = (from: Bench) => from.look().snapshot.connectors.map(({ mode }) => mode);
    const HOUR_MS = 3_600_000;
    const priceData = [10, 50, 20].map((value, hour) => ({
      value,
      start: new Date(WALL_MS + hour * HOUR_MS).toISOString(),
    }));

    it("of a zone selects the mode of its connectors by price, and ends with its prices", () => {
      const night = bench();
      assert.equal(night.say({ topic: "tariff/main", payload: { priceData } }), true);
      const seen: unknown[] = [];
      for (let hour = 0; hour < 4; hour++) {
        night.nowMs = hour * HOUR_MS + 1;
        seen.push(modes(night));
      }
      assert.deepEqual(seen, [
        ["fast", "fast"],
        ["minpv", "minpv"],
        ["fast", "fast"],
        ["fast", "fast"],
      ]);
      night.nowMs = HOUR_MS + 1;
      assert.equal(night.look().tariff("CP1/1"), undefined);
    });

    it("of a connector comes before that of its zone, and a person's choice before both", () => {
      const day = bench();
      day.say({ topic: "tariff/main", payload: true });
      day.say({ topic: "tariff/CP2/1", payload: { on: false, dear: "off" } });
      assert.deepEqual(modes(day), ["fast", "off"]);
      day.say({ topic: "mode/CP2/1", payload: "pv" });
      assert.deepEqual(modes(day), ["fast", "pv"]);
      day.say({ topic: "mode/CP2/1", payload: null });
      day.say({ topic: "tariff/CP2/1", payload: null });
      assert.deepEqual(modes(day), ["fast", "fast"]);
    });

    it("takes what power-saver nodes send: on and off, and a schedule", () => {
      const day = bench();
      day.say({ topic: "tariff/main", payload: false });
      assert.deepEqual(modes(day), ["minpv", "minpv"]);
      const schedule = [
        { time: "2026-06-01T00:00:00+02:00", value: false, countHours: 10 },
        { time: "2026-06-01T15:00:00+02:00", value: true, countHours: null },
      ];
      day.say({
        topic: "tariff/main",
        payload: { schedule, hours: [{ start: "2026-06-01T23:00:00+02:00", price: 1 }] },
      });
      assert.deepEqual(modes(day), ["minpv", "minpv"]);
      day.nowMs = HOUR_MS;
      assert.deepEqual(modes(day), ["fast", "fast"]);
    });

    it("ends when nothing more is heard of it", () => {
      const day = bench();
      day.say({ topic: "tariff/main", payload: { on: false, ttlS: 60 } });
      assert.deepEqual(modes(day), ["minpv", "minpv"]);
      day.nowMs = 60_000;
      assert.deepEqual(modes(day), ["fast", "fast"]);
    });

    it("survives a restart", () => {
      const before = bench();
      before.say({ topic: "tariff/main", payload: { priceData, dear: "pv" } });
      before.nowMs = HOUR_MS + 1;
      const after = bench();
      after.nowMs = HOUR_MS + 1;
      after.filter.restore(JSON.parse(JSON.stringify(before.filter.save())), 0);
      assert.deepEqual(modes(after), ["pv", "pv"]);
    });
  });

  describe("an input that is not what it must be", () => {
    const cases: [string, unknown, RegExp][] = [
      ["no object", "hello", /^msg is "hello"/],
      ["an unknown topic", { topic: "lights/on", payload: 1 }, /^topic is "lights\/on"; it must be meter/],
      ["a tariff for nobody", { topic: "tariff/attic", payload: true }, /^topic is "tariff\/attic"/],
      ["a tariff without a topic", { topic: "tariff", payload: true }, /^topic is "tariff"/],
      ["a tariff that says nothing", { topic: "tariff/main", payload: {} }, /^payload is \{/],
      ["a tariff that is a text", { topic: "tariff/main", payload: "cheap" }, /^payload is "cheap"/],
      ["no prices", { topic: "tariff/main", payload: { priceData: [] } }, /^payload\.priceData is/],
      [
        "a price that is none",
        { topic: "tariff/main", payload: { priceData: [{ value: "1", start: 0 }] } },
        /^payload\.priceData\[0\]\.value is "1"/,
      ],
      [
        "a price without a time",
        { topic: "tariff/main", payload: { priceData: [{ value: 1, start: "soon" }] } },
        /^payload\.priceData\[0\]\.start is "soon"/,
      ],
      [
        "a mode of a tariff that does not exist",
        { topic: "tariff/main", payload: { on: true, cheap: "turbo" } },
        /^payload\.cheap is "turbo"/,
      ],
      ["no topic", { payload: 1 }, /^topic is undefined/],
      ["a measurement without currents", { topic: "meter/grid", payload: {} }, /^payload\.currentA is undefined/],
      ["a current that is NaN", measurement([1, Number.NaN, 2]), /^payload\.currentA\[1\] is NaN/],
      ["a current that is text", measurement([1, "2" as never, 2]), /^payload\.currentA\[1\] is "2"/],
      ["a current beyond any building", measurement([1, 1e12, 2]), /^payload\.currentA\[1\]/],
      [
        "a quality that does not exist",
        measurement([1, 2, 3], { quality: "fine" }),
        /^payload\.quality is "fine"; it must be one of good, stale, bad/,
      ],
      [
        "a surplus that is infinite",
        { topic: "surplus", payload: { surplusW: Infinity } },
        /^payload\.surplusW is Infinity/,
      ],
      ["a limit without a zone", { topic: "limit/", payload: { limitA: 3 } }, /^topic/],
      ["a limit on a zone that does not exist", { topic: "limit/attic", payload: { limitA: 3 } }, /limit\/attic/],
      [
        "a limit without a value",
        { topic: "limit/main", payload: { scope: "total" } },
        /^payload is .*limitA or powerW/,
      ],
      ["a negative limit", { topic: "limit/main", payload: { limitA: -1 } }, /^payload\.limitA is -1/],
      ["a scope that does not exist", { topic: "limit/main", payload: { limitA: 1, scope: "all" } }, /^payload\.scope/],
      ["a mode that does not exist", { topic: "mode/CP1/1", payload: "turbo" }, /^payload is "turbo"/],
      [
        "a class that is no whole number",
        { topic: "priority/CP1/1", payload: 0.5 },
        /^payload is 0.5; it must be a whole number/,
      ],
      ["a connector that does not exist", { topic: "mode/CP9/1", payload: "off" }, /mode\/CP9\/1/],
      [
        "a circle in a measurement",
        measurement([1, 2, 3], { voltageV: circle }),
        /^payload is an object that is no JSON/,
      ],
      ["a circle for a limit", { topic: "limit/main", payload: { limitA: circle } }, /^payload.limitA is a list/],
      ["a topic without a connector number", { topic: "clear/CP1" }, /^topic is "clear\/CP1"/],
      [
        "a state that does not exist",
        { topic: "connector/CP9/1", payload: { state: "on" } },
        /^payload\.state is "on"/,
      ],
    ];
    for (const [name, message, text] of cases) {
      it(`is refused, naming the field: ${name}`, () => {
        const bench = new Bench();
        bench.measure([10]);
        const before = JSON.stringify([bench.look(), bench.filter.save()]);
        assert.throws(() => bench.say(message as object), {
          name: "EvError",
          code: "EV_MESSAGE_INVALID",
          message: text,
        });
        assert.equal(JSON.stringify([bench.look(), bench.filter.save()]), before);
      });
    }

    it("takes unknown keys as if they were not there", () => {
      const bench = new Bench();
      bench.say({ ...measurement([1, 2, 3], { colour: "red" }), extra: true });
      assert.deepEqual(bench.meter.currentA, [1, 2, 3]);
    });
  });

  it("never passes on less than the newest sample, never a number that is none, whatever comes in", () => {
    const ampere = fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: -80, max: 120, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, Infinity, "x") },
    );
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 12_000 }),
      currentA: fc.array(ampere as fc.Arbitrary<number>, { minLength: 2, maxLength: 3 }),
      quality: fc.constantFrom("good", "good", "good", "stale", "bad", "odd"),
      setpointA: fc.option(fc.double({ min: 0, max: 32, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const bench = new Bench();
        let newest: (number | null)[] | null = null;
        for (const { waitMs, currentA, quality, setpointA } of steps) {
          bench.nowMs += waitMs;
          try {
            bench.say(measurement(currentA, { quality }));
            if (quality === "good") newest = currentA;
          } catch (error) {
            assert.equal((error as { code: string }).code, "EV_MESSAGE_INVALID");
          }
          if (setpointA !== null) bench.ticked({ "CP1/1": setpointA });
          const passed = bench.look().snapshot.zones[0]!.meters![0]?.currentA;
          for (const [phase, value] of (passed ?? []).entries()) {
            assert.ok(Number.isFinite(value));
            assert.ok(value! >= newest![phase]! - 1e-9);
          }
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("passes the connectors of every zone below the root and of no other", () => {
    const zones = [zone("main"), zone("garage", { parentNodeId: "main" }), zone("other")];
    const tree = treeOf(zones, [
      charger("A", "main"),
      charger("B", "garage"),
      charger("C", "other"),
      charger("D", "garage", { stationLimitA: 20, connectors: [WIRING] }),
    ]);
    const { snapshot } = new Bench(tree, []).look();
    assert.deepEqual(
      snapshot.zones.map(({ id }) => id),
      ["main", "garage", "D (station)"],
    );
    assert.deepEqual(
      snapshot.connectors.map(({ id, zone: name }) => [id, name]),
      [
        ["A/1", "main"],
        ["B/1", "garage"],
        ["D/1", "D (station)"],
      ],
    );
  });
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { MeasurementPayload } from "../../lib/messages.ts";
import { compileMapping } from "../../lib/metering/mapping.ts";
import { MeterInput } from "../../lib/metering/mapping-input.ts";
import { MAPPED_FIELDS, readMapped } from "../../lib/metering/mapping-values.ts";
import { FakeClock } from "../fake-clock.ts";

const values = async (text: string, message: unknown) => {
  const mapped = await compileMapping(text).evaluate(message);
  return mapped && Object.fromEntries(mapped.values);
};

describe("compileMapping", () => {
  for (const [text, told] of [
    ["", /^mapping is empty; write/],
    ["{'powerW': payload.power", /^mapping cannot be evaluated at character \d+ .*: .*/],
    ["payload.power +", /^mapping cannot be evaluated/],
    ['"open', /close the quotation mark/],
    ["(a b)", /character 4 .*put the sign that is missing there/],
  ] as const) {
    it(`says where ${JSON.stringify(text)} is wrong, and what to do`, () => {
      assert.throws(() => compileMapping(text), { code: "EV_CONFIG_INVALID", message: told });
    });
  }

  it("says which function does not exist", async () => {
    const mapping = compileMapping('{"powerW": $nosuch(payload)}');
    await assert.rejects(mapping.evaluate({ payload: 1 }), {
      code: "EV_MESSAGE_INVALID",
      message: /no function of that name/,
    });
  });

  it("ends an expression that never would", async () => {
    const endless = compileMapping("($f := function($x) { $f($x + 1) }; $f(1))");
    await assert.rejects(endless.evaluate({ payload: 1 }), {
      code: "EV_MESSAGE_INVALID",
      message: /longer than 200 ms/,
    });
    const deep = compileMapping("($f := function($x) { 1 + $f($x) }; $f(1))");
    await assert.rejects(deep.evaluate({ payload: 1 }), { message: /calls itself without end/ });
  });

  it("uses another compiler where one is given", async () => {
    const mapping = compileMapping("anything", () => ({ evaluate: () => ({ powerW: 5 }) }));
    assert.equal((await mapping.evaluate({}))?.values.get("power"), 5);
  });
});

describe("What a mapping gives", () => {
  it("may be a measurement payload", async () => {
    assert.deepEqual(await values('{"currentA": [1, null, -3], "powerW": 500, "socPercent": 40}', {}), {
      currentL1: 1,
      currentL2: null,
      currentL3: -3,
      power: 500,
      soc: 40,
    });
  });

  it("may be single values, as sources send them one by one", async () => {
    assert.deepEqual(await values('{"currentL2": payload, "frequency": 50}', { payload: 7.5 }), {
      currentL2: 7.5,
      frequency: 50,
    });
  });

  for (const [text, number] of [
    [" 230.5 ", 230.5],
    ["-1.5e3", -1500],
    [".5", 0.5],
    ["unavailable", null],
    ["unknown", null],
    ["", null],
    ["NaN", null],
    ["1e999", null],
  ] as const) {
    it(`reads the text ${JSON.stringify(text)} as ${number}`, async () => {
      assert.deepEqual(await values('{"powerW": payload}', { payload: text }), { power: number });
    });
  }

  it("is nothing where the expression gives nothing, so that the message is not for this meter", async () => {
    assert.equal(await values('topic = "mine" ? {"powerW": payload}', { topic: "other", payload: 5 }), null);
    assert.equal(await values('{"powerW": payload.power}', { payload: {} }), null);
  });

  it("finds its way in JSON that came as text or bytes", async () => {
    const text = '{"p": 12}';
    assert.deepEqual(await values('{"powerW": payload.p}', { payload: text }), { power: 12 });
    assert.deepEqual(await values('{"powerW": payload.p}', { payload: Buffer.from(text) }), { power: 12 });
  });

  for (const [text, told] of [
    ['{"powerW": "12 kW"}', /powerW is "12 kW"; it must be a number without a unit/],
    ['{"powerW": "12,5"}', /powerW/],
    ['{"powerW": true}', /powerW is true/],
    ['{"currentA": [1, 2]}', /currentA is \[1,2\]; .*three values .* null for one that is missing/],
    ['{"currentA": 5}', /three values/],
    ['{"currentA": [1, "x", 3]}', /currentA\[1\]/],
    ['{"powerw": 5}', /gives "powerw"; write "powerW"/],
    ['{"voltage": [1,2,3], "powerW": 1}', /gives "voltage"; write "voltageV"/],
    ['{"temperature": 21}', /gives only "temperature"/],
    ["42", /result of the mapping is 42/],
    ['{"powerW": 5, "quality": "great"}', /quality/],
    ['{"powerW": 5, "ts": "yesterday"}', /ts is "yesterday"/],
  ] as const) {
    it(`is refused as ${text}`, async () => {
      await assert.rejects(values(text, {}), { code: "EV_MESSAGE_INVALID", message: told });
    });
  }

  it("may hold keys of other things beside", async () => {
    assert.deepEqual(await values('{"powerW": 5, "temperature": 21}', {}), { power: 5 });
  });
});

describe("readMapped", () => {
  it("makes numbers or null of anything, or refuses it with an error of the catalogue", () => {
    const keys = fc.constantFrom(...MAPPED_FIELDS, "currentA", "powerW", "socPercent", "ts", "quality", "other");
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.dictionary(keys, fc.anything())),
        (result) => {
          try {
            for (const value of readMapped(result)?.values.values() ?? [])
              assert.ok(value === null || Number.isFinite(value));
          } catch (error) {
            assert.equal((error as { code?: string }).code, "EV_MESSAGE_INVALID", String(error));
          }
        },
      ),
    );
  });
});

describe("MeterInput", () => {
  let clock: FakeClock;
  let told: MeasurementPayload[];
  let input: MeterInput;

  const byTopic = `{topic: payload}`;
  const start = (text = byTopic) => {
    input = new MeterInput({
      mapping: compileMapping(text),
      staleAfterS: 30,
      clock,
      onMeasurement: (payload) => told.push(payload),
    });
  };
  const say = (topic: string, payload: unknown, more: object = {}) => input.accept({ topic, payload, ...more });
  const last = () => told.at(-1) as MeasurementPayload;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
  });

  afterEach(() => {
    input.stop();
    assert.equal(clock.pending, 0);
  });

  it("tells a reading at once, with the time at which it came", async () => {
    start();
    clock.advance(1500);
    assert.equal(await say("powerW", 1200), true);
    assert.deepEqual(
      [told.length, last().powerW, last().quality, last().ts],
      [1, 1200, "good", "2026-06-01T12:00:01.500Z"],
    );
  });

  it("makes one reading of a burst, and adds up its phases", async () => {
    start();
    await say("powerL1", 100);
    await say("powerL2", -300);
    await say("powerL3", 50);
    await say("currentL2", 1.4);
    assert.equal(told.length, 1);
    clock.advance(200);
    assert.equal(told.length, 2);
    assert.deepEqual([last().powerW, last().phasePowerW, last().currentA], [-150, [100, -300, 50], [null, -1.4, null]]);
  });

  it("keeps what each message said, with an age of its own: the oldest current or power decides", async () => {
    start();
    await say("currentL1", 5);
    clock.advance(20_000);
    await say("currentL2", 6);
    assert.deepEqual([last().quality, last().ts], ["good", "2026-06-01T12:00:00.000Z"]);
    clock.advance(10_100);
    assert.deepEqual([last().quality, last().currentA], ["stale", [5, 6, null]]);
    await say("currentL1", 5.5);
    clock.advance(200);
    assert.equal(last().quality, "good");
  });

  it("tells once that nothing new comes, with the values and the time of the last", async () => {
    start();
    await say("powerW", 1200);
    clock.advance(29_000);
    assert.equal(told.length, 1);
    clock.advance(120_000);
    assert.equal(told.length, 2);
    assert.deepEqual(last(), { ...told[0], quality: "stale" });
  });

  it("tells a bad reading without values where none ever came", () => {
    start();
    clock.advance(30_000);
    assert.deepEqual([told.length, last().quality, last().powerW], [1, "bad", null]);
  });

  it("forgets voltages and energies only after a longer time, and they make nothing stale", async () => {
    start();
    await say("energyImport", 5000);
    await say("voltageL1", 230);
    for (let turn = 0; turn < 29; turn++) {
      clock.advance(10_000);
      await say("powerW", turn);
    }
    assert.deepEqual([last().quality, last().energyImportWh], ["good", 5000]);
    clock.advance(20_000);
    await say("powerW", 1);
    assert.deepEqual([last().quality, last().energyImportWh, last().voltageV[0]], ["good", null, null]);
  });

  it("is bad while the source does not know a value that it knew", async () => {
    start();
    await say("currentL1", 5);
    clock.advance(1000);
    await say("currentL1", "unavailable");
    assert.deepEqual([last().quality, last().currentA[0]], ["bad", null]);
    clock.advance(1000);
    await say("currentL1", 5);
    assert.equal(last().quality, "good");
  });

  it("is good without the phases that a single-phase meter never had", async () => {
    start('{"currentA": [payload, null, null]}');
    await say("x", 5);
    assert.deepEqual([last().quality, last().currentA], ["good", [5, null, null]]);
  });

  it("is bad while a value cannot be true, which it leaves out and names", async () => {
    start();
    await say("powerW", 1200);
    clock.advance(1000);
    await say("frequency", 500);
    assert.deepEqual([last().quality, last().frequencyHz], ["bad", null]);
    assert.match(input.health.problems[0] ?? "", /frequency reads 500 Hz/);
  });

  it("takes a retained message for an old one until the source speaks again", async () => {
    start();
    await say("powerW", 1200, { retain: true });
    assert.deepEqual([last().quality, last().powerW], ["stale", 1200]);
    clock.advance(1000);
    await say("powerW", 1300, { retain: true });
    assert.equal(last().quality, "good");
  });

  it("counts the age from the source's own time where it gives one that can be", async () => {
    start('{"powerW": payload.p, "ts": payload.t}');
    await say("x", { p: 1, t: "2026-06-01T11:59:40Z" });
    assert.deepEqual([last().quality, last().ts], ["good", "2026-06-01T11:59:40.000Z"]);
    clock.advance(1000);
    await say("x", { p: 1, t: Date.parse("2026-06-01T11:59:00Z") / 1000 });
    assert.equal(last().quality, "stale");
    clock.advance(1000);
    await say("x", { p: 1, t: "2030-01-01T00:00:00Z" });
    assert.equal(last().quality, "good");
  });

  it("passes on what the source thinks of its values", async () => {
    start('{"powerW": 5, "quality": payload}');
    await say("x", "bad");
    assert.equal(last().quality, "bad");
  });

  it("changes nothing at a message that is wrong, and ignores one that is not for it", async () => {
    start('topic = "mine" ? {"powerW": payload}');
    await assert.rejects(say("mine", "much"), { code: "EV_MESSAGE_INVALID" });
    assert.equal(await say("other", 5), false);
    assert.deepEqual([told.length, input.health.ignored], [0, 1]);
  });

  it("tells nothing after stop", async () => {
    start();
    const pending = say("powerW", 5);
    input.stop();
    await pending;
    clock.advance(60_000);
    assert.equal(told.length, 0);
  });

  it("shows the age of everything that was said", async () => {
    start();
    await say("powerW", 5);
    clock.advance(4000);
    assert.deepEqual(input.health.fields, [{ name: "power", value: 5, ageMs: 4000 }]);
    assert.equal(input.health.ageMs, 4000);
  });
});

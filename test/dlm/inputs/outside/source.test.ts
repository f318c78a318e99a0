import { strict as assert } from "node:assert";
import { OutsideSource } from "../../../../lib/dlm/inputs/outside/source.ts";
import type { OutsideSettings } from "../../../../lib/dlm/inputs/outside/types.ts";
import type { JsonValue } from "../../../../lib/units.ts";

const SETTINGS: OutsideSettings = {
  kind: "contact",
  purpose: "limit",
  running: "continue",
  normallyClosed: false,
  limitA: null,
  powerW: null,
  schedule: [],
  timeZone: "Europe/Berlin",
  staleAfterS: 0,
};
const NOON = Date.parse("2026-06-01T10:00:00Z");

/** A source at a moment that the test moves. */
class Bench {
  source: OutsideSource;
  nowMs = 5000;
  #settings: OutsideSettings;

  constructor(settings: Partial<OutsideSettings>, saved?: JsonValue) {
    this.#settings = { ...SETTINGS, ...settings };
    this.source = new OutsideSource(this.#settings, saved, this.moment);
  }

  get moment() {
    return { nowMs: this.nowMs, wallMs: NOON + this.nowMs };
  }

  /** After these seconds, what holds: [A, W, starts held, known]. */
  word(afterS = 0): [number | null, number | null, boolean, boolean] {
    this.nowMs += afterS * 1000;
    const { limitA, powerW, holdStarts, known } = this.source.word(this.moment);
    return [limitA, powerW, holdStarts, known];
  }

  hear(payload: unknown): this {
    this.source.input(payload, this.moment);
    return this;
  }

  /** The machine starts again after these seconds. */
  restart(afterS: number): Bench {
    const saved = JSON.parse(JSON.stringify(this.source.save(this.moment))) as JsonValue;
    this.nowMs += afterS * 1000;
    this.source = new OutsideSource(this.#settings, saved, this.moment);
    return this;
  }
}

const FREE = [null, null, false, true];
const invalid = { code: "EV_MESSAGE_INVALID" };

describe("a contact as a limit from outside", () => {
  it("limits until it is heard for the first time", () => {
    assert.deepEqual(new Bench({ limitA: 6 }).word(), [6, null, false, false]);
  });

  it("limits while closed when normally open, while open when normally closed", () => {
    assert.deepEqual(new Bench({ limitA: 6 }).hear("closed").word(), [6, null, false, true]);
    assert.deepEqual(new Bench({ limitA: 6 }).hear("open").word(), FREE);
    assert.deepEqual(new Bench({ limitA: 6, normallyClosed: true }).hear(0).word(), [6, null, false, true]);
    assert.deepEqual(new Bench({ limitA: 6, normallyClosed: true }).hear(1).word(), FREE);
  });

  it("limits when its state cannot be read, is told as unknown, or is too old", () => {
    const bench = new Bench({ powerW: 4200, staleAfterS: 60 });
    assert.deepEqual(bench.hear(false).word(60), FREE);
    assert.deepEqual(bench.word(1), [null, 4200, false, false]);
    assert.deepEqual(bench.hear(false).word(), FREE);
    assert.throws(() => bench.hear("banana"), invalid);
    assert.deepEqual(bench.word(), [null, 4200, false, false]);
    assert.deepEqual(bench.hear(false).hear(null).word(), [null, 4200, false, false]);
  });

  it("is unknown again after a restart, whatever it was", () => {
    assert.deepEqual(new Bench({ limitA: 0 }).hear(false).restart(1).word(), [0, null, false, false]);
  });

  it("makes everybody wait for a delayed start", () => {
    const bench = new Bench({ purpose: "delay" });
    assert.deepEqual(bench.hear(true).word(), [0, null, false, true]);
    assert.deepEqual(bench.hear(false).word(), FREE);
  });

  it("holds starts without its permission, and on request stops all", () => {
    const permit = new Bench({ purpose: "permit" });
    assert.deepEqual(permit.word(), [null, null, true, false]);
    assert.deepEqual(permit.hear(true).word(), FREE);
    assert.deepEqual(permit.hear(false).word(), [null, null, true, true]);
    assert.deepEqual(new Bench({ purpose: "permit", running: "stop" }).hear(false).word(), [0, null, false, true]);
  });
});

describe("a schedule as a limit from outside", () => {
  const noonAndLater = [
    { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 12 * 60, toMinute: 13 * 60, limitA: 16, powerW: null },
    { days: [0], fromMinute: 12 * 60 + 30, toMinute: 14 * 60, limitA: 10, powerW: null },
    { days: [0], fromMinute: 15 * 60, toMinute: 16 * 60, limitA: null, powerW: null },
  ];
  const bench = () => new Bench({ kind: "schedule", schedule: noonAndLater, powerW: 8000 });

  it("limits in its windows, the lower value where two meet, its own where a window has none", () => {
    const day = bench();
    assert.deepEqual(day.word(), [16, null, false, true]);
    assert.deepEqual(day.word(1800), [10, null, false, true]);
    assert.deepEqual(day.word(2 * 3600), FREE);
    assert.deepEqual(day.word(1800), [null, 8000, false, true]);
  });

  it("holds its lowest limit while the clock of the machine has not been set", () => {
    const { source } = bench();
    assert.deepEqual(source.word({ nowMs: 0, wallMs: 1000 }).limitA, 10);
    assert.equal(source.word({ nowMs: 0, wallMs: 1000 }).known, false);
  });

  it("takes no messages", () => assert.throws(() => bench().hear(true), invalid));
});

describe("a message as a limit from outside", () => {
  it("is a number, a text that is one, or an object; null releases", () => {
    const bench = new Bench({ kind: "power" });
    assert.deepEqual(bench.hear(4200).word(), [null, 4200, false, true]);
    assert.deepEqual(bench.hear("5000").word(), [null, 5000, false, true]);
    assert.deepEqual(bench.hear({ powerW: 6000, reason: "x" }).word(), [null, 6000, false, true]);
    assert.deepEqual(bench.hear(null).word(), FREE);
    assert.deepEqual(new Bench({ kind: "current" }).hear({ limitA: 16 }).word(), [16, null, false, true]);
    assert.deepEqual(bench.hear(0).hear({ powerW: null }).word(), FREE);
  });

  it("ends with its own time", () => {
    const bench = new Bench({ kind: "power" }).hear({ powerW: 4200, ttlS: 60 });
    assert.deepEqual(bench.word(59), [null, 4200, false, true]);
    assert.deepEqual(bench.word(1), FREE);
  });

  it("gives way to the values of the node when it ends, falls silent or was never heard", () => {
    const bench = new Bench({ kind: "power", powerW: 4200, staleAfterS: 100 });
    assert.deepEqual(bench.word(), [null, 4200, false, false]);
    assert.deepEqual(bench.hear(9000).word(100), [null, 9000, false, true]);
    assert.deepEqual(bench.word(1), [null, 4200, false, false]);
    assert.deepEqual(bench.hear({ powerW: 9000, ttlS: 10 }).word(10), [null, 4200, false, false]);
    assert.deepEqual(bench.hear(null).word(101), [null, 4200, false, false]);
  });

  it("stays when its source falls silent and the node has no value of its own", () => {
    const bench = new Bench({ kind: "current", staleAfterS: 10 }).hear(8);
    assert.deepEqual(bench.word(11), [8, null, false, false]);
  });

  it("is refused when it makes no sense, and the source counts as unknown", () => {
    const bench = new Bench({ kind: "power", powerW: 4200 }).hear(9000);
    for (const payload of [-1, "much", Number.NaN, {}, { limitA: 5 }, true, [1]])
      assert.throws(() => bench.hear(payload), invalid, JSON.stringify(payload));
    assert.deepEqual(bench.word(), [null, 4200, false, false]);
    assert.throws(() => new Bench({ kind: "power" }).hear({ powerW: 1, ttlS: -1 }), /payload.ttlS/);
  });

  it("goes on after a restart until its own end; a release does not", () => {
    assert.deepEqual(new Bench({ kind: "power" }).hear(4200).restart(3600).word(), [null, 4200, false, true]);
    const timed = new Bench({ kind: "power" }).hear({ powerW: 4200, ttlS: 100 }).restart(40);
    assert.deepEqual(timed.word(59), [null, 4200, false, true]);
    assert.deepEqual(timed.word(2), FREE);
    const released = new Bench({ kind: "power", powerW: 4200 }).hear(null).restart(1);
    assert.deepEqual(released.word(), [null, 4200, false, false]);
  });

  it("of another kind is forgotten with the setting", () => {
    const bench = new Bench({ kind: "power" }).hear(4200);
    bench.source.configure({ ...SETTINGS, kind: "current" });
    assert.deepEqual(bench.word(), [null, null, false, false]);
  });
});

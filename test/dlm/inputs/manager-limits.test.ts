import { strict as assert } from "node:assert";
import { allowedA, leastOf, ManagerLimits, stricterMode } from "../../../lib/dlm/inputs/manager-limits.ts";
import { FakeClock } from "../../fake-clock.ts";

const DOOR = "modbus";
const settings = { code: "HEMS", fallbackA: null, connectors: ["A/1", "A/2"] } as const;

describe("what energy managers allow", () => {
  let clock: FakeClock;
  let limits: ManagerLimits;

  beforeEach(() => {
    clock = new FakeClock();
    limits = new ManagerLimits(clock);
    limits.open(DOOR, settings);
  });

  const leastA = (target: string) => {
    const least = leastOf(limits.of(target));
    return least && allowedA(least);
  };

  it("is the least of all writers", () => {
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 16 }, 120);
    limits.say(DOOR, "10.0.0.2", "A/1", { limitA: 10 }, 120);
    limits.say(DOOR, "10.0.0.3", "A/1", { limitA: 32 }, 120);
    assert.equal(leastA("A/1"), 10);
    assert.equal(leastOf(limits.of("A/1"))?.writer, "10.0.0.2");
    assert.deepEqual(limits.of("A/2"), []);
  });

  it("ends by itself, each word with its own lease, and says so", () => {
    const news: string[] = [];
    limits.onChange((one) => one && news.push(`${one.kind} ${one.limit.writer} ${one.limit.limitA}`));
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 8 }, 60);
    limits.say(DOOR, "10.0.0.2", "A/1", { limitA: 10 }, 120);
    clock.advance(59_000);
    assert.equal(leastA("A/1"), 8);
    clock.advance(1000);
    assert.equal(leastA("A/1"), 10);
    clock.advance(60_000);
    assert.equal(leastA("A/1"), null);
    assert.deepEqual(news, ["began 10.0.0.1 8", "began 10.0.0.2 10", "ended 10.0.0.1 8", "ended 10.0.0.2 10"]);
    assert.equal(clock.pending, 0);
  });

  it("falls to what is agreed while nobody speaks", () => {
    limits.open(DOOR, { ...settings, fallbackA: 6 });
    assert.equal(leastA("A/1"), 6);
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 20 }, 60);
    assert.equal(leastA("A/1"), 20);
    assert.equal(leastA("A/2"), 6);
    clock.advance(60_000);
    assert.equal(leastA("A/1"), 6);
    limits.shut(DOOR);
    assert.equal(leastA("A/1"), null);
  });

  it("keeps what a word does not mention, and a permit taken back is no current at all", () => {
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 16, mode: "pv" }, 60);
    limits.say(DOOR, "10.0.0.1", "A/1", { permit: false }, 60);
    assert.equal(leastA("A/1"), 0);
    limits.say(DOOR, "10.0.0.1", "A/1", { permit: true }, 60);
    assert.equal(leastA("A/1"), 16);
    assert.equal(stricterMode("fast", limits.of("A/1"))?.mode, "pv");
    assert.equal(stricterMode("off", limits.of("A/1")), null, "never looser than what was chosen here");
  });

  it("goes on while its writer is heard, at that door alone", () => {
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 8 }, 60);
    limits.say(DOOR, "10.0.0.2", "A/1", { limitA: 9 }, 60);
    for (let s = 0; s < 100; s += 10) {
      clock.advance(10_000);
      limits.alive(DOOR, "10.0.0.1", 60);
      limits.alive("other", "10.0.0.2", 60);
    }
    assert.deepEqual(
      limits.of("A/1").map(({ writer }) => writer),
      ["10.0.0.1"],
    );
  });

  it("survives a restart for as long as its lease, and no longer than the longest", () => {
    limits.say(DOOR, "10.0.0.1", "A/1", { limitA: 8 }, 120);
    clock.advance(20_000);
    const saved = limits.save();
    clock.advance(40_000);
    const later = new ManagerLimits(clock);
    later.restore(saved);
    assert.equal(leastOf(later.of("A/1"))?.limitA, 8);
    clock.advance(60_000);
    assert.deepEqual(later.of("A/1"), []);
    clock.jumpWall(-86_400_000);
    later.restore(saved);
    clock.advance(900_000);
    assert.deepEqual(later.of("A/1"), [], "a clock that was set back prolongs nothing beyond that");
    for (const garbage of [null, 7, "x", [null, {}, { target: 1 }]]) later.restore(garbage);
  });
});

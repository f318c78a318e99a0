import { strict as assert } from "node:assert";
import { readInput } from "../../../lib/dlm/inputs/input.ts";
import type { CycleDecision } from "../../../lib/dlm/runtime/runtime.ts";
import { Building } from "../../building/building.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";

const HOUR_S = 3600;

/** A garage of two and a visitor, on a meter that is calm. */
const site = () =>
  treeOf(
    [
      zone("main", { limitA: [100, 100, 100], meters: [METER] }),
      zone("garage", { parentNodeId: "main", limitA: [80, 80, 80] }),
    ],
    [charger("A", "garage"), charger("B", "garage"), charger("C", "main")],
  );

describe("a decision by hand", () => {
  let building: Building;

  beforeEach(() => {
    building = new Building(site());
    building.runtime.start();
    building.run(90);
    assert.ok(building.limit("A/1")! > 25, "the cars charge fast before");
  });

  const say = (payload: object | null, topic = "override", more: object = {}): void =>
    building.runtime.input({ topic, payload, ...more });
  const limits = (): (number | undefined)[] => ["A/1", "B/1", "C/1"].map((id) => building.limit(id));

  it("limits a connector at once, says who, why and until when, and ends by itself", () => {
    say({ target: "A/1", limitA: 8, hours: 1, reason: "fuse replaced", by: "Ana" });
    building.clock.advance(100);
    assert.equal(building.limit("A/1"), 8);
    building.run(5);
    assert.match(building.last("A/1").payload.text, /^8 A: set by hand until \d+:\d\d: Ana: fuse replaced$/);
    assert.ok(building.limit("B/1")! > 25, "nobody else is concerned");
    building.run(HOUR_S + 90);
    assert.ok(building.limit("A/1")! > 25, `${building.limit("A/1")} A`);
  });

  it("of a zone holds for what its chargers draw together", () => {
    say({ target: "garage", limitA: 20, reason: "concert" });
    building.run(30);
    const [a = 0, b = 0, c = 0] = limits();
    assert.ok(a + b <= 20.01, `${a} A and ${b} A`);
    assert.ok(c > 25);
    assert.match(building.last("A/1").payload.text, /\(20 A, set by hand until \d+:\d\d: concert\)/);
  });

  it("is told without its words, too, to those that keep what they read, once a zone or the connector has one", () => {
    let explanations: CycleDecision["explanations"] = new Map();
    building.decided = (decision) => {
      explanations = decision.explanations;
    };
    const plain = () => ["A/1", "B/1", "C/1"].map((id) => explanations.get(id)?.plain);
    building.run(5);
    assert.deepEqual(plain(), [undefined, undefined, undefined]);
    say({ target: "A/1", limitA: 8, hours: 1, reason: "fuse replaced", by: "Ana" });
    building.run(5);
    assert.match(plain()[0]!, /^8 A: set by hand until \d+:\d\d$/);
    assert.deepEqual(plain().slice(1), [undefined, undefined]);
    say({ target: "garage", limitA: 20, reason: "concert" });
    building.run(30);
    assert.match(plain()[1]!, /\(20 A, set by hand until \d+:\d\d\)/);
    assert.ok(plain()[2] !== undefined, "any text may speak of the zone's limit");
  });

  it("ends where a person chooses how to charge after it, and not where a flow does", () => {
    say({ target: "A/1", mode: "fast", reason: "in a hurry" });
    building.run(10);
    say("off" as unknown as object, "mode/A/1");
    building.run(10);
    assert.ok(building.limit("A/1")! > 0, "a flow's mode waits for the decision to end");
    say("off" as unknown as object, "mode/A/1", { by: "Ana" });
    building.run(10);
    assert.equal(building.limit("A/1"), 0);
  });

  it("of a zone ends for the charger alone whose mode a person chooses, and its limit goes on", () => {
    say({ target: "garage", mode: "off", limitA: 30, reason: "cleaning" });
    building.run(10);
    say("fast" as unknown as object, "mode/B/1", { by: "Ana" });
    building.run(120);
    const [a, b = 0] = limits();
    assert.equal(a, 0);
    assert.ok(b > 25 && b <= 30, `${b} A`);
    say("fast" as unknown as object, "mode/garage", { by: "Ana" });
    building.run(120);
    assert.ok(building.limit("A/1")! > 5, `${building.limit("A/1")} A`);
    assert.ok(building.limit("A/1")! + building.limit("B/1")! <= 30.01);
  });

  it("switches off what it is about, and the connector's own decision comes before that of its zone", () => {
    say({ target: "garage", mode: "off", reason: "cleaning" });
    building.run(10);
    assert.deepEqual(limits().slice(0, 2), [0, 0]);
    assert.match(building.last("B/1").payload.text, /^0 A: set by hand until .*cleaning$/);
    say({ target: "B/1", mode: "fast", reason: "the director" });
    building.run(120);
    assert.equal(building.limit("A/1"), 0);
    assert.ok(building.limit("B/1")! > 25);
  });

  it("ends when a person ends it, by its row in a table or by null", () => {
    say({ target: "A/1", limitA: 8, reason: "test" });
    building.run(10);
    say({ target: "A/1", what: "at most 8 A" }, "override/end");
    building.run(60);
    assert.ok(building.limit("A/1")! > 25);
    say({ limitA: 9, reason: "test" }, "override/A/1");
    building.run(10);
    assert.equal(building.limit("A/1"), 9);
    say(null, "override/A/1");
    building.run(60);
    assert.ok(building.limit("A/1")! > 25);
  });

  it("holds over a restart (S11)", () => {
    say({ target: "A/1", limitA: 8, reason: "test" });
    building.run(10);
    const saved = building.runtime.state();
    building.runtime.close();
    building.runtime = building.create(saved);
    building.runtime.start();
    building.run(60);
    assert.equal(building.limit("A/1"), 8);
  });

  it("is nothing that a limit from outside could be lifted with", () => {
    building.runtime.input({ topic: "limit/main", payload: { limitA: 30, source: "grid" } });
    say({ target: "main", limitA: 90, reason: "we want more" });
    building.run(60);
    const [a = 0, b = 0, c = 0] = limits();
    assert.ok(a + b + c <= 30.01);
  });
});

describe("a mode for a zone", () => {
  it("is that of every connector at and below it", () => {
    const building = new Building(site());
    building.runtime.start();
    building.run(30);
    building.runtime.input({ topic: "mode/garage", payload: "off" });
    building.run(10);
    assert.deepEqual([building.limit("A/1"), building.limit("B/1")], [0, 0]);
    assert.ok(building.limit("C/1")! > 0);
    assert.throws(() => building.runtime.input({ topic: "mode/cellar", payload: "off" }), {
      code: "EV_MESSAGE_INVALID",
    });
  });
});

describe("what is said of a decision by hand", () => {
  const read = (payload: unknown, topic = "override") => readInput({ topic, payload });

  it("may come from a form: empty fields are none, numbers may be texts", () => {
    const form = { target: "A/1", mode: "", limitA: "8", priorityClass: "0", hours: null, reason: " guest " };
    assert.deepEqual(read(form), {
      kind: "override",
      target: "A/1",
      sets: { mode: null, limitA: 8, priorityClass: 0, by: "", reason: "guest", ttlS: 2 * HOUR_S },
    });
  });

  for (const [payload, field] of [
    [{ limitA: 8, reason: "x" }, "payload.target"],
    [{ target: "A/1", limitA: 8 }, "payload.reason"],
    [{ target: "A/1", reason: "x" }, "payload is"],
    [{ target: "A/1", limitA: -1, reason: "x" }, "payload.limitA"],
    [{ target: "A/1", limitA: "much", reason: "x" }, "payload.limitA"],
    [{ target: "A/1", mode: "turbo", reason: "x" }, "payload.mode"],
    [{ target: "A/1", mode: "off", hours: 1000, reason: "x" }, "payload.hours"],
    [{ target: "A/1", mode: "off", hours: 0, reason: "x" }, "payload.hours"],
    ["off", "payload"],
  ] as const) {
    it(`is refused with the field named: ${JSON.stringify(payload)}`, () => {
      assert.throws(
        () => read(payload),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, "EV_MESSAGE_INVALID");
          return error.message.startsWith(field);
        },
      );
    });
  }

  it("is refused for a name that the zones do not have", () => {
    const building = new Building(site());
    assert.throws(
      () => building.runtime.input({ topic: "override", payload: { target: "X", mode: "off", reason: "y" } }),
      {
        code: "EV_MESSAGE_INVALID",
        message: /payload\.target is "X"/,
      },
    );
  });
});

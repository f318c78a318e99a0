import { strict as assert } from "node:assert";
import {
  DecisionLog,
  isDecisionLogRequest,
  type ReplayAnswer,
  type WhyAnswer,
} from "../../../lib/dlm/decision-log/decision-log.ts";
import { Building } from "../../building/building.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";
import { MemoryStore } from "./memory-store.ts";

const tree = treeOf([zone("main", { meters: [METER] })], [charger("A", "main"), charger("B", "main")]);

/** A building that has run for some minutes, with its diary. */
function written(
  seconds = 600,
  shelf = new MemoryStore(),
): { building: Building; diary: DecisionLog; shelf: MemoryStore } {
  const building = new Building(tree, {});
  const diary = new DecisionLog(building.clock, shelf);
  building.decided = (decision) => diary.decided(decision);
  building.houseA = [45, 45, 45];
  building.runtime.start();
  building.run(seconds);
  return { building, diary, shelf };
}

const why = async (diary: DecisionLog, payload?: unknown, id = "A/1") =>
  ((await diary.answer({ topic: `why/${id}`, payload })) as WhyAnswer).payload;

describe("the question why", () => {
  it("is answered for the present with the whole chain and with what would help", async () => {
    const { diary } = written();
    const { text, reasons, wouldHelp, history } = await why(diary);
    assert.match(text, /^9 A: L[123] of zone main is full \(63 A\), shared by 2 cars$/);
    assert.ok(reasons?.[0]?.code === "ZONE" && reasons.every((reason) => reason.text));
    assert.deepEqual(wouldHelp, ["would be up to 12 A as priority class 0"]);
    assert.ok(history.length >= 2 && history.every(({ from, to }) => from < to));
  });

  it("is answered for a time of the last day, given as a time of day or in full", async () => {
    const { building, diary } = written(1800);
    const atMs = building.clock.wallMs() - 1_200_000;
    const at = new Date(atMs);
    const clock = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
    for (const asked of [clock, { at: clock }, { at: at.toISOString() }, atMs]) {
      const { text, reasons } = await why(diary, asked);
      assert.match(text, /^\d+:\d\d to \d+:\d\d: 9 A, drew 9 A: L[123] of zone main is full/);
      assert.equal(reasons, null);
    }
  });

  it("means the clocks of the site's place", async () => {
    const building = new Building(tree, {});
    const diary = new DecisionLog(building.clock, new MemoryStore(), undefined, () => "Asia/Tokyo");
    building.decided = (decision) => diary.decided(decision);
    building.runtime.start();
    building.run(1800);
    const { at, text } = await why(diary, "21:10");
    assert.equal(at, "2026-06-01T12:10:00.000Z");
    assert.match(text, /^21:10 to 21:15: /);
    assert.equal((await why(diary, "21:31")).at, "2026-05-31T12:31:00.000Z", "not yet today");
  });

  it("is answered after a restart", async () => {
    const { building, diary, shelf } = written(900);
    diary.close();
    const next = new DecisionLog(building.clock, shelf);
    building.decided = (decision) => next.decided(decision);
    building.run(600);
    const { text } = await why(next, new Date(building.clock.wallMs() - 1_000_000).toISOString());
    assert.match(text, /is full/);
  });

  it("says that nothing is known where nothing is", async () => {
    const { diary } = written();
    assert.equal((await why(diary, "2020-01-01T00:00:00Z")).text, "nothing is known of that time");
  });

  it("names the meter whose return would help", async () => {
    const { building, diary } = written(120);
    building.meterAlive = false;
    building.run(30);
    const { text, wouldHelp } = await why(diary);
    assert.match(text, /would be up to 9 A if meter grid were fresh$/);
    assert.match(wouldHelp[0]!, /if meter grid were fresh/);
  });

  it("is refused for a connector or a time that does not exist", async () => {
    const { diary } = written(60);
    await assert.rejects(why(diary, undefined, "C/1"), { code: "EV_MESSAGE_INVALID" });
    await assert.rejects(why(diary, "yesterday"), { code: "EV_MESSAGE_INVALID" });
  });
});

describe("the request for a replay", () => {
  it("is answered with both outcomes", async () => {
    const { building, diary } = written(900);
    const change = { zones: { main: { limitA: 100 } } };
    const pending = diary.answer({ topic: "replay", payload: { change } });
    await building.clock.advanceAsync(100, 1);
    const { payload } = (await pending) as ReplayAnswer;
    assert.ok(payload.connectors["A/1"]!.would.meanA > payload.connectors["A/1"]!.was.meanA);
    assert.match(payload.text, /would be/);
  });

  it("gives the recording away for a replay elsewhere", async () => {
    const { diary } = written(900);
    const { topic, payload } = await diary.answer({ topic: "recording", payload: {} });
    assert.equal(topic, "recording");
    assert.ok("parts" in payload && payload.parts[0]?.base);
  });

  it("is refused when a change makes no sense", async () => {
    const { diary } = written(300);
    for (const change of [{ zones: { main: { limitA: "x" } } }, { zoo: {} }])
      await assert.rejects(diary.answer({ topic: "replay", payload: { change } }), { code: "EV_MESSAGE_INVALID" });
  });

  it("is told from other messages by its topic", () => {
    for (const topic of ["why/A/1", "replay", "recording"]) assert.ok(isDecisionLogRequest({ topic }));
    for (const topic of ["meter/x", "why", "replays", 3, undefined]) assert.ok(!isDecisionLogRequest({ topic }));
  });
});

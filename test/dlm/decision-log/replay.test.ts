import { strict as assert } from "node:assert";
import { DecisionRecorder } from "../../../lib/dlm/decision-log/recorder.ts";
import { decisionsOf, type Recording, readRecording } from "../../../lib/dlm/decision-log/recording.ts";
import { replay } from "../../../lib/dlm/decision-log/replay.ts";
import { noChange, type ReplayChange, readChange } from "../../../lib/dlm/decision-log/replay-change.ts";
import { ReplaySum } from "../../../lib/dlm/decision-log/replay-report.ts";
import type { CycleDecision } from "../../../lib/dlm/runtime/runtime.ts";
import { Building } from "../../building/building.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";
import { MemoryStore } from "./memory-store.ts";

const tree = treeOf([zone("main", { meters: [METER] })], [charger("A", "main"), charger("B", "main")]);

/**
 * A building whose decisions are recorded for some minutes; the house takes 40 A after three of them.
 * @param startMs of its clock @param setBackMs by which its wall clock is set back then
 */
function recorded(
  minutes = 6,
  startMs = 0,
  setBackMs = 0,
): {
  recording: Recording;
  decisions: CycleDecision[];
  shelf: MemoryStore;
  endMs: number;
} {
  const building = new Building(tree, {});
  building.clock.advance(startMs);
  const shelf = new MemoryStore();
  const recorder = new DecisionRecorder(shelf);
  const decisions: CycleDecision[] = [];
  building.decided = (decision) => {
    decisions.push(decision);
    recorder.note({
      ...decision.moment,
      snapshot: decision.view.snapshot,
      setpoints: () => new Map(Object.entries(decision.result.setpoints).map(([id, { limitA }]) => [id, limitA])),
      config: decision.settings,
      memory: () => decision.memory.state(),
    });
  };
  building.runtime.start();
  building.run(180);
  building.houseA = [40, 40, 40];
  building.clock.jumpWall(-setBackMs);
  building.run(minutes * 60 - 180);
  building.runtime.close();
  const endMs = building.clock.wallMs();
  return { recording: recorder.between("main", 0, endMs), decisions, shelf, endMs };
}

function report(recording: Recording, change: Partial<ReplayChange> = {}) {
  const sum = new ReplaySum();
  for (const step of replay(recording, { ...noChange(), ...change })) sum.add(step);
  return sum.report();
}

describe("a recording", () => {
  it("gives back every decision after its first base as it was made", () => {
    const { recording, decisions } = recorded();
    const read = [...decisionsOf(readRecording(JSON.parse(JSON.stringify(recording))))];
    assert.ok(read.length >= decisions.length - 2 && read.length > 60);
    const last = decisions.at(-1)!;
    assert.deepEqual(read.at(-1)!.snapshot, JSON.parse(JSON.stringify(last.view.snapshot)));
    assert.equal(read.at(-1)!.setpoints["A/1"], last.result.setpoints["A/1"]!.limitA);
  });

  it("keeps two hours, however long it runs", () => {
    const { shelf, recording } = recorded(150);
    assert.ok(shelf.texts.size <= 120);
    assert.ok(recording.parts.length > 100 && recording.parts.length <= 120);
    assert.ok(recording.parts[0]?.base);
  });

  it("says what was, also where the clock was set back", () => {
    const { recording, decisions } = recorded(9, 0, 120_000);
    const made = new Map(decisions.map(({ moment, view }) => [moment.nowMs, view.snapshot]));
    const read = [...decisionsOf(recording)];
    assert.ok(read.length > 60);
    for (const { nowMs, snapshot } of read) assert.deepEqual(snapshot, JSON.parse(JSON.stringify(made.get(nowMs))));
  });

  it("is refused when it is none", () => {
    for (const wrong of [null, {}, { version: 2 }, { version: 1, root: "main", parts: [{ minute: 1, ticks: [] }] }])
      assert.throws(() => readRecording(wrong), TypeError);
  });
});

describe("a replay", () => {
  const { recording } = recorded();

  it("comes to the same setpoints, step by step, when nothing is changed", () => {
    let steps = 0;
    for (const { was, would } of replay(recording, noChange())) {
      assert.deepEqual(would, was);
      steps++;
    }
    assert.ok(steps > 60);
    assert.equal(report(recording).text, "nothing would have been otherwise");
  });

  it("comes to the same setpoints where times are parts of milliseconds, of which none are kept", () => {
    const { recording, shelf } = recorded(6, 100.4567);
    for (const text of shelf.texts.values()) assert.doesNotMatch(text, /Ms":\[?\d+\.\d/);
    for (const { was, would } of replay(recording, noChange())) assert.deepEqual(would, was);
  });

  it("shows what a larger breaker would have given, with the cars and the meter that follow", () => {
    const { connectors, zones, text } = report(recording, { zones: { main: { limitA: [100, 100, 100] } } });
    const { was, would } = connectors["A/1"]!;
    assert.ok(would.chargeAh > was.chargeAh * 1.2, JSON.stringify({ was, would }));
    assert.ok(zones["main"]!.would.peakA > zones["main"]!.was.peakA);
    assert.match(text, /^A\/1: .* would be /m);
  });

  it("shows what a smaller breaker would have given, and never more than that on any phase for long", () => {
    const over: number[] = [];
    for (const { would } of replay(recording, { ...noChange(), zones: { main: { limitA: [50, 50, 50] } } }))
      over.push(Math.max(...would.loadsA["main"]!) - 50);
    assert.ok(over.filter((a) => a > 0.5).length <= 4, `${over.filter((a) => a > 0.5)}`);
  });

  it("takes settings of the controller and of single connectors", () => {
    const { connectors } = report(recording, {
      connectors: { "B/1": { mode: "off" } },
      controller: { rampUpAps: 5 },
    });
    assert.equal(connectors["B/1"]!.would.minA, 0);
    assert.ok(connectors["A/1"]!.would.meanA > connectors["A/1"]!.was.meanA);
  });

  it("refuses settings that do not exist or make no sense, naming them", () => {
    assert.throws(() => readChange({ zone: {} }), /payload\.change\.zone is/);
    assert.throws(() => readChange({ zones: { main: { limit: 3 } } }), /payload\.change\.zones\.main\.limit is/);
    assert.throws(() => readChange({ connectors: { "A/1": { state: "idle" } } }), /connectors\.A\/1\.state is/);
    assert.throws(() => report(recording, { zones: { main: { limitA: -1 } } }), RangeError);
  });
});

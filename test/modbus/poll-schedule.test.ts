import { strict as assert } from "node:assert";
import { nextPollMs, PollSchedule, phaseMs } from "../../lib/modbus/poll-schedule.ts";
import { FakeClock } from "../fake-clock.ts";

describe("The poll schedule of a line", () => {
  let clock: FakeClock;
  let schedule: PollSchedule;
  let ticks: [name: string, atMs: number][];

  beforeEach(() => {
    clock = new FakeClock();
    schedule = new PollSchedule(clock);
    ticks = [];
  });

  const join = (name: string, periodMs = 1000) =>
    schedule.join(periodMs, () => {
      ticks.push([name, clock.nowMs()]);
      return true;
    });
  const timesOf = (name: string) => ticks.filter(([other]) => other === name).map(([, atMs]) => atMs);

  it("gives device i of n the phase i × T / n", () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => phaseMs(index, 4, 1000)),
      [0, 250, 500, 750],
    );
  });

  it("gives lines of other offsets other phases", () => {
    assert.deepEqual(
      [0, 1].map((index) => phaseMs(index, 2, 1000, 0.75)),
      [750, 250],
    );
    const other = new PollSchedule(clock, 0.75);
    const at: number[] = [];
    other.join(1000, () => at.push(clock.nowMs()) > 0);
    clock.advance(2000);
    assert.deepEqual(at, [0, 750, 1750], "alone it begins at once");
  });

  it("finds the next poll, now included", () => {
    assert.deepEqual(
      [0, 100, 101, 1100, 5000].map((fromMs) => nextPollMs(100, 1000, fromMs)),
      [100, 100, 1100, 1100, 5100],
    );
  });

  it("spreads the devices of a line over the period", () => {
    for (const name of ["a", "b", "c", "d"]) join(name);
    clock.advance(1999);
    assert.deepEqual(ticks, [
      ["a", 0],
      ["b", 250],
      ["c", 500],
      ["d", 750],
      ["a", 1000],
      ["b", 1250],
      ["c", 1500],
      ["d", 1750],
    ]);
  });

  it("does not drift when ticks come late", () => {
    join("a");
    const late = new PollSchedule({ ...clockView(), setTimeout: (callback, ms) => clock.setTimeout(callback, ms + 7) });
    const at: number[] = [];
    late.join(1000, () => at.push(clock.nowMs()) > 0);
    clock.advance(5100);
    assert.deepEqual(at, [7, 1007, 2007, 3007, 4007, 5007]);
  });

  it("leaves ticks out and counts them while a device is still busy", () => {
    let busy = false;
    schedule.join(1000, () => !busy);
    clock.advance(1500);
    busy = true;
    clock.advance(2000);
    busy = false;
    clock.advance(2000);
    assert.equal(schedule.skipped, 2);
  });

  it("leaves out what this process slept through, and counts it", () => {
    let jumpMs = 0;
    const slept = new PollSchedule({ ...clockView(), nowMs: () => clock.nowMs() + jumpMs });
    const at: number[] = [];
    slept.join(1000, () => at.push(clock.nowMs() + jumpMs) > 0);
    clock.advance(500);
    jumpMs = 3700;
    clock.advance(1500);
    assert.deepEqual(at, [0, 4700, 5000]);
    assert.equal(slept.skipped, 3);
  });

  it("makes room for a device that joins, without ticking one twice in half a period", () => {
    join("a");
    clock.advance(1900);
    join("b");
    join("c");
    clock.advance(8000);
    for (const name of ["a", "b", "c"]) {
      const times = timesOf(name);
      for (const [index, atMs] of times.entries())
        if (index > 0) assert.ok(atMs - (times[index - 1] as number) >= 500, `${name}: ${times}`);
      assert.ok(times.length >= 8);
    }
    const phases = new Set(ticks.filter(([, atMs]) => atMs > 4000).map(([, atMs]) => Math.round(atMs % 1000)));
    assert.deepEqual([...phases].sort(), [0, 333, 667]);
  });

  it("keeps devices of different periods apart from each other", () => {
    join("quick", 500);
    join("slow", 2000);
    clock.advance(4000);
    assert.equal(timesOf("quick").length, 9);
    assert.equal(timesOf("slow").length, 3);
  });

  it("takes back the time of a device that leaves, also from within its tick", () => {
    const b = schedule.join(1000, () => {
      ticks.push(["once", clock.nowMs()]);
      b.stop();
      return true;
    });
    join("a");
    clock.advance(3000);
    assert.equal(timesOf("once").length, 1);
    assert.ok(timesOf("a").length >= 3);
    b.stop();
    schedule.stop();
    assert.equal(clock.pending, 0);
  });

  function clockView() {
    const { nowMs, wallMs, setTimeout, setInterval, clear } = clock;
    return { nowMs, wallMs, setTimeout, setInterval, clear };
  }
});

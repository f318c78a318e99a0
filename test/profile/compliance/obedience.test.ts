import { strict as assert } from "node:assert";
import { allowedA } from "../../../lib/over-limit.ts";
import {
  type Compliance,
  followCompliance,
  limitChanged,
  type Remedy,
  trusting,
} from "../../../lib/profile/compliance/compliance.ts";

const SETTLE_MS = 15_000;

/**
 * A charger under a limit of 10 A from time 0, looked at each second; it reports every `reportS`.
 * @param drawAt by time, and by time since it was told last
 */
function watch(
  seconds: number,
  reportS: number,
  drawAt: (second: number, sinceTold: number) => number,
  start: Compliance = trusting(0),
) {
  let obedience = limitChanged(start, 0, SETTLE_MS);
  const remedies: [number, Remedy][] = [];
  let [sampleA, sampleMs]: [number | null, number] = [null, Number.NEGATIVE_INFINITY];
  for (let second = 0; second <= seconds; second++) {
    if (second % reportS === 0)
      [sampleA, sampleMs] = [drawAt(second, second - (remedies.at(-1)?.[0] ?? 0)), second * 1000];
    const step = followCompliance(obedience, {
      nowMs: second * 1000,
      limitA: 10,
      drawA: sampleA,
      drawAtMs: sampleMs,
      wanted: true,
      settleMs: SETTLE_MS,
    });
    obedience = step.next;
    if (step.remedy) remedies.push([second, step.remedy]);
  }
  return { obedience, remedies };
}

describe("obedience", () => {
  it("allows a charger 1 A or 10 % above its limit", () => {
    assert.deepEqual([allowedA(0), allowedA(6), allowedA(10), allowedA(20)], [1, 7, 11, 22]);
    assert.deepEqual(watch(300, 1, () => 11).remedies, []);
  });

  it("is missed after 30 s above the limit, then remedied step by step, and given up after the fourth", () => {
    const { remedies, obedience } = watch(200, 1, () => 16);
    assert.deepEqual(remedies, [
      [45, "resend"],
      [60, "otherWay"],
      [75, "otherWay"],
      [90, "reinstall"],
    ]);
    assert.equal(obedience.nonCompliant, true);
    assert.equal(obedience.worstA, 16);
  });

  it("is not doubted while a charger takes its time to follow", () => {
    assert.deepEqual(watch(300, 1, (second) => (second < 20 ? 16 : 10)).remedies, []);
  });

  it("of a charger that reports once a minute is judged by samples after it had its time", () => {
    assert.deepEqual(watch(300, 60, (second) => (second < 10 ? 16 : 10)).remedies, []);
    assert.deepEqual(
      watch(400, 60, () => 16).remedies.map(([, remedy]) => remedy),
      ["resend", "otherWay", "otherWay", "reinstall"],
    );
  });

  it("is restored by the remedy that helps", () => {
    const { remedies, obedience } = watch(300, 1, (second) => (second < 70 ? 16 : 10));
    assert.deepEqual(remedies.at(-1), [60, "otherWay"]);
    assert.deepEqual([obedience.misses, obedience.worstA, obedience.nonCompliant], [0, 0, false]);
  });

  it("of a car that merely draws nothing proves nothing", () => {
    const { obedience } = watch(70, 1, (second) => (second < 50 ? 16 : 0.2));
    assert.equal(obedience.misses, 1);
  });

  it("returns after a minute within the limit, not before", () => {
    const lost: Compliance = { ...trusting(0), nonCompliant: true, worstA: 16 };
    assert.equal(watch(70, 1, () => 8, lost).obedience.nonCompliant, true);
    assert.equal(watch(80, 1, () => 8, lost).obedience.nonCompliant, false);
    assert.equal(watch(200, 1, (second) => (second % 50 === 0 ? 16 : 8), lost).obedience.nonCompliant, true);
  });

  it("does not return on one old sample", () => {
    const lost: Compliance = { ...trusting(0), nonCompliant: true, worstA: 16 };
    assert.equal(watch(200, 100, (second) => (second < 150 ? 8 : 16), lost).obedience.nonCompliant, true);
  });

  it("does not count samples from before a lower limit", () => {
    const obedience = limitChanged(trusting(0), 100_000, SETTLE_MS);
    const sight = { limitA: 6, drawA: 16, wanted: true, settleMs: SETTLE_MS };
    const { next } = followCompliance(obedience, { ...sight, nowMs: 200_000, drawAtMs: 110_000 });
    assert.equal(next.overSinceMs, null);
  });

  it("that lasts a few seconds after each remedy is none", () => {
    const { remedies, obedience } = watch(300, 1, (_second, sinceTold) => (sinceTold < 20 ? 10 : 16));
    assert.deepEqual(
      remedies.map(([, remedy]) => remedy),
      ["resend", "otherWay", "otherWay", "reinstall"],
    );
    assert.equal(obedience.nonCompliant, true);
  });

  it("that lasts some minutes each time is trusted three times in an hour, then after an hour without a lapse", () => {
    const lapsing = watch(1500, 1, (_second, sinceTold) => (sinceTold < 240 ? 10 : 16));
    assert.deepEqual(
      lapsing.remedies.map(([, remedy]) => remedy),
      ["resend", "resend", "resend"],
    );
    assert.equal(lapsing.obedience.nonCompliant, true);
    assert.equal(watch(3500, 1, () => 10, lapsing.obedience).obedience.nonCompliant, true);
    const later = { ...lapsing.obedience, lapsesAtMs: lapsing.obedience.lapsesAtMs.map((atMs) => atMs - 7_200_000) };
    assert.equal(watch(120, 1, () => 10, later).obedience.nonCompliant, false);
  });
});

import { strict as assert } from "node:assert";
import { ClockSkew } from "../../../lib/station/connection/clock-skew.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");

describe("Clock of a charge point", () => {
  let skew: ClockSkew;
  let nowMs: number;
  /** Samples of these ages, one every 10 s. */
  const observeAges = (...ages: number[]): void => {
    for (const ageS of ages) {
      nowMs += 10_000;
      skew.observe(nowMs - ageS * 1000, nowMs);
    }
  };

  beforeEach(() => {
    skew = new ClockSkew();
    nowMs = NOW;
  });

  it("is taken as right until three samples in a row agree that it is not", () => {
    observeAges(7200, 7200);
    assert.equal(skew.ms, 0);
    observeAges(7201);
    assert.equal(skew.ms, 7_200_000);
  });

  it("that is ahead gives a negative difference", () => {
    observeAges(-3600, -3600, -3600);
    assert.equal(skew.ms, -3_600_000);
  });

  it("that one sample shows ahead may be so until newer ones show otherwise, however long none comes", () => {
    skew.observe(nowMs + 7_200_000, nowMs);
    assert.equal(skew.aheadMs, 7_200_000);
    nowMs += 3_600_000;
    assert.equal(skew.aheadMs, 7_200_000);
    observeAges(0, 0, 0);
    assert.equal(skew.aheadMs, 0);
  });

  it("that was ahead before a boot may be so after it, until samples show otherwise", () => {
    observeAges(-7200, -7200, -7200);
    skew.rebooted();
    assert.deepEqual([skew.ms, skew.aheadMs], [0, 7_200_000]);
    observeAges(0, 0, 0);
    assert.equal(skew.aheadMs, 0);
  });

  it("within 5 s needs no correction", () => {
    observeAges(4, 4, 4);
    assert.equal(skew.ms, 0);
  });

  it("is not judged by stored samples, which arrive with falling ages", () => {
    observeAges(600, 540, 480, 420);
    assert.equal(skew.ms, 0);
  });

  it("is not judged by a clock that was never set", () => {
    for (let sample = 0; sample < 3; sample++) skew.observe(0, NOW);
    skew.observe(Number.NaN, NOW);
    assert.equal(skew.ms, 0);
  });

  it("counts as right again once the charge point was told the time", () => {
    observeAges(7200, 7200, 7200);
    skew.rebooted();
    assert.equal(skew.ms, 0);
  });

  it("that a boot does not set right stays as it was over the next boots, until it is right", () => {
    observeAges(-7200, -7200, -7200);
    skew.rebooted();
    observeAges(-7200, -7200, -7200);
    assert.equal(skew.staysWrong, true);
    skew.rebooted();
    assert.equal(skew.ms, -7_200_000);
    observeAges(0, 0, 0);
    assert.deepEqual([skew.ms, skew.staysWrong], [0, false]);
    skew.rebooted();
    assert.equal(skew.ms, 0);
  });

  it("tells a message that was stored from a live one", () => {
    assert.equal(skew.isReplay(NOW - 61_000, NOW), true);
    assert.equal(skew.isReplay(NOW - 59_000, NOW), false);
    assert.equal(skew.isReplay(NOW + 7_200_000, NOW), false, "ahead of us is a wrong clock");
    assert.equal(skew.isReplay(0, NOW), false, "a clock in 1970 was not set yet");
    assert.equal(skew.isReplay(Number.NaN, NOW), false);
  });

  it("takes a live message of a slow clock for live", () => {
    observeAges(7200, 7200, 7200);
    assert.equal(skew.isReplay(NOW - 7_200_000, NOW), false);
    assert.equal(skew.isReplay(NOW - 7_800_000, NOW), true);
  });

  it("that was set once is followed, and relied on again", () => {
    observeAges(0, 0, 0, 7200, 7200, 7200);
    assert.equal(skew.ms, 7_200_000);
    assert.equal(skew.wanders, false);
  });

  it("that goes back and forth is not to be relied on", () => {
    observeAges(0, 0, 0, 40, 40, 40, 0, 0, 0);
    assert.equal(skew.wanders, true);
  });

  it("that drifts a little, or is set by a boot, is no wandering one", () => {
    observeAges(0, 0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30);
    skew.rebooted();
    observeAges(0, 0, 0);
    assert.equal(skew.wanders, false);
  });

  it("is not taken to wander because stored samples come between live ones", () => {
    observeAges(0, 600, 0, 590, 0, 580, 0, 0, 0);
    assert.equal(skew.wanders, false);
  });

  describe("when our own was set", () => {
    it("is behind by so much more, until it is told the time", () => {
      skew.hostStepped(3_600_000);
      assert.equal(skew.ms, 3_600_000);
      assert.equal(skew.told(), true);
      assert.equal(skew.ms, 0);
      assert.equal(skew.told(), false);
    });

    it("stays where it is if it does not take the time from us", () => {
      observeAges(3600, 3600, 3600);
      skew.hostStepped(-3_600_000);
      assert.equal(skew.ms, 0);
      assert.equal(skew.told(), false);
    });

    it("is found to have kept its own time by one sample, and is not believed to take it again", () => {
      skew.hostStepped(3_600_000);
      skew.told();
      observeAges(3601);
      assert.equal(skew.ms, 3_600_000);
      skew.hostStepped(-3_600_000);
      skew.hostStepped(7_200_000);
      assert.equal(skew.told(), false);
      assert.equal(skew.ms, 7_200_000);
    });

    it("is found to have taken the time by one sample; another one is a stored one", () => {
      skew.hostStepped(3_600_000);
      skew.told();
      observeAges(600);
      assert.equal(skew.ms, 0);
      observeAges(1);
      observeAges(3600);
      assert.equal(skew.ms, 0);
      skew.hostStepped(3_600_000);
      assert.equal(skew.told(), true);
    });

    it("is believed to take the time again after a sample that was on its way already", () => {
      observeAges(0, 0, 0);
      skew.hostStepped(3_600_000);
      skew.told();
      observeAges(3600, 0, 0, 0, 0);
      assert.equal(skew.ms, 0);
      skew.hostStepped(3_600_000);
      assert.equal(skew.told(), true);
    });

    it("is not believed to take it where ours was set twice before it showed that it does not", () => {
      observeAges(0, 0, 0);
      skew.hostStepped(3_600_000);
      skew.told();
      skew.hostStepped(3_600_000);
      observeAges(7200);
      assert.equal(skew.told(), false);
      assert.equal(skew.ms, 7_200_000);
    });

    it("is not thought to wander", () => {
      observeAges(0, 0, 0);
      skew.hostStepped(3_600_000);
      observeAges(3600, 3600, 3600);
      skew.told();
      observeAges(0, 0, 0);
      assert.equal(skew.wanders, false);
    });
  });
});

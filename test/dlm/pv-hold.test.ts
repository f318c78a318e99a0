import { strict as assert } from "node:assert";
import { judgePv, noPv, type PvMemory } from "../../lib/dlm/controller/pv-hold.ts";
import { CONTROLLER_DEFAULTS } from "../../lib/dlm/types.ts";

const NEED_W = 1380;

/** One car under a sky; tells how long it takes until it is switched. */
class Sky {
  memory: PvMemory = noPv();
  on = false;

  /** Seconds until the car is switched with so much surplus; null = not within an hour. */
  untilSwitched(surplusW: number): number | null {
    const before = this.on;
    for (let second = 0; second <= 3600; second++) {
      this.look(surplusW);
      if (this.on !== before) return second;
    }
    return null;
  }

  /** One second with so much surplus. */
  look(surplusW: number): void {
    const car = { memory: this.memory, on: this.on, needW: NEED_W, priorityClass: 1, arrivalS: 0, id: "CP1/1" };
    const [judged] = judgePv([car], surplusW, 1, CONTROLLER_DEFAULTS);
    this.memory = judged!.memory;
    this.on = judged!.verdict !== "wait";
  }

  /** Sun, then a cloud that stops the car, so many times. */
  clouds(times: number): void {
    for (let i = 0; i < times; i++) {
      this.untilSwitched(3 * NEED_W);
      this.untilSwitched(0);
    }
  }
}

describe("a car on surplus below clouds", () => {
  it("starts and stops after the delays on a day with one cloud", () => {
    const sky = new Sky();
    assert.equal(sky.untilSwitched(NEED_W), CONTROLLER_DEFAULTS.pvEnableDelayS);
    assert.equal(sky.untilSwitched(NEED_W - 50), CONTROLLER_DEFAULTS.pvDisableDelayS);
    assert.equal(sky.untilSwitched(NEED_W), CONTROLLER_DEFAULTS.pvEnableDelayS);
  });

  it("waits for longer after each stop of a restless day, but never for more than five times the delay", () => {
    const sky = new Sky();
    sky.clouds(2);
    const second = sky.untilSwitched(3 * NEED_W)!;
    assert.ok(second > 1.5 * CONTROLLER_DEFAULTS.pvEnableDelayS, `${second} s`);
    sky.untilSwitched(0);
    sky.clouds(20);
    assert.equal(sky.untilSwitched(3 * NEED_W), 5 * CONTROLLER_DEFAULTS.pvEnableDelayS);
  });

  it("asks for more than the bare minimum while the surplus swings", () => {
    const sky = new Sky();
    sky.clouds(2);
    assert.equal(sky.untilSwitched(NEED_W + 10), null);
    const calm = new Sky();
    calm.untilSwitched(NEED_W - 50);
    assert.equal(calm.untilSwitched(NEED_W), CONTROLLER_DEFAULTS.pvEnableDelayS);
  });

  it("bears a small shortage for longer on a restless day, and a large one for less long", () => {
    const sky = new Sky();
    sky.clouds(2);
    sky.untilSwitched(3 * NEED_W);
    assert.ok(sky.untilSwitched(0)! < CONTROLLER_DEFAULTS.pvDisableDelayS);
    sky.untilSwitched(3 * NEED_W);
    assert.ok(sky.untilSwitched(NEED_W - 100)! > 3 * CONTROLLER_DEFAULTS.pvDisableDelayS);
  });

  it("adds up the shortages of a restless day across gleams of sun", () => {
    const shortageS = (sky: Sky) => {
      sky.untilSwitched(3 * NEED_W);
      let darkS = 0;
      while (sky.on) {
        for (let second = 0; second < 60 && sky.on; second++, darkS++) sky.look(0);
        for (let second = 0; second < 10 && sky.on; second++) sky.look(3 * NEED_W);
        if (darkS > 3600) return null;
      }
      return darkS;
    };
    assert.equal(shortageS(new Sky()), null);
    const restless = new Sky();
    restless.clouds(2);
    assert.ok(shortageS(restless)! <= CONTROLLER_DEFAULTS.pvDisableDelayS);
  });

  it("forgets a restless day over a calm night", () => {
    const sky = new Sky();
    sky.clouds(4);
    for (let hour = 0; hour < 24; hour++) sky.untilSwitched(0);
    assert.equal(sky.untilSwitched(2 * NEED_W), CONTROLLER_DEFAULTS.pvEnableDelayS);
  });
});

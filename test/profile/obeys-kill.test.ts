import { strict as assert } from "node:assert";
import { SIMULATED_MODELS } from "../../lib/simulator/charger/models.ts";
import { seeded, seedOf } from "../../lib/simulator/random.ts";
import { modelProfile } from "../../lib/station/capabilities/models/index.ts";
import { cases, sample } from "../full.ts";
import { ObeyBench } from "./obey-bench.ts";

const STORIES = cases(1, 2);
const SEED = "kill -9";
/** The controller dies at any time within this, s. */
const LIFE_S = 500;
/** A charger and its car may take so long to follow, s. */
const REACTION_S = 25;

describe("kill -9 of the controller at any moment", () => {
  let bench: ObeyBench | undefined;
  afterEach(() => bench?.close());

  const replug = async (): Promise<void> => {
    bench!.chargePoint.command({ plugged: false });
    await bench!.pass(2);
    bench!.chargePoint.command({ plugged: true });
  };

  /** Limits, lost connections, restarts, other cars. */
  const live = async (random: () => number): Promise<void> => {
    const endMs = random() * LIFE_S * 1000;
    while (bench!.clock.nowMs() < endMs) {
      const what = random();
      const seconds = Math.round(1 + random() * 60);
      if (what < 0.6) await bench!.command([16, 8, 0, 10, 20, 6][Math.floor(random() * 6)]!, seconds);
      else if (what < 0.7) await bench!.away(10);
      else if (what < 0.75) bench!.chargePoint.reboot("HardReset");
      else if (what < 0.85) await replug();
      await bench!.pass(seconds);
    }
  };

  for (const { id } of sample(SIMULATED_MODELS, 4)) {
    it(`leaves a ${id} with no more than is reserved for it, and the next car, too`, async () => {
      for (let story = 1; story <= STORIES; story++) {
        const byItself = (modelProfile(id)?.match.length ?? 0) > 0;
        bench = new ObeyBench({ vendorModel: id }, { model: byItself ? "auto" : id });
        await live(seeded(seedOf(`${SEED} ${id} ${story}`)));
        bench.longestUncoveredS = 0;
        bench.kill();
        await bench.pass(420);
        await replug();
        await bench.pass(60);
        const { drawnA, reservedA, longestUncoveredS } = bench;
        assert.ok(drawnA <= (reservedA ?? 0) + 1, `story ${story}: draws ${drawnA} A, reserved ${reservedA} A`);
        assert.ok(longestUncoveredS <= REACTION_S, `story ${story}: ${longestUncoveredS} s above what was reserved`);
        await bench.close();
      }
    });
  }
});

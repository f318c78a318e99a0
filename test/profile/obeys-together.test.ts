import { strict as assert } from "node:assert";
import { BEHAVIOUR_NAMES } from "../../lib/simulator/charger/presets.ts";
import { seeded } from "../../lib/simulator/random.ts";
import { cases } from "../full.ts";
import { ObeyBench } from "./obey-bench.ts";

/** Pairs tried in a run: some forty milliseconds each. */
const PAIRS = cases(8, 48);
const SEED = 20260601;

/**
 * Left out: what is about a car or a line that is not there, a car that takes more than the hardware has, and minimum currents
 * above the safe current that nobody has entered.
 */
const LEFT_OUT = ["normal", "offline", "fault", "weldedContactor", "overdraws", "raisesToEight", "zeroIsMinimum"];
/** What these do without a connection shows only there: somebody who knows the charger has entered it. */
const OWN_WAY_OFFLINE = ["dropsOffline", "fullSpeedOffline", "eightAmpsOffline"];

function pairs(): [string, string][] {
  const names = BEHAVIOUR_NAMES.filter((name) => !LEFT_OUT.includes(name));
  const random = seeded(SEED);
  const pick = (): string => names[Math.floor(random() * names.length)]!;
  return Array.from({ length: PAIRS }, () => [pick(), pick()]);
}

describe("A charge point with two departures at once", () => {
  let bench: ObeyBench | undefined;
  afterEach(() => bench?.close());

  /** Remedies may lift a limit for a moment: what is measured a sample later has to be kept free. */
  const judge = async (when: string, limitA: number): Promise<void> => {
    try {
      bench!.judge(when, limitA, 0);
    } catch {
      await bench!.pass(15);
      bench!.judge(`${when}, later`, limitA, 0);
    }
  };

  for (const [one, other] of pairs()) {
    it(`(${one}, ${other}) never draws for long what is not kept free for it`, async () => {
      const known = [one, other].some((name) => OWN_WAY_OFFLINE.includes(name));
      const overrides = known ? { smart: { keepsProfilesOffline: false } } : {};
      bench = new ObeyBench({ behaviour: `${one},${other}` }, { overrides });
      await bench.command(16, 120);
      for (const limitA of [8, 0, 10]) {
        await bench.command(limitA, 240);
        await judge(`commanded ${limitA} A`, limitA);
      }
      await bench.away(10);
      await bench.pass(120);
      await judge("after a lost connection", 10);
      bench.chargePoint.reboot("HardReset");
      await bench.pass(150);
      await judge("after a restart", 10);
      bench.kill();
      await bench.pass(bench.leaseLeftS + 60);
      const { drawnA, reservedA } = bench;
      assert.ok(drawnA <= (reservedA ?? 0) + 1, `alone: draws ${drawnA} A, reserved ${reservedA} A`);
      assert.ok(bench.longestUncoveredS <= 75, `${bench.longestUncoveredS} s of draw that nobody knew of`);
    });
  }
});

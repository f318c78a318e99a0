import { strict as assert } from "node:assert";
import { seeded } from "../../lib/simulator/random.ts";
import { isFull } from "../full.ts";
import { type HomeCharger, OcppHome } from "./ocpp-home.ts";

const BY_KEY = { smart: { phaseSwitch: "key", phaseKey: { key: "SimulatedPhases", one: "1", three: "3" } } } as const;
const PAUSED = { smart: { phaseSwitch: "paused" } } as const;
const CYCLE_S = 5;
/** Sun for three phases, and for one only. */
const MUCH_W = 6500;
const LITTLE_W = 2500;

/** Charges on three phases in the sun. */
async function sunny(...chargers: HomeCharger[]): Promise<OcppHome> {
  const home = new OcppHome(chargers);
  home.sunW = MUCH_W * chargers.length;
  await home.until("the car charges on three phases", () => home.fed() === 3, 300);
  return home;
}

/** A load that comes between two decisions is answered by the next one. */
function assertSafe({ longestOverS }: OcppHome): void {
  assert.ok(longestOverS <= CYCLE_S, `commanded more than the breaker carries for ${longestOverS} s`);
}

describe("an OCPP charger that can change its phases, in the sun", () => {
  let home: OcppHome | undefined;
  afterEach(() => home?.close());

  const ways: [string, HomeCharger, pauses: boolean][] = [
    ["by numberPhases while it charges", { behaviour: "switchesPhases" }, false],
    ["by numberPhases, reporting once a minute", { behaviour: "switchesPhases,metersEvery60s" }, false],
    [
      "by numberPhases during a pause, as its model says",
      { behaviour: "switchesPhasesPaused", overrides: PAUSED },
      true,
    ],
    ["by numberPhases during a pause, which nobody knew", { behaviour: "switchesPhasesPaused" }, true],
    ["by a key of its own", { behaviour: "switchesPhasesByKey", overrides: BY_KEY }, true],
    ["as a go-e", { vendorModel: "go-e" }, false],
    ["as an Alfen", { vendorModel: "alfen" }, true],
    ["as a Charge Amps", { vendorModel: "charge-amps" }, false],
    ["as an Enelion", { vendorModel: "enelion-lumina" }, true],
  ];
  for (const [how, charger, pauses] of ways) {
    it(`${how}: goes to one phase under clouds and back when the sun stays`, async () => {
      home = await sunny(charger);
      home.sunW = LITTLE_W;
      await home.until("one phase", () => home!.fed() === 1, 900);
      await home.run(180);
      const { limitA = 0, phases } = home.control.board.get("CP1/1") ?? {};
      assert.ok(limitA > 9 && phases === 1, `${limitA} A on one phase for ${LITTLE_W} W`);
      assert.deepEqual(home.allocations.get("CP1/1")?.payload.phasesA, [limitA, 0, 0]);
      home.sunW = MUCH_W;
      let paused = false;
      const look = () => {
        paused ||= home!.control.board.get("CP1/1")?.limitA === 0;
      };
      for (let s = 0; home.fed() !== 3; s++) {
        assert.ok(s < 1500, "three phases again");
        await home.run(1, look);
      }
      assert.equal(paused, pauses);
      assert.equal(home.told[0]!.switches, 2);
      assert.equal(home.raised("phasesKept"), undefined);
      assertSafe(home);
    });
  }

  it("tells every period of a limit and of its end for how many phases it is, and the baseline for all", async () => {
    home = await sunny({ behaviour: "switchesPhases" });
    home.sunW = LITTLE_W;
    await home.until("one phase", () => home!.fed() === 1, 900);
    const last = home.profiles.at(-1)!.csChargingProfiles.chargingSchedule.chargingSchedulePeriod;
    assert.deepEqual(
      last.map(({ numberPhases }) => numberPhases),
      [1, 1],
    );
    const baselines = home.profiles.filter(({ csChargingProfiles }) => csChargingProfiles.stackLevel === 0);
    for (const { csChargingProfiles } of baselines.slice(1))
      assert.equal(csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.numberPhases, 3);
  });

  it("starts on one phase where the sun is enough for that only", async () => {
    home = new OcppHome([{ behaviour: "switchesPhases" }]);
    home.sunW = LITTLE_W;
    await home.until("it charges", () => home!.fed() > 0, 400);
    assert.equal(home.fed(), 1);
    assertSafe(home);
  });

  it("gets all phases in mode fast, and keeps them", async () => {
    home = new OcppHome([{ behaviour: "switchesPhases" }]);
    home.sunW = LITTLE_W;
    await home.until("one phase", () => home!.fed() === 1, 400);
    await home.run(300);
    home.setMode("fast");
    await home.until("three phases", () => home!.fed() === 3, 120);
    home.sunW = 0;
    await home.run(1200);
    assert.deepEqual([home.fed(), home.told[0]!.switches], [3, 2]);
  });

  it("that says it can and does not is paused and asked once more, then left on three phases, with an alarm", async () => {
    home = await sunny({ behaviour: "ignoresNumberPhases" });
    home.sunW = LITTLE_W;
    await home.until("the alarm", () => home!.raised("phasesKept") !== undefined, 1200);
    assert.match(home.raised("phasesKept")!.payload.text, /told to feed its car on one phase, and goes on with three/);
    const { switches } = home.told[0]!;
    await home.run(2400);
    assert.deepEqual([home.control.board.get("CP1/1")?.phases, home.told[0]!.switches], [3, switches]);
    home.places[0]!.car.charger.unplug();
    await home.run(10);
    assert.equal(home.raised("phasesKept"), undefined, "over with the car");
    assertSafe(home);
  });

  for (const behaviour of ["plainPeriodsOnly,ignoresNumberPhases", "optionalFieldsViolate,ignoresNumberPhases"]) {
    it(`that refuses to be told (${behaviour}) is asked no more, and charges on three phases`, async () => {
      home = await sunny({ behaviour });
      assert.equal(home.control.stations.get("CP1")?.traits.smart.switchesPhases, "no");
      home.sunW = LITTLE_W;
      await home.run(900);
      assert.equal(home.control.board.get("CP1/1")?.phases, undefined);
      assert.equal(
        home.profiles.at(-1)!.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.numberPhases,
        undefined,
      );
      assert.equal(home.raised("notControllable"), undefined);
    });
  }

  it("that takes watts only, or does not say that it can, is left on three phases", async () => {
    for (const charger of [{ behaviour: "switchesPhases,wattsOnly" }, { behaviour: "normal" }]) {
      home = await sunny(charger);
      home.sunW = LITTLE_W;
      await home.run(900);
      assert.deepEqual([home.control.board.get("CP1/1")?.phases, home.told[0]!.phases], [undefined, 3]);
      await home.close();
    }
  });

  it("that was away may feed all phases until a reading shows otherwise, and is told the same when it is back", async () => {
    home = await sunny({ behaviour: "switchesPhases" });
    home.sunW = LITTLE_W;
    await home.until("one phase", () => home!.fed() === 1, 900);
    await home.run(120);
    home.interrupt(0, true);
    await home.run(30);
    home.interrupt(0, false);
    await home.until("it is back", () => home!.facts()[0]?.state !== "offline", 180);
    await home.run(180);
    assert.deepEqual([home.fed(), home.control.board.get("CP1/1")?.phases, home.told[0]!.switches], [1, 1, 1]);
    assertSafe(home);
  });

  it("is not put on three phases that the breaker has no room for, whatever the sun", async () => {
    home = await sunny({ behaviour: "switchesPhases" });
    home.sunW = LITTLE_W;
    await home.until("one phase", () => home!.fed() === 1, 900);
    await home.run(120);
    // All that the sun gives on L2 is used there, and 33 A more.
    home.sunW = 21_200;
    home.houseA = [0, 33 + home.sunW / 690, 0];
    await home.run(1800);
    assert.deepEqual([home.fed(), home.control.board.get("CP1/1")?.phases], [1, 1]);
    home.houseA = [0, 0, 0];
    await home.until("three phases", () => home!.fed() === 3, 900);
    assertSafe(home);
  });

  it("that was told one phase waits for room on all while no reading has shown it", async () => {
    home = await sunny({ behaviour: "switchesPhases" });
    home.sunW = LITTLE_W;
    await home.until("told one phase", () => home!.told[0]!.phases === 1, 900);
    home.sunW = 21_200;
    home.houseA = [0, 33 + home.sunW / 690, 0];
    await home.run(600);
    assert.deepEqual([home.fed(), home.control.board.get("CP1/1")?.limitA], [0, 0]);
    home.houseA = [0, 20 + home.sunW / 690, 0];
    await home.until("it has shown one phase", () => home!.fed() === 1, 300);
    await home.run(60);
    home.houseA = [0, 33 + home.sunW / 690, 0];
    await home.run(300);
    assert.equal(home.fed(), 1, "now that it is known, L2 does not matter");
    assertSafe(home);
  });
});

describe("a home of chargers that change their phases, each its own way", () => {
  const KINDS: HomeCharger[] = [
    { behaviour: "switchesPhases" },
    { behaviour: "switchesPhases,slow" },
    { behaviour: "switchesPhasesPaused" },
    { behaviour: "switchesPhasesByKey", overrides: BY_KEY },
    { behaviour: "ignoresNumberPhases" },
    { behaviour: "switchesPhases,metersEvery30s" },
    { behaviour: "normal" },
  ];
  const MODES = ["pv", "minpv", "fast"] as const;

  for (const seed of isFull ? [1, 2, 3, 4] : [4]) {
    it(`never commands more than its breaker carries, counting all phases until one is shown (seed ${seed})`, async () => {
      const random = seeded(seed);
      const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
      const chargers = [1, 2, 3].map(() => ({ ...pick(KINDS), mode: pick(MODES), rotation: "RST" as const }));
      const home = new OcppHome(chargers, 25);
      const switches = () => home.told.reduce((sum, { switches: n }) => sum + n, 0);
      for (let step = 0; step < 12; step++) {
        home.sunW = pick([0, 1500, 3000, 5000, 9000, 14_000]);
        home.houseA = [0, 1, 2].map(() => Math.round(random() * 20));
        if (random() < 0.2) home.setMode(pick(MODES), Math.floor(random() * 3));
        await home.run(60 + Math.floor(random() * 600));
        assertSafe(home);
      }
      await home.close();
      assert.ok(switches() <= 3 * 7, `${switches()} switches`);
      assert.equal(
        home.alarms.find(({ topic }) => topic.startsWith("alarm/guard/")),
        undefined,
      );
    });
  }
});

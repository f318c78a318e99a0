import { strict as assert } from "node:assert";
import { drillResults } from "../../lib/commissioning/drills/results.ts";
import type { EvError } from "../../lib/errors.ts";
import { DrillingBuilding, limitOf } from "./drilling-building.ts";

const CARS = [{ car: {} }, { car: {} }, { car: {} }];

describe("drills on a building that runs", () => {
  let building: DrillingBuilding;
  const charging = async (limitA = 125, cars = CARS) => {
    building = new DrillingBuilding(cars, limitA);
    building.houseA = [4, 5, 6];
    await building.run(90);
    return building;
  };
  afterEach(() => building.close());
  const near = (reported: number | null, reallyS: number | null, withinS = 1.5) => {
    assert.ok(
      reported !== null && reallyS !== null && Math.abs(reported - reallyS) <= withinS,
      `reported ${reported} s, really ${reallyS} s`,
    );
  };
  const refusal = async (wish: Parameters<DrillingBuilding["start"]>[0]) => {
    const error = await building.start(wish).then(
      () => null,
      (reason: unknown) => reason as EvError,
    );
    return error?.field ?? null;
  };

  it("cuts a connection: the charger comes down by itself, at the time that the cables show", async () => {
    await charging();
    const { result, beganS } = await building.hold({ kind: "link", target: "CP1/1" });
    const reallyS = building.flows.find(({ atS, carsA }) => atS > beganS && carsA[0]! <= 6.1)!.atS - beganS;
    near(result.measuredS, reallyS);
    assert.deepEqual([result.verdict, result.end], ["right", "finished"], JSON.stringify(result));
    assert.ok(reallyS > 60, String(reallyS));
    assert.ok(building.flows.every(({ loadA }) => loadA <= 125.5));
    assert.equal(building.control.stations.get("CP1")!.state, "ready");
    await building.until("the car has its current again", () => building.flows.at(-1)!.carsA[0]! > 31);
  });

  it("does not take another car that stops for the charger whose connection is cut", async () => {
    await charging();
    const { result, beganS } = await building.hold({ kind: "link", target: "CP1/1" }, (second) => {
      if (second === 5) building.control.runtime.input({ topic: "mode/CP2/1", payload: "off" });
    });
    const reallyS = building.flows.find(({ atS, carsA }) => atS > beganS && carsA[0]! <= 6.1)!.atS - beganS;
    near(result.measuredS, reallyS);
    assert.ok(reallyS > 60 && result.verdict === "right", JSON.stringify(result));
  });

  it("takes a meter away: all are at their fail-safe, at the time of the frames", async () => {
    await charging();
    const { result, beganS } = await building.hold({ kind: "meter", target: "grid" });
    const lowered = building.frames.filter((one) => one.atS > beganS && limitOf(one) === 6);
    const lastS = Math.max(...["CP1", "CP2", "CP3"].map((id) => lowered.find((one) => one.id === id)!.atS)) - beganS;
    near(result.commandedS, lastS, 0.6);
    assert.ok(lastS >= 8 && lastS <= 14, String(lastS));
    near(result.measuredS, building.since(beganS, ({ carsA }) => carsA.every((a) => a <= 6.1) || false) ?? lastS, 1e9);
    assert.deepEqual([result.verdict, result.end, result.limit], ["right", "finished", 18], JSON.stringify(result));
    await building.until("all have their current again", () => building.flows.at(-1)!.carsA.every((a) => a > 31));
  });

  it("commands what §14a leaves: the sum is below it", async () => {
    await charging();
    const { result, beganS } = await building.hold({ kind: "limit" });
    // 4.2 kW and twice three quarters of that.
    assert.equal(result.limit, 10_500);
    const below = building.flows.find(
      ({ atS, carsA }) => atS > beganS && carsA.reduce((sum, a) => sum + 690 * a, 0) <= 10_600,
    );
    const lastS =
      Math.max(
        ...building.frames
          .filter((one) => one.atS > beganS && one.atS < beganS + 4 && limitOf(one) !== null)
          .map(({ atS }) => atS),
      ) - beganS;
    near(result.commandedS, lastS, 1);
    assert.ok(below);
    assert.deepEqual(
      [result.verdict, result.end, result.target],
      ["right", "finished", "main"],
      JSON.stringify(result),
    );
    await building.until("all have their current again", () => building.flows.at(-1)!.carsA.every((a) => a > 31));
  });

  it("lets one seem to disobey: the others give way, and its own limit never rises", async () => {
    await charging(80);
    const before = building.flows.at(-1)!.carsA;
    const ownA = building.commandedA("CP1/1");
    const { result, beganS } = await building.hold({ kind: "disobey", target: "CP1/1" });
    const own = building.frames.filter((one) => one.atS > beganS && one.id === "CP1").map(limitOf);
    assert.ok(
      own.every((limit) => limit === null || limit <= ownA),
      JSON.stringify([own, ownA, before]),
    );
    assert.deepEqual([result.verdict, result.end], ["right", "finished"], JSON.stringify(result));
    assert.ok(building.flows.every(({ loadA }) => loadA <= 80.5));
    const reallyS =
      building.frames.filter((one) => one.atS > beganS && one.id !== "CP1" && limitOf(one) !== null)[0]!.atS - beganS;
    assert.ok(reallyS < 5, String(reallyS));
    await building.until(
      "all are as before",
      () => building.flows.at(-1)!.carsA.reduce((sum, a) => sum + a, 0) >= before.reduce((sum, a) => sum + a, 0) - 1,
      200,
    );
    // Nothing of it is assumed of the house later on.
    assert.deepEqual(
      building.alarms.map(({ payload }) => payload.key),
      [],
    );
  });

  it("is announced, counted down, and aborted half-way without a trace", async () => {
    await charging();
    const before = JSON.stringify(building.control.runtime.state());
    for (const asked of [
      { kind: "link", target: "CP1/1" },
      { kind: "meter", target: "grid" },
      { kind: "limit" },
      { kind: "disobey", target: "CP2/1" },
    ] as const) {
      if (asked.kind === "disobey") {
        // There is room for all: nobody would have to give way.
        assert.equal(await refusal(asked), "drillRoomy");
        continue;
      }
      building.notices.length = 0;
      await building.start(asked);
      await building.run(4);
      assert.equal(await refusal({ kind: "limit" }), "drillBusy");
      const { running } = building.drills;
      assert.deepEqual([running?.kind, running?.phase, running?.elapsedS], [asked.kind, "fault", 4]);
      assert.equal(running?.leftS, running!.seconds - 4);
      building.drills.abort("person");
      assert.equal(building.result?.end, "person");
      assert.ok(
        building.result?.findings.every(({ verdict }) => verdict !== "wrong"),
        JSON.stringify(building.result),
      );
      assert.deepEqual(
        building.notices.map((text) => text.slice(0, 5)),
        ["a dri", "over:"],
      );
      await building.until(
        "all is as before",
        () =>
          building.flows.at(-1)!.carsA.every((a) => a > 31) && building.control.stations.get("CP1")!.state === "ready",
      );
    }
    const kept = (text: string) => {
      const { filter } = JSON.parse(text) as { filter: { signals: unknown; doubts: unknown; strayed: unknown } };
      return [filter.signals, filter.doubts, filter.strayed];
    };
    assert.deepEqual(kept(JSON.stringify(building.control.runtime.state())), kept(before));
    assert.deepEqual(
      building.drills.results.map(({ kind, end }) => `${kind} ${end}`),
      ["limit person", "meter person", "link person"],
    );
  });

  it("does not begin where it would not be safe or would show nothing", async () => {
    await charging(100);
    await building.run(60);
    assert.equal(await refusal({ kind: "link", target: "CP9/1" }), "drillUnknown");
    assert.equal(await refusal({ kind: "meter", target: "sun" }), "drillUnknownMeter");
    assert.equal(await refusal({ kind: "limit", target: "roof" }), "drillUnknownZone");
    assert.equal(await refusal({ kind: "limit", limitW: 100_000 }), "drillBelow");
    // The building fills the breaker: the cars could not leave enough.
    building.houseA = [78, 5, 6];
    await building.run(30);
    assert.equal(await refusal({ kind: "link", target: "CP1/1" }), "drillNothing");
    assert.equal(await refusal({ kind: "meter", target: "grid" }), "drillRoom");
    building.houseA = [4, 5, 6];
    await building.run(240);
    building.isProving = true;
    assert.equal(await refusal({ kind: "limit" }), "drillBusy");
    building.isProving = false;
    building.places[1]!.car.command({ plugged: false });
    await building.run(60);
    assert.equal(await refusal({ kind: "link", target: "CP2/1" }), "drillNoCar");
    assert.equal(await refusal({ kind: "link", target: "CP1/1", seconds: 30 }), "drillShort");
    building.interrupt(0, true);
    await building.run(3);
    assert.equal(await refusal({ kind: "disobey", target: "CP1/1" }), "drillOffline");
    await building.pass(15);
    assert.equal(await refusal({ kind: "limit" }), "drillMeterBad");
    assert.equal(building.drills.running, null);
    assert.deepEqual(building.drills.results, []);
  });

  it("lapses by itself, and its result says so, when the process that held it is gone", async () => {
    await charging();
    await building.start({ kind: "link", target: "CP1/1" });
    await building.run(2);
    // What a killed process leaves on the disk.
    assert.deepEqual(
      drillResults(building.kept).map(({ kind, end, verdict }) => [kind, end, verdict]),
      [["link", "restart", "unsure"]],
    );
    const { seconds } = building.drills.running!;
    assert.equal(building.control.stations.isShut("CP1"), true);
    // Nobody looks any more, and time passes.
    building.drills.abort = () => {};
    Object.assign(building.drills, { decided: () => {}, measured: () => {} });
    building.clock.advance(0);
    await building.run(seconds + 1);
    assert.equal(building.control.stations.isShut("CP1"), false);
  });

  it("is not moved by a step of the wall clock, an hour ahead or back", async () => {
    for (const hours of [1, -1]) {
      await charging();
      for (const asked of [
        { kind: "link", target: "CP1/1" },
        { kind: "meter", target: "grid" },
        { kind: "limit" },
      ] as const) {
        const { result, beganS } = await building.hold(asked, (second) => {
          if (second === 4) building.clock.jumpWall(hours * 3_600_000);
        });
        const lastedS = building.nowS - beganS;
        assert.deepEqual([result.verdict, result.end], ["right", "finished"], JSON.stringify(result));
        near(result.durationS, lastedS);
        const confirmedS = result.commandedS ?? Number.NaN;
        assert.ok(confirmedS <= result.allowedS && lastedS <= result.seconds + 30, `${confirmedS} s, ${lastedS} s`);
        assert.deepEqual([building.drills.running, building.drills.results[0]!.kind], [null, asked.kind]);
        await building.until("all is as before", () => building.flows.at(-1)!.carsA.every((a) => a > 31));
      }
      if (hours > 0) await building.close();
    }
  });

  it("makes room on a full breaker first, asks nobody for more, and puts all back", async () => {
    for (const asked of [
      { kind: "link", target: "CP1/1" },
      { kind: "meter", target: "grid" },
    ] as const) {
      await charging(80);
      await building.run(120);
      const before = building.flows.at(-1)!;
      assert.ok(before.loadA > 78, String(before.loadA));
      const toldA = ["CP1/1", "CP2/1", "CP3/1"].map((id) => building.commandedA(id));
      const phases: string[] = [];
      const held = await building.hold(asked, () => {
        phases.push(building.drills.running!.phase);
        const nowA = ["CP1/1", "CP2/1", "CP3/1"].map((id) => building.commandedA(id));
        if (phases.at(-1) !== "return")
          for (const [i, now] of nowA.entries()) assert.ok(now <= toldA[i]!, `${asked.kind}: ${nowA} after ${toldA}`);
      });
      const { result } = held;
      assert.deepEqual([...new Set(phases)], ["room", "fault", "return"]);
      const roomS = phases.lastIndexOf("room") + 1;
      assert.ok(roomS >= 10 && roomS < 30, String(roomS));
      assert.deepEqual([result.verdict, result.end], ["right", "finished"], JSON.stringify(result));
      assert.deepEqual([result.steps[0]!.text.code, result.steps[0]!.atS < -9], ["drill.roomAsked", true]);
      assert.deepEqual(
        building.drills.results.map(({ end }) => end),
        ["finished"],
      );
      // 4 A are free while the fault lasts, and no car has stopped for it.
      const fault = building.flows.filter(({ atS }) => atS > held.beganS + roomS && atS < held.beganS + roomS + 8);
      assert.ok(fault.every(({ loadA }) => loadA <= 76.2));
      assert.ok(building.flows.filter(({ atS }) => atS > held.beganS).every(({ carsA }) => carsA.every((a) => a > 5)));
      assert.ok(building.flows.every(({ loadA }) => loadA <= 80.5));
      await building.until("the breaker is full again", () => building.flows.at(-1)!.loadA > 78);
      if (asked.kind === "link") await building.close();
    }
  });

  it("gives all back when it is aborted while room is made, and when none can be made", async () => {
    await charging(80);
    await building.run(120);
    await building.start({ kind: "meter", target: "grid" });
    await building.run(3);
    assert.equal(building.drills.running?.phase, "room");
    assert.ok(building.notices[0]!.startsWith("a drill"));
    assert.ok(building.flows.at(-1)!.loadA < 79);
    assert.deepEqual(
      drillResults(building.kept).map(({ kind, end, verdict }) => [kind, end, verdict]),
      [["meter", "restart", "unsure"]],
    );
    building.drills.abort("person");
    assert.deepEqual([building.result?.end, building.result?.verdict], ["person", "unsure"]);
    await building.until("the breaker is full again", () => building.flows.at(-1)!.loadA > 78);
    await building.start({ kind: "meter", target: "grid" });
    for (let second = 0; building.drills.running && second < 100; second++) {
      // The building takes what the cars leave.
      building.houseA = building.houseA.map((one) => Math.min(60, one + 1)) as [number, number, number];
      await building.run(1);
    }
    assert.deepEqual([building.result?.end, building.result?.verdict], ["noRoom", "unsure"]);
  });

  it("ends before a breaker comes near its limit, and lets the meter be believed at once", async () => {
    await charging();
    await building.start({ kind: "meter", target: "grid" });
    await building.run(3);
    building.houseA = [28.5, 5, 6];
    await building.run(2);
    assert.equal(building.result?.end, "room");
    await building.run(20);
    assert.ok(building.flows.at(-1)!.loadA <= 125.2);
  });
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { OcppCallError } from "../../../lib/ocpp/rpc/call-error.ts";
import { drawOf } from "../../../lib/simulator/charger/car/draws.ts";
import type { Pair } from "../central.ts";
import { limit, pair, profileOf } from "../central.ts";

describe("the simulated charge point", () => {
  let running: Pair;
  const begin = async (...options: Parameters<typeof pair>): Promise<Pair> => {
    running = await pair(...options);
    return running;
  };
  /** Connected, in a transaction, drawing all it may. */
  const charging = async (...options: Parameters<typeof pair>): Promise<Pair> => {
    const started = await begin(...options);
    await started.central.until(() => started.chargePoint.state.currentA[0] >= (options[0]?.maxA ?? 16), "charging");
    return started;
  };
  afterEach(() => running.close());

  it("boots, reports its statuses, authorizes, starts a transaction and charges", async () => {
    const { central, chargePoint } = await charging();
    assert.equal(central.path, "/CP1");
    const actions = central.received.map(({ action }) => action);
    assert.deepEqual(actions.slice(0, 3), ["BootNotification", "StatusNotification", "StatusNotification"]);
    assert.ok(actions.indexOf("Authorize") < actions.indexOf("StartTransaction"));
    assert.deepEqual(
      central.of("StatusNotification").map(({ connectorId, status }) => [connectorId, status]),
      [
        [0, "Available"],
        [1, "Preparing"],
        [1, "Charging"],
      ],
    );
    assert.equal(chargePoint.state.status, "Charging");
    assert.equal(chargePoint.state.transactionId, 101);
    assert.equal(chargePoint.state.online, true);
    assert.equal(chargePoint.state.powerW, 16 * 3 * 230);
  });

  it("sends Basic credentials and an escaped identity", async () => {
    const { central } = await begin({ identity: "CP 1", password: "sesame" });
    await central.until(() => central.connected);
    assert.equal(central.path, "/CP%201");
    assert.equal(central.authorization, `Basic ${Buffer.from("CP 1:sesame").toString("base64")}`);
  });

  it("publishes what it draws on the site's phases until it is closed", async () => {
    const { chargePoint } = await charging({ identity: "draws/1", rotation: "STR", carPhases: 1 });
    assert.deepEqual(chargePoint.state.currentA, [16, 0, 0]);
    assert.deepEqual(chargePoint.state.siteCurrentA, [0, 16, 0]);
    assert.deepEqual(drawOf(["draws/1"]), [0, 16, 0]);
    await chargePoint.close();
    assert.deepEqual(drawOf(["draws/1"]), [0, 0, 0]);
  });

  it("leaves no timer behind when it is closed", async () => {
    const { central, chargePoint } = await charging();
    await chargePoint.close();
    await central.settle();
    assert.equal(central.clock.pending, 0);
  });

  it("samples its meter at the interval it is told, per terminal", async () => {
    const { central } = await charging();
    assert.equal(
      (await central.call("ChangeConfiguration", { key: "MeterValueSampleInterval", value: "5" }))["status"],
      "Accepted",
    );
    const before = central.of("MeterValues").length;
    await central.pass(21);
    const samples = central.of("MeterValues").slice(before);
    assert.equal(samples.length, 4);
    const { transactionId, meterValue } = samples.at(-1) as {
      transactionId: number;
      meterValue: { sampledValue: Record<string, string>[] }[];
    };
    assert.equal(transactionId, 101);
    const of = (measurand: string) => meterValue[0]!.sampledValue.filter((value) => value["measurand"] === measurand);
    assert.deepEqual(
      of("Current.Import").map(({ phase, value }) => [phase, value]),
      [
        ["L1", "16.00"],
        ["L2", "16.00"],
        ["L3", "16.00"],
      ],
    );
    assert.deepEqual(
      of("Current.Offered").map(({ value }) => value),
      ["16.0"],
    );
    assert.equal(of("Power.Active.Import")[0]!["value"], "11040");
    assert.ok(Number(of("Energy.Active.Import.Register")[0]!["value"]) > 0);
  });

  it("sends heartbeats at the interval of its boot", async () => {
    const { central } = await begin({ plugged: false }, ({ answers }) => {
      answers["BootNotification"] = () => ({ status: "Accepted", interval: 20, currentTime: "2026-06-01T12:00:00Z" });
    });
    await central.until(() => central.of("BootNotification").length === 1);
    await central.pass(61);
    assert.equal(central.of("Heartbeat").length, 3);
  });

  it("says nothing but boots while it is not accepted", async () => {
    let status = "Pending";
    const { central, chargePoint } = await begin({}, ({ answers }) => {
      answers["BootNotification"] = () => ({ status, interval: 30, currentTime: "2026-06-01T12:00:00Z" });
    });
    await central.until(() => central.connected);
    await central.pass(31);
    status = "Rejected";
    await central.pass(30);
    assert.deepEqual(new Set(central.received.map(({ action }) => action)), new Set(["BootNotification"]));
    assert.equal(central.of("BootNotification").length, 3);
    assert.equal((await central.call("RemoteStartTransaction", { idTag: "A" }))["status"], "Rejected");
    assert.equal(chargePoint.state.online, false);
    status = "Accepted";
    await central.until(() => chargePoint.state.status === "Charging");
  });

  it("charges for a badge that is shown, and stops for the same one, not for another", async () => {
    const { central, chargePoint } = await begin({}, ({ answers }) => {
      answers["Authorize"] = ({ idTag }) => ({ idTagInfo: { status: idTag === "04AB" ? "Accepted" : "Invalid" } });
    });
    await central.until(() => central.of("Authorize").length > 0);
    chargePoint.command({ badge: "04AB" });
    await central.until(() => central.of("StartTransaction").length > 0);
    assert.equal(central.of("StartTransaction")[0]!["idTag"], "04AB");
    chargePoint.command({ badge: "04CD" });
    await central.until(() => central.of("Authorize").some(({ idTag }) => idTag === "04CD"));
    await central.pass(5);
    assert.equal(central.of("StopTransaction").length, 0);
    chargePoint.command({ badge: "04AB" });
    await central.pass(60);
    assert.deepEqual(
      central.of("StopTransaction").map(({ idTag, reason }) => [idTag, reason]),
      [["04AB", "Local"]],
    );
    assert.equal(central.of("StartTransaction").length, 1);
  });

  it("does not charge a badge that is refused", async () => {
    const { central, chargePoint } = await begin({}, ({ answers }) => {
      answers["Authorize"] = () => ({ idTagInfo: { status: "Blocked" } });
    });
    await central.until(() => central.of("Authorize").length > 0);
    await central.pass(60);
    assert.equal(central.of("Authorize").length, 1);
    assert.equal(central.of("StartTransaction").length, 0);
    assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
  });

  it("asks anew for the next car, whatever the answer about the one that left meanwhile", async () => {
    const { central, chargePoint } = await begin({ plugged: false }, ({ answers, received }) => {
      answers["Authorize"] = () => {
        if (received.filter(({ action }) => action === "Authorize").length > 1)
          return { idTagInfo: { status: "Accepted" } };
        for (const plugged of [false, true]) chargePoint.command({ plugged });
        return { idTagInfo: { status: "Blocked" } };
      };
    });
    chargePoint.command({ plugged: true });
    await central.until(() => chargePoint.state.status === "Charging");
    assert.equal(central.of("Authorize").length, 2);
  });

  it("stops when its transaction's badge is refused", async () => {
    const { central, chargePoint } = await begin({}, ({ answers }) => {
      answers["StartTransaction"] = () => ({ transactionId: 7, idTagInfo: { status: "Invalid" } });
    });
    await central.until(() => central.of("StopTransaction").length > 0);
    assert.equal(central.of("StopTransaction")[0]!["transactionId"], 7);
    assert.equal(central.of("StopTransaction")[0]!["reason"], "DeAuthorized");
    await central.until(() => chargePoint.state.status === "Finishing");
  });

  it("only stops the energy then where StopTransactionOnInvalidId says so, until the car is gone", async () => {
    const { central, chargePoint } = await begin({ plugged: false }, ({ answers }) => {
      answers["StartTransaction"] = () => ({ transactionId: 7, idTagInfo: { status: "Invalid" } });
    });
    await central.until(() => central.of("StatusNotification").length > 1);
    await central.call("ChangeConfiguration", { key: "StopTransactionOnInvalidId", value: "false" });
    chargePoint.command({ plugged: true });
    await central.until(() => chargePoint.state.status === "SuspendedEVSE");
    await central.pass(60);
    assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
    assert.equal(central.of("StopTransaction").length, 0);
    chargePoint.command({ plugged: false });
    await central.until(() => central.of("StopTransaction").length > 0);
    assert.equal(central.of("StopTransaction")[0]!["reason"], "EVDisconnected");
  });

  it("ends the transaction when the car is unplugged and begins another with the next", async () => {
    const { central, chargePoint } = await charging();
    await central.pass(60);
    chargePoint.command({ plugged: false });
    await central.settle();
    const [stop] = central.of("StopTransaction");
    assert.equal(stop!["transactionId"], 101);
    assert.equal(stop!["reason"], "EVDisconnected");
    assert.ok(Number(stop!["meterStop"]) > 180);
    assert.equal(chargePoint.state.status, "Available");
    assert.equal(chargePoint.state.socPercent, null);
    chargePoint.command({ plugged: true });
    await central.until(() => chargePoint.state.transactionId === 102);
    assert.equal(chargePoint.state.energyWh, 0);
  });

  it("reports SuspendedEV when the car is full or wants nothing", async () => {
    const { central, chargePoint } = await charging({ socPercent: 94, batteryWh: 10_000 });
    await central.until(() => chargePoint.state.status === "SuspendedEV", "full", 3600);
    assert.ok(chargePoint.state.socPercent! > 99);
    chargePoint.command({ batteryWh: 20_000 });
    await central.until(() => chargePoint.state.status === "Charging");
    chargePoint.command({ wantA: 0 });
    await central.until(() => chargePoint.state.status === "SuspendedEV");
  });

  describe("with charging profiles", () => {
    it("draws what the profile allows", async () => {
      const { central, chargePoint } = await charging({ maxA: 32 });
      assert.equal(await limit(central, [[0, 10.5]]), "Accepted");
      assert.equal(chargePoint.state.limitA, 10.5);
      await central.pass(4);
      assert.deepEqual(chargePoint.state.currentA, [10.5, 10.5, 10.5]);
    });

    it("pauses below 6 A, and wakes up again", async () => {
      const { central, chargePoint } = await charging();
      await limit(central, [[0, 5.9]]);
      await central.pass(4);
      assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
      assert.equal(chargePoint.state.status, "SuspendedEVSE");
      await limit(central, [[0, 8]]);
      await central.until(() => chargePoint.state.currentA[0] === 8);
      assert.equal(chargePoint.state.status, "Charging");
    });

    it("falls to the tail of its lease by itself, with nobody there", async () => {
      const { central, chargePoint } = await charging();
      await limit(central, [
        [0, 14],
        [240, 6],
      ]);
      central.vanish();
      await central.pass(170);
      assert.deepEqual(chargePoint.state.currentA, [14, 14, 14]);
      assert.equal(chargePoint.state.online, false);
      await central.pass(20);
      assert.deepEqual(chargePoint.state.currentA, [6, 6, 6]);
      assert.deepEqual(drawOf(["CP1"]), [6, 6, 6]);
    });

    it("answers GetCompositeSchedule with what it will do", async () => {
      const { central } = await charging();
      await limit(central, [
        [0, 14],
        [240, 6],
      ]);
      const answer = await central.call("GetCompositeSchedule", { connectorId: 1, duration: 300 });
      assert.equal(answer["status"], "Accepted");
      const { chargingSchedulePeriod } = answer["chargingSchedule"] as { chargingSchedulePeriod: { limit: number }[] };
      assert.deepEqual(
        chargingSchedulePeriod.map((period) => period.limit),
        [14, 6],
      );
      assert.equal(
        (await central.call("GetCompositeSchedule", { connectorId: 2, duration: 300 }))["status"],
        "Rejected",
      );
    });

    it("takes a TxProfile for the running transaction only, and drops it with it", async () => {
      const { central, chargePoint } = await charging();
      const tx = { chargingProfilePurpose: "TxProfile", chargingProfileId: 2, stackLevel: 1 };
      await limit(central, [[0, 12]]);
      assert.equal(await limit(central, [[0, 8]], { ...tx, transactionId: 99 }), "Rejected");
      assert.equal(await limit(central, [[0, 8]], { ...tx, transactionId: 101 }), "Accepted");
      assert.equal(chargePoint.state.limitA, 8);
      chargePoint.command({ plugged: false });
      assert.equal(chargePoint.state.limitA, 12);
    });

    it("clears profiles", async () => {
      const { central, chargePoint } = await charging();
      await limit(central, [[0, 8]]);
      assert.equal((await central.call("ClearChargingProfile", { id: 2 }))["status"], "Unknown");
      assert.equal((await central.call("ClearChargingProfile", { id: 1 }))["status"], "Accepted");
      assert.equal(chargePoint.state.limitA, 16);
    });

    it("refuses a connector it has not", async () => {
      const { central } = await charging();
      const request = { connectorId: 2, csChargingProfiles: profileOf(central, [[0, 8]]) };
      await assert.rejects(central.call("SetChargingProfile", request), { ocppCode: "PropertyConstraintViolation" });
    });

    it("never draws more than its profiles allow once it had 5 s to follow", async () => {
      const { central, chargePoint } = await charging({ maxA: 32 });
      const step = fc.record({
        a: fc.integer({ min: 0, max: 320 }).map((tenths) => tenths / 10),
        tail: fc.integer({ min: 0, max: 16 }),
        leaseS: fc.integer({ min: 1, max: 20 }),
        stackLevel: fc.nat(2),
        transaction: fc.boolean(),
        forS: fc.integer({ min: 1, max: 12 }),
      });
      const allowedA: number[] = Array(20).fill(32);
      const check = async (seconds: number): Promise<void> => {
        for (let quarter = 0; quarter < seconds * 4; quarter++) {
          await central.pass(0.25);
          allowedA.push(chargePoint.charger.limitA);
          const most = Math.max(...allowedA.slice(-20));
          assert.ok(chargePoint.state.currentA[0] <= most + 0.01, `${chargePoint.state.currentA[0]} A of ${most} A`);
        }
      };
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
          for (const { a, tail, leaseS, stackLevel, transaction, forS } of steps) {
            const purpose = transaction ? { chargingProfilePurpose: "TxProfile", transactionId: 101 } : {};
            const id = { chargingProfileId: 10 * stackLevel + Number(transaction), stackLevel };
            await limit(
              central,
              [
                [0, a],
                [60 + leaseS, tail],
              ],
              { ...purpose, ...id },
            );
            await check(forS);
          }
        }),
        { seed: 14, numRuns: 60 },
      );
    });
  });

  describe("without its central system", () => {
    it("keeps charging, connects again without booting, and reports its statuses", async () => {
      const { central, chargePoint } = await charging();
      central.vanish();
      await central.pass(100);
      assert.deepEqual(chargePoint.state.currentA, [16, 16, 16]);
      const statuses = central.of("StatusNotification").length;
      central.reachable = true;
      await central.until(() => chargePoint.state.online);
      await central.settle();
      assert.equal(central.of("BootNotification").length, 1);
      assert.ok(central.of("StatusNotification").length > statuses);
      assert.equal(chargePoint.state.transactionId, 101);
    });

    it("tries again after 1 s, then less and less often, for ever every 30 s", async () => {
      const { central } = await begin({}, (refusing) => {
        refusing.reachable = false;
      });
      await central.until(() => central.triedAtMs.length === 12, "12 attempts");
      const waitsS = central.triedAtMs.slice(1).map((atMs, index) => (atMs - central.triedAtMs[index]!) / 1000);
      assert.ok(waitsS[0]! >= 1 && waitsS[0]! < 4, `first ${waitsS[0]} s`);
      for (const waitS of waitsS.slice(6)) assert.ok(waitS >= 30 && waitS < 33, `${waitS} s`);
    });

    it("keeps transaction messages, with the time at which things happened", async () => {
      const { central, chargePoint } = await charging();
      central.vanish();
      await central.pass(10);
      const stoppedAt = new Date(central.clock.wallMs()).toISOString();
      chargePoint.command({ plugged: false });
      await central.pass(10);
      const startedAt = new Date(central.clock.wallMs()).toISOString();
      chargePoint.command({ plugged: true });
      await central.pass(30);
      assert.equal(chargePoint.state.status, "Charging");
      assert.equal(chargePoint.state.transactionId, null);
      central.reachable = true;
      await central.until(() => chargePoint.state.transactionId === 102);
      assert.equal(central.of("StopTransaction")[0]!["timestamp"], stoppedAt);
      assert.equal(central.of("StartTransaction")[1]!["timestamp"], startedAt);
    });

    it("charges the badges of its own list, and refuses those that the list refuses", async () => {
      const { central, chargePoint } = await begin({ plugged: false });
      await central.until(() => chargePoint.state.online);
      const localAuthorizationList = [
        { idTag: "04AB", idTagInfo: { status: "Accepted" } },
        { idTag: "04CD", idTagInfo: { status: "Blocked" } },
      ];
      const whole = { listVersion: 3, updateType: "Full", localAuthorizationList };
      assert.deepEqual(await central.call("SendLocalList", whole), { status: "Accepted" });
      assert.deepEqual(await central.call("GetLocalListVersion", {}), { listVersion: 3 });
      const late = { listVersion: 3, updateType: "Differential" };
      assert.deepEqual(await central.call("SendLocalList", late), { status: "VersionMismatch" });
      central.vanish();
      await central.until(() => !chargePoint.state.online);
      chargePoint.command({ badge: "04CD" });
      chargePoint.command({ plugged: true, badge: "04ab" });
      await central.until(() => chargePoint.state.status === "Charging");
      assert.equal(chargePoint.charger.session.transaction?.idTag, "04ab");
    });

    it("does not charge a badge it has never seen accepted", async () => {
      const { central, chargePoint } = await begin({}, (refusing) => {
        refusing.reachable = false;
      });
      await central.pass(60);
      assert.equal(chargePoint.state.status, "Preparing");
      assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
    });

    it("repeats a transaction message that was answered with an error", async () => {
      let refusals = 2;
      const { central, chargePoint } = await begin({}, ({ answers }) => {
        answers["StartTransaction"] = () => {
          if (refusals-- > 0) throw new OcppCallError("InternalError", "no room");
          return { transactionId: 9, idTagInfo: { status: "Accepted" } };
        };
      });
      await central.until(() => chargePoint.state.transactionId === 9);
      const times = central.of("StartTransaction").map(({ timestamp }) => timestamp);
      assert.equal(times.length, 3);
      assert.equal(new Set(times).size, 1);
    });
  });

  it("reports changes at once, and what drifts once a second", async () => {
    const { central, chargePoint, changes } = await charging();
    changes.length = 0;
    await central.pass(10);
    assert.ok(changes.length >= 9 && changes.length <= 11, `${changes.length} reports`);
    changes.length = 0;
    await limit(central, [[0, 8]]);
    await central.pass(0.25);
    assert.equal(changes.at(-1)?.limitA, 8);
    chargePoint.command({ plugged: false });
    await central.pass(2);
    changes.length = 0;
    await central.pass(30);
    assert.equal(changes.length, 0);
  });
});

import { strict as assert } from "node:assert";
import { drawOf } from "../../../lib/simulator/charger/car/draws.ts";
import type { Pair } from "../central.ts";
import { limit, pair } from "../central.ts";

describe("a simulated charge point that", () => {
  let running: Pair;
  const charging = async (...options: Parameters<typeof pair>): Promise<Pair> => {
    running = await pair(...options);
    await running.central.until(() => running.chargePoint.state.currentA[0] >= 16, "charging");
    return running;
  };
  afterEach(() => running.close());

  it("ignoresLimits accepts them and draws its maximum", async () => {
    const { central, chargePoint } = await charging({ behaviour: "ignoresLimits" });
    assert.equal(await limit(central, [[0, 8]]), "Accepted");
    await central.pass(30);
    assert.deepEqual(chargePoint.state.currentA, [16, 16, 16]);
    assert.equal(chargePoint.state.limitA, 8);
    chargePoint.command({ behaviour: "normal" });
    await central.pass(4);
    assert.deepEqual(chargePoint.state.currentA, [8, 8, 8]);
  });

  it("rejectsProfiles refuses every one", async () => {
    const { central, chargePoint } = await charging();
    await limit(central, [[0, 10]]);
    chargePoint.command({ behaviour: "rejectsProfiles" });
    assert.equal(await limit(central, [[0, 8]]), "Rejected");
    assert.equal(chargePoint.state.limitA, 10);
  });

  it("gives noAnswer to SetChargingProfile, and to that only", async () => {
    const { central, chargePoint } = await charging({ behaviour: "noAnswer" });
    const refused = assert.rejects(limit(central, [[0, 8]]), { code: "EV_OCPP_TIMEOUT" });
    await central.pass(31);
    await refused;
    assert.equal(chargePoint.state.limitA, 16);
    assert.equal((await central.call("ClearCache", {}))["status"], "Accepted");
    chargePoint.command({ behaviour: "normal" });
    assert.equal(await limit(central, [[0, 8]]), "Accepted");
  });

  it("is slow applies a limit 20 s after it accepted it", async () => {
    const { central, chargePoint } = await charging({ behaviour: "slow" });
    await central.pass(25);
    assert.equal(await limit(central, [[0, 8]]), "Accepted");
    await central.pass(19.5);
    assert.deepEqual(chargePoint.state.currentA, [16, 16, 16]);
    await central.pass(3);
    assert.deepEqual(chargePoint.state.currentA, [8, 8, 8]);
  });

  it("has a singlePhaseCar draws from its first terminal only", async () => {
    const { central, chargePoint } = await charging({ rotation: "TRS" });
    chargePoint.command({ behaviour: "singlePhaseCar" });
    await central.pass(1);
    assert.deepEqual(chargePoint.state.currentA, [16, 0, 0]);
    assert.deepEqual(chargePoint.state.siteCurrentA, [0, 0, 16]);
    assert.equal(chargePoint.state.powerW, 3680);
  });

  it("is stackZeroOnly refuses higher levels and says so", async () => {
    const { central } = await charging({ behaviour: "stackZeroOnly" });
    assert.equal(await limit(central, [[0, 8]], { stackLevel: 1 }), "Rejected");
    assert.equal(await limit(central, [[0, 8]]), "Accepted");
    const { configurationKey } = await central.call("GetConfiguration", { key: ["ChargeProfileMaxStackLevel"] });
    assert.deepEqual(configurationKey, [{ key: "ChargeProfileMaxStackLevel", readonly: true, value: "0" }]);
  });

  it("is wattsOnly refuses A and takes W", async () => {
    const { central, chargePoint } = await charging({ behaviour: "wattsOnly" });
    assert.equal(await limit(central, [[0, 8]]), "Rejected");
    assert.equal(await limit(central, [[0, 6900]], {}, "W"), "Accepted");
    assert.equal(chargePoint.state.limitA, 10);
    const { chargingSchedule } = await central.call("GetCompositeSchedule", { connectorId: 1, duration: 60 });
    assert.equal((chargingSchedule as { chargingRateUnit: string }).chargingRateUnit, "W");
  });

  it("overdraws exceeds its limit by 8 %", async () => {
    const { central, chargePoint } = await charging();
    chargePoint.command({ behaviour: "overdraws" });
    await limit(central, [[0, 10]]);
    await central.pass(5);
    assert.deepEqual(chargePoint.state.currentA, [10.8, 10.8, 10.8]);
  });

  it("goes offline hangs up, stays away and keeps charging; later it comes back", async () => {
    const { central, chargePoint } = await charging();
    chargePoint.command({ behaviour: "offline" });
    await central.pass(120);
    assert.equal(central.connected, false);
    assert.deepEqual(drawOf(["CP1"]), [16, 16, 16]);
    chargePoint.command({ behaviour: "normal" });
    await central.until(() => chargePoint.state.online);
    assert.equal(chargePoint.state.transactionId, 101);
  });

  it("has a fault stops at once, says so, and recovers when it is over", async () => {
    const { central, chargePoint } = await charging();
    chargePoint.command({ behaviour: "fault" });
    await central.settle();
    assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
    const faulted = central.of("StatusNotification").filter(({ status }) => status === "Faulted");
    assert.deepEqual(
      faulted.map(({ connectorId, errorCode }) => [connectorId, errorCode]),
      [
        [0, "InternalError"],
        [1, "InternalError"],
      ],
    );
    assert.equal(central.of("StopTransaction")[0]!["reason"], "Other");
    await central.pass(30);
    assert.equal(central.of("StartTransaction").length, 1);
    chargePoint.command({ behaviour: "normal" });
    await central.until(() => chargePoint.state.status === "Charging");
    assert.equal(chargePoint.state.transactionId, 102);
  });
});

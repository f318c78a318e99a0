import { strict as assert } from "node:assert";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { Pair } from "./central.ts";
import { limit, pair } from "./central.ts";

describe("a simulated charge point that departs from the specification:", () => {
  let running: Pair;
  const begin = async (behaviour: string, ...more: [Parameters<typeof pair>[0]?]): Promise<Pair> => {
    running = await pair({ behaviour, ...more[0] });
    return running;
  };
  const charging = async (behaviour: string): Promise<Pair> => {
    await begin(behaviour);
    await running.central.until(() => running.chargePoint.state.currentA[0] >= 16, "charging");
    return running;
  };
  const status = async (action: string, payload: object): Promise<unknown> =>
    (await running.central.call(action, payload))["status"];
  const drawnA = (): number => running.chargePoint.state.currentA[0];
  afterEach(() => running.close());

  describe("taking limits", () => {
    it("obeysUnanswered obeys what it does not answer", async () => {
      const { central } = await charging("obeysUnanswered");
      const silent = assert.rejects(limit(central, [[0, 8]]), { code: "EV_OCPP_TIMEOUT" });
      await central.pass(31);
      await silent;
      assert.equal(drawnA(), 8);
    });

    it("notSupported and notImplemented say so", async () => {
      const { central, chargePoint } = await charging("notSupported");
      assert.equal(await limit(central, [[0, 8]]), "NotSupported");
      chargePoint.command({ behaviour: "notImplemented" });
      await assert.rejects(limit(central, [[0, 8]]), { ocppCode: "NotImplemented" });
      await assert.rejects(central.call("ClearChargingProfile", {}), { ocppCode: "NotImplemented" });
      const composite = central.call("GetCompositeSchedule", { connectorId: 1, duration: 60 });
      await assert.rejects(composite, { ocppCode: "NotImplemented" });
      assert.equal(drawnA(), 16);
    });

    it("stackZeroUnsaid advertises levels that it refuses", async () => {
      const { central } = await charging("stackZeroUnsaid");
      assert.equal(await limit(central, [[0, 8]], { stackLevel: 1 }), "Rejected");
      const { configurationKey } = await central.call("GetConfiguration", { key: ["ChargeProfileMaxStackLevel"] });
      assert.equal((configurationKey as { value: string }[])[0]?.value, "3");
    });

    it("several departures are played at once", async () => {
      const { central } = await charging("stackZeroOnly,wattsOnly");
      assert.equal(await limit(central, [[0, 8]]), "Rejected");
      assert.equal(await limit(central, [[0, 6900]], { stackLevel: 1 }, "W"), "Rejected");
      assert.equal(await limit(central, [[0, 6900]], {}, "W"), "Accepted");
    });
  });

  describe("obeying limits", () => {
    it("defaultNextTransaction leaves the running transaction as it was", async () => {
      const { central, chargePoint } = await charging("defaultNextTransaction");
      assert.equal(await limit(central, [[0, 8]]), "Accepted");
      await central.pass(5);
      assert.equal(drawnA(), 16);
      chargePoint.command({ plugged: false });
      chargePoint.command({ plugged: true });
      await central.until(() => drawnA() === 8, "the next transaction is limited");
    });

    it("ignoresTxDefault accepts it and says in the composite schedule that it holds", async () => {
      const { central, chargePoint } = await charging("ignoresTxDefault");
      assert.equal(await limit(central, [[0, 8]]), "Accepted");
      await central.pass(5);
      assert.equal(drawnA(), 16);
      assert.equal(chargePoint.state.limitA, 8);
    });

    it("clockAhead reads schedules by its own clock and stamps its messages with it", async () => {
      const { central } = await charging("clockAhead");
      await limit(central, [
        [0, 12],
        [7200, 8],
      ]);
      await central.pass(5);
      assert.equal(drawnA(), 8);
      const stamp = Date.parse(central.of("StatusNotification").at(-1)!["timestamp"] as string);
      assert.ok(stamp > central.clock.wallMs() + 7_100_000);
    });

    it("forgetsAfterPause charges without limit until the next profile", async () => {
      const { central } = await charging("forgetsAfterPause");
      await limit(central, [[0, 0]]);
      await central.pass(10);
      await limit(central, [[0, 8]]);
      await central.pass(15);
      assert.equal(drawnA(), 16);
      await limit(central, [[0, 8]]);
      await central.pass(5);
      assert.equal(drawnA(), 8);
    });
  });

  describe("keeping limits", () => {
    const lost = async (behaviour: string): Promise<Pair> => {
      const { central } = await charging(behaviour);
      await limit(central, [[0, 8]]);
      await central.pass(5);
      central.vanish();
      await central.pass(5);
      return running;
    };
    const back = async ({ central, chargePoint }: Pair): Promise<void> => {
      central.reachable = true;
      await central.until(() => chargePoint.state.online, "online");
      await central.pass(5);
    };

    it("forgetsSoon keeps to a profile for 20 s, and to the next one again", async () => {
      const { central } = await charging("forgetsSoon");
      await limit(central, [[0, 8]]);
      await central.pass(10);
      assert.equal(drawnA(), 8);
      await central.pass(20);
      assert.equal(drawnA(), 16);
      await limit(central, [[0, 8]]);
      await central.pass(10);
      assert.equal(drawnA(), 8);
    });

    it("dropsOnReconnect obeys until it is back", async () => {
      const both = await lost("dropsOnReconnect");
      assert.equal(drawnA(), 8);
      await back(both);
      assert.equal(drawnA(), 16);
    });

    it("dropsOffline drops them with the connection", async () => {
      const both = await lost("dropsOffline");
      assert.equal(drawnA(), 16);
      await back(both);
      assert.equal(drawnA(), 16);
    });

    it("fullSpeedOffline knows them again when it is back", async () => {
      const both = await lost("fullSpeedOffline");
      assert.equal(drawnA(), 16);
      await back(both);
      assert.equal(drawnA(), 8);
    });

    it("forgetsOnReboot starts without them", async () => {
      const { central, chargePoint } = await charging("forgetsOnReboot");
      await limit(central, [[0, 8]]);
      await central.pass(5);
      await status("Reset", { type: "Hard" });
      await central.until(() => drawnA() === 16, "charging again");
      assert.equal(chargePoint.state.limitA, 16);
    });
  });

  describe("telling", () => {
    it("composite schedules are refused in four ways", async () => {
      const { central, chargePoint } = await charging("noComposite");
      const ask = (connectorId: number) => central.call("GetCompositeSchedule", { connectorId, duration: 60 });
      await assert.rejects(ask(1), { ocppCode: "NotSupported" });
      chargePoint.command({ behaviour: "compositeError" });
      await assert.rejects(ask(1), { ocppCode: "InternalError" });
      chargePoint.command({ behaviour: "compositeRejected" });
      assert.equal((await ask(1))["status"], "Rejected");
      chargePoint.command({ behaviour: "compositeConnectorOnly" });
      assert.equal((await ask(0))["status"], "Rejected");
      assert.equal((await ask(1))["status"], "Accepted");
    });

    it("noTrigger knows no trigger, triggerWhileCharging one less without a transaction", async () => {
      const { central, chargePoint } = await charging("noTrigger");
      const ask = () => status("TriggerMessage", { requestedMessage: "MeterValues", connectorId: 1 });
      assert.equal(await ask(), "NotImplemented");
      chargePoint.command({ behaviour: "triggerWhileCharging" });
      assert.equal(await ask(), "Accepted");
      chargePoint.command({ plugged: false });
      assert.equal(await ask(), "Rejected");
      assert.equal(central.connected, true);
    });

    it("keysByName leaves the question for all keys unanswered, fourKeys one for too many", async () => {
      const { central } = await charging("keysByName,fourKeys");
      const silent = assert.rejects(central.call("GetConfiguration", {}), { code: "EV_OCPP_TIMEOUT" });
      await central.pass(31);
      await silent;
      const names = ["HeartbeatInterval", "NumberOfConnectors", "ResetRetries", "ConnectionTimeOut"];
      const { configurationKey } = await central.call("GetConfiguration", { key: names });
      assert.equal((configurationKey as object[]).length, 4);
      const tooMany = central.call("GetConfiguration", { key: [...names, "MeterValuesSampledData"] });
      await assert.rejects(tooMany, { ocppCode: "OccurenceConstraintViolation" });
    });

    it("restartsOnQuery restarts when it is asked for its measurands", async () => {
      const { central } = await charging("restartsOnQuery");
      await central.call("GetConfiguration", { key: ["MeterValuesSampledData"] });
      await central.pass(1);
      assert.equal(central.connected, false);
    });
  });

  describe("connecting", () => {
    it("neverBoots unless it is asked to", async () => {
      const { central, chargePoint } = await begin("neverBoots");
      await central.until(() => chargePoint.state.status === "Charging", "charging");
      assert.equal(central.of("BootNotification").length, 0);
      await status("TriggerMessage", { requestedMessage: "BootNotification" });
      await central.pass(1);
      assert.equal(central.of("BootNotification").length, 1);
    });

    it("bootsAlways boots at a reconnection, too", async () => {
      const { central, chargePoint } = await charging("bootsAlways");
      central.vanish();
      await central.pass(1);
      central.reachable = true;
      await central.until(() => chargePoint.state.online, "online");
      assert.equal(central.of("BootNotification").length, 2);
    });

    it("bootLoop restarts when it is called before its boot, and not when it is asked to boot", async () => {
      const { central, chargePoint } = await begin("bootLoop");
      await central.until(() => central.connected, "connected");
      await central.call("GetConfiguration", {});
      await central.pass(1);
      assert.equal(central.connected, false);
      await central.until(() => central.connected, "connected again");
      assert.equal(await status("TriggerMessage", { requestedMessage: "BootNotification" }), "Accepted");
      await central.until(() => chargePoint.state.online, "online", 1);
    });

    it("freeCharging charges and reports without a transaction", async () => {
      const { central, chargePoint } = await charging("freeCharging");
      assert.equal(chargePoint.state.status, "Charging");
      assert.equal(chargePoint.state.transactionId, null);
      await central.pass(11);
      const [values] = central.of("MeterValues");
      assert.equal(values?.["transactionId"], undefined);
      assert.equal(central.of("StartTransaction").length, 0);
      assert.equal(await limit(central, [[0, 8]]), "Accepted");
      await central.pass(3);
      assert.equal(drawnA(), 8);
    });

    it("ownTransactionIds uses its own numbers whatever it is given", async () => {
      const { central, chargePoint } = await charging("ownTransactionIds");
      await central.pass(11);
      assert.equal(central.of("MeterValues")[0]?.["transactionId"], -1);
      chargePoint.command({ plugged: false });
      await central.settle();
      assert.equal(central.of("StopTransaction")[0]?.["transactionId"], -1);
    });
  });

  it("acts out a model and says so at its boot, with other behaviours on top", async () => {
    const { central, chargePoint } = await begin("noTrigger", { vendorModel: "huawei" });
    await central.until(() => chargePoint.state.currentA[0] >= 16, "charging");
    assert.equal(central.of("BootNotification")[0]?.["chargePointVendor"], "HUAWEI");
    assert.equal(await limit(central, [[0, 8]]), "Rejected");
    assert.equal(await status("TriggerMessage", { requestedMessage: "Heartbeat" }), "NotImplemented");
    chargePoint.command({ behaviour: "normal" });
    assert.equal(await limit(central, [[0, 8]]), "Rejected");
    assert.equal(await status("TriggerMessage", { requestedMessage: "Heartbeat" }), "Accepted");
  });
});

describe("a simulated charge point on a line of its own", () => {
  it("with noPong leaves a ping unanswered, while it answers messages", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const heard = async (behaviour: string): Promise<boolean> => {
      const chargePoint = new SimulatedChargePoint({ url: `ws://127.0.0.1:${port}`, identity: "CP1", behaviour });
      chargePoint.start();
      const [webSocket] = (await once(server, "connection")) as [WebSocket];
      let pong = false;
      webSocket.on("pong", () => {
        pong = true;
      });
      const answered = new Promise<void>((resolve) => {
        webSocket.on("message", (text) => String(text).startsWith('[3,"x"') && resolve());
      });
      webSocket.ping();
      webSocket.send('[2,"x","ClearCache",{}]');
      await answered;
      await chargePoint.close();
      return pong;
    };
    assert.equal(await heard("noPong"), false);
    assert.equal(await heard("normal"), true);
    await new Promise((done) => server.close(done));
  });
});

import { strict as assert } from "node:assert";
import type { Pair } from "../central.ts";
import { limit, pair, profileOf } from "../central.ts";

describe("the simulated charge point answers", () => {
  let running: Pair;
  const begin = async (...options: Parameters<typeof pair>): Promise<Pair> => {
    running = await pair(...options);
    await running.central.until(() => running.chargePoint.state.online, "online");
    return running;
  };
  const charging = async (): Promise<Pair> => {
    const started = await begin();
    await started.central.until(() => started.chargePoint.state.status === "Charging", "charging");
    return started;
  };
  const statusOf = async (action: string, payload: object): Promise<unknown> =>
    (await running.central.call(action, payload))["status"];
  afterEach(() => running.close());

  it("ChangeAvailability: at once when free, after the transaction when charging", async () => {
    const { central, chargePoint } = await charging();
    assert.equal(await statusOf("ChangeAvailability", { connectorId: 0, type: "Inoperative" }), "Scheduled");
    assert.equal(chargePoint.state.status, "Charging");
    chargePoint.command({ plugged: false });
    assert.equal(chargePoint.state.status, "Unavailable");
    chargePoint.command({ plugged: true });
    await central.pass(10);
    assert.equal(chargePoint.state.status, "Unavailable");
    assert.equal(await statusOf("ChangeAvailability", { connectorId: 1, type: "Operative" }), "Accepted");
    await central.until(() => chargePoint.state.status === "Charging");
    assert.equal(await statusOf("ChangeAvailability", { connectorId: 2, type: "Operative" }), "Rejected");
  });

  it("ChangeConfiguration and GetConfiguration, with effect", async () => {
    const { central } = await begin({ plugged: false });
    assert.equal(await statusOf("ChangeConfiguration", { key: "HeartbeatInterval", value: "5" }), "Accepted");
    assert.equal(await statusOf("ChangeConfiguration", { key: "Colour", value: "5" }), "NotSupported");
    await central.pass(16);
    assert.equal(central.of("Heartbeat").length, 3);
    const all = await central.call("GetConfiguration", {});
    assert.ok((all["configurationKey"] as object[]).length > 20);
    const { unknownKey } = await central.call("GetConfiguration", { key: ["Colour"] });
    assert.deepEqual(unknownKey, ["Colour"]);
  });

  it("ClearCache: a badge is unknown again while offline", async () => {
    const { central, chargePoint } = await charging();
    assert.equal(await statusOf("ClearCache", {}), "Accepted");
    central.vanish();
    await central.pass(1);
    chargePoint.command({ plugged: false });
    chargePoint.command({ plugged: true });
    await central.pass(20);
    assert.equal(chargePoint.state.status, "Preparing");
  });

  it("DataTransfer, and sends its own", async () => {
    const { central, chargePoint } = await begin();
    assert.equal(await statusOf("DataTransfer", { vendorId: "nobody" }), "UnknownVendorId");
    assert.equal(await statusOf("DataTransfer", { vendorId: "Phasewise", messageId: "x" }), "UnknownMessageId");
    assert.deepEqual(await chargePoint.dataTransfer({ vendorId: "Phasewise", data: "42" }), { status: "Accepted" });
    assert.deepEqual(central.of("DataTransfer"), [{ vendorId: "Phasewise", data: "42" }]);
  });

  it("RemoteStartTransaction for a car that comes later, with its profile", async () => {
    const { central, chargePoint } = await begin({ plugged: false, idTag: null });
    const chargingProfile = profileOf(central, [[0, 9]], { chargingProfilePurpose: "TxProfile" });
    assert.equal(
      await statusOf("RemoteStartTransaction", { idTag: "BADGE", connectorId: 1, chargingProfile }),
      "Accepted",
    );
    await central.pass(5);
    assert.equal(chargePoint.state.status, "Preparing");
    chargePoint.command({ plugged: true });
    await central.until(() => chargePoint.state.currentA[0] === 9);
    assert.equal(central.of("StartTransaction")[0]!["idTag"], "BADGE");
    assert.equal(await statusOf("RemoteStartTransaction", { idTag: "BADGE" }), "Rejected");
  });

  it("RemoteStartTransaction, and forgets it when no car comes within ConnectionTimeOut", async () => {
    const { central, chargePoint } = await begin({ plugged: false, idTag: null });
    assert.equal(await statusOf("RemoteStartTransaction", { idTag: "BADGE" }), "Accepted");
    await central.pass(61);
    assert.equal(chargePoint.state.status, "Available");
    chargePoint.command({ plugged: true });
    await central.pass(20);
    assert.equal(central.of("StartTransaction").length, 0);
  });

  it("RemoteStartTransaction with a profile it would not take: Rejected", async () => {
    const { central } = await begin({ plugged: false });
    for (const change of [
      {},
      { chargingProfilePurpose: "TxProfile", transactionId: 5 },
      { chargingProfilePurpose: "TxProfile", stackLevel: 99 },
    ]) {
      const chargingProfile = profileOf(central, [[0, 9]], change);
      assert.equal(await statusOf("RemoteStartTransaction", { idTag: "BADGE", chargingProfile }), "Rejected");
    }
  });

  it("RemoteStopTransaction; the car then waits for a remote start", async () => {
    const { central, chargePoint } = await charging();
    assert.equal(await statusOf("RemoteStopTransaction", { transactionId: 5 }), "Rejected");
    assert.equal(await statusOf("RemoteStopTransaction", { transactionId: 101 }), "Accepted");
    await central.pass(10);
    assert.equal(central.of("StopTransaction")[0]!["reason"], "Remote");
    assert.equal(chargePoint.state.status, "Finishing");
    assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
    assert.equal(await statusOf("RemoteStartTransaction", { idTag: "BADGE" }), "Accepted");
    await central.until(() => chargePoint.state.status === "Charging");
  });

  for (const type of ["Soft", "Hard"]) {
    it(`Reset ${type}: stops, reboots, keeps its profiles but the TxProfile, and charges again`, async () => {
      const { central, chargePoint } = await charging();
      await limit(central, [[0, 9]]);
      await limit(central, [[0, 7]], {
        chargingProfileId: 2,
        chargingProfilePurpose: "TxProfile",
        transactionId: 101,
        stackLevel: 1,
      });
      assert.equal(await statusOf("Reset", { type }), "Accepted");
      await central.until(() => !central.connected);
      assert.deepEqual(chargePoint.state.currentA, [0, 0, 0]);
      await central.until(() => chargePoint.state.status === "Charging" && chargePoint.state.transactionId === 102);
      assert.equal(central.of("BootNotification").length, 2);
      assert.equal(central.of("StopTransaction")[0]!["reason"], `${type}Reset`);
      assert.equal(central.of("StopTransaction")[0]!["transactionId"], 101);
      assert.equal(chargePoint.state.limitA, 9);
    });
  }

  it("UnlockConnector: ends the transaction", async () => {
    const { central, chargePoint } = await charging();
    assert.equal(await statusOf("UnlockConnector", { connectorId: 2 }), "NotSupported");
    assert.equal(await statusOf("UnlockConnector", { connectorId: 1 }), "Unlocked");
    await central.until(() => central.of("StopTransaction").length === 1);
    assert.equal(central.of("StopTransaction")[0]!["reason"], "UnlockCommand");
    assert.equal(chargePoint.state.status, "Finishing");
  });

  const messages = [
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
  ];
  for (const requestedMessage of messages) {
    it(`TriggerMessage ${requestedMessage} with that message`, async () => {
      const { central } = await charging();
      const before = central.of(requestedMessage).length;
      assert.equal(await statusOf("TriggerMessage", { requestedMessage }), "Accepted");
      await central.pass(0.5);
      assert.equal(central.of(requestedMessage).length, before + 1);
    });
  }

  it("TriggerMessage StatusNotification for all, or for one connector", async () => {
    const { central } = await charging();
    const triggered = async (payload: object): Promise<unknown[]> => {
      const before = central.of("StatusNotification").length;
      assert.equal(
        await statusOf("TriggerMessage", { requestedMessage: "StatusNotification", ...payload }),
        "Accepted",
      );
      await central.pass(0.5);
      return central
        .of("StatusNotification")
        .slice(before)
        .map(({ connectorId }) => connectorId);
    };
    assert.deepEqual(await triggered({}), [0, 1]);
    assert.deepEqual(await triggered({ connectorId: 1 }), [1]);
    assert.equal(await statusOf("TriggerMessage", { requestedMessage: "MeterValues", connectorId: 2 }), "Rejected");
  });

  it("ReserveNow and CancelReservation: only the badge that it is for begins a charge", async () => {
    const { central, chargePoint } = await begin({ plugged: false, idTag: "OTHER" });
    const request = { connectorId: 1, reservationId: 7, idTag: "04AB", expiryDate: "2100-01-01T00:00:00Z" };
    assert.equal(await statusOf("ReserveNow", { ...request, connectorId: 0 }), "Rejected");
    assert.equal(await statusOf("ReserveNow", request), "Accepted");
    assert.equal(chargePoint.state.status, "Reserved");
    assert.equal(await statusOf("ReserveNow", { ...request, reservationId: 8 }), "Occupied");
    assert.equal(await statusOf("RemoteStartTransaction", { idTag: "OTHER" }), "Rejected");
    chargePoint.command({ plugged: true });
    await central.pass(20);
    assert.equal(chargePoint.state.status, "Preparing");
    assert.equal(central.of("StartTransaction").length, 0);
    chargePoint.command({ badge: "04ab" });
    await central.until(() => chargePoint.state.status === "Charging", "charging");
    assert.equal(central.of("StartTransaction")[0]?.["reservationId"], 7);
    assert.equal(await statusOf("CancelReservation", { reservationId: 7 }), "Rejected");
  });

  it("ReserveNow for a group: whoever the central system says is of it may charge, nobody else", async () => {
    const { central, chargePoint } = await begin({ plugged: false, idTag: "OTHER" });
    central.answers["Authorize"] = ({ idTag }) => ({
      idTagInfo: { status: "Accepted", ...(idTag === "04CD" && { parentIdTag: "FLEET" }) },
    });
    const reserved = { connectorId: 1, reservationId: 7, idTag: "04AB", parentIdTag: "fleet" };
    assert.equal(await statusOf("ReserveNow", { ...reserved, expiryDate: "2100-01-01T00:00:00Z" }), "Accepted");
    chargePoint.command({ plugged: true });
    await central.pass(20);
    assert.equal(central.of("StartTransaction").length, 0);
    chargePoint.command({ badge: "04CD" });
    await central.until(() => chargePoint.state.status === "Charging", "charging");
    assert.equal(central.of("StartTransaction")[0]?.["reservationId"], 7);
  });

  it("ReserveNow until the time it names, and CancelReservation before", async () => {
    const { central, chargePoint } = await begin({ plugged: false });
    const expiryDate = new Date(central.clock.wallMs() + 60_000).toISOString();
    const request = { connectorId: 1, reservationId: 7, idTag: "04AB", expiryDate };
    assert.equal(await statusOf("ReserveNow", request), "Accepted");
    assert.equal(await statusOf("CancelReservation", { reservationId: 7 }), "Accepted");
    assert.equal(chargePoint.state.status, "Available");
    assert.equal(await statusOf("ReserveNow", request), "Accepted");
    await central.pass(61);
    assert.equal(chargePoint.state.status, "Available");
    assert.equal(await statusOf("ReserveNow", request), "Rejected");
  });

  it("what it has not with NotSupported, and what nobody knows with NotImplemented", async () => {
    const { central } = await begin({ behaviour: "noReservations" });
    await assert.rejects(central.call("CancelReservation", { reservationId: 1 }), { ocppCode: "NotSupported" });
    await assert.rejects(central.call("MakeCoffee", {}), { ocppCode: "NotImplemented" });
    await assert.rejects(central.call("Reset", { type: "Gentle" }), { ocppCode: "PropertyConstraintViolation" });
  });
});

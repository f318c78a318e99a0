/** A charge point written by others, strict about every message by schemas of its own, at the packed product. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { type IHandlersOption, RPCClient } from "ocpp-rpc";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";
import { MESSAGES } from "../../ocpp/v16/messages.ts";
import { least } from "../../ocpp/v16/variants.ts";
import { tellAsStory } from "../story.ts";
import { Bench, PASSWORD, Product, type Protection } from "./product.ts";
import { at } from "./row.ts";
import { takeAll } from "./wire.ts";

type Payload = Record<string, unknown>;

const SYSTEMS = ["open", "passwords"] as const satisfies Protection[];
const LATER = at(Date.now() + 3_600_000);
const HASH = { hashAlgorithm: "SHA256", issuerNameHash: "aa", issuerKeyHash: "bb", serialNumber: "01" };
const PROFILE = {
  ...{ chargingProfileId: 900, stackLevel: 0, chargingProfileKind: "Recurring", recurrencyKind: "Daily" },
  ...{ chargingProfilePurpose: "TxDefaultProfile", validFrom: at(Date.now()), validTo: LATER },
  chargingSchedule: {
    ...{ duration: 86_400, startSchedule: at(Date.now()), chargingRateUnit: "A", minChargingRate: 6.1 },
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 16.3, numberPhases: 3 },
      { startPeriod: 3600, limit: 0 },
    ],
  },
};
const TX_PROFILE = { ...PROFILE, chargingProfilePurpose: "TxProfile", chargingProfileKind: "Relative" };

/** One update at a time: what ends it. */
const UPDATES: Readonly<Record<string, string>> = {
  UpdateFirmware: "FirmwareStatusNotification",
  SignedUpdateFirmware: "SignedFirmwareStatusNotification",
};

/** Requests with every member that may be left out; what has none is sent as the form begins. */
const FULL: Readonly<Record<string, object>> = {
  CancelReservation: { reservationId: 5 },
  ClearChargingProfile: { id: 5, connectorId: 1, chargingProfilePurpose: "TxProfile", stackLevel: 2 },
  DataTransfer: { vendorId: "Maker", messageId: "m", data: "x".repeat(3000) },
  DeleteCertificate: { certificateHashData: HASH },
  ExtendedTriggerMessage: { requestedMessage: "MeterValues", connectorId: 1 },
  GetCompositeSchedule: { connectorId: 1, duration: 300, chargingRateUnit: "A" },
  GetConfiguration: { key: ["HeartbeatInterval", "Other"] },
  GetDiagnostics: { location: "ftp://192.0.2.1/", retries: 1, retryInterval: 2, startTime: at(0), stopTime: LATER },
  GetLog: {
    ...{ logType: "SecurityLog", requestId: 7, retries: 1, retryInterval: 2 },
    log: { remoteLocation: "https://192.0.2.1/", oldestTimestamp: at(0), latestTimestamp: LATER },
  },
  RemoteStartTransaction: {
    ...{ idTag: "TAG", connectorId: 1 },
    chargingProfile: { ...TX_PROFILE, recurrencyKind: undefined },
  },
  ReserveNow: { connectorId: 1, expiryDate: LATER, idTag: "TAG", parentIdTag: "P", reservationId: 5 },
  SendLocalList: {
    ...{ listVersion: 4, updateType: "Full" },
    localAuthorizationList: [{ idTag: "A", idTagInfo: { status: "Blocked", expiryDate: LATER, parentIdTag: "P" } }],
  },
  SetChargingProfile: { connectorId: 1, csChargingProfiles: PROFILE },
  SignedUpdateFirmware: {
    ...{ requestId: 8, retries: 1, retryInterval: 2 },
    firmware: {
      ...{ location: "https://192.0.2.1/f", retrieveDateTime: LATER, installDateTime: LATER },
      ...{ signingCertificate: "C", signature: "S" },
    },
  },
  TriggerMessage: { requestedMessage: "StatusNotification", connectorId: 2 },
  UpdateFirmware: { location: "https://192.0.2.1/f", retries: 1, retrieveDate: LATER, retryInterval: 2 },
};

for (const system of SYSTEMS) {
  describe(`the ocpp-rpc client, strict, at a central system that is ${system === "open" ? "open" : "behind passwords"}`, function () {
    tellAsStory(this);
    let product: Product;
    let bench: Bench;
    let client: RPCClient;
    let transactionId = 0;
    const asked: [action: string, payload: Payload][] = [];
    const faults: unknown[] = [];
    const call = (action: string, payload: object): Promise<Payload> =>
      client.call(action, payload) as Promise<Payload>;

    before(async () => {
      product = await Product.start("5", (of) => (of === system ? ["FOREIGN"] : []));
      bench = new Bench(product, system, "FOREIGN");
      client = new RPCClient({
        ...{ endpoint: `ws://127.0.0.1:${bench.port}`, identity: "FOREIGN", protocols: ["ocpp1.6"], strictMode: true },
        ...{ password: system === "open" ? null : PASSWORD, reconnect: false, callTimeoutMs: 5000 },
      } as ConstructorParameters<typeof RPCClient>[0]);
      client.on("strictValidationFailure", (fault) => faults.push(fault));
      client.handle(async ({ method = "", params = {} }: IHandlersOption) => {
        asked.push([method, params]);
        return takeAll({ id: "", action: method, payload: params }) as Payload;
      });
      await client.connect();
    });
    after(async () => {
      await client?.close({ force: true }).catch(() => undefined);
      await product?.stop();
    });

    it("boots and reports its connectors", async () => {
      assert.equal(client.protocol, "ocpp1.6");
      const { status } = await call("BootNotification", { chargePointVendor: "Other", chargePointModel: "Box" });
      assert.equal(status, "Accepted");
      for (const connectorId of [0, 1, 2])
        await call("StatusNotification", {
          connectorId,
          errorCode: "NoError",
          status: "Available",
          timestamp: at(Date.now()),
        });
      await call("Heartbeat", {});
    });

    it("begins a transaction when it is asked to", async () => {
      assert.equal((await bench.command("RemoteStartTransaction", { idTag: "TAG", connectorId: 1 })).ok, true);
      assert.ok(await call("Authorize", { idTag: "TAG" }));
      const start = { connectorId: 1, idTag: "TAG", meterStart: 10, timestamp: at(Date.now()) };
      transactionId = (await call("StartTransaction", start))["transactionId"] as number;
      await bench.event("transaction.start", ({ payload }) => payload["transactionId"] === String(transactionId));
    });

    it("sends readings, and takes a limit for the transaction", async () => {
      const sampledValue = [
        ...["L1", "L2", "L3"].map((phase) => ({ value: "15.9", measurand: "Current.Import", phase, unit: "A" })),
        { value: "1.5", measurand: "Energy.Active.Import.Register", unit: "kWh", context: "Sample.Periodic" },
      ];
      await call("MeterValues", {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: at(Date.now()), sampledValue }],
      });
      const { payload } = await bench.event("meter");
      assert.deepEqual([payload["currentA"], payload["energyWh"]], [[15.9, 15.9, 15.9], 1500]);
      const csChargingProfiles = { ...TX_PROFILE, recurrencyKind: undefined, transactionId };
      assert.equal((await bench.command("SetChargingProfile", { connectorId: 1, csChargingProfiles })).ok, true);
    });

    it("ends it when it is asked to", async () => {
      assert.equal((await bench.command("RemoteStopTransaction", { transactionId })).ok, true);
      const meterValue = [{ timestamp: at(Date.now()), sampledValue: [{ value: "1510", context: "Transaction.End" }] }];
      const stop = { transactionId, meterStop: 1510, timestamp: at(Date.now()), reason: "Remote", idTag: "TAG" };
      await call("StopTransaction", { ...stop, transactionData: meterValue });
      const { payload } = await bench.event("transaction.stop");
      assert.equal(payload["energyWh"], 1500);
    });

    it("gets an answer that fits for every message a charge point may send", async () => {
      const own = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "centralSystem");
      for (const { action } of own) assert.ok(await call(action, least(MESSAGES[action]![0])), action);
    });

    it("finds no fault in any message of the central system, with the least and with all it may have", async () => {
      const actions = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "chargePoint");
      for (const { action, sample } of actions) {
        const ended = UPDATES[action];
        // The date of a form's example is no date at which an update may begin.
        for (const payload of [...(ended ? [] : [sample ?? {}]), ...(FULL[action] ? [FULL[action]] : [])]) {
          const answer = await bench.command(action, payload, true);
          // It answers what its schemas do not allow with a CALLERROR.
          assert.ok(answer.ok || answer.error?.kind === "rejected", `${action}: ${JSON.stringify(answer)}`);
        }
        if (ended)
          await call(ended, { status: "Installed", ...(action === "SignedUpdateFirmware" && { requestId: 8 }) });
      }
      assert.deepEqual(faults, []);
      const names = new Set(asked.map(([action]) => action));
      assert.deepEqual(
        actions.filter(({ action }) => !names.has(action)),
        [],
      );
    });

    it("is missed when it goes, and served when it comes back", async () => {
      await client.close({ force: true });
      await bench.event("offline");
      await client.connect();
      await call("Heartbeat", {});
      const closed = once(client, "close");
      await client.close();
      await closed;
      assert.deepEqual(faults, []);
    });
  });
}

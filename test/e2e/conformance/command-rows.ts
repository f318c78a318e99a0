/** What the central system asks of charge points: OCPP 1.6 §5, without charging profiles. */
import { strict as assert } from "node:assert";
import { exchange, later, refused, status, withheld } from "./commanded.ts";
import type { Bench } from "./product.ts";
import { at, type Row } from "./row.ts";
import { words } from "./said.ts";

const CORE: Row[] = [
  exchange("TC_010", "Accepted", "RemoteStartTransaction", { idTag: "T", connectorId: 1 }, status("Accepted")),
  exchange("TC_011_1, TC_026", "Rejected", "RemoteStartTransaction", { idTag: "T" }, status("Rejected"), false),
  withheld("5.11", "connector 0", "RemoteStartTransaction", { idTag: "T", connectorId: 0 }),
  exchange("TC_012", "Accepted", "RemoteStopTransaction", { transactionId: 17 }, status("Accepted")),
  exchange("TC_028", "Rejected", "RemoteStopTransaction", { transactionId: 17 }, status("Rejected"), false),
  {
    id: "errata 3.32, 3.33",
    rule: "an accepted RemoteStart or RemoteStop is a request taken: the transaction begins and ends with its own messages",
    async run(bench) {
      const wire = await bench.booted();
      assert.equal((await bench.command("RemoteStartTransaction", { idTag: "T", connectorId: 1 })).ok, true);
      assert.deepEqual(bench.events("transaction.start"), []);
      const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: at(Date.now()) };
      const { transactionId } = await wire.confirmed("StartTransaction", start);
      assert.equal((await bench.command("RemoteStopTransaction", { transactionId })).ok, true);
      assert.deepEqual(bench.events("transaction.stop"), []);
      const stop = { transactionId, meterStop: 1, timestamp: at(Date.now()), reason: "Remote" };
      await wire.confirmed("StopTransaction", stop);
      await bench.event("transaction.stop");
    },
  },
  ...["Hard", "Soft"].map((type) => ({
    id: type === "Hard" ? "TC_013" : "TC_014",
    rule: `Reset ${type}: the charge point goes, boots anew, and its stop is confirmed late`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: at(Date.now()) };
      const { transactionId } = await wire.confirmed("StartTransaction", start);
      assert.equal((await bench.command("Reset", { type })).ok, true);
      await wire.close();
      const again = await bench.booted();
      const stop = { transactionId, meterStop: 5, timestamp: at(Date.now()), reason: `${type}Reset` };
      await again.confirmed("StopTransaction", stop);
      const { payload } = await bench.event("transaction.stop");
      assert.equal(payload["reason"], `${type}Reset`);
    },
  })),
  exchange("TC_017_1", "Unlocked", "UnlockConnector", { connectorId: 1 }, status("Unlocked")),
  exchange("TC_018_1", "UnlockFailed", "UnlockConnector", { connectorId: 1 }, status("UnlockFailed"), false),
  exchange("TC_030, TC_031", "NotSupported", "UnlockConnector", { connectorId: 9 }, status("NotSupported"), false),
  exchange(
    "TC_019_1",
    "all keys",
    "GetConfiguration",
    {},
    {
      configurationKey: [{ key: "HeartbeatInterval", readonly: false, value: "300" }],
      unknownKey: [],
    },
  ),
  exchange(
    "TC_019_2",
    "one key, and one that is unknown",
    "GetConfiguration",
    { key: ["HeartbeatInterval", "Nope"] },
    {
      configurationKey: [{ key: "HeartbeatInterval", readonly: true }],
      unknownKey: ["Nope"],
    },
  ),
  ...words("Configuration").map((word) =>
    exchange(
      "TC_021, TC_040",
      word,
      "ChangeConfiguration",
      { key: "ConnectionTimeOut", value: "30" },
      status(word),
      word === "Accepted" || word === "RebootRequired",
    ),
  ),
  withheld("TC_021", "a value that is no text", "ChangeConfiguration", { key: "HeartbeatInterval", value: 30 }),
  exchange("TC_061", "Accepted", "ClearCache", {}, status("Accepted")),
  exchange("5.2", "Scheduled", "ChangeAvailability", { connectorId: 1, type: "Inoperative" }, status("Scheduled")),
  exchange(
    "4.3",
    "a vendor's own",
    "DataTransfer",
    { vendorId: "Maker", data: "x" },
    { status: "Accepted", data: "y" },
  ),
];

const FIRMWARE: Row[] = [
  exchange("TC_044_1", "taken", "UpdateFirmware", { location: "https://192.0.2.1/f.bin", retrieveDate: later }, {}),
  exchange("TC_045_1", "taken", "GetDiagnostics", { location: "ftp://192.0.2.1/logs" }, { fileName: "log.txt" }),
  ...(
    [
      ["TC_044", "FirmwareStatusNotification", "Firmware", "firmware"],
      ["TC_045", "DiagnosticsStatusNotification", "Diagnostics", "diagnostics"],
    ] as const
  ).map(([id, action, list, event]) => ({
    id,
    rule: `${action}: every word is confirmed and told`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      for (const word of words(list)) {
        assert.deepEqual(await wire.confirmed(action, status(word)), {});
        await bench.event(event, ({ payload }) => payload["status"] === word);
      }
    },
  })),
];

const LISTS: Row[] = [
  ...[-1, 0, 7].map((listVersion) =>
    exchange("TC_042", `version ${listVersion}`, "GetLocalListVersion", {}, { listVersion }),
  ),
  refused("TC_042_1", "GetLocalListVersion", {}, "NotSupported"),
  ...["Accepted", "Failed", "NotSupported", "VersionMismatch"].map((word) =>
    exchange(
      "TC_043",
      word,
      "SendLocalList",
      { listVersion: 3, updateType: "Full", localAuthorizationList: [{ idTag: "T", idTagInfo: status("Accepted") }] },
      status(word),
      word === "Accepted",
    ),
  ),
  withheld("errata 3.52", "version 0", "SendLocalList", { listVersion: 0, updateType: "Full" }),
  withheld("errata 3.52", "version -1", "SendLocalList", { listVersion: -1, updateType: "Full" }),
];

const reservation = (connectorId: number, more: object = {}) => ({
  ...{ connectorId, expiryDate: later, idTag: "T", reservationId: 42 },
  ...more,
});

const RESERVATIONS: Row[] = [
  {
    id: "TC_046",
    rule: "ReserveNow: the reservation comes back with the transaction that uses it",
    async run(bench) {
      const wire = await bench.booted();
      assert.equal((await bench.command("ReserveNow", reservation(1))).ok, true);
      await wire.confirmed("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Reserved" });
      const start = { connectorId: 1, idTag: "T", meterStart: 0, reservationId: 42, timestamp: at(Date.now()) };
      assert.ok(Number((await wire.confirmed("StartTransaction", start))["transactionId"]) > 0);
    },
  },
  ...["Faulted", "Occupied", "Unavailable", "Rejected"].map((word, index) =>
    exchange(`TC_048_${index + 1}`, word, "ReserveNow", reservation(1), status(word), false),
  ),
  exchange("TC_049", "the charge point as a whole", "ReserveNow", reservation(0), status("Accepted")),
  exchange("TC_053", "with a parent badge", "ReserveNow", reservation(2, { parentIdTag: "P" }), status("Accepted")),
  exchange("TC_051", "Accepted", "CancelReservation", { reservationId: 42 }, status("Accepted")),
  exchange("TC_052", "Rejected", "CancelReservation", { reservationId: 42 }, status("Rejected"), false),
];

const TRIGGERS: Row[] = [
  ...words("Trigger").map((requestedMessage) =>
    exchange("TC_054", requestedMessage, "TriggerMessage", { requestedMessage }, status("Accepted")),
  ),
  exchange(
    "TC_055",
    "Rejected",
    "TriggerMessage",
    { requestedMessage: "MeterValues", connectorId: 2 },
    status("Rejected"),
    false,
  ),
  exchange(
    "TC_055",
    "NotImplemented",
    "TriggerMessage",
    { requestedMessage: "Heartbeat" },
    status("NotImplemented"),
    false,
  ),
];

export const COMMANDS: readonly Row[] = [...CORE, ...FIRMWARE, ...LISTS, ...RESERVATIONS, ...TRIGGERS];

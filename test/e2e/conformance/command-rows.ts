/** What the central system asks of charge points: OCPP 1.6 §5, without charging profiles. */
import { strict as assert } from "node:assert";
import { exchange, later, refused, status, withheld } from "./commanded.ts";
import type { Bench } from "./product.ts";
import { at, type Row } from "./row.ts";
import { started, stopping, words } from "./said.ts";
import { takeAll } from "./wire.ts";

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
  {
    id: "TC_011_2",
    rule: "a remote start after which no car comes within ConnectionTimeOut leaves nothing behind",
    async run(bench) {
      const wire = await bench.booted();
      assert.equal((await bench.command("RemoteStartTransaction", { idTag: "T", connectorId: 1 })).ok, true);
      for (const word of ["Preparing", "Available"])
        await wire.confirmed("StatusNotification", { connectorId: 1, errorCode: "NoError", status: word });
      await wire.settled();
      assert.deepEqual(bench.events("transaction.start"), []);
    },
  },
  {
    id: "TC_017_2",
    rule: "UnlockConnector during a transaction ends it with UnlockCommand",
    async run(bench) {
      const wire = await bench.booted();
      const transactionId = await started(wire);
      assert.equal((await bench.command("UnlockConnector", { connectorId: 1 })).ok, true);
      await wire.confirmed("StopTransaction", stopping(transactionId, { reason: "UnlockCommand" }));
      const { payload } = await bench.event("transaction.stop");
      assert.equal(payload["reason"], "UnlockCommand");
    },
  },
  ...["Hard", "Soft"].map((type) => ({
    id: type === "Hard" ? "TC_013" : "TC_014",
    rule: `Reset ${type}: the charge point goes, boots anew, and its stop is confirmed late`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: at(Date.now()) };
      const { transactionId } = await wire.confirmed("StartTransaction", start);
      assert.equal((await bench.command("Reset", { type }, true)).ok, true);
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
      { NotSupported: "TC_040_1", Rejected: "TC_040_2" }[word] ?? "TC_021",
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
  ...(
    [
      ["TC_044_1", ["Downloading", "Downloaded", "Installing", "Installed"]],
      ["TC_044_2", ["Downloading", "DownloadFailed"]],
      ["TC_044_3", ["Downloading", "Downloaded", "Installing", "InstallationFailed"]],
    ] as const
  ).map(([id, steps]) => ({
    id,
    rule: `UpdateFirmware: taken, and reported to the end: ${steps.at(-1)}`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      const payload = { location: "https://192.0.2.1/f.bin", retrieveDate: at(Date.now()) };
      assert.deepEqual(await bench.command("UpdateFirmware", payload), { ok: true, payload: {} });
      for (const step of steps) {
        assert.deepEqual(await wire.confirmed("FirmwareStatusNotification", status(step)), {});
        await bench.event("firmware", (event) => event.payload["status"] === step);
      }
    },
  })),
  ...["Uploaded", "UploadFailed"].map((end, index) => ({
    id: `TC_045_${index + 1}`,
    rule: `GetDiagnostics: taken, and reported to the end: ${end}`,
    async run(bench: Bench) {
      const wire = await bench.booted({
        reply: (call) => (call.action === "GetDiagnostics" ? { fileName: "log.txt" } : takeAll(call)),
      });
      const { ok, payload } = await bench.command("GetDiagnostics", { location: "ftp://192.0.2.1/logs" });
      assert.deepEqual([ok, payload], [true, { fileName: "log.txt" }]);
      for (const step of ["Uploading", end]) {
        assert.deepEqual(await wire.confirmed("DiagnosticsStatusNotification", status(step)), {});
        await bench.event("diagnostics", (event) => event.payload["status"] === step);
      }
    },
  })),
  ...(
    [
      ["4.5", "FirmwareStatusNotification", "Firmware", "firmware"],
      ["4.4", "DiagnosticsStatusNotification", "Diagnostics", "diagnostics"],
    ] as const
  ).map(([id, action, list, event]) => ({
    id,
    rule: `${action}: every word is confirmed and told, asked for or not`,
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
    exchange(
      listVersion === 0 ? "TC_042_2" : "TC_042_1",
      `version ${listVersion}`,
      "GetLocalListVersion",
      {},
      { listVersion },
    ),
  ),
  refused("TC_042_1", "GetLocalListVersion", {}, "NotSupported"),
  ...["Accepted", "Failed", "NotSupported", "VersionMismatch"].map((word) =>
    exchange(
      { Accepted: "TC_043_1", NotSupported: "TC_043_3", Failed: "TC_043_4" }[word] ?? "TC_043_5",
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
  {
    id: "TC_047",
    rule: "a reservation that runs out, or ends with a fault, is told by the states alone",
    async run(bench) {
      const wire = await bench.booted();
      assert.equal((await bench.command("ReserveNow", reservation(1))).ok, true);
      for (const word of ["Reserved", "Available", "Reserved", "Faulted"]) {
        await wire.confirmed("StatusNotification", { connectorId: 1, errorCode: "NoError", status: word });
        await bench.event("status", ({ payload }) => payload["status"] === word);
      }
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

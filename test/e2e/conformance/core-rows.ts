/** OCPP 1.6 §4, core profile: boots and reports, and how they are answered. */
import { strict as assert } from "node:assert";
import type { Row } from "./row.ts";
import { HIGHEST_ID, sample, started, starting, status, statusOf, stopping, words } from "./said.ts";

const BOOT: Row[] = [
  {
    id: "TC_001",
    rule: "a cold boot: accepted with the time and an interval, statuses and heartbeats confirmed",
    async run(bench) {
      const wire = await bench.dial();
      const { status: word, currentTime, interval } = await wire.boot();
      assert.equal(word, "Accepted");
      assert.match(String(currentTime), /Z$/);
      assert.ok(Math.abs(Date.parse(String(currentTime)) - Date.now()) < 5000);
      assert.ok(Number.isInteger(interval) && Number(interval) > 0);
      for (const connector of [0, 1, 2]) assert.deepEqual(await status(wire, connector, "Available"), {});
      assert.match(String((await wire.confirmed("Heartbeat"))["currentTime"]), /Z$/);
      await bench.event("boot");
    },
  },
  {
    id: "TC_001",
    rule: "a serial number longer than the specification allows costs no service",
    async run(bench) {
      const wire = await bench.dial();
      const long = { chargePointSerialNumber: "x".repeat(33), meterSerialNumber: "y".repeat(26) };
      assert.equal((await wire.boot(long))["status"], "Accepted");
    },
  },
  {
    id: "4.2",
    rule: "an unknown charge point that is parked is told Pending, keeps its socket, and gets no command",
    on: ["parking"],
    async run(bench) {
      const wire = await bench.dial();
      const { status: word, interval } = await wire.boot();
      assert.equal(word, "Pending");
      assert.ok(Number(interval) > 0);
      assert.equal(statusOf(await wire.confirmed("Authorize", { idTag: "T" })), "Invalid");
      const { ok } = await bench.command("RemoteStartTransaction", { idTag: "T" });
      assert.equal(ok, false);
      await wire.settled();
      assert.deepEqual(wire.calls, []);
    },
  },
  {
    id: "errata J 3.10",
    rule: "what belongs to a transaction is refused with SecurityError while the charge point waits to be accepted",
    on: ["parking"],
    async run(bench) {
      const wire = await bench.dial();
      await wire.boot();
      const reading = { connectorId: 1, transactionId: 1, meterValue: sample({ value: "5" }) };
      const told = { StartTransaction: starting(), MeterValues: reading, StopTransaction: stopping(1) };
      for (const [action, payload] of Object.entries(told))
        assert.equal((await wire.ask(action, payload))[2], "SecurityError", action);
      await status(wire, 1, "Available");
      await wire.confirmed("Heartbeat");
    },
  },
  {
    id: "TC_037_3",
    rule: "a transaction that should not be is confirmed as Invalid, with an id",
    on: ["badges"],
    async run(bench) {
      const wire = await bench.booted();
      const confirmed = await wire.confirmed("StartTransaction", starting({ idTag: "NOBODY" }));
      assert.equal(statusOf(confirmed), "Invalid");
      assert.ok(Number(confirmed["transactionId"]) > 0);
      await wire.confirmed("StopTransaction", stopping(confirmed["transactionId"] as number));
    },
  },
  {
    id: "errata 3.22",
    rule: "the states of the connectors are asked for after a boot",
    async run(bench) {
      const wire = await bench.dial();
      const asked = wire.nextCall(
        "TriggerMessage",
        ({ payload }) => payload["requestedMessage"] === "StatusNotification",
      );
      await wire.boot();
      await asked;
    },
  },
];

const REPORTS: Row[] = [
  {
    id: "4.9, TC_024",
    rule: "every status and every error code is confirmed, for the charge point as a whole, too",
    async run(bench) {
      const wire = await bench.booted();
      for (const word of words("Status")) for (const connector of [0, 1]) await status(wire, connector, word);
      const vendor = { vendorId: "Maker", vendorErrorCode: "E-17", info: "Lock" };
      for (const errorCode of words("ErrorCode")) await status(wire, 1, "Faulted", { errorCode, ...vendor });
      await bench.event("status", ({ payload }) => payload["errorCode"] === "ConnectorLockFailure");
    },
  },
  {
    id: "4.9, TC_024",
    rule: "a status or an error code that does not exist gets a CALLERROR",
    async run(bench) {
      const wire = await bench.booted();
      for (const wrong of [{ status: "Occupied" }, { errorCode: "groundFailure" }]) {
        const payload = { connectorId: 1, errorCode: "NoError", status: "Available", ...wrong };
        assert.equal((await wire.ask("StatusNotification", payload))[2], "PropertyConstraintViolation");
      }
    },
  },
  {
    id: "4.7",
    rule: "meter values are confirmed with every measurand, phase, unit and context, Celcius and Celsius (errata J 2.1)",
    async run(bench) {
      const wire = await bench.booted();
      for (const [member, list] of [
        ["measurand", "Measurand"],
        ["phase", "Phase"],
        ["unit", "Unit"],
        ["context", "Context"],
      ] as const)
        for (const word of [...words(list), "Nonsense"])
          await wire.confirmed("MeterValues", { connectorId: 1, meterValue: sample({ value: "1", [member]: word }) });
    },
  },
  {
    id: "4.7",
    rule: "meter values are confirmed whatever their transaction and their value, and what is no number is no reading",
    async run(bench) {
      const wire = await bench.booted();
      for (const transactionId of [undefined, 0, -1, HIGHEST_ID])
        await wire.confirmed("MeterValues", { connectorId: 1, transactionId, meterValue: sample({ value: "7" }) });
      for (const value of ["NaN", "", "230,5", "Infinity", "0x10", "1e999", "-"]) {
        const current = { value, measurand: "Current.Import", phase: "L1" };
        await wire.confirmed("MeterValues", { connectorId: 2, meterValue: sample(current, { value: "8" }) });
      }
      await wire.settled();
      await bench.event("meter", ({ connector }) => connector === 2);
      for (const { connector, payload } of bench.events("meter"))
        if (connector === 2)
          assert.ok((payload["currentA"] as unknown[] | null)?.every((value) => value === null) ?? true);
    },
  },
  {
    id: "errata 3.10",
    rule: "time stamps with fractions, offsets and senseless years are taken",
    async run(bench) {
      const wire = await bench.booted();
      const times = [
        "2026-06-01T12:00:00.123Z",
        "2026-06-01T14:00:00+02:00",
        "1970-01-01T00:00:00Z",
        "2099-12-31T23:59:59Z",
      ];
      for (const timestamp of times) {
        await status(wire, 1, "Available", { timestamp });
        await wire.confirmed("MeterValues", {
          connectorId: 1,
          meterValue: [{ timestamp, sampledValue: [{ value: "1" }] }],
        });
        const transactionId = await started(wire, { timestamp });
        await wire.confirmed("StopTransaction", stopping(transactionId, { timestamp }));
      }
    },
  },
  {
    id: "TC_064",
    rule: "data of an unknown vendor gets UnknownVendorId",
    async run(bench) {
      const wire = await bench.booted();
      const { status: word } = await wire.confirmed("DataTransfer", {
        vendorId: "Somebody",
        messageId: "m",
        data: "d",
      });
      assert.equal(word, "UnknownVendorId");
      await bench.event("data");
    },
  },
];

export const CORE: readonly Row[] = [...BOOT, ...REPORTS];

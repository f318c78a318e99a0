import { strict as assert } from "node:assert";
import { createRPCError } from "ocpp-rpc";
import type { Sample } from "../../lib/ocpp/facts.ts";
import type { Payload } from "./back-end.ts";
import { BilledSite } from "./billing.ts";

/** A value as a meter under calibration law signs it. */
const signed = (value: string, context = "Sample.Periodic", timestamp = "2026-06-01T12:00:00Z"): Sample => ({
  timestamp,
  sampledValue: [
    { value: "12.5", context, measurand: "Energy.Active.Import.Register", unit: "kWh", location: "Outlet" },
    { value, context, format: "SignedData", measurand: "Energy.Active.Import.Register", unit: "kWh" },
  ],
});

describe("A charger's own records at the back end that bills", () => {
  const site = BilledSite.forEach();

  /** The charger sends values, as the station hands them on. */
  const say = (samples: Sample[], transactionId: string | null, atEnd = false) =>
    site.bench.carrier!.whole({ chargePoint: "CP1", connector: 1, transactionId, atEnd, samples });
  const reported = () => site.bench.until("it is reported", () => site.bench.books()[0]?.state === "reported");
  /** What the back end has of the end: of the transaction whose start it confirmed. */
  const end = () => [...site.cloud.transactions.values()].findLast(({ stop }) => stop !== null)?.stop;
  const signedOf = () =>
    [...site.cloud.transactions.values()]
      .flatMap(({ samples }) => samples.flatMap(({ meterValue }) => meterValue as Sample[]))
      .filter(({ sampledValue }) => sampledValue.some(({ format }) => format === "SignedData"));

  it("arrive as they came: signed values on the way, and the data of the end", async () => {
    await site.begin();
    const charger = site.bench.charger();
    const transactionId = await charger.start({ meterWh: 1000 });
    const [first, last] = [signed("OCMF|{begin}", "Transaction.Begin"), signed("OCMF|{end}", "Transaction.End")];
    await say([first], transactionId);
    const endWh = charger.charge(10, 1000);
    await say([first, last], transactionId, true);
    await charger.stop({ meterWh: endWh });
    await reported();
    assert.deepEqual(signedOf(), [first]);
    assert.deepEqual(end()?.["transactionData"], [first, last]);
    assert.equal(end()?.["meterStop"], endWh);
  });

  it("wait through an outage and a restart, those of begin and end whole", async () => {
    await site.begin();
    await site.cloud.close();
    const charger = site.bench.charger();
    const transactionId = await charger.start({ meterWh: 0 });
    await say([signed("begin", "Transaction.Begin")], transactionId);
    for (let minute = 0; minute < 800; minute++) {
      site.bench.clock.advance(60_000);
      await say([signed(`at ${minute}`)], transactionId);
    }
    await say([signed("end", "Transaction.End")], transactionId);
    await say([signed("begin", "Transaction.Begin"), signed("end", "Transaction.End")], transactionId, true);
    await charger.stop({ meterWh: 7000 });
    site.bench.kill();
    site.bench.start();
    site.bench.report();
    await site.cloud.open();
    await reported();
    const values = signedOf().map(({ sampledValue }) => sampledValue[1]!.value);
    assert.deepEqual([values[0], values.at(-1)], ["begin", "end"]);
    assert.ok(values.length > 20 && values.length < 800, `${values.length} of 802`);
    assert.equal(((end()?.["transactionData"] ?? []) as unknown[]).length, 2);
  });

  it("that the back end does not take leave the energy: the end is sent without, and the books say why", async () => {
    await site.begin();
    site.cloud.before = ({ action, payload }) => {
      if (action === "MeterValues" && JSON.stringify(payload).includes("SignedData"))
        throw createRPCError("PropertyConstraintViolation", "no signatures");
      if (action === "StopTransaction" && payload["transactionData"])
        throw createRPCError("FormationViolation", "too long");
    };
    const charger = site.bench.charger();
    const transactionId = await charger.start();
    await say([signed("begin", "Transaction.Begin")], transactionId);
    await say([signed("end", "Transaction.End")], transactionId, true);
    await charger.stop({ meterWh: charger.charge(10, 0) });
    await reported();
    assert.equal(end()?.["meterStop"], 1000);
    assert.match(site.bench.books()[0]?.reason ?? "", /meter values were not taken: .*too long/);
  });

  it("go with a charge that is reported again after it was refused", async () => {
    await site.begin();
    let isStrict = true;
    site.cloud.before = ({ action }) => {
      if (isStrict && action === "StartTransaction") throw createRPCError("PropertyConstraintViolation", "unknown");
    };
    const charger = site.bench.charger();
    const transactionId = await charger.start();
    await say([signed("begin", "Transaction.Begin")], transactionId);
    await say([signed("end", "Transaction.End")], transactionId, true);
    await charger.stop({ meterWh: 5000 });
    await site.bench.until("it is refused", () => site.bench.books()[0]?.state === "refused", 1000);
    isStrict = false;
    site.bench.upstreams.repeat({});
    await reported();
    assert.deepEqual(
      signedOf().map(({ sampledValue }) => sampledValue[1]!.value),
      ["begin"],
    );
    assert.deepEqual([...site.cloud.transactions.values()][0]?.stop?.["transactionData"], [
      signed("end", "Transaction.End"),
    ]);
  });

  it("go to no back end that reports only, and hold no name", async () => {
    await site.begin({ role: "reporting" });
    site.bench.badges.set("TAG", "Anna Example");
    const charger = site.bench.charger();
    const transactionId = await charger.start();
    assert.equal(say([signed("begin", "Transaction.Begin")], transactionId), null);
    await charger.stop({ meterWh: 5000 });
    await reported();
    assert.ok(!JSON.stringify(site.cloud.heard).includes("Anna"));
    assert.deepEqual(signedOf(), []);
  });

  describe("messages of vendors", () => {
    const message = { vendorId: "com.maker", messageId: "setTariff", data: "42" };

    it("pass in both directions for those that are listed", async () => {
      await site.begin({ dataTransferVendors: ["COM.Maker"] });
      site.bench.maintain = () => ({ status: "Accepted", data: "done" });
      assert.deepEqual(await site.cloud.command("CP1", "DataTransfer", message), { status: "Accepted", data: "done" });
      assert.deepEqual(site.bench.commands, [["CP1", "DataTransfer", message, false]]);
      assert.deepEqual(await site.bench.carrier!.data("CP1", message), { status: "Accepted", data: "theirs" });
      assert.deepEqual(
        site.cloud.heard.filter(({ action }) => action === "DataTransfer").map(({ payload }) => payload),
        [message as Payload],
      );
      await site.cloud.close();
      assert.deepEqual(await site.bench.carrier!.data("CP1", message), { status: "Rejected" });
    });

    it("of all others go nowhere", async () => {
      await site.begin({ dataTransferVendors: ["com.maker"] });
      const other = { ...message, vendorId: "com.other" };
      assert.deepEqual(await site.cloud.command("CP1", "DataTransfer", other), { status: "UnknownVendorId" });
      assert.equal(site.bench.carrier!.data("CP1", other), null);
      assert.deepEqual(site.bench.commands, []);
    });
  });
});

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import testHelper from "node-red-node-test-helper";
import { stop } from "./helper.ts";
import { MaintenanceBench } from "./maintenance-bench.ts";

interface Kept {
  reports: { ts: string; sha256: string }[];
}

describe("the commissioning report of a site", () => {
  let bench: MaintenanceBench;
  beforeEach(() => {
    bench = new MaintenanceBench();
  });
  afterEach(() => bench.end());

  const get = (query = "") => testHelper.request().get(`/ev-charging/commissioning-report${query}`);
  const kept = async () =>
    (await testHelper.request().get("/ev-charging/commissioning-reports").expect(200)).body as Kept;
  const made = async () => {
    const { ok, payload } = await bench.send("CommissioningReport", {}, { chargePoint: undefined });
    assert.equal(ok, true);
    return payload as { name: string; ts: string; html: string; sha256: string; data: string };
  };

  it("is kept over a restart, once as long as nothing changes, and says what did", async () => {
    await bench.start();
    const first = await made();
    assert.match(first.name, /^commissioning-\d{4}-\d\d-\d\d\.html$/);
    assert.match(first.html, /Commissioning report: Car park/);
    assert.match(first.html, /This is the first report of this site/);
    assert.match(first.html, /not connected when this report was made/);
    assert.equal(createHash("sha256").update(first.data).digest("hex"), first.sha256);
    assert.deepEqual([(await made()).sha256, (await kept()).reports.length], [first.sha256, 1]);
    await stop({ keepData: true });
    await bench.start();
    const charger = await bench.dial(() => ({ status: "Accepted" }));
    await charger.say("BootNotification", {
      chargePointVendor: "Acme",
      chargePointModel: "<b>Wall",
      firmwareVersion: "9.9",
    });
    const { text, headers } = await get().expect(200);
    assert.match(String(headers["content-disposition"]), /^inline; filename="commissioning-/);
    assert.match(text, /<td>CP1<\/td><td>Firmware<\/td><td>–<\/td><td>9\.9<\/td>/);
    assert.ok(text.includes("Acme &lt;b&gt;Wall") && !text.includes("<b>Wall"));
    const { reports } = await kept();
    assert.deepEqual([reports.length, reports[1]?.sha256], [2, first.sha256]);
    const again = await get(`?ts=${reports[1]!.ts}`).expect(200);
    assert.ok(again.text.includes(first.sha256) && !again.text.includes("9.9"));
    await get("?ts=2020-01-01T00:00:00.000Z").expect(400);
  });

  it("has the steps that were ticked in the dialog of a charger", async () => {
    await bench.start({}, {}, { commissioned: ["others"] });
    const charger = await bench.dial(() => ({ status: "Accepted" }));
    await charger.say("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Wall" });
    const { data } = await made();
    const { chargers } = JSON.parse(data) as { chargers: { steps: { id: string; state: string }[] }[] };
    const states = Object.fromEntries(chargers[0]!.steps.map(({ id, state }) => [id, state]));
    assert.deepEqual([states["address"], states["others"], states["free"]], ["proven", "ticked", "open"]);
  });
});

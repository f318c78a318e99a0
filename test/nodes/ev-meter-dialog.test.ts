import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { meterProfiles } from "../../lib/metering/profiles.ts";
import type { InspectionPage, ProfileCheckPage, ScanPage } from "../../nodes/admin/types/meter-page-types.ts";
import { deploy, type FlowNode, freePort, lastStatus, node, stop, until } from "./helper.ts";

const TYPES = ["ev-modbus", "ev-meter", "ev-meter-simulator"];
/** What Node-RED fills in at a deploy. */
const ENVIRONMENT = ["$", "{METER_HOST}"].join("");

describe("the dialog of ev-meter asks the runtime", () => {
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(stop);

  const chain = (simulator: object = {}): FlowNode[] => [
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port, timeoutMs: 100 },
    { id: "sim", type: "ev-meter-simulator", port, loadA: [10, 5, 2], wires: [], ...simulator },
  ];
  const listens = () => until("the meter listens", () => lastStatus("sim")?.fill === "green");
  const fault = (name: string) => node("sim").receive({ payload: { fault: name } } as NodeMessage);
  const post = (path: string, body: object) => testHelper.request().post(`/ev-charging/${path}`).send(body);
  const line = () => ({ transport: "tcp", host: "127.0.0.1", port });

  it("reads everything now, raw and decoded, over the deployed connection", async () => {
    await deploy(TYPES, chain());
    await listens();
    const { body } = await post("meter-readings", { bus: "bus", profile: "eastron-sdm630", unitId: "1" }).expect(200);
    const page = body as InspectionPage;
    const current = page.values.find(({ name }) => name === "currentL1");
    assert.equal(Math.round(current?.value ?? 0), 10);
    assert.match(current?.raw ?? "", /^0x41[0-9A-F]{6}$/);
    assert.equal(page.measurement.quality, "good");
    assert.deepEqual(page.suspicions, []);
  });

  it("reads now over a connection that is not deployed, closes it again, and tells of a device that refuses everything", async () => {
    await deploy(
      TYPES,
      chain().filter(({ id }) => id === "sim"),
    );
    await listens();
    const { body } = await post("meter-readings", { line: line(), profile: "eastron-sdm630", unitId: 1 }).expect(200);
    assert.equal((body as InspectionPage).measurement.quality, "good");
    const again = await post("meter-readings", { line: line(), profile: "siemens-pac2200", unitId: 1 });
    assert.equal(again.body.code, "EV_MODBUS_EXCEPTION");
  });

  it("says what is wrong when it cannot read", async () => {
    await deploy(TYPES, []);
    const failed = async (body: object, status: number) =>
      (await post("meter-readings", { profile: "eastron-sdm630", ...body }).expect(status)).body.code;
    assert.equal(await failed({}, 400), "EV_CONFIG_MISSING");
    assert.equal(await failed({ line: { transport: "tcp", host: "" } }, 400), "EV_CONFIG_INVALID");
    assert.equal(await failed({ line: { transport: "tcp", host: ENVIRONMENT } }, 400), "EV_CONFIG_MISSING");
    assert.equal(await failed({ line: line(), unitId: 999 }, 400), "EV_CONFIG_INVALID");
    assert.equal(await failed({ line: line() }, 502), "EV_MODBUS_CONNECT");
  });

  it("finds who answers in a range of unit ids, and which devices fit", async () => {
    await deploy(TYPES, chain({ unitId: 3, profile: "siemens-pac2200" }));
    await listens();
    const wish = { bus: "bus", profile: "siemens-pac2200", from: 2, to: 4 };
    const { body } = await post("meter-scans", wish).expect(200);
    const page = await overScan(body.id);
    assert.deepEqual([page.done, page.total, page.error, page.isCancelled], [3, 3, null, false]);
    assert.deepEqual(
      page.found.map(({ unitId }) => unitId),
      [3],
    );
    assert.equal(page.found[0]?.fits[0]?.profile, "siemens-pac2200");
  });

  it("stops a search", async () => {
    await deploy(TYPES, chain());
    await listens();
    fault("silent");
    const { body } = await post("meter-scans", { bus: "bus", profile: "eastron-sdm630", from: 1, to: 255 }).expect(200);
    await testHelper.request().delete(`/ev-charging/meter-scans/${body.id}`).expect(200);
    assert.equal((await overScan(body.id)).isCancelled, true);
    await testHelper.request().get("/ev-charging/meter-scans/none").expect(400);
    await post("meter-scans", { bus: "bus", from: 9, to: 2 }).expect(400);
  });

  it("checks the user's own device", async () => {
    await deploy(TYPES, []);
    const registers = { currentL1: { address: 6, type: "float32" }, power: { address: 52, type: "float32" } };
    const check = async (customProfile: string) => (await post("meter-profile-checks", { customProfile })).body;
    const fine = (await check(JSON.stringify({ registers }))) as ProfileCheckPage;
    assert.ok(fine.ok);
    assert.equal(fine.profile.values, "I, P (1 phase)");
    const faulty = (await check(
      JSON.stringify({ registers: { amps: { address: 1, type: "int16" } } }),
    )) as ProfileCheckPage;
    assert.ok(!faulty.ok);
    assert.match(faulty.error.message, /registers\.amps is no quantity/);
  });

  async function overScan(id: string): Promise<ScanPage> {
    let page: ScanPage | null = null;
    await until("the search is over", () => {
      void testHelper
        .request()
        .get(`/ev-charging/meter-scans/${id}`)
        .then(({ body }) => {
          page = body as ScanPage;
        });
      return page?.isOver === true;
    });
    return page as unknown as ScanPage;
  }

  it("gives the dialogs the list of devices", async () => {
    await deploy(TYPES, []);
    const { body } = await testHelper.request().get("/ev-charging/meter-profiles").expect(200);
    const listed = (body as { id: string; vendor: string; models: string[] }[]).find(
      ({ id }) => id === "siemens-pac2200",
    );
    assert.equal((body as unknown[]).length, meterProfiles().length);
    assert.equal(listed?.vendor, "Siemens");
    assert.ok(listed?.models.includes("SENTRON PAC2200"));
  });
});

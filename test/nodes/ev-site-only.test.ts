/** Nodes that name no site: which one is theirs, and what becomes of the records that they had before. */
import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { EvCentralSystemNode, EvSiteNode, EvZoneNode } from "../../nodes/runtime/node-types.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  node,
  redeploy,
  stop,
  until,
  useUserDir,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-dlm"];
const HIDDEN = join(dataDir, "ev-charging", "default");
/** Node-RED fills it in at a deploy. */
const FROM_ENVIRONMENT = ["$", "{TEST_RECORDS}"].join("");
const KEPT = `${HIDDEN}-taken-over`;

describe("Nodes that name no site", () => {
  let port: number;
  const chargers: Charger[] = [];

  beforeEach(async () => {
    port = await freePort();
    useUserDir(dataDir);
  });
  afterEach(async () => {
    for (const charger of chargers.splice(0)) charger.close();
    await stop();
  });

  const plant = (site = ""): FlowNode[] => [
    { id: "cs", type: "ev-central-system", site, host: "127.0.0.1", port },
    { id: "z-main", type: "ev-zone", site, name: "main" },
    { id: "dlm", type: "ev-dlm", zone: "z-main", wires: [[], [], []] },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", zone: "z-main", identity: "CP1" },
  ];
  const home = (more: object = {}): FlowNode => ({ id: "s-home", type: "ev-site", name: "Home", ...more });
  const office: FlowNode = { id: "s-office", type: "ev-site", name: "Office" };
  const siteOf = (id: string) => node<EvCentralSystemNode & EvZoneNode & EvSiteNode>(id).site;
  const listening = () => until("the server listens", () => lastStatus("cs")?.fill === "yellow");

  /** A start of Node-RED with another flow, as after an upgrade. */
  async function restart(flow: FlowNode[]): Promise<void> {
    await stop({ keepData: true });
    useUserDir(dataDir);
    await deploy(TYPES, flow);
  }

  async function connect(): Promise<Charger> {
    const charger = new Charger("CP1");
    chargers.push(charger);
    await charger.connect(port);
    return charger;
  }

  /** What an earlier release left behind: a charge that runs, in the records of the nodes without a site. */
  async function charge(): Promise<string> {
    await deploy(TYPES, plant());
    await listening();
    const charger = await connect();
    const start = { connectorId: 1, idTag: "04A1", meterStart: 0, timestamp: new Date().toISOString() };
    const { transactionId } = await charger.say("StartTransaction", start);
    charger.close();
    return String(transactionId);
  }
  const openAt = (id: string) =>
    siteOf(id)
      ?.store.openTransactions("CP1")
      .map(({ transactionId }) => transactionId);

  it("belong to the only one, wherever it stands in the file", async () => {
    await deploy(TYPES, [...plant(), home()]);
    await listening();
    for (const id of ["cs", "z-main", "cp"]) assert.equal(siteOf(id), siteOf("s-home"), id);
    assert.deepEqual(readdirSync(join(dataDir, "ev-charging")), ["s-home"]);
  });

  it("find its folder where the environment names it", async () => {
    process.env["TEST_RECORDS"] = join(dataDir, "elsewhere");
    await deploy(TYPES, [...plant(), home({ dataDir: FROM_ENVIRONMENT })]);
    await listening();
    assert.equal(siteOf("cs")?.dataDir, join(dataDir, "elsewhere"));
    assert.equal(siteOf("s-home"), siteOf("cs"));
  });

  it("are red where there are several, name them, and open nothing", async () => {
    await deploy(TYPES, [home(), office, ...plant()]);
    await until("the server is red", () => lastStatus("cs")?.fill === "red");
    for (const id of ["cs", "z-main"]) {
      assert.equal(errorsOf(id)[0]?.message, "site is empty: choose one of the sites Home, Office");
      assert.equal(lastStatus(id)?.text, "site is empty: choose one of the sites Home, Office");
    }
    assert.match(errorsOf("cp")[0]?.message ?? "", /has an error of its own/);
    assert.equal(existsSync(HIDDEN), false);
  });

  it("do not count a site that is disabled", async () => {
    await deploy(TYPES, [home(), { ...office, d: true }, ...plant()]);
    await listening();
    assert.equal(siteOf("cs"), siteOf("s-home"));
  });

  it("bring their records with them when a flow of an earlier release is started, once", async () => {
    const transaction = await charge();
    await restart([...plant(), home()]);
    await listening();
    assert.deepEqual(openAt("s-home"), [transaction]);
    assert.equal(siteOf("cs"), siteOf("s-home"));
    assert.equal(existsSync(HIDDEN), false);
    assert.equal(existsSync(join(KEPT, "ev-charging.sqlite")), true);
    await restart([...plant(), home()]);
    await listening();
    assert.deepEqual(openAt("s-home"), [transaction]);
    assert.deepEqual(readdirSync(join(dataDir, "ev-charging")).sort(), ["default-taken-over", "s-home"]);
  });

  it("keep their connections when the first site is added, and move at the next start", async () => {
    await deploy(TYPES, plant());
    await listening();
    const charger = await connect();
    await redeploy([...plant(), home({ voltageV: 240 })]);
    assert.equal(siteOf("s-home"), siteOf("cs"));
    assert.equal(siteOf("s-home")?.plant.voltageV, 240);
    await charger.say("Heartbeat", {});
    const start = { connectorId: 1, idTag: "04A1", meterStart: 0, timestamp: new Date().toISOString() };
    const { transactionId } = await charger.say("StartTransaction", start);
    charger.close();
    await restart([...plant(), home()]);
    assert.deepEqual(openAt("s-home"), [String(transactionId)]);
    assert.equal(existsSync(HIDDEN), false);
  });

  it("bring their records to the site that is chosen among several, at the next start", async () => {
    const transaction = await charge();
    await restart([home(), office, ...plant()]);
    await until("the server is red", () => lastStatus("cs")?.fill === "red");
    assert.equal(existsSync(join(HIDDEN, "ev-charging.sqlite")), true);
    await restart([home(), office, ...plant("s-office")]);
    await listening();
    assert.deepEqual(openAt("s-office"), [transaction]);
    assert.deepEqual(openAt("s-home"), []);
    assert.equal(existsSync(HIDDEN), false);
  });
});

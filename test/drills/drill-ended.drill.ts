/** A drill of commissioning whose process is killed, or whose charger is taken out of the flow: nothing of it is in force afterwards. */
import { strict as assert } from "node:assert";
import type { DrillPage } from "../../lib/commissioning/drills/view-types.ts";
import type { OverviewPage } from "../../nodes/admin/types/overview-page-types.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { RawCharger } from "../e2e/raw-charger.ts";
import { isLong } from "./scale.ts";

describe("drill: commissioning is broken off from outside", () => {
  if (!isLong) return;
  let nodeRed: NodeRed;
  let port: number;
  let flow: FlowNode[];
  let charger: RawCharger;

  before("a car charges", async () => {
    port = await freePort();
    const z = "tab";
    flow = [
      { id: z, type: "tab", label: "drills" },
      { id: "site", type: "ev-site", name: "Building" },
      { id: "zone", type: "ev-zone", site: "site", name: "main", limitA: [80, 80, 80], meters: [] },
      { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "zone" },
      { id: "dlm", type: "ev-dlm", z, zone: "zone", cycleS: 1, rampUpAps: 100, wires: [["profile"], [], []] },
      { id: "profile", type: "ev-charging-profile", z, wires: [[]] },
    ];
    nodeRed = await NodeRed.start("5");
    await nodeRed.deploy(flow);
    await charge();
  });
  after(async () => {
    charger?.close();
    await nodeRed?.stop();
  });

  /** The charger dials, its car charges, and it is told its usual limit. */
  async function charge(): Promise<void> {
    charger?.close();
    const dialled = async () => {
      charger = await RawCharger.dial(port, "CP1");
      return true;
    };
    await until("the charger is let in", () => dialled().catch(() => false), 30_000);
    await charger.call("BootNotification", { chargePointVendor: "Test", chargePointModel: "Test" });
    await charger.call("StatusNotification", { connectorId: 1, status: "Charging", errorCode: "NoError" });
    const timestamp = new Date().toISOString();
    await charger.call("StartTransaction", { connectorId: 1, idTag: "AB", meterStart: 0, timestamp });
    await until("the charger has its usual limit", () => limitA() === 32, 60_000);
  }
  const limitA = (): number | undefined => {
    const last = charger.heard.findLast(({ action }) => action === "SetChargingProfile")?.payload as
      | Profile
      | undefined;
    return last?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit;
  };
  const page = async () => (await nodeRed.get("/ev-charging/drills?site=site")) as DrillPage;
  const start = async (payload: object): Promise<void> => {
    let refusal = "";
    const asked = async () => {
      const body = JSON.stringify({ site: "site", name: "start", payload });
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(`${nodeRed.url}/ev-charging/drills`, { method: "POST", headers, body });
      refusal = answer.ok ? "" : await answer.text();
      return answer.ok;
    };
    await until("the drill begins", asked, 30_000).catch(() => assert.fail(refusal));
  };
  const isAlarmed = async () => {
    const { overview } = (await nodeRed.get("/ev-charging/overview?site=site")) as OverviewPage;
    return overview.alarms.some(({ id }) => id === "drill/site");
  };
  /** Nothing is in force, no list says so, and the charger has what it had. */
  const over = async (kind: string, ends: readonly string[], verdict: string): Promise<void> => {
    const { running, results } = await page();
    const [newest] = results;
    assert.deepEqual([running, newest?.kind, newest?.verdict], [null, kind, verdict]);
    assert.ok(ends.includes(newest!.end), newest!.end);
    await charge();
    await until("the alarm list says nothing of it", async () => !(await isAlarmed()), 15_000);
  };

  const shut = async (): Promise<void> => {
    await start({ kind: "link", target: "CP1/1" });
    await until("the connection is closed", () => charger.closed, 10_000);
  };

  it("killed while a limit is commanded: the result says so, and the charger gets its usual limit", async () => {
    await start({ kind: "limit", target: "main" });
    await until("the limit is commanded", () => limitA()! < 7, 20_000);
    assert.equal(await isAlarmed(), true);
    await nodeRed.kill("SIGKILL");
    await nodeRed.restart();
    await over("limit", ["restart"], "unsure");
  });

  it("killed while a connection is held shut: the charger is let in", async () => {
    await shut();
    await assert.rejects(RawCharger.dial(port, "CP1"), /HTTP 409/);
    await nodeRed.kill("SIGKILL");
    await nodeRed.restart();
    await over("link", ["restart"], "unsure");
  });

  it("its charger is taken out of the flow, and put back: it is let in", async () => {
    await shut();
    await nodeRed.deploy(
      flow.filter(({ id }) => id !== "cp"),
      "nodes",
    );
    await until("the drill has ended", async () => (await page()).running === null, 20_000);
    await nodeRed.deploy(flow, "nodes");
    await over("link", ["gone", "deploy"], "unsure");
  });
});

interface Profile {
  csChargingProfiles: { chargingSchedule: { chargingSchedulePeriod: { limit: number }[] } };
}

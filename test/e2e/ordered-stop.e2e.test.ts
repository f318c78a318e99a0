import { strict as assert } from "node:assert";
import { join } from "node:path";
import { peek } from "../peek.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";
import { RawCharger } from "./raw-charger.ts";

const START_WH = 1000;
const LAST_WH = 1100;
/** The charge began so long ago that this energy can be, and not so long that the start counts as sent late. */
const BEGAN_AGO_MS = 45_000;

for (const major of STORY_MAJORS) {
  describe(`Node-RED ${major} that is told to stop`, () => {
    let nodeRed: NodeRed;
    let charger: RawCharger;
    let port: number;
    let transactionId: number;

    const dial = async () => {
      charger = await RawCharger.dial(port, "CP1");
      await charger.call("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
    };
    const path = () => join(nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
    const rows = (query: string): object[] => peek(path(), (database) => database.prepare(query).all());
    const session = () => {
      const [row, ...more] = rows("SELECT energy_wh, ended_wall_ms FROM sessions");
      assert.deepEqual(more, []);
      return row as { energy_wh: number; ended_wall_ms: number | null };
    };
    /** Of load management, those that are not over: which, and since when. */
    const alarms = () =>
      rows("SELECT key, since_wall_ms FROM alarms WHERE source LIKE 'load management%' AND cleared_wall_ms IS NULL");
    let raised: object[];

    before("charge, and report the energy now and then", async () => {
      port = await freePort();
      const flow: FlowNode[] = [
        { id: "tab", type: "tab", label: "Chargers" },
        { id: "site", type: "ev-site", name: "Building" },
        { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
        { id: "cp1", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "zone" },
        { id: "zone", type: "ev-zone", site: "site", name: "Building", meters: [{ meter: "grid", staleAfterS: 10 }] },
        // Nothing comes in: the meter is silent.
        {
          id: "grid",
          type: "ev-meter-input",
          z: "tab",
          site: "site",
          meter: "grid",
          mapping: "payload",
          wires: [["dlm"]],
        },
        { id: "dlm", type: "ev-dlm", z: "tab", zone: "zone", wires: [["profile"], [], []] },
        { id: "profile", type: "ev-charging-profile", z: "tab", wires: [[]] },
      ];
      nodeRed = await NodeRed.start(major);
      await nodeRed.deploy(flow);
      await until(
        "the port is open",
        () =>
          dial().then(
            () => true,
            () => false,
          ),
        20_000,
      );
      const timestamp = new Date(Date.now() - BEGAN_AGO_MS).toISOString();
      const [, , started] = await charger.call("StartTransaction", {
        ...{ connectorId: 1, idTag: "TAG", meterStart: START_WH, timestamp },
      });
      ({ transactionId } = started as { transactionId: number });
      for (const value of [START_WH + 50, LAST_WH]) {
        const sampledValue = [{ value: String(value), measurand: "Energy.Active.Import.Register", unit: "Wh" }];
        const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
        await charger.call("MeterValues", { connectorId: 1, transactionId, meterValue });
      }
      await until("the silent meter is an alarm", () => alarms().length > 0, 30_000);
    });
    after(async () => {
      charger?.close();
      await nodeRed?.stop();
    });

    it("writes down what the running session has charged, and takes leave of its chargers", async () => {
      raised = alarms();
      await nodeRed.kill("SIGTERM");
      await until("the connection has ended", () => charger.closed, 5000);
      assert.equal(charger.closeCode, 1001);
      const { energy_wh, ended_wall_ms } = session();
      assert.equal(energy_wh, LAST_WH - START_WH);
      assert.equal(ended_wall_ms, null, "the car still charges");
    });

    it("leaves the alarms of load management raised, as they were", () => assert.deepEqual(alarms(), raised));

    it("goes on with the session after its next start", async () => {
      await nodeRed.restart();
      await until(
        "the charger is let in",
        () =>
          dial().then(
            () => true,
            () => false,
          ),
        20_000,
      );
      const timestamp = new Date().toISOString();
      const stopped = await charger.call("StopTransaction", {
        ...{ transactionId, meterStop: LAST_WH + 1, timestamp },
      });
      assert.equal(stopped[0], 3);
      await until("the session has ended", () => session().ended_wall_ms !== null, 10_000);
      assert.equal(session().energy_wh, LAST_WH + 1 - START_WH);
    });
  });
}

/** A message handed to a flow is the flow's: behind every output of every node something changes all that it is given. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { NODES } from "../editor-contract.ts";
import { connect } from "../managers/modbus/client.ts";
import { em2Device } from "../managers/semp/open-door.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, node, stop, until } from "./helper.ts";

const SPOILT = "spoilt by the flow";

/** Everything in a message is replaced, deeply: what anybody else still holds of it says so. */
function spoil(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  for (const key of Object.keys(value)) {
    const fields = value as Record<string, unknown>;
    spoil(fields[key], seen);
    Reflect.set(fields, key, SPOILT);
  }
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push(SPOILT);
}

/** Types with outputs, and how many each has, as the editor draws them. */
const OUTPUTS = Object.entries(NODES).flatMap(([type, { outputs }]) =>
  Array.from({ length: outputs }, (_, output) => `${type} ${output + 1}`),
);

describe("what a flow does to the messages it is given", () => {
  const heard = new Map<string, string[]>();
  const said = (output: string): string[] => heard.get(output) ?? [];

  afterEach(async () => {
    heard.clear();
    await stop();
  });

  /** A node whose outputs each end in something hostile before anything else. */
  const spoilt = (type: string, properties: object, ...next: string[][]): FlowNode[] => {
    const { outputs } = NODES[type]!;
    const names = Array.from({ length: outputs }, (_, output) => `${type} ${output + 1}`);
    const wires = names.map((name, output) => [name, ...(next[output] ?? [])]);
    return [{ id: type, type, ...properties, wires }, ...names.map((id) => ({ id, type: "helper" }))];
  };

  /** Notes what comes out of an output, and spoils it. */
  const spoilAll = (name: string): void => {
    heard.set(name, []);
    node(name).on("input", ((message: NodeMessage) => {
      said(name).push(JSON.stringify(message));
      spoil(message);
    }) as never);
  };

  const give = (id: string, message: object): void => node(id).receive(structuredClone(message) as NodeMessage);

  it("changes nothing in what the nodes say, show and keep afterwards", async () => {
    const [port, modbusPort, serverPort] = [await freePort(), await freePort(), await freePort()];
    const sempPort = await freePort();
    const bySite = { site: "site" };
    const flow: FlowNode[] = [
      { id: "site", type: "ev-site", dataDir },
      { id: "cs", type: "ev-central-system", ...bySite, host: "127.0.0.1", port, authorization: "flow" },
      {
        id: "zone",
        type: "ev-zone",
        ...bySite,
        name: "main",
        limitA: [32, 32, 32],
        assumedLoadA: [10, 10, 10],
        meters: [{ meter: "house", staleAfterS: 3 }],
      },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "SIM", zone: "zone" },
      { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: modbusPort },
      { id: "meters", type: "ev-meter-simulator", port: modbusPort, profile: "eastron-sdm630", wires: [] },
      ...spoilt("ev-meter", {
        bus: "bus",
        meter: "grid",
        profile: "eastron-sdm630",
        intervalMs: 200,
        statistics: true,
      }),
      ...spoilt("ev-meter-input", { meter: "house", mapping: "payload", staleAfterS: 3 }, ["ev-dlm", "ev-pv-surplus"]),
      ...spoilt("ev-pv-surplus", { gridMeter: "house" }, ["ev-dlm"]),
      ...spoilt("ev-limit", { zone: "zone", kind: "current", scope: "total" }, ["ev-dlm"]),
      ...spoilt("ev-dlm", { zone: "zone", cycleS: 1, rampUpAps: 100 }, ["ev-charging-profile"]),
      ...spoilt("ev-charging-profile", {}),
      ...spoilt("ev-sessions", bySite),
      ...spoilt("ev-report", { ...bySite, destination: "wired" }),
      ...spoilt("ev-authorization", bySite),
      ...spoilt("ev-alarms", { ...bySite, minSeverity: "info" }),
      ...spoilt("ev-event", { centralSystem: "", raw: true }),
      ...spoilt("ev-command", { centralSystem: "cs" }),
      ...spoilt("ev-modbus-server", { ...bySite, host: "127.0.0.1", port: serverPort, writable: true }),
      ...spoilt("ev-mqtt-bridge", bySite),
      ...spoilt("ev-semp", { ...bySite, host: "127.0.0.1", port: sempPort, writable: true, announce: false }),
      ...spoilt("ev-simulator", { url: `ws://127.0.0.1:${port}`, identity: "SIM" }),
    ];
    const types = [...new Set(flow.map(({ type }) => type))].filter((type) => type !== "helper");
    await deploy(types, flow);
    for (const name of OUTPUTS) spoilAll(name);
    const asked = async (id: string, output: string, message: object): Promise<string> => {
      const before = said(output).length;
      const { topic } = message as { topic?: string };
      const answer = () =>
        said(output)
          .slice(before)
          .findLast((text) => topic === undefined || JSON.parse(text).topic === topic);
      give(id, message);
      await until(`${output} answers ${JSON.stringify(message)}`, () => answer() !== undefined);
      const { _msgid, ...rest } = JSON.parse(answer()!);
      return JSON.stringify(rest);
    };
    const twice = async (id: string, output: string, message: object): Promise<void> => {
      assert.equal(await asked(id, output, message), await asked(id, output, message));
    };
    const measure = (amps: number) =>
      give("ev-meter-input", {
        payload: {
          currentA: [amps, amps, amps],
          voltageV: [230, 230, 230],
          powerW: amps * 690,
          phasePowerW: [amps * 230, amps * 230, amps * 230],
        },
      });

    const badge = { idTag: "SIMSIM", comment: "Anna", chargePoints: ["SIM"] };
    give("ev-authorization", { topic: "badges/add", payload: badge });
    await until("the badge is there", () => said("ev-authorization 2").length > 0);
    await twice("ev-authorization", "ev-authorization 2", { topic: "badges/list" });
    measure(5);
    const isOpened = () => said("ev-sessions 1").filter((text) => JSON.parse(text).event === "open").length;
    await until("the car charges", () => isOpened() === 1, 20_000);
    const raised = () => said("ev-dlm 3").map((text) => JSON.parse(text));
    await until(
      "the silent meter is an alarm",
      () => raised().some(({ payload }) => payload.state === "raised"),
      15_000,
    );
    const feeding = setInterval(() => measure(5 + Math.random()), 200);
    try {
      await until("the alarm ends", () => raised().some(({ payload }) => payload.state === "cleared"), 20_000);
      const end = raised().find(({ payload }) => payload.state === "cleared");
      const begin = raised().find(({ topic }) => topic === end.topic);
      assert.deepEqual({ ...end.payload, state: "raised" }, begin.payload);
      give("ev-limit", { payload: 20 });
      await until("the limit holds", () => said("ev-limit 1").some((text) => text.includes('"limitA":20,')));
      give("ev-limit", { payload: 25 });
      // The load management takes the limit up in its next cycle. Once the limit is all that is wrong, the list stays as it is.
      const isSettled = ({ topic, payload }: { topic: string; payload: { text: string }[] }) =>
        topic === "alarms/list" && payload.length === 1 && payload[0]!.text.includes("limited to 25 A");
      const settles = (): boolean => {
        give("ev-alarms", { topic: "alarms/list" });
        return said("ev-alarms 1").some((text) => isSettled(JSON.parse(text)));
      };
      await until("the list tells the limit and nothing else", settles, 20_000);
      await twice("ev-alarms", "ev-alarms 1", { topic: "alarms/list" });
      give("ev-alarms", { topic: "alarm/pump/1", payload: { state: "raised", severity: "alarm", text: "it leaks" } });
      await until("the pump is told", () => said("ev-alarms 1").some((text) => text.includes("it leaks")));
      give("ev-alarms", { topic: "alarm/pump/1", payload: { state: "cleared" } });
      await asked("ev-alarms", "ev-alarms 1", { topic: "alarms/history" });
      await asked("ev-dlm", "ev-dlm 2", { topic: "why/SIM/1" });
      await asked("ev-dlm", "ev-dlm 2", { topic: "recording" });
      await asked("ev-dlm", "ev-dlm 2", { topic: "recording" });
      for (const action of ["GetConfiguration", "TriggerMessage", "GetConfiguration"]) {
        const payload = action === "GetConfiguration" ? {} : { requestedMessage: "Heartbeat" };
        await asked("ev-command", "ev-command 1", { action, chargePoint: "SIM", payload });
      }
      const client = await connect(serverPort);
      for (const tenthsA of [310, 320]) await client.writeRegister(1040, tenthsA);
      client.destroy(() => {});
      await until("the writes are told", () => said("ev-modbus-server 1").length >= 2);
      const semp = `http://127.0.0.1:${sempPort}/semp`;
      const deviceId = /<DeviceId>([^<]+)/.exec(await (await fetch(semp)).text())![1]!;
      for (const powerW of [21_390, 22_080])
        assert.equal((await fetch(semp, { method: "POST", body: em2Device(deviceId, true, powerW) })).status, 200);
      await until("the recommendations are told", () => said("ev-semp 1").length >= 2);
      await asked("ev-report", "ev-report 2", { topic: "report/list" });
      for (const count of [1, 2]) {
        give("ev-report", { topic: "report/test" });
        await until("a report is handed over", () => said("ev-report 1").length === count);
      }
      await twice("ev-report", "ev-report 2", { topic: "report/list" });
      give("ev-simulator", { payload: "unplug" });
      await until("the session ends", () => said("ev-sessions 1").some((text) => JSON.parse(text).event === "close"));
      await twice("ev-sessions", "ev-sessions 1", { topic: "sessions/list" });
      give("ev-simulator", { payload: "plug" });
      await until("the next session opens", () => isOpened() === 2, 20_000);
      await twice("ev-authorization", "ev-authorization 2", { topic: "badges/list" });
      const shorter = { topic: "badges/add", payload: { idTag: "OTHER" } };
      await asked("ev-authorization", "ev-authorization 2", shorter);
    } finally {
      clearInterval(feeding);
    }

    for (const output of OUTPUTS) assert.ok(said(output).length >= 2, `${output}: ${said(output).length} messages`);
    for (const [output, texts] of heard) {
      const bad = texts.find((text) => text.includes(SPOILT));
      assert.equal(bad, undefined, `${output}: ${bad?.slice(0, 500)}`);
    }
    for (const { id } of flow) {
      assert.ok(!JSON.stringify(lastStatus(id) ?? {}).includes(SPOILT), `status of ${id}`);
    }
    for (const page of [
      "overview",
      "charge-points/SIM",
      "central-systems/cs",
      "maintenance-report",
      "sessions/ev-sessions?format=json",
    ]) {
      const { text } = await testHelper.request().get(`/ev-charging/${page}`);
      assert.ok(text.length > 0 && !text.includes(SPOILT), page);
    }
    await stop({ keepData: true });
    const kept = readFileSync(`${dataDir}/ev-charging.sqlite`).toString("latin1");
    assert.ok(!kept.includes(SPOILT), "the database");
  });

  describe("with the answer to a question or a command", () => {
    let charger: Charger;
    beforeEach(() => {
      charger = new Charger("CP1");
    });
    afterEach(() => charger.close());

    /** Two ask the same at once: the first answer is spoilt before the second one is looked at. */
    const bothAnswers = async (id: string, output: string, question: Record<string, unknown>): Promise<string[]> => {
      const before = said(output).length;
      const answers = () =>
        said(output)
          .slice(before)
          .filter((text) => question["topic"] === undefined || JSON.parse(text).topic === question["topic"]);
      give(id, question);
      give(id, question);
      await until(`${output} answers twice`, () => answers().length === 2);
      return answers();
    };

    const assertWhole = (texts: readonly string[]): void => {
      for (const text of texts) assert.ok(!text.includes(SPOILT), text.slice(0, 500));
    };

    it("changes nothing in the meter's answer to another question", async () => {
      const port = await freePort();
      await deploy(
        ["ev-modbus", "ev-meter-simulator", "ev-meter"],
        [
          { id: "bus", type: "ev-modbus", host: "127.0.0.1", port },
          { id: "meters", type: "ev-meter-simulator", port, profile: "eastron-sdm630", wires: [] },
          ...spoilt("ev-meter", { bus: "bus", meter: "grid", profile: "eastron-sdm630", intervalMs: 0 }),
        ],
      );
      spoilAll("ev-meter 1");
      await until("there is a meter", () => lastStatus("meters")?.fill === "green");
      assertWhole(await bothAnswers("ev-meter", "ev-meter 1", {}));
    });

    it("changes nothing in the reasons that the load management gives", async () => {
      await deployCharger();
      const answers = await bothAnswers("ev-dlm", "ev-dlm 2", { topic: "why/CP1/1" });
      assert.ok(JSON.parse(answers[0]!).payload.reasons.length > 0);
      assertWhole(answers);
      const { text } = await testHelper.request().get("/ev-charging/overview");
      assertWhole([text]);
    });

    it("changes nothing in what is known of the charge point that took the command", async () => {
      await deployCharger();
      charger.configuration = [{ key: "Own", readonly: false, value: "0" }];
      const changeKey = { action: "ChangeConfiguration", chargePoint: "CP1", payload: { key: "Own", value: "1" } };
      give("ev-command", changeKey);
      await until("it waits for a restart", () =>
        said("ev-command 1").some((text) => JSON.parse(text).payload.status === "RebootRequired"),
      );
      const check = { action: "CheckConfiguration", chargePoint: "CP1", payload: {} };
      const answers = await bothAnswers("ev-command", "ev-command 1", check);
      for (const text of answers) assert.deepEqual(JSON.parse(text).payload.pendingReboot, ["Own"]);
      const { body } = await testHelper.request().get("/ev-charging/charge-points/CP1");
      assert.deepEqual(body.pendingReboot, ["Own"]);
    });

    async function deployCharger(): Promise<void> {
      const port = await freePort();
      const bySite = { site: "site" };
      await deploy(
        ["ev-site", "ev-central-system", "ev-zone", "ev-charge-point", "ev-dlm", "ev-command"],
        [
          { id: "site", type: "ev-site", dataDir },
          { id: "cs", type: "ev-central-system", ...bySite, host: "127.0.0.1", port },
          { id: "zone", type: "ev-zone", ...bySite, name: "main", limitA: [32, 32, 32] },
          { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "zone" },
          ...spoilt("ev-dlm", { zone: "zone", cycleS: 60 }),
          ...spoilt("ev-command", { centralSystem: "cs" }),
        ],
      );
      for (const name of OUTPUTS.filter((output) => /^ev-(dlm|command) /.test(output))) spoilAll(name);
      await until("listening", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));
      charger.answer = () => ({ status: "RebootRequired" });
      await charger.connect(port);
      await until("something is decided", () => said("ev-dlm 1").length > 0);
    }
  });
});

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import type { EvZoneNode } from "../../nodes/runtime/node-types.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-mqtt-bridge"];
const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "Main yard", limitA: [32, 32, 32] };
const DLM = { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, wires: [["alloc"], [], []] };
const charger = (identity: string): FlowNode => ({
  ...{ id: `node-${identity}`, type: "ev-charge-point", centralSystem: "", identity, zone: "z-main" },
});
const OUTPUTS: FlowNode[] = ["alloc", "out"].map((id) => ({ id, type: "helper" }));
const ID = "phasewise_charger_CP1_1";

interface Outgoing {
  topic: string;
  payload: string;
  retain: boolean;
  qos: 0 | 1;
}

/** What Home Assistant asks of a component, by platform: https://www.home-assistant.io/integrations/mqtt/ */
const REQUIRED: Record<string, string[]> = {
  sensor: ["value_template"],
  binary_sensor: ["value_template", "payload_on", "payload_off"],
  number: ["command_topic", "min", "max"],
  select: ["command_topic", "options"],
  switch: ["command_topic", "payload_on", "payload_off"],
  button: ["command_topic", "payload_press"],
};
/** Units that Home Assistant takes for a device class. */
const UNITS: Record<string, string> = { power: "W", energy: "kWh", current: "A" };

describe("ev-mqtt-bridge with a real broker", () => {
  let broker: Aedes;
  let server: Server;
  let port: number;
  let client: MqttClient;
  const clients: MqttClient[] = [];

  beforeEach(async () => {
    port = await freePort();
    broker = await Aedes.createBroker();
    server = createServer(broker.handle);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    client = await dial();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.endAsync(true)));
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
    await stop();
  });

  async function dial(): Promise<MqttClient> {
    const made = await connectAsync(`mqtt://127.0.0.1:${port}`);
    clients.push(made);
    return made;
  }

  /** As core MQTT nodes would be wired. */
  async function wire(): Promise<void> {
    node("out").on(
      "input",
      ((message: Outgoing) =>
        void client.publish(message.topic, message.payload, { retain: message.retain, qos: message.qos })) as never,
    );
    client.on("message", (topic, payload, { retain }) => {
      if (/\/(set|status)$/.test(topic)) node("bridge")?.receive({ topic, payload, retain } as never);
    });
    await client.subscribeAsync(["phasewise/#", "homeassistant/status"]);
  }

  const bridge = (more: object = {}): FlowNode => ({
    ...{ id: "bridge", type: "ev-mqtt-bridge", site: "site", wires: [["out"]] },
    ...more,
  });
  const flow = (...more: FlowNode[]): FlowNode[] => [SITE, MAIN, DLM, charger("CP1"), ...OUTPUTS, ...more];
  const charge = () =>
    node("dlm").receive({
      topic: "connector/CP1/1",
      payload: { state: "charging", measuredA: [10, 10, 10], idTag: "04BADGE", user: "Anna Berg", comment: "of Anna" },
    } as NodeMessage);
  const allocated = (limitA: number) => {
    const charging = setInterval(charge, 500);
    const found = nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA === limitA, 20_000);
    return found.finally(() => clearInterval(charging));
  };
  /** What a program that comes later finds at the broker. */
  async function retained(topic: string): Promise<Map<string, string>> {
    const late = await dial();
    const found = new Map<string, string>();
    late.on("message", (at, payload) => found.set(at, payload.toString()));
    await late.subscribeAsync(topic);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return found;
  }
  const say = (topic: string, payload: string, more: object = {}) => client.publishAsync(topic, payload, more);

  it("is found by Home Assistant, whenever it comes: devices with classes and units that it takes", async () => {
    await deploy(TYPES, flow(bridge({ writable: true })));
    await wire();
    await allocated(32);
    await until("it says how many it tells", () => lastStatus("bridge")?.text === "2 devices");
    const found = await retained("homeassistant/#");
    assert.equal(found.size, 2);
    for (const [topic, text] of found) {
      const { device, origin, availability, components, state_topic } = JSON.parse(text);
      assert.match(topic, /^homeassistant\/device\/[A-Za-z0-9_-]+\/config$/);
      assert.ok(device.identifiers.length === 1 && device.name && origin.name && state_topic);
      assert.equal(availability.length, 2);
      const ids = new Set<string>();
      for (const component of Object.values(components) as Record<string, string>[]) {
        for (const field of ["platform", "unique_id", "name", ...REQUIRED[component["platform"]!]!])
          assert.notEqual(component[field], undefined, `${component["unique_id"]}: ${field}`);
        ids.add(component["unique_id"]!);
        const unit = UNITS[component["device_class"] ?? ""];
        if (unit) assert.equal(component["unit_of_measurement"], unit);
        if (component["device_class"] === "energy") assert.equal(component["state_class"], "total_increasing");
      }
      assert.equal(ids.size, Object.keys(components).length);
    }
    const { components } = JSON.parse(found.get(`homeassistant/device/${ID}/config`)!);
    assert.deepEqual(
      ["limit", "mode", "permit", "release"].map((key) => components[key]?.platform),
      ["number", "select", "switch", "button"],
    );
  });

  it("keeps states at the broker: unknown is null, and nobody's name is among them", async () => {
    await deploy(TYPES, flow(bridge()));
    await wire();
    await allocated(32);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const found = await retained("phasewise/#");
    assert.equal(found.get("phasewise/status"), "online");
    assert.equal(found.get("phasewise/charger/CP1_1/available"), "online");
    const state = JSON.parse(found.get("phasewise/charger/CP1_1/state")!);
    assert.deepEqual(
      [state.state, state.powerW, state.current1A, state.setpointA, state.totalKWh],
      ["charging", 6900, 10, 32, null],
    );
    assert.match(state.reason, /^32 A/);
    assert.ok(!("idTag" in state) && !("user" in state));
    const zone = [...found].find(([topic]) => /^phasewise\/zone\/Main-yard-[0-9a-f]{6}\/state$/.test(topic));
    assert.equal(JSON.parse(zone![1]).chargers1A, 10);
  });

  it("takes commands as leases: a limit, a permit, a mode; they are named in the reason and end by themselves", async () => {
    await deploy(TYPES, flow(bridge({ writable: true, leaseS: 10 })));
    await wire();
    await allocated(32);
    await say("phasewise/charger/CP1_1/limit/set", "8");
    const { payload } = await allocated(8);
    assert.equal(payload.reasons[0]?.code, "HEMS");
    assert.match(payload.text, /^8 A: HEMS MQTT allows 8 A until /);
    await say("phasewise/charger/CP1_1/release/set", "PRESS");
    await allocated(32);
    await say("phasewise/charger/CP1_1/limit/set", "9");
    await allocated(9);
    // Nothing more is said: what was asked ends.
    await allocated(32);
    await say("phasewise/charger/CP1_1/mode/set", "off");
    const { payload: off } = await allocated(0);
    assert.deepEqual(
      off.reasons.map(({ code }) => code),
      ["HEMS", "OFF"],
    );
    assert.match(off.text, /^0 A: HEMS MQTT asks for “switched off” until /);
  });

  it("renews what was asked while somebody says that he is there", async () => {
    await deploy(TYPES, flow(bridge({ writable: true, leaseS: 10 })));
    await wire();
    await allocated(32);
    await say("phasewise/charger/CP1_1/limit/set", "8");
    await allocated(8);
    for (let s = 0; s < 12; s += 2) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await say("phasewise/alive/set", "1");
    }
    assert.equal((await allocated(8)).payload.limitA, 8);
  });

  it("refuses commands until a person allows them, those that cannot be, and those that the broker kept", async () => {
    await deploy(TYPES, flow(bridge()));
    await wire();
    await allocated(32);
    await say("phasewise/charger/CP1_1/limit/set", "8");
    await until("it is refused", () => errorsOf("bridge").length === 1);
    assert.match(errorsOf("bridge")[0]!.message, /takes no commands/);
    await say("phasewise/charger/CP1_1/limit/set", "0", { retain: true });
    await redeploy(flow(bridge({ writable: true })));
    await client.unsubscribeAsync("phasewise/#");
    await client.subscribeAsync("phasewise/#");
    for (const [topic, payload] of [
      ["charger/CP1_1/limit", "-1"],
      ["charger/CP1_1/limit", "all"],
      ["charger/CP1_1/mode", "turbo"],
      ["charger/CP1_1/permit", "yes"],
      ["charger/CP9_1/limit", "8"],
    ])
      await say(`phasewise/${topic}/set`, payload!);
    await until("each is refused", () => errorsOf("bridge").length >= 5);
    assert.equal((await allocated(32)).payload.limitA, 32);
  });

  it("empties what it had told of a charger that is gone, also after a restart", async () => {
    await deploy(TYPES, [...flow(bridge()), charger("CP2")]);
    await wire();
    await until("both are told", () => lastStatus("bridge")?.text === "3 devices");
    assert.ok((await retained("phasewise/charger/CP2_1/+")).size === 2);
    await redeploy(flow(bridge()));
    node("out").on(
      "input",
      ((message: Outgoing) => void client.publish(message.topic, message.payload, { retain: message.retain })) as never,
    );
    await until("one is told", () => lastStatus("bridge")?.text === "2 devices");
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await retained("phasewise/charger/CP2_1/+")).size, 0);
    assert.equal((await retained("homeassistant/device/phasewise_charger_CP2_1/config")).size, 0);
  });

  it("keeps no word of a person at the broker, and a person sets its commands aside", async () => {
    await deploy(TYPES, flow(bridge({ writable: true, leaseS: 600 })));
    await wire();
    await allocated(32);
    const told = new Map<string, string>();
    const reader = await dial();
    reader.on("message", (topic, payload) => told.set(topic, payload.toString()));
    await reader.subscribeAsync("#");
    const reason = () => String(JSON.parse(told.get("phasewise/charger/CP1_1/state") ?? "{}").reason);
    const decide = (payload: object) =>
      node("dlm").receive({ topic: "override/CP1/1", payload, by: "Anna Berg" } as NodeMessage);
    decide({ limitA: 8, hours: 1, reason: "guests of Anna Berg" });
    assert.match((await allocated(8)).payload.text, /Anna Berg: guests of Anna Berg/);
    await until("it is told", () => /^8 A: set by hand until \d+:\d\d$/.test(reason()));
    const feast = { limitA: 7, hours: 1, reason: "feast of Anna Berg" };
    node("dlm").receive({ topic: "override/Main yard", payload: feast, by: "Anna Berg" } as NodeMessage);
    decide({ aside: true, hours: 1, reason: "Anna Berg drives" });
    await say("phasewise/charger/CP1_1/limit/set", "6");
    await allocated(7);
    await until("it is told", () => /7 A, set by hand until \d+:\d\d/.test(reason()));
    for (const [topic, text] of await retained("#")) assert.ok(!/Anna|04BADGE/.test(text), `${topic}: ${text}`);
    const { site } = node("z-main") as EvZoneNode;
    const record = site!.sessions.runningAt("CP1", 1)?.record;
    assert.equal(record?.idTag, "04BADGE", `it is known here who charges: ${JSON.stringify(record)}`);
  });

  it("is red while the broker of the node behind it is away, and names both", async () => {
    const away = {
      id: "away",
      type: "mqtt-broker",
      name: "Home broker",
      broker: "127.0.0.1",
      port: String(await freePort()),
    };
    const out = { id: "mqtt", type: "mqtt out", name: "to Home Assistant", broker: "away", wires: [] };
    await deploy([...TYPES, "mqtt"], flow(bridge({ wires: [["mqtt"]] }), { ...away, autoConnect: true }, out));
    const text = () => lastStatus("bridge")?.text ?? "";
    await until("it says so", () => lastStatus("bridge")?.fill === "red");
    assert.equal(text(), '2 devices · broker Home broker is away (mqtt out "to Home Assistant")');
  });

  it("tells everything anew when Home Assistant or the broker has come back, once", async () => {
    await deploy(TYPES, flow(bridge()));
    await wire();
    await until("all is told", () => lastStatus("bridge")?.fill === "green");
    let configs = 0;
    node("out").on("input", (({ topic }: Outgoing) => {
      if (topic.endsWith("CP1_1/config")) configs++;
    }) as never);
    for (const topic of ["homeassistant/status", "phasewise/status"]) {
      // Its own word, a moment ago, is not meant.
      await new Promise((resolve) => setTimeout(resolve, 5100));
      const before = configs;
      await say(topic, "online");
      await until(`it has heard ${topic}`, () => configs === before + 1);
      await say(topic, "online");
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(configs, before + 1);
    }
  });
});

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import { connect } from "../managers/modbus/client.ts";
import { em2Device } from "../managers/semp/open-door.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, node, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-modbus-server", "ev-mqtt-bridge", "ev-semp"];
const LEASE_S = 10;
const AGREED_A = 7;
const ASKED_A = 6;
/** A cycle of load management, and a machine that is busy. */
const SLACK_S = 4;
/** Each door has a connector of its own. */
const DOORS = ["Phasewise map", "Victron map", "Bender map", "MQTT bridge", "SEMP"] as const;
type Door = (typeof DOORS)[number];
const identity = (door: Door) => `CP${DOORS.indexOf(door) + 1}`;

interface Outgoing extends NodeMessage {
  retain: boolean;
}

describe("a writer that dies", () => {
  let broker: Aedes;
  let server: Server;
  let relay: MqttClient;
  const ports = {} as Record<Exclude<Door, "MQTT bridge">, number>;
  let brokerPort: number;
  let beating: NodeJS.Timeout;
  /** What load management gives each charge point, A, and since when. */
  const given = new Map<string, { limitA: number; sinceMs: number }>();

  before(async () => {
    broker = await Aedes.createBroker();
    brokerPort = await freePort();
    server = createServer(broker.handle).listen(brokerPort, "127.0.0.1");
    await once(server, "listening");
    for (const door of DOORS) if (door !== "MQTT bridge") ports[door] = await freePort();
    const common = { site: "site", host: "127.0.0.1", writable: true, leaseS: LEASE_S, fallbackA: AGREED_A };
    const modbus = (door: "Phasewise map" | "Victron map" | "Bender map", more: object): FlowNode => ({
      ...{ id: door, type: "ev-modbus-server", ...common, port: ports[door], announce: false, wires: [[]], ...more },
    });
    await deploy(TYPES, [
      { id: "site", type: "ev-site", dataDir },
      { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: 100 },
      { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, wires: [["alloc"], [], []] },
      ...DOORS.map((door) => ({
        ...{ id: `node-${identity(door)}`, type: "ev-charge-point", centralSystem: "", zone: "z-main" },
        identity: identity(door),
      })),
      modbus("Phasewise map", {}),
      modbus("Victron map", { map: "victron", connector: "CP2/1" }),
      modbus("Bender map", { map: "bender", connector: "CP3/1" }),
      { id: "MQTT bridge", type: "ev-mqtt-bridge", ...common, wires: [["out"]] },
      { id: "SEMP", type: "ev-semp", ...common, port: ports.SEMP, announce: false, wires: [[]] },
      { id: "alloc", type: "helper" },
      { id: "out", type: "helper" },
    ]);
    relay = await connectAsync(`mqtt://127.0.0.1:${brokerPort}`);
    // As core MQTT nodes would be wired.
    node("out").on("input", (message) => {
      const { topic = "", payload, retain } = message as Outgoing;
      relay.publish(topic, String(payload), { retain });
    });
    relay.on("message", (topic, payload, { retain }) =>
      node("MQTT bridge").receive({ topic, payload: payload.toString(), retain } as never),
    );
    await relay.subscribeAsync("phasewise/+/+/+/set");
    node("alloc").on("input", (message) => {
      const { chargePoint, payload } = message as unknown as AllocationMessage;
      if (given.get(chargePoint)?.limitA !== payload.limitA)
        given.set(chargePoint, { limitA: payload.limitA, sinceMs: performance.now() });
    });
    beating = setInterval(() => {
      for (const door of DOORS)
        node("dlm").receive({
          topic: `connector/${identity(door)}/1`,
          payload: { state: "charging", measuredA: [6, 6, 6] },
        } as NodeMessage);
    }, 500);
    for (const door of DOORS) await until(`${door} is open`, () => lastStatus(door)?.fill === "green");
  });

  after(async () => {
    clearInterval(beating);
    await relay.endAsync(true);
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
    await stop();
  });

  /** Asks for less, over a socket of its own, and is gone: no goodbye, no second word. */
  const lowersAndDies: Record<Door, () => Promise<void>> = {
    "Phasewise map": () => overModbus("Phasewise map", 1040, ASKED_A * 10),
    "Victron map": () => overModbus("Victron map", 5016, ASKED_A),
    "Bender map": () => overModbus("Bender map", 1000, ASKED_A),
    "MQTT bridge": async () => {
      const writer = await connectAsync(`mqtt://127.0.0.1:${brokerPort}`);
      await writer.publishAsync(`phasewise/charger/${identity("MQTT bridge")}_1/limit/set`, String(ASKED_A), {
        qos: 1,
      });
      writer.stream.destroy();
      await writer.endAsync(true);
    },
    SEMP: async () => {
      const url = `http://127.0.0.1:${ports.SEMP}/semp`;
      const devices = (await (await fetch(url)).text()).split("<DeviceInfo>");
      const ours = devices.find((device) => device.includes(`<DeviceName>${identity("SEMP")}/1<`))!;
      const [, id] = /<DeviceId>([^<]+)/.exec(ours)!;
      const body = em2Device(id!, true, ASKED_A * 690);
      assert.equal((await fetch(url, { method: "POST", body, headers: { connection: "close" } })).status, 200);
    },
  };

  async function overModbus(door: keyof typeof ports, register: number, value: number): Promise<void> {
    const client = await connect(ports[door]);
    await client.writeRegister(register, value);
    client.destroy(() => {});
  }

  const has = (door: Door, limitA: number) => given.get(identity(door))?.limitA === limitA;
  const all = (what: string, limitA: number, seconds = 20) =>
    until(`every connector ${what}`, () => DOORS.every((door) => has(door, limitA)), seconds * 1000);

  it("leaves its connector at what is agreed within the lease, at each of the five doors", async () => {
    await all("has what is agreed", AGREED_A);
    const said = new Map<Door, number>();
    await Promise.all(
      DOORS.map(async (door) => {
        await lowersAndDies[door]();
        said.set(door, performance.now());
      }),
    );
    await all("is lowered by its writer", ASKED_A);
    await all("is back", AGREED_A, LEASE_S + 2 * SLACK_S);
    for (const door of DOORS) {
      const tookS = (given.get(identity(door))!.sinceMs - said.get(door)!) / 1000;
      assert.ok(tookS <= LEASE_S + SLACK_S, `${door}: ${tookS.toFixed(1)} s`);
    }
  });
});

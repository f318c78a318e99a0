import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MqttBridge, type MqttMessage } from "../../lib/managers/mqtt/mqtt-bridge.ts";
import { FakeClock } from "../fake-clock.ts";
import { CHARGING, MadeUpSite } from "./site.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/energy-managers.md"), "utf8");
/** Its function nodes, in their order, as Node-RED calls them. */
const functions = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(
  ([, code]) => new Function("msg", code!) as (msg: object) => unknown,
);

describe("docs/energy-managers.md", () => {
  const site = new MadeUpSite(new FakeClock(), ["CP1"]);
  const sent: MqttMessage[] = [];
  const settings = {
    discoveryPrefix: "homeassistant",
    baseTopic: "phasewise",
    writable: true,
    leaseS: 120,
    fallbackA: null,
  };
  const bridge = new MqttBridge("bridge", site, settings, {
    send: (message) => void sent.push(message),
    name: (_, key) => key,
    reason: () => "",
  });

  it("tells openWB what its charge point of the type MQTT must be told", () => {
    site.reported.set("CP1/1", CHARGING);
    bridge.follow();
    const told = sent.flatMap(
      (message) => (functions[0]!({ ...message }) as { topic: string; payload: string }[][]) ?? [],
    );
    const values = Object.fromEntries(told.flat().map(({ topic, payload }) => [topic, JSON.parse(payload)]));
    const at = "openWB/set/mqtt/chargepoint/3/get";
    assert.deepEqual(values, {
      [`${at}/power`]: 10_695,
      [`${at}/currents`]: [16, 15.5, 15],
      [`${at}/phases_in_use`]: 3,
      [`${at}/imported`]: 1_234_570,
      [`${at}/exported`]: 0,
      [`${at}/plug_state`]: true,
      [`${at}/charge_state`]: true,
    });
  });

  it("takes what openWB asks as a lease", () => {
    const asks = (payload: string, retain = false) =>
      functions[1]!({ topic: "openWB/mqtt/chargepoint/3/set/current", payload, retain });
    assert.equal(asks("16", true), null);
    bridge.input(asks("10.5") as object);
    assert.equal(site.managers.of("CP1/1")[0]?.limitA, 10.5);
    bridge.input(asks("0") as object);
    assert.equal(site.managers.of("CP1/1")[0]?.limitA, 0);
  });
});

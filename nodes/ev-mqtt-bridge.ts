import type { Node, NodeAPI, NodeMessage } from "node-red";
import { MqttBridge, type MqttBridgeSettings } from "../lib/managers/mqtt/mqtt-bridge.ts";
import type { Site } from "../lib/site/site.ts";
import { sentence } from "../lib/words/sentence.ts";
import type { Code } from "../lib/words/types.ts";
import { permitUser } from "./admin/rights.ts";
import { readWriting } from "./runtime/managers/manager-door.ts";
import { tellManagers, wordsThrough } from "./runtime/managers/manager-news.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

/** How often it is looked what has changed, ms. */
const LOOK_EVERY_MS = 2000;

/** Makes messages for an MQTT broker of connectors and zones, and takes commands from there as limits that end by themselves. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-mqtt-bridge", {
    idle: "this node has an error in its properties and passes nothing on",
    setUp: (node, read, status) => {
      const settings = readSettings(read);
      const site = useSite(RED, node, "site", read.text("site"));
      return serve(RED, node, site, settings, status);
    },
  });
}

function serve(RED: NodeAPI, node: Node, site: Site, settings: MqttBridgeSettings, status: StatusLine) {
  const bridge = new MqttBridge(node.id, site, settings, {
    send: (message) => sendOut(node, message),
    name: (kind, key) => sentence(site.language, `${kind}Name.${key}` as Code),
    reason: (id) => {
      for (const { explanations } of site.decisions.values()) {
        const found = explanations.get(id);
        // A broker keeps what it is told, for whoever asks.
        if (found) return found.plain ?? found.text;
      }
      return "";
    },
  });
  const show = () => {
    const away = brokerAway(RED, node);
    if (away !== null) {
      const told = sentence(site.language, "line.told", { n: bridge.devices });
      status.set("wrong", `${told} · ${sentence(site.language, "line.brokerAway", away)}`);
      return;
    }
    const words = wordsThrough(node, site);
    const asked = words > 0 ? ` · ${sentence(site.language, "line.words", { n: words })}` : "";
    status.set(
      words > 0 ? "working" : "good",
      `${sentence(site.language, "line.told", { n: bridge.devices })}${asked}`,
    );
  };
  const follow = () => {
    bridge.follow();
    show();
  };
  const look = () => {
    bridge.tell();
    show();
  };
  const looking = site.clock.setInterval(look, LOOK_EVERY_MS);
  const stops = [site.plant.onCommit(follow), tellManagers(node, site, show, "log")];
  // What is sent before the other nodes have started would be lost.
  const beginning = site.clock.setTimeout(follow, 0);
  return {
    input: (message: NodeMessage) => {
      permitUser(site, node, message, "operator", `message into ev-mqtt-bridge "${node.name || node.id}"`);
      bridge.input(message);
    },
    close: async (removed: boolean) => {
      for (const stop of stops) stop();
      site.clock.clear(looking);
      site.clock.clear(beginning);
      if (removed) site.managers.shut(node.id);
      await releaseSite(site, removed);
    },
  };
}

/** A core *mqtt in* or *mqtt out*, as far as it is looked at. */
interface MqttNode {
  type: string;
  id: string;
  name?: string;
  brokerConn?: { name?: string; broker?: string; connected?: boolean } | null;
}

/** A broker that a node behind this one cannot reach, and that node; null = none is known. */
function brokerAway(RED: NodeAPI, node: Node): { broker: string; node: string } | null {
  const { wires = [] } = node as unknown as { wires?: string[][] };
  for (const id of wires.flat()) {
    const found = RED.nodes.getNode(id) as unknown as MqttNode | null;
    if (found?.type !== "mqtt out" || !found.brokerConn || found.brokerConn.connected !== false) continue;
    const { name, broker } = found.brokerConn;
    return { broker: name || broker || "?", node: `mqtt out "${found.name || found.id}"` };
  }
  return null;
}

function readSettings(read: Properties): MqttBridgeSettings {
  return {
    discoveryPrefix: readTopic(read, "discoveryPrefix", "homeassistant"),
    baseTopic: readTopic(read, "baseTopic", "phasewise"),
    ...readWriting(read),
  };
}

function readTopic(read: Properties, name: string, usual: string): string {
  const topic = read.text(name) || usual;
  if (/[#+\s]/.test(topic) || /^\/|\/$/.test(topic))
    throw read.wrong(name, "a topic such as phasewise, without #, + or spaces");
  return topic;
}

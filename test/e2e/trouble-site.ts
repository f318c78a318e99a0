/** A building in which everything that people ask about goes wrong, one thing after the other. */
import type { EditorFeed, Shown } from "./editor-feed.ts";
import type { FlowNode } from "./flows.ts";
import { freePort } from "./net.ts";
import { NodeRed } from "./node-red.ts";

const AT = { z: "tab", x: 100, y: 100 };
/** What else the house draws, A per phase. */
const QUIET = [5, 5, 5];
const OUTLET = { number: 1, phases: 3, rotation: "RST", maxA: 16, minA: 6, priorityClass: 1, mode: "fast" };

/** A message as a debug node showed it; its texts are what people read. */
export interface Told {
  topic: string;
  event?: string;
  payload: Record<string, unknown>;
}

export class TroubleSite {
  readonly nodeRed: NodeRed;
  readonly feed: EditorFeed;
  readonly ocpp: number;

  private constructor(nodeRed: NodeRed, feed: EditorFeed, ocpp: number) {
    this.nodeRed = nodeRed;
    this.feed = feed;
    this.ocpp = ocpp;
  }

  static async start(): Promise<TroubleSite> {
    const [ocpp, modbus, dead] = [await freePort(), await freePort(), await freePort()];
    const nodeRed = await NodeRed.start("5");
    const feed = await nodeRed.feed();
    await nodeRed.deploy(flow(ocpp, modbus, dead));
    return new TroubleSite(nodeRed, feed, ocpp);
  }

  /** Sends a message into a node. */
  say(to: string, topic: string, payload: unknown = {}): Promise<void> {
    return this.nodeRed.press(`to ${to}`, { topic, payload });
  }

  /** The first message since a moment, or the start, for which something holds. */
  async told(what: string, accept: (told: Told) => boolean, withinMs = 30_000, sinceMs = 0): Promise<Told> {
    const { message } = await this.feed.next<Told>(what, "out", accept, withinMs, sinceMs);
    return message;
  }

  /** The first alarm of that kind and subject since a moment, or the start. */
  async alarm(key: string, withinMs?: number, sinceMs?: number): Promise<{ text: string; action: string }> {
    const accept = ({ topic, payload }: Told) => topic === `alarm/${key}` && payload["state"] === "raised";
    const { payload } = await this.told(`the alarm ${key}`, accept, withinMs, sinceMs);
    return payload as { text: string; action: string };
  }

  /**
   * Lets those in who wait with a badge. Not at CP7, which refuses limits: what is told of that depends on whether a car charges there,
   * and so it would depend on who was quicker.
   */
  async letIn(): Promise<void> {
    for (const identity of ["CP1", "CP4", "CP8"]) {
      await this.say("badges", "badges/add", { idTag: `SIM${identity}` });
      await this.say(`car ${identity}`, "", { badge: `SIM${identity}` });
    }
  }

  /** Everything that goes wrong on demand goes right again. */
  async calm(): Promise<void> {
    await this.say("meter sim", "", { fault: "none", loadA: QUIET });
    await this.say("car CP1", "", { wantA: OUTLET.maxA });
    await this.say("car CP2", "", { behaviour: "normal" });
  }

  /**
   * The car at CP1 has all that its outlet gives, and its charger has reported that. While a car starts, more load in the house stops it
   * again instead of slowing it down.
   */
  async chargesFully(): Promise<void> {
    const sinceMs = Date.now();
    await this.why("dlm Garage", "CP1/1", new RegExp(`^${OUTLET.maxA} A: `));
    const isFull = ({ topic, payload }: Told) =>
      topic === "ocpp/CP1/1/meter" && (payload["currentA"] as number[]).every((oneA) => oneA > OUTLET.maxA - 1);
    await this.told("CP1 reports that it charges fully", isFull, 60_000, sinceMs);
  }

  /** Why a connector has what it has now, asked until the answer is the one that is looked for. */
  async why(dlm: string, connector: string, text: RegExp): Promise<{ text: string; wouldHelp: string[] }> {
    const topic = `why/${connector}`;
    for (const endMs = Date.now() + 40_000; ; ) {
      const askedMs = Date.now() - 1;
      await this.say(dlm, topic);
      const { payload } = await this.told(topic, (told) => told.topic === topic, 10_000, askedMs);
      if (text.test(String(payload["text"])) || Date.now() > endMs)
        return payload as { text: string; wouldHelp: string[] };
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** The latest messages, for a test that found nothing. */
  get latest(): Shown[] {
    return this.feed.shown.slice(-20);
  }

  stop(): Promise<void> {
    return this.nodeRed.stop();
  }
}

function chargePoint(identity: string, zone: string, more: object = {}): FlowNode {
  const place = { centralSystem: "cs", zone: zone && `zone ${zone}` };
  return { id: `point ${identity}`, type: "ev-charge-point", identity, ...place, connectors: [OUTLET], ...more };
}

function flow(ocpp: number, modbus: number, dead: number): FlowNode[] {
  const car = (identity: string, more: object = {}): FlowNode => ({
    ...{ id: `car ${identity}`, type: "ev-simulator", ...AT, url: `ws://127.0.0.1:${ocpp}`, identity, wires: [[]] },
    ...{ phases: 3, rotation: "RST", maxA: 16, batteryWh: 60_000, plugged: true, behaviour: "normal" },
    ...more,
  });
  const zone = (name: string, limitA: number, site = "site", meters: object[] = []): FlowNode => ({
    ...{ id: `zone ${name}`, type: "ev-zone", site, name, limitA: [limitA, limitA, limitA], meters },
  });
  const dlm = (name: string): FlowNode => ({
    ...{ id: `dlm ${name}`, type: "ev-dlm", ...AT, zone: `zone ${name}`, cycleS: 1, rampUpAps: 100 },
    wires: [["profile"], ["only why"], []],
  });
  const grid = { meter: "grid", location: "including", staleAfterS: 10, onStale: "failSafe", fallbackA: null };
  const simulated = { port: modbus, unitId: 1, profile: "siemens-pac2200" };
  const out = { wires: [["out"]] };
  const nodes: FlowNode[] = [
    { id: "tab", type: "tab", label: "Trouble" },
    { id: "site", type: "ev-site", name: "Building" },
    ...[zone("Garage", 32, "site", [grid]), zone("Yard", 63)],
    // Of its own, because a tree that is refused stops all of its site.
    ...[{ id: "other site", type: "ev-site", name: "Allotment" }, zone("Shed", 10, "other site")],
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: ocpp, authorization: "list" },
    ...[chargePoint("CP1", "Garage"), chargePoint("CP2", ""), chargePoint("CP4", ""), chargePoint("CP5", "")],
    ...[chargePoint("CP6", "Yard"), chargePoint("CP7", "Yard")],
    chargePoint("CP8", "Yard", { connectors: [{ ...OUTLET, maxA: 10 }] }),
    ...[chargePoint("CP9", "Shed", { centralSystem: "" }), chargePoint("CP10", "Shed", { centralSystem: "" })],
    chargePoint("CP11", "", { credentials: { password: "correct horse battery" } }),
    { id: "bus", type: "ev-modbus", transport: "tcp", host: "127.0.0.1", port: modbus, timeoutMs: 300 },
    {
      id: "meter sim",
      type: "ev-meter-simulator",
      ...AT,
      ...simulated,
      loadA: QUIET,
      includes: ["CP1"],
      wires: [],
    },
    {
      ...{ id: "meter", type: "ev-meter", ...AT, bus: "bus", meter: "grid", unitId: 1, profile: simulated.profile },
      wires: [["dlm Garage"]],
    },
    ...[dlm("Garage"), dlm("Yard"), dlm("Shed")],
    { id: "profile", type: "ev-charging-profile", ...AT, minIncreaseS: 1, wires: [[]] },
    { id: "alarms", type: "ev-alarms", ...AT, site: "site", ...out },
    { id: "other alarms", type: "ev-alarms", ...AT, site: "other site", ...out },
    { id: "badges", type: "ev-authorization", ...AT, site: "site", wires: [[], ["out"]] },
    {
      ...{ id: "events", type: "ev-event", ...AT, centralSystem: "cs", ...out },
      events: ["status", "meter", "unknown", "security"],
    },
    {
      id: "report",
      type: "ev-report",
      ...AT,
      site: "site",
      url: `http://127.0.0.1:${dead}/reports`,
      wires: [[], ["out"]],
    },
    ...[car("CP1"), car("CP2", { plugged: false }), car("CP7", { behaviour: "rejectsProfiles" })],
    ...[car("CP8", { behaviour: "ignoresLimits" }), car("CP4", { behaviour: "clockAhead" })],
    ...[car("STRANGER"), car("CP11")],
    // The load management tells its zones every second: only answers are shown.
    { id: "only why", type: "switch", ...AT, property: "topic", rules: [{ t: "regex", v: "^why" }], wires: [["out"]] },
    { id: "out", type: "debug", ...AT, active: true, tosidebar: true, complete: "true", wires: [] },
  ];
  const targets = nodes.filter(({ type }) =>
    /^ev-(simulator|meter-simulator|dlm|alarms|authorization|report)$/.test(type),
  );
  const buttons = targets.map(({ id }) => ({ id: `to ${id}`, type: "inject", ...AT, props: [], wires: [[id]] }));
  return [...nodes, ...buttons];
}

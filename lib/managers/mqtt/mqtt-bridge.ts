import type { ManagerWord } from "../../dlm/inputs/manager-limits.ts";
import type { ChargingMode } from "../../dlm/types.ts";
import { EvError, inShort } from "../../errors.ts";
import { round } from "../../units.ts";
import { isManaged, type ManagedConnector, type ManagedZone, SiteFacts } from "../facts.ts";
import type { DoorSite } from "../modbus/modbus-door.ts";
import { connectorValues, type NamedValues, zoneValues } from "../values.ts";
import { chargerComponents, discoveryPayload, MODES, zoneComponents } from "./discovery.ts";
import { type CommandName, type DeviceKind, readCommand, slugOf, topicsOf } from "./topics.ts";

export interface MqttBridgeSettings {
  discoveryPrefix: string;
  baseTopic: string;
  writable: boolean;
  leaseS: number;
  fallbackA: number | null;
}

/** As a core *mqtt out* takes it. */
export interface MqttMessage {
  topic: string;
  payload: string;
  retain: boolean;
  qos: 0 | 1;
}

/** As a core *mqtt in* gives it. */
export interface MqttInput {
  topic?: unknown;
  payload?: unknown;
  retain?: unknown;
}

interface BridgeHost {
  send(message: MqttMessage): void;
  /** What people read of a component, in the site's language. */
  name(kind: DeviceKind, key: string): string;
  /** Why a connector has what it has; empty where nothing is known. */
  reason(id: string): string;
}

interface Device {
  kind: DeviceKind;
  target: string;
  slug: string;
  payload: object;
  values: NamedValues;
  available: boolean;
}

/** The writer, as reasons and logs name it: a broker does not say who sent a message. */
const WRITER = "MQTT";
/** All is told anew this often at most, ms. */
const TELL_ALL_AGAIN_MS = 5000;
/** Longer texts do not fit into a state of Home Assistant. */
const LONGEST_TEXT = 250;

/** Tells a broker of connectors and zones: what changed, and all of it when asked. Takes commands as leases. */
export class MqttBridge {
  readonly #id: string;
  readonly #site: DoorSite;
  readonly #settings: MqttBridgeSettings;
  readonly #host: BridgeHost;
  /** What was sent last, by topic. */
  readonly #sent = new Map<string, string>();
  #toldAllMs = Number.NEGATIVE_INFINITY;

  constructor(id: string, site: DoorSite, settings: MqttBridgeSettings, host: BridgeHost) {
    this.#id = id;
    this.#site = site;
    this.#settings = settings;
    this.#host = host;
  }

  get #status(): string {
    return `${this.#settings.baseTopic}/status`;
  }

  get #document(): string {
    return `managers/mqtt/${this.#id}`;
  }

  /** Connectors and zones that are told. */
  get devices(): number {
    return this.#devices().length;
  }

  /** Follows what is deployed now. Topics of what is gone are emptied, so that no broker keeps them. */
  follow(): void {
    const { managers, store } = this.#site;
    const devices = this.#devices();
    managers.open(this.#id, {
      code: "HEMS",
      fallbackA: this.#settings.writable ? this.#settings.fallbackA : null,
      connectors: devices.filter(({ kind }) => kind === "charger").map(({ target }) => target),
    });
    const topics = devices.flatMap(({ kind, slug }) => this.#topics(kind, slug));
    const known = store.document(this.#document);
    const before = Array.isArray(known) ? known.filter((topic) => typeof topic === "string") : [];
    for (const topic of before) if (!topics.includes(topic)) this.#forget(topic);
    if (JSON.stringify(before) !== JSON.stringify(topics)) store.saveDocument(this.#document, topics);
    this.tell();
  }

  /** Sends what has changed. */
  tell(): void {
    this.#send(this.#status, "online");
    for (const { kind, slug, payload, values, available } of this.#devices()) {
      const [config, state, availability] = this.#topics(kind, slug);
      this.#send(config!, JSON.stringify(payload));
      this.#send(availability!, available ? "online" : "offline");
      this.#send(state!, JSON.stringify(values));
    }
  }

  /** Sends all of it anew, but not oftener than it can be wanted: a broker or Home Assistant has come back. */
  #tellAll(): void {
    const nowMs = this.#site.clock.nowMs();
    if (nowMs - this.#toldAllMs < TELL_ALL_AGAIN_MS) return;
    this.#toldAllMs = nowMs;
    const status = this.#sent.get(this.#status);
    this.#sent.clear();
    // What comes back of the status itself must not begin this anew.
    if (status !== undefined) this.#sent.set(this.#status, status);
    this.tell();
  }

  /** Where the broker tells of the connection itself: its birth message after a break, its will before. */
  #heardStatus(text: string): void {
    if (text === "offline") {
      this.#sent.delete(this.#status);
      this.tell();
    } else if (text === "online") this.#tellAll();
  }

  /**
   * Takes a message from the broker. Those that are no command do nothing.
   * @throws EvError EV_MESSAGE_INVALID for a command that cannot be read, or may not be given
   */
  input({ topic, payload, retain }: MqttInput): void {
    if (typeof topic !== "string") return;
    const { baseTopic, discoveryPrefix, leaseS, writable } = this.#settings;
    const text = textOf(payload);
    if (topic === `${discoveryPrefix}/status`) {
      if (text === "online") this.#tellAll();
      return;
    }
    if (topic === this.#status) {
      this.#heardStatus(text);
      return;
    }
    const command = readCommand(baseTopic, topic);
    // A command that a broker kept is nobody's wish of now.
    if (command === null || retain === true || text === "") return;
    if (!writable)
      throw new EvError(
        "EV_MESSAGE_INVALID",
        `topic is ${topic}; this bridge takes no commands: allow writing in its dialog`,
      );
    if (command === "alive") {
      this.#site.managers.alive(this.#id, WRITER, leaseS);
      return;
    }
    const device = this.#devices().find(({ kind, slug }) => kind === command.kind && slug === command.slug);
    if (!device)
      throw new EvError("EV_MESSAGE_INVALID", `topic is ${topic}; it must name a charger or a zone of this site`);
    if (device.kind === "charger" && !isManaged(this.#site, device.target))
      throw new EvError(
        "EV_MESSAGE_INVALID",
        `topic is ${topic}; no zone holds the connector, so nothing can limit it`,
      );
    this.#site.managers.say(this.#id, WRITER, device.target, wordOf(command.name, text), leaseS);
    this.tell();
  }

  #devices(): Device[] {
    const { connectors, zones } = new SiteFacts(this.#site, this.#site.clock.nowMs());
    return [...connectors.map((one) => this.#charger(one)), ...zones.map((one) => this.#zone(one))];
  }

  #charger(one: ManagedConnector): Device {
    const { leaseS, fallbackA, writable } = this.#settings;
    const slug = slugOf(one.id);
    const said = this.#site.managers.said(this.#id, one.id);
    const values = connectorValues(one, { said, leaseS, fallbackA });
    const payload = this.#discovery("charger", slug, one.id, one.chargePoint, (topics, names) =>
      chargerComponents(one, topics, names, writable),
    );
    const reason = this.#host.reason(one.id).slice(0, LONGEST_TEXT);
    const shown = { ...rounded(values), reason: reason || null };
    return { kind: "charger", target: one.id, slug, payload, values: shown, available: one.state !== "offline" };
  }

  #zone(zone: ManagedZone): Device {
    const slug = slugOf(zone.name);
    const said = this.#site.managers.said(this.#id, zone.name);
    const payload = this.#discovery("zone", slug, zone.name, "Zone", (topics, names) =>
      zoneComponents(zone, topics, names, this.#settings.writable),
    );
    const asked = { askedA: said?.limitA ?? Math.max(...zone.limitA) };
    const values = { ...rounded(zoneValues(zone, said)), ...asked };
    return { kind: "zone", target: zone.name, slug, payload, values, available: true };
  }

  #discovery(
    kind: DeviceKind,
    slug: string,
    name: string,
    model: string,
    components: (
      topics: ReturnType<typeof topicsOf>,
      names: (key: string) => string,
    ) => Parameters<typeof discoveryPayload>[0]["components"],
  ): object {
    const topics = topicsOf(this.#settings.baseTopic, kind, slug);
    const names = (key: string) => this.#host.name(kind, key);
    const bridge = this.#status;
    return discoveryPayload({
      id: this.#objectId(kind, slug),
      name,
      model,
      topics,
      bridge,
      components: components(topics, names),
    });
  }

  #objectId(kind: DeviceKind, slug: string): string {
    return `${this.#settings.baseTopic.replace(/[^A-Za-z0-9-]+/g, "-")}_${kind}_${slug}`;
  }

  /** Where a device is announced, its state and whether it is there. */
  #topics(kind: DeviceKind, slug: string): string[] {
    const { state, available } = topicsOf(this.#settings.baseTopic, kind, slug);
    return [`${this.#settings.discoveryPrefix}/device/${this.#objectId(kind, slug)}/config`, state, available];
  }

  #send(topic: string, payload: string): void {
    if (this.#sent.get(topic) === payload) return;
    this.#sent.set(topic, payload);
    // Its own word comes back to it, too.
    if (topic === this.#status) this.#toldAllMs = this.#site.clock.nowMs();
    this.#host.send({ topic, payload, retain: true, qos: 1 });
  }

  #forget(topic: string): void {
    this.#sent.delete(topic);
    this.#host.send({ topic, payload: "", retain: true, qos: 1 });
  }
}

/** @throws EvError EV_MESSAGE_INVALID */
function wordOf(name: CommandName, text: string): ManagerWord {
  const wrong = (mustBe: string) =>
    new EvError("EV_MESSAGE_INVALID", `payload is ${inShort(text)}; it must be ${mustBe}`);
  if (name === "release") return { limitA: null, powerW: null, permit: null, mode: null };
  if (name === "permit") {
    if (text !== "ON" && text !== "OFF") throw wrong("ON or OFF");
    return { permit: text === "ON" };
  }
  if (name === "mode") {
    if (!MODES.some((mode) => mode === text)) throw wrong(`one of ${MODES.join(", ")}`);
    return { mode: text === "fast" ? null : (text as ChargingMode) };
  }
  const limitA = Number(text);
  if (!(limitA >= 0 && limitA <= 10_000)) throw wrong("a current in A, not below 0");
  return { limitA };
}

function textOf(payload: unknown): string {
  if (typeof payload === "string") return payload.trim();
  if (typeof payload === "number" || typeof payload === "boolean") return String(payload);
  return Buffer.isBuffer(payload) ? payload.toString("utf8").trim() : "";
}

/** Less would only be noise that wakes its readers. */
function rounded(values: NamedValues): NamedValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "number" ? round(value, 2) : value]),
  );
}

import { createHash, randomBytes } from "node:crypto";
import type { ManagerWord } from "../../dlm/inputs/manager-limits.ts";
import { connectorIds, isManaged, RecentFacts } from "../facts.ts";
import type { DoorSite } from "../modbus/modbus-door.ts";
import { serialOf } from "../values.ts";
import { readWriters, type Writers } from "../writers.ts";
import { type DeviceControl, readControls } from "./control.ts";
import {
  BASE_PATH,
  descriptionDocument,
  deviceDocument,
  GATEWAY_TYPE,
  SEMP_PARTS,
  type SempDevice,
  type SempPart,
} from "./documents.ts";
import { type Answer, type RequestHandler, SempServer } from "./http-server.ts";
import { SsdpAnnouncer } from "./ssdp.ts";

export interface SempDoorSettings {
  /** Empty = every address. */
  host: string;
  port: number;
  writable: boolean;
  writers: readonly string[];
  leaseS: number;
  fallbackA: number | null;
  announce: boolean;
}

/** What a manager recommended to a device, done or refused. */
export interface ControlNews {
  writer: string;
  /** `<identity>/<number>`; null = no connector of this site. */
  target: string | null;
  deviceId: string | null;
  on: boolean | null;
  powerW: number | null;
  refused: "readOnly" | "writer" | "zone" | "device" | "request" | null;
}

/** Whom a door tells, and who knows of other ports. */
export interface SempDoorHost {
  controlled(news: ControlNews): void;
  /** @throws EvError when another node has that port */
  claim(port: number): void;
  free(port: number): void;
  /** Something does not work that nothing else depends on. */
  log(text: string): void;
}

/** Document that holds what makes the devices of this site different from those of all others. */
const DOCUMENT = "managers/semp";
const DESCRIPTION = `${BASE_PATH}/description.xml`;
const STATUS = { readOnly: 403, writer: 403, zone: 409, device: 404, request: 400 } as const;

/** A site as an SEMP gateway: one device for each connector. It follows the connectors as they are deployed. */
export class SempDoor {
  readonly #id: string;
  readonly #site: DoorSite;
  readonly #settings: SempDoorSettings;
  readonly #host: SempDoorHost;
  readonly #writers: Writers;
  readonly #facts: RecentFacts;
  readonly #handler: RequestHandler;
  #seed = "";
  /** Connectors by the ids of their devices. */
  #devices = new Map<string, string>();
  #server: SempServer | null = null;
  #announcer: SsdpAnnouncer | null = null;
  /** What answers whoever asks for all, at about the same time. */
  #whole = { atMs: Number.NEGATIVE_INFINITY, body: "" };
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param id of the door, for its words @throws EvError EV_CONFIG_INVALID for a writer that is no address */
  constructor(id: string, site: DoorSite, settings: SempDoorSettings, host: SempDoorHost) {
    this.#id = id;
    this.#site = site;
    this.#settings = settings;
    this.#host = host;
    this.#writers = readWriters(settings.writers);
    this.#facts = new RecentFacts(site);
    this.#handler = {
      isKnown: (peer) => this.#writers.allows(peer),
      get: (path, query, peer, server) => this.#get(path, query, peer, server),
      post: (path, body, peer) => this.#post(path, body, peer),
    };
  }

  /** Connectors that it shows. */
  get connectors(): number {
    return this.#devices.size;
  }

  /** Connections that are open now. */
  get clients(): number {
    return this.#server?.clients ?? 0;
  }

  /** Follows what is deployed now. Rejects with EvError EV_NAME_DUPLICATE, EV_PORT_IN_USE or EV_LISTEN_FAILED. */
  follow(): Promise<void> {
    const turn = this.#turn.then(() => this.#follow());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    const announcer = this.#announcer;
    this.#announcer = null;
    await Promise.all([announcer?.close(), this.#shut()]);
  }

  async #follow(): Promise<void> {
    if (this.#closed) return;
    this.#changed();
    this.#seed ||= this.#ownSeed();
    const { writable, fallbackA, host, port, announce } = this.#settings;
    const connectors = connectorIds(this.#site).map(({ id }) => id);
    this.#devices = new Map(connectors.map((id) => [this.deviceId(id), id]));
    this.#site.managers.open(this.#id, { code: "HEMS", fallbackA: writable ? fallbackA : null, connectors });
    if (this.#server) return;
    this.#host.claim(port);
    const server = new SempServer(this.#handler);
    this.#server = server;
    await server.listen(host, port).catch(async (error: unknown) => {
      await this.#shut();
      throw error;
    });
    if (!announce || this.#closed) return;
    const found = { uuid: this.#uuid, type: GATEWAY_TYPE, port, path: DESCRIPTION, host };
    const failed = ({ message }: Error) => this.#host.log(`it may not be found by SSDP: ${message}`);
    this.#announcer = new SsdpAnnouncer(found, this.#site.clock, failed);
  }

  async #shut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server) this.#host.free(this.#settings.port);
    await server?.close();
  }

  /** What was drawn by lot once and is kept: a portal refuses a device whose id it knows from elsewhere. */
  #ownSeed(): string {
    const { store } = this.#site;
    const saved = store.document(DOCUMENT);
    if (typeof saved === "string" && /^[0-9a-f]{32}$/.test(saved)) return saved;
    const seed = randomBytes(16).toString("hex");
    store.saveDocument(DOCUMENT, seed);
    return seed;
  }

  /** As SEMP forms it: F = an id of one's own, the vendor, the device, and the device as a whole. Stays the same for a connector. */
  deviceId(id: string): string {
    const hex = createHash("sha256").update(`${this.#seed} ${id}`).digest("hex").toUpperCase();
    return `F-${this.#seed.slice(0, 8).toUpperCase()}-${hex.slice(0, 12)}-00`;
  }

  /** Version 8 of RFC 9562: one's own. */
  get #uuid(): string {
    const hex = createHash("sha256").update(this.#seed).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #get(path: string, query: URLSearchParams, peer: string, server: string): Answer {
    // Who asks is there: what it recommended goes on.
    this.#site.managers.alive(this.#id, peer, this.#settings.leaseS);
    if (path === DESCRIPTION) return { status: 200, body: descriptionDocument(server, this.#uuid) };
    const parts = partsAt(path);
    if (parts === null) return { status: 404 };
    const wanted = query.get("DeviceId");
    if (wanted === null) return { status: 200, body: parts.length > 1 ? this.#all() : this.#document(parts) };
    const id = this.#devices.get(wanted.toUpperCase());
    return id === undefined ? { status: 404 } : { status: 200, body: this.#document(parts, id) };
  }

  #all(): string {
    const nowMs = this.#site.clock.nowMs();
    if (nowMs - this.#whole.atMs >= WHOLE_MS) this.#whole = { atMs: nowMs, body: this.#document(SEMP_PARTS) };
    return this.#whole.body;
  }

  /** @param id of one connector alone */
  #document(parts: readonly SempPart[], id?: string): string {
    const { byId } = this.#facts.now();
    const devices = [...this.#devices].flatMap(([deviceId, own]): SempDevice[] => {
      const one = byId.get(own);
      if (!one || (id !== undefined && own !== id)) return [];
      const controllable = this.#settings.writable && one.zone !== null;
      const obeys = controllable && !one.setAside && one.state !== "offline";
      const { voltageV } = this.#site.plant;
      return [{ deviceId, serial: serialOf(own), one, controllable, obeys, voltageV }];
    });
    return deviceDocument(devices, parts);
  }

  #post(path: string, body: string, peer: string): Answer {
    if (partsAt(path)?.length !== SEMP_PARTS.length) return { status: 404 };
    const refuse = (refused: keyof typeof STATUS): Answer => {
      this.#host.controlled({ writer: peer, target: null, deviceId: null, on: null, powerW: null, refused });
      return { status: STATUS[refused] };
    };
    if (!this.#settings.writable) return refuse("readOnly");
    if (!this.#writers.allows(peer)) return refuse("writer");
    let controls: DeviceControl[];
    try {
      controls = readControls(body);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return refuse("request");
    }
    this.#site.managers.alive(this.#id, peer, this.#settings.leaseS);
    // A device that is gone keeps no other one from what was recommended to it.
    const refusals = controls.map((control) => this.#obey(control, peer)).filter((refused) => refused !== null);
    if (refusals.length < controls.length) this.#changed();
    return { status: refusals[0] === undefined ? 200 : STATUS[refusals[0]] };
  }

  #obey({ deviceId, on, powerW }: DeviceControl, writer: string): "device" | "zone" | null {
    const target = this.#devices.get(deviceId) ?? null;
    const one = target === null ? undefined : this.#facts.now().byId.get(target);
    const refused = !one ? "device" : isManaged(this.#site, target) ? null : "zone";
    this.#host.controlled({ writer, target, deviceId, on, powerW, refused });
    if (refused !== null || !one) return refused;
    const limitA = !on || powerW === null ? null : powerW / (one.phases * this.#site.plant.voltageV);
    const word: ManagerWord = { permit: on, limitA };
    this.#site.managers.say(this.#id, writer, one.id, word, this.#settings.leaseS);
    return null;
  }

  #changed(): void {
    this.#facts.forget();
    this.#whole.atMs = Number.NEGATIVE_INFINITY;
  }
}

/** The whole of a site is put into words this often at most, ms. */
const WHOLE_MS = 500;

/** What is told at a path; null = there is nothing. */
function partsAt(path: string): readonly SempPart[] | null {
  if (path === BASE_PATH || path === `${BASE_PATH}/`) return SEMP_PARTS;
  const found = SEMP_PARTS.find((part) => path === `${BASE_PATH}/${part}`);
  return found === undefined ? null : [found];
}

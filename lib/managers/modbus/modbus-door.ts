import type { Clock } from "../../clock.ts";
import type { ManagerLimits, ManagerWord } from "../../dlm/inputs/manager-limits.ts";
import type { ChargingMode } from "../../dlm/types.ts";
import { EvError } from "../../errors.ts";
import { Announcer } from "../announce.ts";
import { connectorIds, isManaged, type ManagedSite, RecentFacts } from "../facts.ts";
import { ManagedNumbers } from "../numbers.ts";
import { connectorValues, siteValues, zoneValues } from "../values.ts";
import { readWriters, type Writers } from "../writers.ts";
import { BENDER } from "./maps/bender.ts";
import { PHASEWISE } from "./maps/phasewise.ts";
import { VICTRON } from "./maps/victron.ts";
import { EXCEPTION, type PlacedBlock, RegisterBank, type RegisterWrite } from "./register-bank.ts";
import type { RegisterMap } from "./register-map.ts";
import { type FrameHandler, ModbusTcpServer } from "./tcp-server.ts";

export const MAPS = { phasewise: PHASEWISE, victron: VICTRON, bender: BENDER } as const satisfies Record<
  string,
  RegisterMap
>;
export type MapId = keyof typeof MAPS;

/** The parts of a site that a door reads and speaks to. */
export interface DoorSite extends ManagedSite {
  readonly clock: Clock;
  readonly store: ConstructorParameters<typeof ManagedNumbers>[0];
  readonly managers: ManagerLimits;
  readonly alarms: { readonly list: { list(): readonly { severity: string }[] } };
}

export interface ModbusDoorSettings {
  map: MapId;
  /** Empty = all of the site. */
  connector: string;
  unitId: number;
  /** Empty = every address. */
  host: string;
  port: number;
  writable: boolean;
  writers: readonly string[];
  leaseS: number;
  fallbackA: number | null;
  announce: boolean;
}

/** A write, done or refused. */
export interface WriteNews {
  writer: string;
  /** `<identity>/<number>` or the name of a zone; null = the site. */
  target: string | null;
  register: number;
  name: RegisterWrite["name"] | null;
  value: number | string | null;
  refused: "readOnly" | "writer" | "zone" | "register" | null;
}

/** Whom a door tells, and who knows of other ports. */
export interface ModbusDoorHost {
  wrote(news: WriteNews): void;
  /** @throws EvError when another node has that port */
  claim(port: number): void;
  free(port: number): void;
}

/** One port as it is to be. */
interface Port {
  port: number;
  bank: RegisterBank;
  /** Its connector; null = the whole site. */
  target: string | null;
}

/** One Modbus server of a site, with all its ports. It follows the connectors as they are deployed. */
export class ModbusDoor {
  readonly #id: string;
  readonly #site: DoorSite;
  readonly #settings: ModbusDoorSettings;
  readonly #writers: Writers;
  readonly #host: ModbusDoorHost;
  readonly #servers = new Map<number, ModbusTcpServer>();
  readonly #banks = new Map<number, RegisterBank>();
  /** The connector behind each port that stands for one. */
  readonly #targets = new Map<number, string>();
  readonly #facts: RecentFacts;
  #announcer: Announcer | null = null;
  #announced = "";
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  #shown = 0;

  /** @param id of the door, for its words @throws EvError EV_CONFIG_INVALID for a writer that is no address */
  constructor(id: string, site: DoorSite, settings: ModbusDoorSettings, host: ModbusDoorHost) {
    this.#id = id;
    this.#site = site;
    this.#settings = settings;
    this.#host = host;
    this.#writers = readWriters(settings.writers);
    this.#facts = new RecentFacts(site);
  }

  get #map(): RegisterMap {
    return MAPS[this.#settings.map];
  }

  /** Ports that listen now. */
  get ports(): readonly number[] {
    return [...this.#servers.keys()];
  }

  /** Connectors that it shows. */
  get connectors(): number {
    return this.#shown;
  }

  /** Connections that are open now. */
  get clients(): number {
    return [...this.#servers.values()].reduce((sum, { clients }) => sum + clients, 0);
  }

  /**
   * Follows what is deployed now: opens ports that are new and closes those that are gone.
   * Rejects with EvError EV_CONFIG_MISSING where its connector is gone, EV_CONFIG_INVALID where ports or registers do not suffice,
   * EV_PORT_IN_USE or EV_LISTEN_FAILED; what listens then goes on.
   */
  follow(): Promise<void> {
    const turn = this.#turn.then(() => this.#follow());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await Promise.all([this.#quiet(), ...[...this.#servers.keys()].map((port) => this.#shut(port))]);
  }

  async #follow(): Promise<void> {
    if (this.#closed) return;
    this.#facts.forget();
    const wanted = this.#wanted();
    this.#site.managers.open(this.#id, {
      code: this.#map.code,
      fallbackA: this.#settings.writable ? this.#settings.fallbackA : null,
      connectors: this.#connectors().map(({ id }) => id),
    });
    this.#shown = this.#connectors().length;
    const gone = [...this.#servers].filter(([port]) => !wanted.some((one) => one.port === port));
    await Promise.all(gone.map(([port]) => this.#shut(port)));
    this.#banks.clear();
    this.#targets.clear();
    for (const { port, bank, target } of wanted) {
      this.#banks.set(port, bank);
      if (target !== null) this.#targets.set(port, target);
    }
    for (const { port } of wanted) {
      if (this.#servers.has(port)) continue;
      this.#host.claim(port);
      const server = new ModbusTcpServer(this.#handler(port));
      this.#servers.set(port, server);
      await server.listen(this.#settings.host, port).catch(async (error: unknown) => {
        await this.#shut(port);
        throw error;
      });
    }
    await this.#announce(wanted);
  }

  async #shut(port: number): Promise<void> {
    const server = this.#servers.get(port);
    this.#servers.delete(port);
    this.#host.free(port);
    await server?.close();
  }

  #connectors() {
    const all = connectorIds(this.#site);
    const { connector } = this.#settings;
    if (!connector) return all;
    const found = all.filter(({ id }) => id === connector);
    if (found.length > 0) return found;
    throw new EvError(
      "EV_CONFIG_MISSING",
      `connector: ${connector} is missing or disabled; choose another one, or none for all of the site`,
    );
  }

  #wanted(): Port[] {
    const { port, connector } = this.#settings;
    const numbers = new ManagedNumbers(this.#site.store).of(
      "connectors",
      connectorIds(this.#site).map(({ id }) => id),
    );
    const shown = this.#connectors();
    if (this.#map.serves === "site") return [{ port, bank: this.#siteBank(shown, numbers), target: null }];
    return shown.map(({ id }) => {
      const own = connector ? port : port + numbers.get(id)! - 1;
      if (own > 65_535)
        throw new EvError(
          "EV_CONFIG_INVALID",
          `port is ${port}; connector ${id} would need port ${own}, the last is 65535`,
        );
      const bank = this.#bank([{ block: this.#map.connector, number: 1, target: id, read: () => this.#connector(id) }]);
      return { port: own, bank, target: id };
    });
  }

  #siteBank(shown: readonly { id: string }[], numbers: ReadonlyMap<string, number>): RegisterBank {
    const { site, zone, connector } = this.#map;
    const zones = (this.#site.plant.tree?.zones ?? []).filter(({ nodeId }) => nodeId !== null);
    const zoneNumbers = new ManagedNumbers(this.#site.store).of(
      "zones",
      zones.map(({ nodeId }) => nodeId!),
    );
    const placed: PlacedBlock[] = [{ block: site!, number: 1, target: null, read: () => this.#siteNow() }];
    for (const { nodeId, zone: own } of zones) {
      const number = zoneNumbers.get(nodeId!)!;
      if (number > zone!.most) throw this.#tooMany("zone", own.id, number, zone!.most);
      placed.push({ block: zone!, number, target: own.id, read: () => this.#zone(own.id) });
    }
    for (const { id } of shown) {
      const number = numbers.get(id)!;
      if (number > connector.most) throw this.#tooMany("connector", id, number, connector.most);
      placed.push({ block: connector, number, target: id, read: () => this.#connector(id) });
    }
    return this.#bank(placed);
  }

  #tooMany(kind: string, name: string, number: number, most: number): EvError {
    const text = `map is ${this.#settings.map}, which has room for ${most} ${kind}s; ${kind} ${name} has the number ${number}`;
    return new EvError("EV_CONFIG_INVALID", text);
  }

  #bank(placed: readonly PlacedBlock[]): RegisterBank {
    return new RegisterBank(this.#map, placed, () => this.#site.clock.nowMs());
  }

  #handler(port: number): FrameHandler {
    const bankOf = (unitId: number): RegisterBank | undefined => {
      // 0 and 255 mean the server itself (Modbus Messaging on TCP/IP V1.0b, 4.4.2.1).
      const isOurs = this.#map.anyUnit || unitId === this.#settings.unitId || unitId === 0 || unitId === 255;
      return isOurs ? this.#banks.get(port) : undefined;
    };
    return {
      isKnown: (peer) => this.#writers.allows(peer),
      read: (unitId, address, count, at, peer) => {
        if (this.#map.renewedBy === "request") this.#alive(peer, port);
        return bankOf(unitId)?.read(address, count, at) ?? EXCEPTION.away;
      },
      write: (unitId, address, words, peer) => {
        const bank = bankOf(unitId);
        return bank ? this.#write(bank, address, words, peer, port) : EXCEPTION.away;
      },
    };
  }

  #alive(peer: string, port: number): void {
    const { managers } = this.#site;
    managers.alive(this.#id, peer, this.#settings.leaseS, this.#targets.get(port));
  }

  #write(bank: RegisterBank, address: number, words: Uint16Array, peer: string, port: number): number {
    const tell = (order: Partial<RegisterWrite>, refused: WriteNews["refused"]) => {
      const { target = null, name = null, value = null } = order;
      this.#host.wrote({ writer: peer, target, register: order.address ?? address, name, value, refused });
    };
    const refuse = (reason: WriteNews["refused"], code: number): number => {
      tell({}, reason);
      return code;
    };
    if (!this.#settings.writable) return refuse("readOnly", EXCEPTION.illegalFunction);
    if (!this.#writers.allows(peer)) return refuse("writer", EXCEPTION.illegalFunction);
    const orders = bank.orders(address, words);
    if (typeof orders === "number") return refuse("register", orders);
    const unplaced = orders.find(({ target, name }) => name !== "keepAlive" && !isManaged(this.#site, target));
    if (unplaced) {
      tell(unplaced, "zone");
      return EXCEPTION.deviceFailure;
    }
    for (const order of orders) {
      this.#obey(order, peer);
      tell(order, null);
    }
    if (this.#map.renewedBy === "request") this.#alive(peer, port);
    bank.stale();
    return 0;
  }

  #obey({ target, name, value }: RegisterWrite, peer: string): void {
    const { managers } = this.#site;
    const { leaseS } = this.#settings;
    if (name === "keepAlive" || target === null) managers.alive(this.#id, peer, leaseS);
    else managers.say(this.#id, peer, target, this.#word(name, value, target), leaseS);
  }

  #word(name: RegisterWrite["name"], value: RegisterWrite["value"], target: string): ManagerWord {
    if (name === "permit") return { permit: value !== "no" };
    if (name === "mode") return { mode: value === "fast" ? null : (value as ChargingMode | null) };
    const amount = value as number | null;
    if (name === "limitA") return { limitA: amount };
    const phases = this.#facts.now().connectors.find(({ id }) => id === target)?.phases;
    if (phases === undefined) return { powerW: amount };
    return { limitA: amount === null ? null : amount / (phases * this.#site.plant.voltageV) };
  }

  #connector(id: string) {
    const found = this.#facts.now().byId.get(id);
    if (!found) return null;
    const { leaseS, fallbackA, writable } = this.#settings;
    const said = this.#site.managers.said(this.#id, id);
    const values = connectorValues(found, { said, leaseS, fallbackA: writable ? fallbackA : null });
    return { values, away: found.state === "offline" };
  }

  #zone(name: string) {
    const found = this.#facts.now().zones.find((zone) => zone.name === name);
    return found ? { values: zoneValues(found, this.#site.managers.said(this.#id, name)), away: false } : null;
  }

  #siteNow() {
    const { connectors, zones } = this.#facts.now();
    const alarms = this.#site.alarms.list.list().filter(({ severity }) => severity !== "info").length;
    return { values: siteValues(connectors, zones.length, alarms, this.#settings.leaseS), away: false };
  }

  async #announce(wanted: readonly Port[]): Promise<void> {
    const type = this.#settings.announce ? this.#map.service : undefined;
    const services = wanted.flatMap(({ target, port }) =>
      type === undefined || target === null ? [] : [{ name: `Phasewise ${target.replace(/[./]/g, "-")}`, type, port }],
    );
    const key = JSON.stringify(services);
    if (key === this.#announced) return;
    await this.#quiet();
    this.#announced = key;
    if (services.length > 0) this.#announcer = new Announcer(services, () => {});
  }

  async #quiet(): Promise<void> {
    const announcer = this.#announcer;
    this.#announcer = null;
    this.#announced = "";
    await announcer?.close();
  }
}

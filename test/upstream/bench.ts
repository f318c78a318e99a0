/** A site's back ends on a fake clock, a real database and real sockets; chargers speak through the ledger, as in the product. */
import { AlarmList } from "../../lib/alarm/alarm-list.ts";
import type { StationEvent } from "../../lib/messages.ts";
import type { LateRefusal } from "../../lib/session/badges/authorizer.ts";
import type { Badge } from "../../lib/session/badges/badge.ts";
import type { Stations } from "../../lib/station/connection/stations.ts";
import type { Carrier, StationChange } from "../../lib/station/types.ts";
import type { UpstreamRecord } from "../../lib/store/books/upstreams.ts";
import type { BackEndSettings } from "../../lib/upstream/types.ts";
import { Upstreams } from "../../lib/upstream/upstreams.ts";
import { SessionBench } from "../session/bench.ts";

/** The fake clock goes on by this at most before sockets have a turn. */
const TURN_MS = 100;

interface StubStation {
  online: boolean;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  definition: { ocpp: boolean; zone: string | null; connectors: { number: number; phases: number }[] };
  connectors: Map<number, { status: string | null; errorCode: string | null; measuredA: (number | null)[] | null }>;
  order(name: string, given: object): Promise<Record<string, unknown>>;
}

export class UpstreamBench extends SessionBench {
  upstreams!: Upstreams;
  alarms!: AlarmList;
  readonly stations = new Map<string, StubStation>();
  readonly setpoints = new Map<string, number>();
  /** What the list says of badges. */
  readonly listed = new Map<string, Pick<Badge, "blocked" | "type">>();
  /** Badges that back ends refused later. */
  readonly late: LateRefusal[] = [];
  readonly orders: [string, string, object][] = [];
  /** Who takes charge points' own words on. */
  carrier: Carrier | null = null;
  /** Commands that went to the maintenance, and what it does with them. */
  readonly commands: [string, string, object, boolean][] = [];
  maintain: (action: string, force: boolean) => Record<string, unknown> = () => ({ status: "Accepted" });
  readonly #eventListeners = new Set<(event: StationEvent) => void>();
  readonly #backEnds: BackEndSettings[];
  readonly #listeners = new Set<(change: StationChange) => void>();

  constructor(...backEnds: (Partial<BackEndSettings> & { url: string })[]) {
    super();
    this.#backEnds = backEnds.map((settings, index) => ({
      ...{ backEnd: `back-end-${index + 1}`, name: `Back end ${index + 1}`, role: "reporting", identity: "{identity}" },
      ...{ identities: [], password: null, tls: null, reportingTag: "", forgetAfterH: 24 },
      ...{ authorization: "cloudFirst", lateInvalid: "limit0" },
      ...{ allowFirmware: false, allowDiagnostics: false, allowHardReset: false },
      ...{ dataTransferVendors: [], ...settings },
    }));
    this.addStation("CP1");
  }

  addStation(identity: string, { ocpp = true, connectors = [1] } = {}): void {
    this.stations.set(identity, {
      ...{ online: true, vendor: "Maker", model: "Box", firmware: "1.0" },
      definition: { ocpp, zone: "garage", connectors: connectors.map((number) => ({ number, phases: 3 })) },
      connectors: new Map(
        connectors.map((number) => [number, { status: "Available", errorCode: "NoError", measuredA: [10, 10, 10] }]),
      ),
      order: async (name, given) => {
        this.orders.push([identity, name, given]);
        return { status: "Accepted" };
      },
    });
  }

  state(identity: string, status: string, connector = 1): void {
    this.stations.get(identity)!.connectors.get(connector)!.status = status;
    for (const listener of this.#listeners) listener({ kind: "status", chargePoint: identity, connector });
  }

  /** A charge point tells something. */
  event(chargePoint: string, event: StationEvent["event"], payload: Record<string, unknown>): void {
    const topic = `ocpp/${chargePoint}/0/${event}`;
    for (const listener of this.#eventListeners) listener({ topic, chargePoint, connector: 0, event, payload });
  }

  /** The site begins to report: what nodes do at a deploy. */
  report(): void {
    // Charge points ask for their sessions when they are described.
    for (const identity of this.stations.keys()) this.sessions.of(identity);
    this.alarms = new AlarmList(this.store.alarms, this.clock);
    this.upstreams = new Upstreams({
      ...{ book: this.store.upstreams, sessions: this.sessions, clock: this.clock, language: () => "en-US" as const },
      stations: {
        get: (identity: string) => this.stations.get(identity),
        onChange: (listener: (change: StationChange) => void) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
        carry: (carrier: Carrier) => {
          this.carrier = carrier;
          return () => {
            this.carrier = null;
          };
        },
        onEvent: (listener: (event: StationEvent) => void) => {
          this.#eventListeners.add(listener);
          return () => this.#eventListeners.delete(listener);
        },
      } as unknown as Stations,
      badges: {
        find: (_chargePoint: string, idTag: string) => this.listed.get(idTag) ?? null,
        refusedLate: (late: LateRefusal) => this.late.push(late),
      },
      maintain: async (chargePoint, action, payload, force) => {
        this.commands.push([chargePoint, action, payload, force]);
        return this.maintain(action, force);
      },
      voltageV: () => 230,
      store: this.store,
      setpointA: (id) => this.setpoints.get(id),
      alarms: this.alarms.source("back ends"),
    });
    const backEnds = this.#backEnds.map(({ backEnd }) => backEnd);
    for (const settings of this.#backEnds) this.upstreams.putBackEnd(settings);
    this.upstreams.putCentralSystem({ nodeId: "cs", name: "central system", backEnds });
    for (const identity of this.stations.keys()) this.place(identity);
    this.upstreams.commit();
  }

  place(identity: string): void {
    const place = { nodeId: `node ${identity}`, name: `charge point ${identity}`, backEnds: [] };
    this.upstreams.putChargePoint({ ...place, identity, centralSystem: "cs" });
  }

  override kill(): void {
    this.upstreams?.close();
    super.kill();
  }

  override close(): void {
    this.upstreams?.close();
    super.close();
  }

  books(backEnd = "back-end-1"): UpstreamRecord[] {
    const all = { chargePoint: null, fromWallMs: null, toWallMs: null, state: null };
    return this.store.upstreams.page({ ...all, backEnd }, 10_000).toReversed();
  }

  /** Real sockets get their turn; the clock stands still. */
  async turns(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /**
   * Lets real sockets and the fake clock go on until something holds. The clock runs fifty times as fast as the sockets' time, and sockets
   * have a turn after each tenth of a second: an answer then has 0.6 s and 300 turns until its call times out, on a busy machine, too.
   * @param stepMs by which the clock goes on each time
   */
  async until(what: string, holds: () => boolean, stepMs = 100): Promise<void> {
    const endMs = performance.now() + 40_000;
    while (!holds()) {
      if (performance.now() > endMs) throw new Error(`not within 40 s: ${what}; ${JSON.stringify(this.books())}`);
      for (let leftMs = stepMs; leftMs > 0; leftMs -= TURN_MS) {
        this.clock.advance(Math.min(leftMs, TURN_MS));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, stepMs / 50));
    }
  }
}

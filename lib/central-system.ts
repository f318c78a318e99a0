/** One listening OCPP server. It outlives a deploy: a changed setting is applied to the open sockets where that is possible. */
import type { Server } from "node:http";
import type { Clock, Timer } from "./clock.ts";
import { createEndpoint, type Endpoint } from "./ocpp/endpoint.ts";
import type { StationDirectory } from "./ocpp/port.ts";
import { type CentralSystemPolicy, createDirectory } from "./station/central-system.ts";
import type { Stations } from "./station/stations.ts";

export interface CentralSystemSettings {
  /** Empty = all network cards. */
  host: string;
  /** null = on the HTTP server given, below `path`. */
  port: number | null;
  path: string;
  pingS: number;
  callTimeoutS: number;
  policy: CentralSystemPolicy;
}

export type CentralSystemState =
  | { kind: "starting" }
  | { kind: "listening"; port: number | null }
  | { kind: "failed"; error: Error };

/** How long to wait before trying again to listen, ms: another program may free the port. */
const RETRY_MS = 5000;

export class CentralSystem {
  readonly key: string;
  readonly stations: Stations;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: CentralSystemState) => void>();
  readonly #directory: StationDirectory;
  #settings: CentralSystemSettings | null = null;
  #server: Server | null = null;
  #endpoint: Endpoint | null = null;
  #state: CentralSystemState = { kind: "starting" };
  #retry: Timer | undefined;
  /** Applies and closes run one after the other, so that a port is free before it is taken again. */
  #turn: Promise<void> = Promise.resolve();

  /** @param key passed on with every event of its charge points */
  constructor(key: string, stations: Stations, clock: Clock) {
    this.key = key;
    this.stations = stations;
    this.#clock = clock;
    this.#directory = createDirectory(stations, () => this.#settings!.policy, key);
  }

  get state(): CentralSystemState {
    return this.#state;
  }

  get policy(): CentralSystemPolicy | null {
    return this.#settings?.policy ?? null;
  }

  /** Called on every change of state, and once at once. @returns a function that stops it */
  onState(listener: (state: CentralSystemState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  /** Listens, or changes what listens. Sockets stay open unless host, port or path changed. @param server for `port: null` */
  apply(settings: CentralSystemSettings, server: Server | null): Promise<void> {
    return this.#next(async () => {
      const before = this.#settings;
      this.#settings = settings;
      const moved = before?.host !== settings.host || before.port !== settings.port || before.path !== settings.path;
      if (this.#endpoint && !moved && this.#server === server) {
        this.#endpoint.configure({ pingS: settings.pingS, callTimeoutS: settings.callTimeoutS });
        return;
      }
      this.#server = server;
      await this.#open(settings);
    });
  }

  close(): Promise<void> {
    return this.#next(async () => {
      this.#clock.clear(this.#retry);
      this.#settings = null;
      await this.#endpoint?.close();
      this.#endpoint = null;
    });
  }

  async #open(settings: CentralSystemSettings): Promise<void> {
    this.#clock.clear(this.#retry);
    await this.#endpoint?.close();
    this.#endpoint = null;
    this.#show({ kind: "starting" });
    const { host, port, path, pingS, callTimeoutS } = settings;
    const endpoint = createEndpoint({ host, port: port ?? 0, path, pingS, callTimeoutS }, this.#directory, this.#clock);
    try {
      if (port !== null) await endpoint.listen();
      else if (this.#server) endpoint.attach(this.#server, path);
      this.#endpoint = endpoint;
      this.#show({ kind: "listening", port });
    } catch (error) {
      this.#show({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
      this.#retry = this.#clock.setTimeout(() => void this.#next(() => this.#reopen()), RETRY_MS);
    }
  }

  async #reopen(): Promise<void> {
    if (this.#settings && !this.#endpoint) await this.#open(this.#settings);
  }

  #show(state: CentralSystemState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step, step);
    return this.#turn;
  }
}

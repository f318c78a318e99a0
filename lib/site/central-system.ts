/** One listening OCPP server. It outlives a deploy: a changed setting is applied to the open sockets where that is possible. */
import type { Server } from "node:http";
import type { CertificateMode, ChargePointCertificates } from "../certificates/charge-point-certificates.ts";
import type { Clock, Timer } from "../clock.ts";
import type { Transfers } from "../files/transfers.ts";
import { MessageLog } from "../ocpp/log/message-log.ts";
import type { LoggedMessage, MessageQuery } from "../ocpp/log/message-search.ts";
import { createEndpoint, type Endpoint } from "../ocpp/server/endpoint.ts";
import type { RequestHandler } from "../ocpp/server/shared-server.ts";
import { certificateEndMs, type TlsMaterial } from "../ocpp/server/tls.ts";
import type { RefusedUpgrade } from "../ocpp/server/upgrade.ts";
import {
  type CentralSystemDirectory,
  type CentralSystemPolicy,
  createDirectory,
} from "../station/connection/central-system.ts";
import { SecurityProfiles } from "../station/connection/security-profiles.ts";
import type { StationKeys } from "../station/connection/station-keys.ts";
import type { Stations } from "../station/connection/stations.ts";
import { MessageStore, type MessageStoreLimits } from "../store/message-store.ts";
import type { Store } from "../store/types.ts";

export interface CentralSystemSettings {
  /** Empty = all network cards. */
  host: string;
  /** null = on the HTTP server given, below `path`. */
  port: number | null;
  path: string;
  pingS: number;
  callTimeoutS: number;
  /** Of the own port; null = unencrypted. */
  tls: TlsMaterial | null;
  policy: CentralSystemPolicy;
  /** Who signs certificates for its charge points; nobody does without. */
  certificates?: CertificateMode;
  /** Where frames are kept beside memory; null = nowhere. */
  messageStore: (MessageStoreLimits & { path: string }) | null;
}

export interface CentralSystemDeps {
  stations: Stations;
  /** Passwords given to its charge points over OCPP. */
  keys: StationKeys;
  /** Files that its charge points send and fetch. */
  files: Transfers;
  certificates: ChargePointCertificates;
  store: Pick<Store, "document" | "saveDocument" | "failure">;
  clock: Clock;
}

export type CentralSystemState =
  | { kind: "starting" }
  | { kind: "listening"; port: number | null }
  | { kind: "failed"; error: Error };

/** While there are no settings, nobody is let in. */
const CLOSED: CentralSystemPolicy = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: true,
  allowMissingSubprotocol: false,
  authorization: "list",
  heartbeatS: 60,
};

/** How long to wait before trying again to listen, ms: another program may free the port. */
const RETRY_MS = 5000;

export class CentralSystem {
  readonly key: string;
  readonly stations: Stations;
  readonly keys: StationKeys;
  readonly certificates: ChargePointCertificates;
  readonly #files: Transfers;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: CentralSystemState) => void>();
  readonly #directory: CentralSystemDirectory;
  readonly #log: MessageLog;
  /** Security profiles that its charge points have connected with. */
  readonly profiles: SecurityProfiles;
  #settings: CentralSystemSettings | null = null;
  #server: Server | null = null;
  #endpoint: Endpoint | null = null;
  #state: CentralSystemState = { kind: "starting" };
  #kept: { path: string; store: MessageStore } | null = null;
  #retry: Timer | undefined;
  /** Applies and closes run one after the other, so that a port is free before it is taken again. */
  #turn: Promise<void> = Promise.resolve();

  /** @param key passed on with every event of its charge points */
  constructor(key: string, { stations, keys, files, certificates, store, clock }: CentralSystemDeps) {
    this.key = key;
    this.stations = stations;
    this.keys = keys;
    this.certificates = certificates;
    this.#files = files;
    this.#clock = clock;
    this.#log = new MessageLog(clock);
    this.profiles = new SecurityProfiles(store);
    this.#directory = createDirectory(stations, () => this.#policy(), key, this.profiles, keys);
  }

  get state(): CentralSystemState {
    return this.#state;
  }

  get policy(): CentralSystemPolicy | null {
    return this.#settings?.policy ?? null;
  }

  /** Who signs certificates for its charge points. */
  get certificateMode(): CertificateMode {
    return this.#settings?.certificates ?? "none";
  }

  /** When the first certificate of its own port ends, ms since 1970; null = it cannot be read; undefined = it has none. */
  get certificateEndMs(): number | null | undefined {
    const { tls } = this.#settings ?? {};
    return tls ? certificateEndMs(tls) : undefined;
  }

  /** Messages of its charge points without passwords, oldest first: the newest that match. @throws EvError EV_STORE_OPEN | EV_STORE_WRITE */
  messages(query: MessageQuery): Promise<LoggedMessage[]> {
    return this.#kept ? this.#kept.store.find(query) : this.#log.find(query);
  }

  /** Why messages are not kept on disk; null = they are, or need not be. */
  get messageFailure(): Error | null {
    return this.#kept?.store.failure ?? null;
  }

  /** Called on every change of state, and once at once. @returns a function that stops it */
  onState(listener: (state: CentralSystemState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  /** Listens, or changes what listens. Sockets stay open unless host, port, path or the kind of TLS changed. @param server for `port: null` */
  apply(settings: CentralSystemSettings, server: Server | null): Promise<void> {
    return this.#next(async () => {
      const before = this.#settings;
      this.#settings = settings;
      this.certificates.configure(this.key, {
        mode: settings.certificates ?? "none",
        profileOf: (identity) => this.profiles.highest(identity),
      });
      void this.#keepMessages(settings.messageStore);
      if (this.#endpoint && before && !isMoved(before, settings) && this.#server === server) {
        this.#reconfigure(this.#endpoint, settings);
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
      this.certificates.configure(this.key, null);
      await this.#endpoint?.close();
      this.#endpoint = null;
      await this.#keepMessages(null);
    });
  }

  /** Takes leave of its charge points at once, at the end of the process. */
  leave(): void {
    void this.#endpoint?.close().catch(() => {});
  }

  /** Its own charge points may be known by another policy for a moment while it closes. */
  #policy(): CentralSystemPolicy {
    const { policy } = this.#settings ?? {};
    return policy ? { ...policy, isRemoved: this.#isRemoved } : CLOSED;
  }

  /** Resolves when the ones that were kept until now are closed, where no others take their place. */
  #keepMessages(wanted: CentralSystemSettings["messageStore"]): Promise<void> {
    if (this.#kept && this.#kept.path !== wanted?.path) {
      this.#log.sink = null;
      const ending = this.#kept.store.end();
      this.#kept = null;
      if (!wanted) return ending;
    }
    if (!wanted) return Promise.resolve();
    this.#kept ??= { path: wanted.path, store: new MessageStore(wanted.path, wanted, this.#clock) };
    this.#kept.store.limits = wanted;
    this.#log.sink = this.#kept.store;
    return Promise.resolve();
  }

  #reconfigure(endpoint: Endpoint, { pingS, callTimeoutS, tls, port }: CentralSystemSettings): void {
    try {
      endpoint.configure({ pingS, callTimeoutS, tls });
      if (this.#state.kind === "failed") this.#show({ kind: "listening", port });
    } catch (error) {
      this.#show({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  readonly #isRemoved = (identity: string, fingerprint: string): boolean =>
    this.certificates.isRemoved(identity, fingerprint);

  readonly #serveFile: RequestHandler = (request, response) => this.#files.serve(request, response);

  #refused({ httpStatus, identity, remoteAddress, reason }: RefusedUpgrade): void {
    // Others were reported by the directory, or concern no charge point.
    if (httpStatus === 429 || identity === null)
      this.#directory.report({ identity: identity ?? "", remoteAddress }, httpStatus, reason);
  }

  async #open(settings: CentralSystemSettings): Promise<void> {
    this.#clock.clear(this.#retry);
    await this.#endpoint?.close();
    this.#endpoint = null;
    this.#show({ kind: "starting" });
    const { host, port, path, pingS, callTimeoutS, tls } = settings;
    const own = {
      log: this.#log,
      onRequest: this.#serveFile,
      onRefusal: (refusal: RefusedUpgrade) => this.#refused(refusal),
    };
    const options = { host, port: port ?? 0, path, pingS, callTimeoutS, tls, ...own };
    const endpoint = createEndpoint(options, this.#directory, this.#clock);
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

/** Whether the server must be opened anew. A changed certificate is exchanged while it runs. */
function isMoved(before: CentralSystemSettings, after: CentralSystemSettings): boolean {
  const place = ({ host, port, path, tls }: CentralSystemSettings) =>
    JSON.stringify([host, port, path, tls !== null, tls?.clientCertificates, tls?.asksForCertificates ?? false]);
  return place(before) !== place(after);
}

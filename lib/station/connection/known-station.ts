import type { Clock } from "../../clock.ts";
import type { Dialect } from "../../ocpp/dialect.ts";
import type { CallOptions, Order } from "../../ocpp/port.ts";
import type { Store } from "../../store/types.ts";
import { Capabilities } from "../capabilities/capabilities.ts";
import type { LearntFacts, LearntValue, ModelProfile, Traits, TraitView } from "../capabilities/models/types.ts";
import { Line } from "./line.ts";

/** What is known of one charge point, connected or not: what it says it is, what it can do, and how it is reached. */
export class KnownStation {
  readonly identity: string;
  protected readonly capabilities: Capabilities;
  protected readonly line: Line;
  /** As told at boot, s. */
  protected heartbeatS: () => number = () => 60;

  /** @param learnt called with the traits that became different */
  constructor(identity: string, store: Store, clock: Clock, learnt: (paths: readonly string[]) => void) {
    this.identity = identity;
    this.capabilities = new Capabilities(identity, store, clock, (paths) => {
      this.line.adapt();
      learnt(paths);
    });
    this.line = new Line({
      identity,
      clock,
      traits: () => this.traits,
      memory: () => this.capabilities.memory,
      heartbeatS: () => this.heartbeatS(),
      rebootNeeded: (key) => this.rebootNeeded(key),
    });
  }

  get vendor(): string | null {
    return this.capabilities.memory.vendor;
  }

  get model(): string | null {
    return this.capabilities.memory.model;
  }

  get firmware(): string | null {
    return this.capabilities.memory.firmware;
  }

  get traits(): Traits {
    return this.capabilities.traits;
  }

  get modelProfile(): ModelProfile | null {
    return this.capabilities.modelProfile;
  }

  get inoperative(): readonly number[] {
    return this.capabilities.memory.inoperative;
  }

  get learntFacts(): LearntFacts {
    return this.capabilities.facts;
  }

  get pendingReboot(): readonly string[] {
    return this.capabilities.memory.pendingReboot;
  }

  /** Address of the last connection. */
  get address(): string | null {
    return this.line.address;
  }

  /** How it reaches this server by HTTP; null before it has connected. */
  get httpBase(): string | null {
    return this.line.httpBase;
  }

  get lastSeenWallMs(): number {
    return this.line.lastSeenWallMs;
  }

  get online(): boolean {
    return this.line.open;
  }

  /** A change of its configuration takes effect after a restart. */
  protected rebootNeeded(key: string): void {
    this.capabilities.memory.needsReboot(key);
  }

  /** Every trait with its value, source and note. */
  traitViews(): TraitView[] {
    return this.capabilities.views();
  }

  /** Notes what the charge point showed; what cannot be true or is nothing new changes nothing. */
  learn(path: string, value: LearntValue["value"], how: string): void {
    this.capabilities.learn([{ path, value, how }]);
  }

  /** What is spoken with it. */
  get dialect(): Dialect {
    return this.line.dialect;
  }

  readonly order: Order = (order, given, options) => {
    const { action, payload } = this.dialect.request(order, given);
    return this.call(action, payload, options);
  };

  /** @throws EvError as StationConnection.call, EV_OCPP_OFFLINE when not connected */
  async call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.line.call(action, payload, options);
  }
}

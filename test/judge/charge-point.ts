/**
 * A charge point as OCPP 1.6 says it has to be, fed with the frames of both directions: which charging profiles it may hold (§3.13,
 * §5.16, §5.5, errata 3.8, 3.25, 3.37, 3.43), and what its outlets may draw at any later time when nobody is there any more. A request
 * that is not answered may have worked or not: both are kept until later requests make them the same.
 */
import { type Curve, curveOf } from "./curve.ts";
import { isRelative, limitA, type Origins, type Profile, turnsMs, turnsS } from "./profile.ts";

/** How a charge point departs from the specification, or where that leaves it a choice. */
export interface Kind {
  /** What its outlets can give, A per phase. */
  maxA: number;
  /** Wired phases of its outlets. */
  phases: 1 | 2 | 3;
  /** What Relative schedules count from. */
  relativeFrom: "charging" | "receipt";
  /** A TxDefaultProfile governs running transactions, too (errata 3.8). */
  defaultsGovernRunning: boolean;
  /** Where the profile on the highest stack level says nothing, the one below it holds (errata 3.43). */
  fallsBack: boolean;
  /** Profiles outlive a restart (errata 3.37). TxProfiles end with it in any case. */
  keepsOverRestart: boolean;
  /** What its clock shows after a restart that nobody told it the time after. */
  clockAfterRestart: "goesOn" | "1970";
  /** When it loses all profiles. */
  dropsProfiles: "never" | "disconnect" | "reconnect";
  /** Its own limit while it has no connection, A; null = its profiles go on. */
  offlineA: number | null;
  /** Its clock less the right time, ms; several where it is not known. */
  clockOffsetsMs: readonly number[];
  /** What 0 A comes to, A. */
  zeroA: number;
  /** It charges whoever is plugged in without a transaction: status alone says that a car is there. */
  withoutTransactions: boolean;
  /** What is cleared counts until the next profile is accepted: for a central system that clears only to write anew. */
  clearsLate: boolean;
}

export const CONFORMING: Kind = {
  maxA: 32,
  phases: 3,
  relativeFrom: "charging",
  defaultsGovernRunning: true,
  fallsBack: true,
  keepsOverRestart: true,
  clockAfterRestart: "goesOn",
  dropsProfiles: "never",
  offlineA: null,
  clockOffsetsMs: [0],
  zeroA: 0,
  withoutTransactions: false,
  clearsLate: false,
};

/**
 * What happens after the end of everything. `nothing`: who charges goes on. `cars`: a transaction may end at any moment and another one
 * begin, at outlets that are free now, too. `restart`: the charge point restarts at once, and whoever is plugged in goes on.
 */
export type Future = "nothing" | "cars" | "restart";

export const FUTURES: readonly Future[] = ["nothing", "cars", "restart"];

interface Held {
  connector: number;
  /** When it came, on the right clock. */
  cameMs: number;
  profile: Profile;
}

/** All profiles that it holds in one of the cases that the frames leave open. */
type World = readonly Held[];

interface Transaction {
  /** null until the charge point was told. */
  id: number | null;
  startedMs: number;
  /** What tells a message that is sent again from another transaction. */
  signature: string;
  /** Default profiles when it began, for charge points that keep to those. */
  defaults: readonly World[];
}

interface Outlet {
  status: string;
  transaction: Transaction | null;
}

/** What an unanswered request of the central system does once it works. */
type Change = (world: World) => World;

interface Request {
  messageId: string;
  /** null = it changes no profile. */
  change: Change | null;
  /** It takes profiles away. */
  clears: boolean;
}

/** Departures that show without a connection only. */
const WITH_CONNECTION = { dropsProfiles: "never", offlineA: null } as const;
/** Cases kept at most; the frames of an honest test never come near it. */
const MOST_WORLDS = 512;
/** In these a car is plugged in. */
const PLUGGED = new Set(["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"]);
/** In these a car of a charge point without transactions may draw. */
const DRAWING = new Set(["Charging", "SuspendedEV", "SuspendedEVSE"]);

export class ReferenceChargePoint {
  readonly kind: Kind;
  readonly #outlets = new Map<number, Outlet>();
  #worlds: readonly World[] = [[]];
  /** Open requests of the central system, oldest first. */
  #open: Request[] = [];
  /** Cleared, and counted until the next profile is accepted. */
  #late: Change[] = [];
  /** On this connection it was asked for its BootNotification: that tells of no restart. */
  #bootAsked = false;
  /** Open StartTransaction.req, by message id. */
  readonly #starts = new Map<string, Transaction>();
  /** For what is kept between two frames. */
  #edition = 0;
  readonly #kept = new Map<string, { edition: number; curve: Curve }>();

  constructor(kind: Partial<Kind> = {}, connectors: readonly number[] = [1]) {
    this.kind = { ...CONFORMING, ...kind };
    for (const connector of connectors) this.#outlets.set(connector, { status: "Available", transaction: null });
  }

  /** Changes with each frame that may matter. */
  get edition(): number {
    return this.#edition;
  }

  /** How many cases the frames leave open. */
  get cases(): number {
    return this.#possible().length;
  }

  /** The transaction that runs at an outlet; null = none. */
  transaction(connector: number): { id: number | null; startedMs: number } | null {
    return this.#outlets.get(connector)?.transaction ?? null;
  }

  /** The profiles it holds in the first of the cases, which is the only one for whoever sees all its answers. */
  get profiles(): readonly { connector: number; profile: Profile }[] {
    return this.#possible()[0]!;
  }

  /** What an outlet may draw at this moment, A per phase. */
  allowsA(connector: number, nowMs: number, isConnected: boolean): number {
    return this.#curve(connector, nowMs, nowMs, "nothing", { ...this.kind, ...(isConnected && WITH_CONNECTION) })[0]!
      .currentA;
  }

  /** What GetCompositeSchedule tells of an outlet: of the running transaction, or of one that begins now. */
  composite(connector: number, nowMs: number, untilMs: number): Curve {
    const going = this.#outlets.get(connector)?.transaction !== null;
    const future = going ? "nothing" : "cars";
    const curve = this.#curve(connector, nowMs, untilMs, future, { ...this.kind, ...WITH_CONNECTION });
    return curve.filter(({ atMs }) => atMs < untilMs);
  }

  /** It restarts: transactions end, and TxProfiles, or all profiles, with them. */
  restart(): void {
    for (const outlet of this.#outlets.values()) outlet.transaction = null;
    this.#become(this.#possible().map((world) => (this.kind.keepsOverRestart ? withoutTx(world) : [])));
    this.#open = [];
  }

  connected(): void {
    if (this.kind.dropsProfiles === "reconnect") this.#become([[]]);
  }

  /** What was not answered will not be: it worked, or it did not. */
  disconnected(): void {
    this.#become(this.kind.dropsProfiles === "disconnect" ? [[]] : this.#possible());
    this.#open = [];
    this.#bootAsked = false;
  }

  /** A frame on its way to the charge point. @param atMs the right time */
  sent(atMs: number, text: string): void {
    const [type, messageId, action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
    if (type === 2) {
      const change = changeOf(atMs, action, payload);
      if (change) this.#edition++;
      if (action === "TriggerMessage" && payload["requestedMessage"] === "BootNotification") this.#bootAsked = true;
      this.#open.push({ messageId, change, clears: action === "ClearChargingProfile" });
      return;
    }
    const started = this.#starts.get(messageId);
    this.#starts.delete(messageId);
    if (!started || type !== 3) return;
    started.id = (action as unknown as { transactionId: number }).transactionId;
    this.#edition++;
  }

  /** A frame of the charge point. @param atMs the right time */
  heard(atMs: number, text: string): void {
    const [type, messageId, action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
    if (type === 2) this.#told(atMs, messageId, action, payload);
    else this.#answered(messageId, type === 3 ? (action as unknown as Record<string, unknown>) : null);
  }

  /**
   * What an outlet may draw from now on, A per phase, nobody being there any more.
   * @param untilMs to where it is worked out
   */
  curve(connector: number, nowMs: number, untilMs: number, future: Future): Curve {
    const key = `${connector} ${future}`;
    const kept = this.#kept.get(key);
    // Where nothing counts from the start of a charge that is still to come, it stays as it is while time passes.
    if (kept && kept.edition === this.#edition && kept.curve[0]!.atMs <= nowMs && this.#standsStill) return kept.curve;
    const curve = this.#curve(connector, nowMs, untilMs, future, this.kind);
    this.#kept.set(key, { edition: this.#edition, curve });
    return curve;
  }

  get #standsStill(): boolean {
    const { clockAfterRestart } = this.kind;
    const counts = ({ profile }: Held): boolean => isRelative(profile) || profile.chargingProfileKind === "Recurring";
    return clockAfterRestart === "goesOn" && !this.#possible().some((world) => world.some(counts));
  }

  #told(atMs: number, messageId: string, action: string, payload: Record<string, unknown>): void {
    switch (action) {
      case "BootNotification":
        this.#booted();
        break;
      case "StatusNotification":
        this.#reported(payload as { connectorId: number; status: string });
        break;
      case "StartTransaction":
        this.#started(atMs, messageId, payload as { connectorId: number });
        break;
      case "StopTransaction":
        this.#stopped((payload as { transactionId: number }).transactionId);
        break;
    }
  }

  /** It restarted, or only says who it is. Nobody restarts on a connection that goes on. */
  #booted(): void {
    if (this.#bootAsked) return;
    const after = this.#worlds.map((world) => (this.kind.keepsOverRestart ? withoutTx(world) : []));
    this.#become([...this.#worlds, ...after]);
  }

  #reported({ connectorId, status }: { connectorId: number; status: string }): void {
    const outlet = this.#outlets.get(connectorId);
    if (!outlet || outlet.status === status) return;
    outlet.status = status;
    this.#edition++;
  }

  #started(atMs: number, messageId: string, { connectorId, ...rest }: { connectorId: number }): void {
    const outlet = this.#outlets.get(connectorId);
    if (!outlet) return;
    const signature = JSON.stringify(rest);
    const { timestamp } = rest as { timestamp?: string };
    const toldMs = Date.parse(timestamp ?? "") - this.kind.clockOffsetsMs[0]!;
    if (outlet.transaction?.signature !== signature) {
      this.#endTransaction(connectorId, outlet);
      const startedMs = Number.isFinite(toldMs) && toldMs <= atMs ? toldMs : atMs;
      outlet.transaction = { id: null, startedMs, signature, defaults: this.#possible() };
    }
    this.#starts.set(messageId, outlet.transaction!);
    this.#edition++;
  }

  #stopped(transactionId: number): void {
    const running = [...this.#outlets].filter(([, { transaction }]) => transaction !== null);
    const found = running.find(([, { transaction }]) => transaction!.id === transactionId);
    const unnumbered = running.filter(([, { transaction }]) => transaction!.id === null);
    const [connector, outlet] = found ?? (unnumbered.length === 1 ? unnumbered[0]! : []);
    if (connector !== undefined) this.#endTransaction(connector, outlet!);
  }

  /** TxProfiles end with their transaction (§3.13.1). */
  #endTransaction(connector: number, outlet: Outlet): void {
    if (!outlet.transaction) return;
    outlet.transaction = null;
    this.#become(this.#worlds.map((world) => withoutTx(world, connector)));
  }

  /** @param answer null = a CALLERROR */
  #answered(messageId: string, answer: Record<string, unknown> | null): void {
    const at = this.#open.findIndex((request) => request.messageId === messageId);
    if (at < 0) return;
    // Requests before it were dealt with before it, in ways that are not known.
    const before = this.#open.splice(0, at + 1);
    const { change, clears } = before.pop()!;
    if (!change && before.every((request) => !request.change)) return;
    let worlds = possible(this.#worlds, this.#counted(before));
    // `Unknown` to a ClearChargingProfile: nothing of the kind is there.
    const works = answer !== null && (answer["status"] === "Accepted" || answer["status"] === "Unknown");
    if (change && works && clears && this.kind.clearsLate) this.#late.push(change);
    else if (change && works) {
      for (const late of this.#late.splice(0)) worlds = worlds.map(late);
      worlds = worlds.map(change);
    }
    this.#become(worlds);
  }

  #counted(requests: readonly Request[]): readonly Request[] {
    return this.kind.clearsLate ? requests.filter(({ clears }) => !clears) : requests;
  }

  #become(worlds: readonly World[]): void {
    this.#worlds = distinct(worlds);
    this.#edition++;
  }

  #possible(): readonly World[] {
    return possible(this.#worlds, this.#counted(this.#open));
  }

  #curve(connector: number, nowMs: number, untilMs: number, future: Future, kind: Kind): Curve {
    const outlet = this.#outlets.get(connector)!;
    const goesOn = kind.withoutTransactions ? DRAWING.has(outlet.status) : outlet.transaction !== null;
    const present = future === "cars" || goesOn || (future === "restart" && PLUGGED.has(outlet.status));
    if (!present) return [{ atMs: nowMs, currentA: 0 }];
    // Gone with the connection, and nobody comes back.
    if (kind.dropsProfiles === "disconnect") return [{ atMs: nowMs, currentA: kind.maxA }];
    if (kind.offlineA !== null) return [{ atMs: nowMs, currentA: Math.min(kind.maxA, kind.offlineA) }];
    const cases = this.#possible().flatMap((world) =>
      kind.clockOffsetsMs.map((offsetMs) => this.#case(world, offsetMs, connector, nowMs, untilMs, future, goesOn)),
    );
    return curveOf(
      nowMs,
      cases.flatMap(({ turnsMs }) => turnsMs),
      (atMs) => Math.max(...cases.map((one) => one.currentA(atMs))),
    );
  }

  #case(
    world: World,
    offsetMs: number,
    connector: number,
    nowMs: number,
    untilMs: number,
    future: Future,
    goesOn: boolean,
  ): { turnsMs: number[]; currentA: (atMs: number) => number } {
    const { kind } = this;
    const { transaction } = this.#outlets.get(connector)!;
    const restarts = future === "restart";
    const held = restarts ? (kind.keepsOverRestart ? withoutTx(world) : []) : world;
    const toClock = (atMs: number): number =>
      restarts && kind.clockAfterRestart === "1970" ? atMs - nowMs : atMs + offsetMs;
    const fromClock = (clockMs: number): number => clockMs + (nowMs - toClock(nowMs));
    const running = {
      startedMs: transaction?.startedMs ?? nowMs,
      id: transaction?.id ?? null,
      defaults: transaction?.defaults,
    };
    const starts = startsOf(held, kind);
    /** A transaction that goes on, and any that may have begun since. */
    const currentA = (atMs: number): number => {
      const going = goesOn && !restarts ? this.#heldA(held, connector, toClock(atMs), toClock, running) : 0;
      if (future === "nothing") return going;
      const beganMs = [nowMs, atMs, ...starts.map((turnMs) => atMs - turnMs)].filter((ms) => ms >= nowMs && ms <= atMs);
      const fresh = withoutTx(held);
      const began = beganMs.map((startedMs) =>
        this.#heldA(fresh, connector, toClock(atMs), toClock, { startedMs, id: null, defaults: undefined }),
      );
      return Math.max(going, ...began);
    };
    const chargingMs = toClock(running.startedMs);
    const origins = (one: Held): Origins => ({ chargingMs, receiptMs: this.#receiptMs(one, toClock) });
    const all = transaction?.defaults && !kind.defaultsGovernRunning ? [...held, ...transaction.defaults.flat()] : held;
    const turns = all.flatMap((one) =>
      turnsMs(one.profile, toClock(nowMs), toClock(untilMs), origins(one)).map(fromClock),
    );
    return { turnsMs: [...turns, ...starts.map((turnMs) => nowMs + turnMs)], currentA };
  }

  #receiptMs({ cameMs }: Held, toClock: (atMs: number) => number): number | null {
    return this.kind.relativeFrom === "receipt" ? toClock(cameMs) : null;
  }

  /** What its profiles allow one outlet, A per phase (§3.13.3). */
  #heldA(
    world: World,
    connector: number,
    clockMs: number,
    toClock: (atMs: number) => number,
    transaction: { id: number | null; startedMs: number; defaults: readonly World[] | undefined },
  ): number {
    const { kind } = this;
    const chargingMs = toClock(transaction.startedMs);
    const says = (purpose: Profile["chargingProfilePurpose"], among: World): number | null => {
      const ranked = among
        .filter(({ profile }) => profile.chargingProfilePurpose === purpose)
        .filter((held) => held.connector === 0 || held.connector === connector)
        .filter(({ profile: { transactionId } }) => purpose !== "TxProfile" || fits(transactionId, transaction.id))
        .sort((one, other) => rank(other) - rank(one));
      for (const held of kind.fallsBack ? ranked : ranked.slice(0, 1)) {
        const origins = { chargingMs, receiptMs: this.#receiptMs(held, toClock) };
        const said = limitA(held.profile, clockMs, origins, kind.phases);
        if (said !== null) return said;
      }
      return null;
    };
    const { defaults } = transaction;
    const governing = kind.defaultsGovernRunning || !defaults ? [world] : defaults;
    const ofTransaction = says("TxProfile", world);
    const ofOutlet =
      ofTransaction ?? Math.max(...governing.map((among) => says("TxDefaultProfile", among) ?? kind.maxA));
    const ofWhole = says("ChargePointMaxProfile", world) ?? kind.maxA;
    return Math.max(kind.zeroA, Math.min(kind.maxA, ofOutlet, ofWhole));
  }
}

/** How far back, ms, a charge may have begun for a schedule that counts from there to say something else. */
function startsOf(world: World, { relativeFrom }: Kind): number[] {
  if (relativeFrom === "receipt") return [];
  return world
    .filter(({ profile }) => isRelative(profile))
    .flatMap(({ profile }) => turnsS(profile).map((s) => s * 1000));
}

/** A TxProfile without a transactionId is for whichever transaction runs. */
function fits(meantFor: number | undefined, id: number | null): boolean {
  return meantFor === undefined || meantFor === id;
}

/** The stack level; of two on one level the one set on the outlet. */
function rank({ connector, profile }: Held): number {
  return profile.stackLevel + (connector > 0 ? 0.5 : 0);
}

/** @param connector default: all of them */
function withoutTx(world: World, connector?: number): World {
  const ends = (held: Held): boolean =>
    held.profile.chargingProfilePurpose === "TxProfile" && (connector === undefined || held.connector === connector);
  return world.some(ends) ? world.filter((held) => !ends(held)) : world;
}

/** What a request does to the profiles held; null = nothing. */
function changeOf(atMs: number, action: string, payload: Record<string, unknown>): Change | null {
  if (action === "SetChargingProfile") {
    const { connectorId, csChargingProfiles } = payload as { connectorId: number; csChargingProfiles: Profile };
    const coming: Held = { connector: connectorId, cameMs: atMs, profile: csChargingProfiles };
    return (world) => [...world.filter((held) => !replaces(coming, held)), coming];
  }
  if (action === "ClearChargingProfile") return (world) => world.filter((held) => !matches(held, payload));
  return null;
}

/** The same id, or the same purpose and stack level at the same outlet (§5.16.3). */
function replaces(coming: Held, held: Held): boolean {
  if (coming.profile.chargingProfileId === held.profile.chargingProfileId) return true;
  const place = ({ connector, profile }: Held) =>
    `${connector} ${profile.chargingProfilePurpose} ${profile.stackLevel}`;
  return place(coming) === place(held);
}

/** Every field given has to be that of the profile (errata 3.25). */
function matches({ connector, profile }: Held, filter: Record<string, unknown>): boolean {
  const own: Record<string, unknown> = {
    id: profile.chargingProfileId,
    connectorId: connector,
    chargingProfilePurpose: profile.chargingProfilePurpose,
    stackLevel: profile.stackLevel,
  };
  return Object.keys(own).every((field) => filter[field] === undefined || filter[field] === own[field]);
}

function possible(worlds: readonly World[], open: readonly Request[]): readonly World[] {
  let all = worlds;
  for (const { change } of open) if (change) all = distinct([...all, ...all.map(change)]);
  return all;
}

function distinct(worlds: readonly World[]): readonly World[] {
  if (worlds.length < 2) return worlds;
  const seen = new Map<string, World>();
  for (const world of worlds) {
    const key = world
      .map((held) => numberOf(held))
      .sort((one, other) => one - other)
      .join(" ");
    seen.set(key, world);
  }
  if (seen.size > MOST_WORLDS) throw new RangeError(`${seen.size} cases are open: too many requests had no answer`);
  return [...seen.values()];
}

const numbers = new WeakMap<Held, number>();
let count = 0;

/** Tells profiles apart that came at different times. */
function numberOf(held: Held): number {
  const known = numbers.get(held) ?? ++count;
  numbers.set(held, known);
  return known;
}

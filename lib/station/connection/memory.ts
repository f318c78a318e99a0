import { type Clock, isoTime } from "../../clock.ts";
import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import { factProblem } from "../capabilities/learnable.ts";
import { CLAIMED } from "../capabilities/models/resolve.ts";
import type { LearntFacts, LearntValue } from "../capabilities/models/types.ts";

/** So many firmware versions of one charge point are remembered; beyond, the oldest is forgotten. */
const MOST_FIRMWARES = 5;

/** What was done to one charge point's configuration under one firmware, so that it is not done again. */
interface ConfigurationMemory {
  /** Values it accepted, by key in lower case. */
  written: Record<string, string>;
  /** Values it keeps although it accepted another one. */
  kept: Record<string, string>;
}

interface FirmwareMemory extends ConfigurationMemory {
  firmware: string | null;
  values: Record<string, LearntValue>;
}

interface Remembered {
  vendor: string | null;
  model: string | null;
  /** The firmware it ran last stands first. */
  firmwares: FirmwareMemory[];
  /** Keys whose change waits for a reboot. */
  pendingReboot: string[];
  /** Connectors that were taken out of service from here; 0 = the whole charge point. */
  inoperative: number[];
  /** Connectors that may hold profiles of ours; null before it was first served. */
  profiled: number[] | null;
}

const blank = (firmware: string | null): FirmwareMemory => ({ firmware, values: {}, written: {}, kept: {} });

const unknown = (): Remembered => ({
  vendor: null,
  model: null,
  firmwares: [blank(null)],
  pendingReboot: [],
  inoperative: [],
  profiled: null,
});

/**
 * What is remembered of one charge point over restarts, by identity and firmware: another firmware begins anew, and what was
 * learnt of the old one is kept for it. Written by the store's batch writer once `persist` was called.
 */
export class StationMemory {
  readonly #key: string;
  readonly #store: Store;
  readonly #clock: Clock;
  #state: Remembered = unknown();
  #durable = false;

  constructor(identity: string, store: Store, clock: Clock) {
    this.#key = `station/${identity}`;
    this.#store = store;
    this.#clock = clock;
  }

  get vendor(): string | null {
    return this.#state.vendor;
  }

  get model(): string | null {
    return this.#state.model;
  }

  get firmware(): string | null {
    return this.#current.firmware;
  }

  get facts(): LearntFacts {
    return this.#current;
  }

  get configuration(): Readonly<ConfigurationMemory> {
    return this.#current;
  }

  get pendingReboot(): readonly string[] {
    return this.#state.pendingReboot;
  }

  get inoperative(): readonly number[] {
    return this.#state.inoperative;
  }

  get profiled(): readonly number[] | null {
    return this.#state.profiled;
  }

  /**
   * Takes over what the database knows, and writes from now on. Strangers are not worth a record.
   * @returns whether something was taken over now
   */
  persist(): boolean {
    if (this.#durable) return false;
    try {
      const stored = this.#store.document(this.#key);
      const isKnown = this.#state.vendor !== null;
      if (stored !== undefined) this.#state = merged(this.#state, readRemembered(stored));
      this.#durable = true;
      if (isKnown) this.#save();
      return stored !== undefined;
    } catch {
      // The store reports its own failure; it is learnt again from the charge point, and read at the next occasion.
      return false;
    }
  }

  /** A BootNotification says what it is and runs. Of a charge point that took the place of another nothing is known yet. */
  identify(vendor: string, model: string, firmware: string | null): void {
    const isAnother = this.vendor !== null && (vendor !== this.vendor || model !== this.model);
    if (isAnother) this.#state = unknown();
    const { firmwares } = this.#state;
    const known = firmwares.find((memory) => memory.firmware === firmware) ?? blank(firmware);
    const others = firmwares.filter((memory) => memory !== known && memory.firmware !== null);
    const next = [known, ...others].slice(0, MOST_FIRMWARES);
    if (vendor === this.vendor && model === this.model && known === this.#current) return;
    this.#state = { ...this.#state, vendor, model, firmwares: next };
    this.#save();
  }

  /**
   * Notes a fact under the present firmware. What the charge point claims (`CLAIMED`) gives way to what it showed.
   * @returns whether it is new; false also for a fact that cannot be true
   */
  learn(path: string, value: LearntValue["value"], how: string): boolean {
    const known = this.#current.values[path];
    if (how === CLAIMED && known && known.how !== CLAIMED) return false;
    const shownNow = known?.how === CLAIMED && how !== CLAIMED;
    const isSame = known && (known.value === value || JSON.stringify(known.value) === JSON.stringify(value));
    if ((isSame && !shownNow) || factProblem(path, value) !== null) return false;
    this.#current.values[path] = { value, how, at: isoTime(this.#clock.wallMs()) };
    this.#save();
    return true;
  }

  /** A value was accepted for a configuration key. */
  wrote(key: string, value: string): void {
    this.#current.written[key.toLowerCase()] = value;
    delete this.#current.kept[key.toLowerCase()];
    this.#save();
  }

  /** A value was accepted, yet the key holds this one. */
  keeps(key: string, value: string): void {
    this.#current.kept[key.toLowerCase()] = value;
    this.#save();
  }

  needsReboot(key: string): void {
    if (this.pendingReboot.includes(key)) return;
    this.#state.pendingReboot = [...this.pendingReboot, key];
    this.#save();
  }

  rebooted(): void {
    if (this.pendingReboot.length === 0) return;
    this.#state.pendingReboot = [];
    this.#save();
  }

  /** A connector (0 = all) was taken out of service or back into it from here. */
  tookOutOfService(connector: number, out: boolean): void {
    if (this.inoperative.includes(connector) === out && connector !== 0) return;
    const others = connector === 0 ? [] : this.inoperative.filter((number) => number !== connector);
    this.#state.inoperative = out ? [...others, connector] : others;
    this.#save();
  }

  /** Profiles of ours may be on these connectors from now on. */
  profiles(connectors: readonly number[]): void {
    if (JSON.stringify(connectors) === JSON.stringify(this.profiled)) return;
    this.#state.profiled = [...connectors];
    this.#save();
  }

  get #current(): FirmwareMemory {
    return this.#state.firmwares[0]!;
  }

  #save(): void {
    if (this.#durable) this.#store.saveDocument(this.#key, this.#state as unknown as JsonValue);
  }
}

/** What was learnt while the database could not be read stands over what it holds. */
function merged(live: Remembered, stored: Remembered): Remembered {
  const [current] = live.firmwares;
  if (live.vendor === null) return stored;
  if (stored.vendor !== null && (stored.vendor !== live.vendor || stored.model !== live.model)) return live;
  const known = stored.firmwares.find(({ firmware }) => firmware === current!.firmware) ?? blank(current!.firmware);
  const now = {
    ...known,
    values: { ...known.values, ...current!.values },
    written: { ...known.written, ...current!.written },
    kept: { ...known.kept, ...current!.kept },
  };
  const others = stored.firmwares.filter((memory) => memory !== known);
  return { ...stored, vendor: live.vendor, model: live.model, firmwares: [now, ...others].slice(0, MOST_FIRMWARES) };
}

/** A record of an earlier release or a damaged one: what is usable of it. */
function readRemembered(stored: JsonValue): Remembered {
  const record = asRecord(stored);
  const firmwares = asList(record["firmwares"]).map((item): FirmwareMemory => {
    const { firmware, values, written, kept } = asRecord(item);
    return {
      firmware: asText(firmware),
      values: Object.fromEntries(Object.entries(asRecord(values)).flatMap(readFact)),
      written: texts(written),
      kept: texts(kept),
    };
  });
  return {
    vendor: asText(record["vendor"]),
    model: asText(record["model"]),
    firmwares: firmwares.length > 0 ? firmwares : [blank(null)],
    pendingReboot: asList(record["pendingReboot"]).filter((key) => typeof key === "string"),
    inoperative: asList(record["inoperative"]).filter((number) => typeof number === "number"),
    profiled: Array.isArray(record["profiled"])
      ? record["profiled"].filter((number) => typeof number === "number")
      : null,
  };
}

function readFact([path, fact]: [string, unknown]): [string, LearntValue][] {
  const { value, how, at } = asRecord(fact);
  if (factProblem(path, value) !== null) return [];
  return [[path, { value: value as LearntValue["value"], how: asText(how) ?? "", at: asText(at) ?? "" }]];
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(asRecord(value)).filter((entry): entry is [string, string] => asText(entry[1]) !== null),
  );

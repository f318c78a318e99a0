/** Gathers what is wrong at a site, beside what its load management tells by itself, into the one list of alarms. */
import { AlarmList, type AlarmSource } from "./alarm/alarm-list.ts";
import { ALARMS, type AlarmKind } from "./alarm/catalog.ts";
import type { Fault } from "./alarm/faults/index.ts";
import type { AlarmReport } from "./alarm/types.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { AlarmMessage } from "./messages.ts";
import { readings } from "./metering/meter-board.ts";
import type { Stations } from "./station/stations.ts";
import type { StationChange, StationHandle } from "./station/types.ts";
import type { LimitCommandRecord, Store } from "./store/types.ts";

/** How often what tells nobody of itself is looked at. */
const LOOK_MS = 5_000;
/** A charge point away for less is no alarm: it may be starting. */
const OFFLINE_AFTER_MS = 60_000;
/** A charge point's clock that is off by more makes wrong records. */
const CLOCK_OFF_MS = 30_000;
/** A meter without a good reading for less is no alarm. */
const METER_BAD_MS = 30_000;
/** A second charge point of the same name is forgotten when it has not knocked for this long. */
const CONFLICT_MS = 600_000;

/** What the watch looks at. */
export interface WatchedSite {
  stations: Stations;
  store: Store;
  clock: Clock;
  /** Zone of a connector (`<id>/<n>`), charge point or meter under load management; null outside. */
  zoneOf(subject: string): string | null;
  /** Why the last daily copy of the database failed; null when it did not. */
  copyFailure(): string | null;
  /** Whether load management watches this charge point or meter by itself. */
  isManaged(name: string): boolean;
}

export class SiteAlarms {
  readonly list: AlarmList;
  readonly #site: WatchedSite;
  readonly #own: AlarmSource;
  readonly #faults: AlarmSource;
  readonly #offlineSinceMs = new Map<string, number>();
  /** Monotonic time of the last knock, by identity. */
  readonly #conflicts = new Map<string, number>();
  readonly #stop: (() => void)[];

  constructor(site: WatchedSite) {
    this.#site = site;
    this.list = new AlarmList(site.store.alarms, site.clock);
    this.#own = this.list.source("site");
    this.#faults = this.list.source("charge points");
    const timer = site.clock.setInterval(() => this.#look(), LOOK_MS);
    this.#stop = [() => site.clock.clear(timer), site.stations.onChange((change) => this.#changed(change))];
  }

  /** Where the alarms of a load management go. @param root its root zone */
  loadManagement(root: string): { take(message: AlarmMessage): void; close(): void } {
    const source = this.list.source(`load management ${root}`);
    return {
      take: ({ payload: { key, state, severity, text, action } }) => {
        if (state === "cleared") source.clear(key);
        else source.raise({ key, severity, text, action }, this.#locationOf(key) ?? root);
      },
      close: () => source.close(),
    };
  }

  close(): void {
    for (const stop of this.#stop) stop();
    this.list.close();
  }

  #changed({ kind, chargePoint, connector }: StationChange): void {
    if (kind === "conflict") this.#conflicts.set(chargePoint, this.#site.clock.nowMs());
    if (kind === "status" || kind === "boot" || kind === "removed") this.#tellFault(chargePoint, connector);
    if (kind === "conflict") this.#look();
  }

  /** A fault is told at once; it is over when the charge point names another or none. */
  #tellFault(chargePoint: string, connector: number): void {
    const station = this.#site.stations.get(chargePoint);
    const faults = station?.definition ? station.faults : new Map<number, Fault>();
    const numbers = connector === 0 ? [0, ...(station?.connectors.keys() ?? [])] : [connector];
    for (const number of numbers) {
      const key = `chargerFault/${chargePoint}/${number}`;
      const fault = faults.get(number);
      if (fault) this.#faults.raise(faultReport(key, chargePoint, number, fault), this.#locationOf(key));
      else this.#faults.clear(key);
    }
  }

  #look(): void {
    const { stations, clock, store } = this.#site;
    const nowMs = clock.nowMs();
    const described = stations.list().filter(({ definition }) => definition?.ocpp);
    const wrong = [
      ...described.flatMap((station) => [...this.#offline(station, nowMs), ...clockOff(station)]),
      ...this.#knocks(nowMs),
      ...this.#meters(nowMs),
      ...storeFailure(store),
      ...this.#copies(),
      ...limitsInForce(store),
    ];
    this.#own.replace(wrong, (key) => this.#locationOf(key));
  }

  /** Load management tells of its own charge points. */
  #offline({ identity, online }: StationHandle, nowMs: number): AlarmReport[] {
    if (online || this.#site.isManaged(identity)) {
      this.#offlineSinceMs.delete(identity);
      return [];
    }
    const sinceMs = this.#offlineSinceMs.get(identity) ?? nowMs;
    this.#offlineSinceMs.set(identity, sinceMs);
    if (nowMs - sinceMs < OFFLINE_AFTER_MS) return [];
    return [report("chargePointOffline", identity, `charge point ${identity} is not connected`)];
  }

  #knocks(nowMs: number): AlarmReport[] {
    for (const [identity, atMs] of this.#conflicts) if (nowMs - atMs > CONFLICT_MS) this.#conflicts.delete(identity);
    return [...this.#conflicts.keys()].map((identity) =>
      report("identityConflict", identity, `a second charge point claims to be ${identity}`),
    );
  }

  #meters(nowMs: number): AlarmReport[] {
    return [...readings()].flatMap(([meter, { badSinceMs }]) => {
      if (badSinceMs === null || nowMs - badSinceMs < METER_BAD_MS || this.#site.isManaged(meter)) return [];
      return [report("meterUnread", meter, `meter ${meter} has given no good reading for more than 30 s`)];
    });
  }

  #copies(): AlarmReport[] {
    const { store, copyFailure } = this.#site;
    const failure = copyFailure();
    const failed = failure ? [report("copy", "database", `the daily copy of the database failed: ${failure}`)] : [];
    if (!store.recovery) return failed;
    const { copyWallMs, damagedPath } = store.recovery;
    const text = `the database was damaged; the copy of ${isoTime(copyWallMs)} took its place, what came later is missing. The damaged file is ${damagedPath}`;
    return [...failed, report("recovered", "database", text)];
  }

  #locationOf(key: string): string | null {
    const [, subject = "", connector = ""] = key.split("/");
    const zone = this.#site.zoneOf(connector ? `${subject}/${connector}` : subject) ?? this.#site.zoneOf(subject);
    if (!this.#site.stations.get(subject)) return zone;
    return [zone, connector && connector !== "0" ? `${subject}/${connector}` : subject].filter(Boolean).join(", ");
  }
}

function report(kind: AlarmKind, subject: string, text: string): AlarmReport {
  const { severity, action } = ALARMS[kind];
  return { key: `${kind}/${subject}`, severity, text, action };
}

function faultReport(key: string, chargePoint: string, connector: number, fault: Fault): AlarmReport {
  const where = connector === 0 ? `charge point ${chargePoint}` : `charger ${chargePoint}/${connector}`;
  const text = [`${where}: ${fault.name}`, fault.text].filter(Boolean).join(". ");
  const action = [fault.cause && `Likely: ${fault.cause}`, fault.action].filter(Boolean).join(" ");
  return { key, severity: fault.severity, text, action };
}

function clockOff({ identity, online, clockSkewMs }: StationHandle): AlarmReport[] {
  if (!online || Math.abs(clockSkewMs) < CLOCK_OFF_MS) return [];
  const offS = Math.round(Math.abs(clockSkewMs) / 1000);
  const off = offS < 120 ? `${offS} s` : `${Math.round(offS / 60)} min`;
  const side = clockSkewMs > 0 ? "behind" : "ahead";
  return [report("clock", identity, `the clock of charge point ${identity} is ${off} ${side}`)];
}

function storeFailure({ failure }: Store): AlarmReport[] {
  return failure ? [report("store", "database", `the site's database cannot be used: ${failure.message}`)] : [];
}

function limitsInForce(store: Store): AlarmReport[] {
  let commands: LimitCommandRecord[] = [];
  try {
    commands = store.limitCommands.open();
  } catch {
    // The store's failure is an alarm of its own.
  }
  return commands.map(({ zone, source, limitA, powerW, holdStarts, reason }) => {
    const limits = [limitA !== null && `${limitA} A`, powerW !== null && `${powerW} W`].filter(Boolean).join(", ");
    const what = limits ? `is limited to ${limits}` : holdStarts ? "takes no new starts" : "is limited";
    return report(
      "limit",
      `${zone}/${source}`,
      `zone ${zone} ${what} from outside (${source}${reason ? `: ${reason}` : ""})`,
    );
  });
}

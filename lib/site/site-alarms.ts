/** Gathers what is wrong at a site, beside what its load management tells by itself, into the one list of alarms. */
import { AlarmList, type AlarmSource } from "../alarm/alarm-list.ts";
import { type Fault, faultText } from "../alarm/faults.ts";
import { ALARMS, type AlarmKind, type AlarmReport } from "../alarm-types.ts";
import { type Clock, isoTime } from "../clock.ts";
import type { AlarmMessage } from "../messages.ts";
import { readings } from "../metering/meter-board.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { StationChange, StationHandle } from "../station/types.ts";
import type { Recovery } from "../store/disk/copies.ts";
import type { LimitCommandRecord, Store } from "../store/types.ts";
import { OFFLINE_ALARM_MS } from "../thresholds.ts";
import { sentence } from "../words/sentence.ts";
import type { CodeOf, Language } from "../words/types.ts";

/** How often conditions are looked at that raise no event by themselves. */
const LOOK_MS = 5_000;
/** A charge point's clock that is off by more makes wrong records. */
const CLOCK_OFF_MS = 30_000;
/** A meter without a good reading for less is no alarm. */
const METER_BAD_MS = 30_000;
/** A charge point's certificate that ends sooner was not renewed in time, days. */
const CERTIFICATE_DAYS = 14;
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
  /** Certificates that charge points use, with the days they have left. */
  certificateDays(): readonly { identity: string; days: number }[];
  /** Whether load management watches this charge point or meter by itself. */
  isManaged(name: string): boolean;
  /** A charge point or connector for people: its name and its id. */
  called(subject: string): string;
  /** In which alarms are worded; those that are raised are told anew when it changes. */
  language(): Language;
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
  /** In which faults were told. */
  #told: Language;

  constructor(site: WatchedSite) {
    this.#site = site;
    this.#told = site.language();
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
    // Of strangers nothing is written: they invent as many names as they like.
    const isKnown = this.#site.stations.get(chargePoint)?.definition != null;
    if (kind === "conflict" && isKnown) this.#conflicts.set(chargePoint, this.#site.clock.nowMs());
    if (kind === "status" || kind === "boot" || kind === "removed") this.#tellFault(chargePoint, connector);
    if (kind === "conflict" && isKnown) this.#look();
  }

  /** A fault is told at once; it is over when the charge point names another or none. */
  #tellFault(chargePoint: string, connector: number): void {
    const station = this.#site.stations.get(chargePoint);
    const faults = station?.definition ? station.faults : new Map<number, Fault>();
    const numbers = connector === 0 ? [0, ...(station?.connectors.keys() ?? [])] : [connector];
    const language = this.#site.language();
    for (const number of numbers) {
      const key = `chargerFault/${chargePoint}/${number}`;
      const fault = faults.get(number);
      if (!fault) {
        this.#faults.clear(key);
        continue;
      }
      const id = this.#site.called(number === 0 ? chargePoint : `${chargePoint}/${number}`);
      this.#faults.raise(faultReport(key, id, number === 0, fault, language), this.#locationOf(key));
    }
  }

  #look(): void {
    const { stations, clock, store, language } = this.#site;
    const nowMs = clock.nowMs();
    const report = reporter(language());
    const described = stations.list().filter(({ definition }) => definition?.ocpp);
    const wrong = [
      ...described.flatMap((station) => [...this.#offline(station, nowMs, report), ...this.#clockOff(station, report)]),
      ...this.#knocks(nowMs, report),
      ...this.#meters(nowMs, report),
      ...(store.failure ? [report("store", "database", "alarm.store", { why: store.failure.message })] : []),
      ...this.#copies(report),
      ...this.#certificates(report),
      ...limitsInForce(store, report),
    ];
    this.#own.replace(wrong, (key) => this.#locationOf(key));
    if (language() === this.#told) return;
    this.#told = language();
    for (const { identity } of stations.list()) this.#tellFault(identity, 0);
  }

  /** Load management tells of its own charge points. */
  #offline({ identity, online }: StationHandle, nowMs: number, report: Reporter): AlarmReport[] {
    if (online || this.#site.isManaged(identity)) {
      this.#offlineSinceMs.delete(identity);
      return [];
    }
    const sinceMs = this.#offlineSinceMs.get(identity) ?? nowMs;
    this.#offlineSinceMs.set(identity, sinceMs);
    if (nowMs - sinceMs < OFFLINE_ALARM_MS) return [];
    return [report("chargePointOffline", identity, "alarm.chargePointOffline", { id: this.#site.called(identity) })];
  }

  #clockOff({ identity, online, clockSkewMs }: StationHandle, report: Reporter): AlarmReport[] {
    if (!online || Math.abs(clockSkewMs) < CLOCK_OFF_MS) return [];
    const offS = Math.round(Math.abs(clockSkewMs) / 1000);
    const off = offS < 120 ? `${offS} s` : `${Math.round(offS / 60)} min`;
    const values = { id: this.#site.called(identity), off };
    return [report("clock", identity, clockSkewMs > 0 ? "alarm.clockBehind" : "alarm.clockAhead", values)];
  }

  #knocks(nowMs: number, report: Reporter): AlarmReport[] {
    for (const [identity, atMs] of this.#conflicts) if (nowMs - atMs > CONFLICT_MS) this.#conflicts.delete(identity);
    return [...this.#conflicts.keys()].map((id) =>
      report("identityConflict", id, "alarm.identityConflict", { id: this.#site.called(id) }),
    );
  }

  #meters(nowMs: number, report: Reporter): AlarmReport[] {
    return [...readings()].flatMap(([meter, { badSinceMs }]) => {
      if (badSinceMs === null || nowMs - badSinceMs < METER_BAD_MS || this.#site.isManaged(meter)) return [];
      return [report("meterUnread", meter, "alarm.meterUnread", { meter })];
    });
  }

  #copies(report: Reporter): AlarmReport[] {
    const { store, copyFailure } = this.#site;
    const failure = copyFailure();
    const failed = failure ? [report("copy", "database", "alarm.copy", { why: failure })] : [];
    if (!store.recovery) return failed;
    return [...failed, report("recovered", "database", ...recoveryText(store.recovery))];
  }

  #certificates(report: Reporter): AlarmReport[] {
    const ending = this.#site.certificateDays().filter(({ days }) => days < CERTIFICATE_DAYS);
    return ending.map(({ identity, days }) => {
      const values = { id: this.#site.called(identity), days: String(Math.floor(days)) };
      return report("certificateEnds", identity, days < 0 ? "alarm.certificateOver" : "alarm.certificateEnds", values);
    });
  }

  #locationOf(key: string): string | null {
    const [, subject = "", connector = ""] = key.split("/");
    const zone = this.#site.zoneOf(connector ? `${subject}/${connector}` : subject) ?? this.#site.zoneOf(subject);
    if (!this.#site.stations.get(subject)) return zone;
    const where = this.#site.called(connector && connector !== "0" ? `${subject}/${connector}` : subject);
    return [zone, where].filter(Boolean).join(", ");
  }
}

/** What is told of a database that was damaged, with its values. */
export function recoveryText({ copyWallMs, damagedPath }: Recovery): [CodeOf<"alarm">, { time: string; path: string }] {
  if (copyWallMs === null) return ["alarm.begunAnew", { time: "", path: damagedPath }];
  return ["alarm.recovered", { time: isoTime(copyWallMs), path: damagedPath }];
}

type Reporter = (
  kind: AlarmKind,
  subject: string,
  text: CodeOf<"alarm">,
  values: Readonly<Record<string, string>>,
) => AlarmReport;

/** Reports in one language. */
function reporter(language: Language): Reporter {
  return (kind, subject, text, values) => ({
    key: `${kind}/${subject}`,
    severity: ALARMS[kind],
    text: sentence(language, text, values),
    action: sentence(language, `action.${kind}`),
  });
}

function faultReport(key: string, id: string, isWhole: boolean, reported: Fault, language: Language): AlarmReport {
  const { severity } = reported;
  const { name, text, cause, action } = faultText(reported, language);
  const fault = [name, text].filter(Boolean).join(". ");
  const said = sentence(language, isWhole ? "alarm.ofStation" : "alarm.ofConnector", { id, fault });
  return {
    key,
    severity,
    text: said,
    action: cause ? `${sentence(language, "alarm.likely", { cause })} ${action}` : action,
  };
}

function limitsInForce(store: Store, report: Reporter): AlarmReport[] {
  let commands: LimitCommandRecord[] = [];
  try {
    commands = store.limitCommands.open();
  } catch {
    // The store's failure is an alarm of its own.
  }
  return commands.map(({ zone, source, limitA, powerW, holdStarts, reason }) => {
    const limit = [limitA !== null && `${limitA} A`, powerW !== null && `${powerW} W`].filter(Boolean).join(", ");
    const values = { zone, limit, source: reason ? `${source}: ${reason}` : source };
    return report(
      "limit",
      `${zone}/${source}`,
      limit ? "alarm.limitedTo" : holdStarts ? "alarm.noStarts" : "alarm.limited",
      values,
    );
  });
}

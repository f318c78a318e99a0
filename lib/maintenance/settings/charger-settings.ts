/** The settings of the chargers of a site: read, changed, saved as a file, compared, and copied from one to many. */
import { type Clock, isoTime } from "../../clock.ts";
import { EvError, invalid } from "../../errors.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { ShownNames } from "../../shown-names.ts";
import { knownKeys } from "../../station/capabilities/models/known-keys.ts";
import type { Station } from "../../station/connection/station.ts";
import type { Stations } from "../../station/connection/stations.ts";
import { Configuration, ownName } from "../../station/setup/configuration.ts";
import { sameValue } from "../../station/setup/configuration-writes.ts";
import {
  keptSettings,
  type ReadKey,
  type ReadSettings,
  SETTINGS_DOCUMENTS,
} from "../../station/setup/read-settings.ts";
import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { checkedConfiguration, keptOf, readFrom } from "../check-configuration.ts";
import { privateKind, shownValue } from "../private-keys.ts";
import type { MaintenanceCommand } from "../types.ts";
import { keyNamed, valueProblem } from "../value-check.ts";
import { Copies, changeText } from "./copies.ts";
import { placeOf } from "./copy-target.ts";
import { copyViews } from "./copy-view.ts";
import { compare, notCopied, standardName } from "./plan.ts";
import {
  type ChangeRequest,
  type CopyRequest,
  readChange,
  readCompare,
  readCopy,
  readCopyId,
  readPoint,
  type SettingsName,
} from "./request.ts";
import { readSettingsFile, settingsFile, settingsFileName } from "./settings-file.ts";
import type { SettingsCopy, SettingsPage } from "./types.ts";

/** Keys that chargers of a model answered with RebootRequired, by id of the model. */
const RESTARTS = "settings-restarts";

/** Most keys of a model that are remembered so. */
const MOST_RESTARTS = 200;

export interface SettingsDeps {
  stations: Stations;
  clock: Clock;
  store: Pick<Store, "document" | "saveDocument" | "keepDocument">;
  names: ShownNames;
  language(): Language;
  send(command: MaintenanceCommand): Promise<Record<string, unknown>>;
  /** Identity of the charge point whose firmware is being updated; null = none. */
  updating(): string | null;
  /** For the log: every change of a key is in it. */
  note(by: SettingsCopy["by"], what: string): void;
}

/** What is answered: a payload, and a sentence where something was done. */
export interface SettingsAnswer {
  payload: unknown;
  text?: string;
}

export class ChargerSettings {
  readonly #deps: SettingsDeps;
  readonly #copies: Copies;

  constructor(deps: SettingsDeps) {
    this.#deps = deps;
    const { stations, clock, store, updating, note } = deps;
    this.#copies = new Copies({
      ...{ stations, clock, store, updating, note },
      send: (command) => this.#send(command),
      read: (station, keys) => this.#read(station, keys),
    });
  }

  close(): void {
    this.#copies.close();
  }

  /**
   * Answers a message. @param permit throws where whoever asks may not; gets what is to be done as the log has it
   * @throws EvError that says in `field` what people are told
   */
  async ask(
    name: SettingsName,
    payload: unknown,
    by: SettingsCopy["by"],
    permit: (what: string) => void,
  ): Promise<SettingsAnswer> {
    switch (name) {
      case "list":
        return { payload: this.#list() };
      case "read":
        return { payload: await this.page(readPoint(payload), true) };
      case "file":
        return { payload: await this.#file(readPoint(payload)) };
      case "compare":
        return { payload: await this.#compare(payload) };
      case "copies":
        return { payload: this.#views() };
      case "change":
        return this.#change(readChange(payload), by, permit);
      case "copy":
        return this.#copy(readCopy(payload), by, permit);
      case "goOn":
        return this.#goOn(readCopyId(payload), permit);
      case "giveUp":
        return this.#giveUp(readCopyId(payload), permit);
    }
  }

  /** Every charge point, and what is on its way to some. */
  #list() {
    const { stations, names } = this.#deps;
    const chargers = stations.list().flatMap(({ identity, definition, online, modelProfile, firmware }) => {
      if (!definition?.ocpp) return [];
      const model = modelProfile?.name ?? null;
      const ts = this.#last(identity)?.ts ?? null;
      return [{ chargePoint: identity, charger: names.chargePoint(identity), online, model, firmware, ts }];
    });
    return { chargers, copies: this.#views() };
  }

  /**
   * The settings of one charge point; of one that is away as they were read last.
   * @param fresh ask it, where it is connected @throws EvError EV_OCPP_TIMEOUT | EV_OCPP_OFFLINE where nothing is known
   */
  async page(chargePoint: string, fresh: boolean): Promise<SettingsPage> {
    const station = this.#station(chargePoint);
    const { identity, modelProfile, firmware, pendingReboot } = station;
    const known = knownKeys(modelProfile);
    const all = known.filter(({ access }) => access !== "wo").map(({ key }) => key);
    const read = fresh && station.online ? await this.#read(station, all) : null;
    const last = this.#last(identity);
    if (!read && !last) throw unread(station);
    const configuration = read ?? configurationOf(station, last!);
    const { keys, ...rest } = checkedConfiguration(station, configuration, this.#deps.language());
    const place = placeOf(station);
    const restarts = this.#restarts(station);
    return {
      ...{ chargePoint: identity, charger: this.#deps.names.chargePoint(identity), firmware, ...rest, pendingReboot },
      ts: this.#last(identity)?.ts ?? isoTime(this.#deps.clock.wallMs()),
      fresh: read !== null,
      keys: keys.map((key) => ({
        ...key,
        restarts: restarts.has(key.key.toLowerCase()),
        pending: pendingReboot.includes(key.key),
        notCopied: notCopied({ ...key, value: configuration.find(key.key)?.value ?? null }, place),
      })),
    };
  }

  async #file(chargePoint: string): Promise<{ name: string; data: string }> {
    const settings = await this.#settings(chargePoint);
    return { name: settingsFileName(settings), data: settingsFile(settings) };
  }

  async #compare(payload: unknown) {
    const { from, to } = readCompare(payload);
    const [left, right] = [await this.#side(from), await this.#side(to)];
    return { from: left.told, to: right.told, keys: compare(left, right) };
  }

  async #side(side: string | { file: unknown }) {
    if (typeof side !== "string") {
      const settings = readSettingsFile(side.file);
      const { model, firmware, ts } = settings;
      return { settings, place: null, told: { chargePoint: null, model, firmware, ts } };
    }
    const settings = await this.#settings(side);
    const { model, firmware, ts } = settings;
    const place = placeOf(this.#station(side));
    return { settings, place, told: { chargePoint: side, model, firmware, ts } };
  }

  /** Read now where it is connected, else as last. */
  async #settings(chargePoint: string): Promise<ReadSettings> {
    await this.page(chargePoint, true);
    return this.#last(this.#station(chargePoint).identity)!;
  }

  async #change(
    { chargePoint, key, value, force }: ChangeRequest,
    by: SettingsCopy["by"],
    permit: (what: string) => void,
  ): Promise<SettingsAnswer> {
    const station = this.#station(chargePoint);
    const own = privateKind(key, value);
    permit(`settings/change ${station.identity}: ${key} → ${shownValue(key, value) ?? "(secret)"}`);
    if (!station.online) throw new EvError("EV_OCPP_OFFLINE", `${chargePoint} is not connected; nothing was sent`);
    if (!force) this.#holdBack(station, key, value);
    const before = own === "secret" ? null : await this.#read(station, [key]);
    const old = before?.find(key)?.value ?? null;
    const ownKey = before?.find(key)?.key ?? ownName(station.traits.config, key);
    const status = await this.#answerTo(station, { key: ownKey, value }, force);
    const taken = status === "Accepted" || status === "RebootRequired";
    const after = taken && own !== "secret" ? await this.#read(station, [key]) : null;
    const found = after?.find(key)?.value ?? null;
    const shown = (text: string | null) => shownValue(ownKey, text);
    this.#deps.note(
      by,
      `settings of ${station.identity}: ${changeText(ownKey, shown(old), shown(value) ?? "(secret)", status)}`,
    );
    const differs = status === "Accepted" && found !== null && !sameValue(found, value);
    const restart = status === "RebootRequired";
    const code = own === "secret" ? "changedSecret" : restart ? "changedRestart" : differs ? "changedOther" : "changed";
    const charger = this.#deps.names.called(station.identity);
    const values = { key: ownKey, charger, value: shown(value) ?? "", found: shown(found) ?? "" };
    const told = { chargePoint: station.identity, key: ownKey, status, old: shown(old), value: shown(found), restart };
    if (!taken) throw refused(station, ownKey, status);
    return { payload: told, text: sentence(this.#deps.language(), `setting.${code}`, values) };
  }

  /** @throws EvError where the change would be undone from here, cut the charge point off, or cannot be */
  #holdBack(station: Station, key: string, value: string): void {
    const ownKey = ownName(station.traits.config, key);
    if (keptOf(station).has(ownKey.toLowerCase()))
      throw heldBack(`${ownKey} is set from here at each start of ${station.identity}`, "settingsKept");
    if (privateKind(ownKey, value) === "address")
      throw heldBack(`after a change of ${ownKey} ${station.identity} may not find back here`, "settingsAddress");
    const known = keyNamed(knownKeys(station.modelProfile), ownKey);
    const mustBe = known && valueProblem(known, value);
    if (mustBe) throw invalid("payload.value", mustBe, shownValue(ownKey, value), "settingsValue");
    if (known?.access === "ro") throw heldBack(`${ownKey} can only be read`, "settingsReadonly");
  }

  async #answerTo(station: Station, payload: { key: string; value: string }, force: boolean): Promise<string> {
    try {
      const { status } = await this.#send({ station, action: "ChangeConfiguration", payload, force, file: null });
      return String(status);
    } catch (error) {
      if (error instanceof OcppCallError) return error.ocppCode;
      throw error;
    }
  }

  async #copy(
    { from, keys, to, restart, waitS }: CopyRequest,
    by: SettingsCopy["by"],
    permit: (what: string) => void,
  ): Promise<SettingsAnswer> {
    const source = typeof from === "string" ? this.#station(from).identity : "a file";
    permit(`settings/copy ${keys.join(", ")} from ${source} to ${to.join(", ")}`.slice(0, 1000));
    const stations = to.map((chargePoint) => this.#station(chargePoint));
    const { settings, place } = await this.#side(from);
    const targets = [...new Set(stations.map(({ identity }) => identity))].filter((identity) => identity !== source);
    if (targets.length === 0)
      throw invalid("payload.to", "other chargers than the one that is copied", to, "settingsTo");
    const busy = targets.find((identity) => this.#copies.busy(identity));
    if (busy !== undefined) throw heldBack(`a copy to ${busy} has not ended`, "settingsBusy");
    const wanted = keys.map((name) => {
      const entry = settings.keys.find(({ key }) => key.toLowerCase() === name.trim().toLowerCase());
      if (!entry) throw invalid("payload.keys", "keys that the charger or the file has", name, "settingsKeys");
      const why = notCopied(entry, { kept: place?.kept ?? new Map() });
      if (why) throw invalid("payload.keys", `keys that can be copied; ${name} is not: ${why}`, name, "settingsKeys");
      return { key: place ? standardName(place.traits.config, entry.key) : entry.key, value: entry.value! };
    });
    const copy = await this.#copies.begin({ by, from: source, keys: wanted, restart, waitS, to: targets });
    const values = { n: wanted.length, m: targets.length };
    return { payload: this.#view(copy), text: sentence(this.#deps.language(), "setting.copyBegun", values) };
  }

  #goOn({ id }: { id: number }, permit: (what: string) => void): SettingsAnswer {
    permit(`settings/goOn copy ${id}`);
    if (!this.#copies.goOn(id)) throw noCopy(id);
    return { payload: this.#views(), text: sentence(this.#deps.language(), "setting.copyGoesOn") };
  }

  #giveUp(
    { id, chargePoint }: { id: number; chargePoint: string | null },
    permit: (what: string) => void,
  ): SettingsAnswer {
    permit(`settings/giveUp copy ${id}${chargePoint === null ? "" : ` at ${chargePoint}`}`);
    const n = this.#copies.giveUp(id, chargePoint);
    if (n === 0) throw noCopy(id);
    return { payload: this.#views(), text: sentence(this.#deps.language(), "setting.copyGivenUp", { n }) };
  }

  #views() {
    const { names, language } = this.#deps;
    return copyViews(this.#copies.all, (identity) => names.called(identity), language());
  }

  #view({ id }: SettingsCopy) {
    return this.#views().find((one) => one.id === id);
  }

  #station(chargePoint: string): Station {
    const station = this.#deps.stations.get(chargePoint);
    if (station?.definition?.ocpp) return station;
    throw invalid("payload.chargePoint", "a charge point of the site that speaks OCPP", chargePoint, "settingsCharger");
  }

  async #send(command: MaintenanceCommand): Promise<Record<string, unknown>> {
    const answer = await this.#deps.send(command);
    const { key } = command.payload;
    if (answer["status"] === "RebootRequired" && typeof key === "string") this.#remembersRestart(command.station, key);
    return answer;
  }

  /** Reads a charge point and keeps what was read, without what is secret. */
  async #read(station: Station, keys: readonly string[]): Promise<Configuration | null> {
    const configuration = await readFrom(station, keys).catch(() => null);
    if (!configuration) return null;
    const read = configuration.entries.map(({ key, value, readonly }): ReadKey => {
      return { key, value: shownValue(key, value ?? null), readonly };
    });
    // What answers by name alone tells no more than it was asked for.
    const names = new Set(read.map(({ key }) => key.toLowerCase()));
    const before = configuration.maxKeys === null ? [] : (this.#last(station.identity)?.keys ?? []);
    const others = before.filter(({ key }) => !names.has(key.toLowerCase()));
    const { modelProfile, vendor, model: product, firmware } = station;
    const settings: ReadSettings = {
      ts: isoTime(this.#deps.clock.wallMs()),
      ...{ model: modelProfile?.id ?? null, vendor, product, firmware },
      keys: [...read, ...others].sort((a, b) => a.key.localeCompare(b.key, "en")),
    };
    this.#deps.store.saveDocument(SETTINGS_DOCUMENTS + station.identity, settings as unknown as JsonValue);
    return configuration;
  }

  #last(identity: string): ReadSettings | null {
    return keptSettings(this.#deps.store.document(SETTINGS_DOCUMENTS + identity));
  }

  #restarts({ modelProfile }: Station): ReadonlySet<string> {
    const kept = this.#deps.store.document(RESTARTS) as Record<string, string[]> | undefined;
    return new Set(kept?.[modelProfile?.id ?? ""] ?? []);
  }

  /** Other chargers of the model are expected to want a restart, too. */
  #remembersRestart(station: Station, key: string): void {
    const known = this.#restarts(station);
    const lower = key.toLowerCase();
    if (known.has(lower) || known.size >= MOST_RESTARTS) return;
    const kept = (this.#deps.store.document(RESTARTS) ?? {}) as Record<string, string[]>;
    this.#deps.store.saveDocument(RESTARTS, { ...kept, [station.modelProfile?.id ?? ""]: [...known, lower] });
  }
}

/** What was read last, in the place of what it would tell now. */
function configurationOf(station: Station, { keys }: ReadSettings): Configuration {
  return new Configuration(
    station.traits.config,
    keys.map(({ key, value, readonly }) => ({ key, value: value ?? undefined, readonly })),
  );
}

function unread({ identity, online }: Station): EvError {
  return online
    ? new EvError("EV_OCPP_TIMEOUT", `${identity} gave no configuration`, { field: "settingsUnread" })
    : new EvError("EV_OCPP_OFFLINE", `${identity} is not connected, and its settings were never read`);
}

function refused({ identity }: Station, key: string, status: string): EvError {
  const field = status === "NotSupported" || status === "NotImplemented" ? "settingsUnknown" : "settingsRefused";
  return new EvError("EV_OCPP_REJECTED", `${identity} answered the change of ${key} with ${status}`, { field });
}

function heldBack(why: string, field: string): EvError {
  return new EvError("EV_MAINTENANCE_REFUSED", `${why}; send it with force: true to do it all the same`, { field });
}

function noCopy(id: number): EvError {
  return new EvError(
    "EV_MESSAGE_INVALID",
    `payload.id is ${id}; it must be that of a copy for which there is something to do`,
    {
      field: "settingsCopy",
    },
  );
}

import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../lib/clock.ts";
import { readDays, readTime } from "../lib/dlm/inputs/outside/schedule.ts";
import { OutsideSource } from "../lib/dlm/inputs/outside/source.ts";
import type { OutsideLimit, OutsideSettings, ScheduleWindow } from "../lib/dlm/inputs/outside/types.ts";
import { EvError, inShort } from "../lib/errors.ts";
import { isTimeZone } from "../lib/local-time.ts";
import { acquire, release } from "../lib/shared-resources.ts";
import type { Site } from "../lib/site/site.ts";
import { permitUser } from "./admin/rights.ts";
import { listen, readWiredContact, toLine } from "./runtime/contacts/wired-contact.ts";
import type { EvZoneNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import type { StatusLine } from "./runtime/status.ts";

/** How long what was said holds without being repeated, s, and how often it is repeated, ms. */
const TTL_S = 300;
const REPEAT_MS = 60_000;
const LOOK_EVERY_MS = 1000;
/** A wall clock that was set by more than this may have ended what was said early, ms. */
const JUMP_MS = 1000;

/** An FNN control box has four contacts, one behind the other: W3, S1, S2, W4. */
const BOX_CONTACTS = 4;

/** Lowers a zone on behalf of something outside: a contact, a schedule, a grid operator. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-limit", {
    idle: "this node has an error in its properties and limits nothing",
    setUp: (node, read, status) => {
      const zone = zoneOf(RED, read.text("zone"));
      const own = readOutsideSettings(read);
      const settings = { ...own, timeZone: own.timeZone || zone.site.timeZone };
      const isWired = settings.kind === "contact" && read.text("bus") !== "";
      const count = settings.purpose === "fnn" ? BOX_CONTACTS : 1;
      const wired = isWired ? readWiredContact(RED, read, count) : null;
      const speaker = new Speaker(node, zone, settings, read.choice("scope", ["evse", "total"]), status);
      const reader = wired && listen(node, wired, (state) => speaker.input(state));
      return {
        input: (message) => {
          permitUser(zone.site, node, message, "operator", `outside limit: ${inShort(message.payload)}`);
          if (wired) return toLine(wired, message);
          // The wire from an ev-meter brings its measurements, too.
          if (settings.kind !== "contact" || !isMeasurement(message)) speaker.input(message.payload);
          return undefined;
        },
        close: (removed) => {
          reader?.stop();
          return speaker.close(removed);
        },
      };
    },
  });
}

function isMeasurement({ topic }: NodeMessage): boolean {
  return typeof topic === "string" && topic.startsWith("meter/");
}

/** What outlives a deploy: what was heard, and where and as whom it was told. */
interface Memory {
  source: OutsideSource;
  told: { zone: string; source: string } | null;
}

/** Tells what the source says: at once when it changes, and again before it runs out. */
class Speaker {
  readonly #node: Node;
  readonly #zone: LimitedZone;
  readonly #scope: "evse" | "total";
  readonly #status: StatusLine;
  readonly #memory: Memory;
  readonly #name: string;
  readonly #stopCommits: () => void;
  #timer: ReturnType<typeof systemClock.setInterval> | undefined;
  #kept: string | null = null;
  #said = { text: "", atMs: Number.NEGATIVE_INFINITY, clockMs: 0 };

  constructor(node: Node, zone: LimitedZone, settings: OutsideSettings, scope: "evse" | "total", status: StatusLine) {
    this.#node = node;
    this.#zone = zone;
    this.#scope = scope;
    this.#status = status;
    this.#name = node.name ? `${node.name} (${node.id})` : node.id;
    const key = `${zone.site.key}/${node.id}`;
    const create = (): Memory => ({
      source: new OutsideSource(settings, zone.site.store.document(this.#document), moment()),
      told: null,
    });
    this.#memory = acquire("limit", key, create, () => {});
    this.#memory.source.configure(settings);
    status.set("unknown", "ev-limit.status.waiting");
    this.#stopCommits = zone.site.plant.onCommit(() => this.#begin());
  }

  /** Where the site keeps what was heard. */
  get #document(): string {
    return `limit/${this.#node.id}`;
  }

  close(removed: boolean): Promise<void> {
    const { site } = this.#zone;
    this.#stopCommits();
    systemClock.clear(this.#timer);
    if (removed) {
      site.store.saveDocument(this.#document, null);
      if (this.#memory.told) site.releases.tell(this.#memory.told);
    }
    return release("limit", `${site.key}/${this.#node.id}`, removed);
  }

  input(payload: unknown): void {
    try {
      this.#memory.source.input(payload, moment());
    } finally {
      this.#keep();
      this.#look();
    }
  }

  /** A contact is read several times a second, and leaves nothing to be kept. */
  #keep(): void {
    const kept = this.#memory.source.save(moment());
    const text = JSON.stringify(kept);
    if (text === this.#kept) return;
    this.#kept = text;
    this.#zone.site.store.saveDocument(this.#document, kept);
  }

  /** Once every node of the deploy is there to hear it. */
  #begin(): void {
    const told = this.#memory.told;
    const here = { zone: this.#zone.nameInForce(), source: this.#name };
    if (told && (told.zone !== here.zone || told.source !== here.source)) this.#zone.site.releases.tell(told);
    this.#said = { ...this.#said, atMs: Number.NEGATIVE_INFINITY };
    this.#look();
    this.#timer ??= systemClock.setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  #look(): void {
    const now = moment();
    const word = this.#memory.source.word(now, this.#zone.site.language);
    const limits = word.limitA !== null || word.powerW !== null || word.holdStarts;
    const text = JSON.stringify(word);
    const clockMs = now.wallMs - now.nowMs;
    const due = limits && now.nowMs - this.#said.atMs >= REPEAT_MS;
    const jumped = limits && Math.abs(clockMs - this.#said.clockMs) > JUMP_MS;
    if (text !== this.#said.text || due || jumped || this.#said.atMs === Number.NEGATIVE_INFINITY) {
      this.#said = { text, atMs: now.nowMs, clockMs };
      this.#tell(word, limits);
    }
    this.#show(word, limits);
  }

  #tell({ limitA, powerW, holdStarts, reason, breakerOpen, feedInPercent }: OutsideLimit, limits: boolean): void {
    const zone = this.#zone.nameInForce();
    this.#memory.told = { zone, source: this.#name };
    const value = { limitA, powerW, holdStarts, scope: this.#scope, ttlS: limits ? TTL_S : null };
    const more = { ...(breakerOpen && { breakerOpen }), ...(feedInPercent !== undefined && { feedInPercent }) };
    sendOut(this.#node, { topic: `limit/${zone}`, zone, payload: { ...value, source: this.#name, reason, ...more } });
  }

  #show({ limitA, powerW, holdStarts, known, breakerOpen }: OutsideLimit, limits: boolean): void {
    if (breakerOpen) {
      this.#status.set("wrong", "ev-limit.status.breakerOpen");
      return;
    }
    const values = [limitA === null ? "" : `${limitA} A`, powerW === null ? "" : `${powerW / 1000} kW`];
    const lowered = values.filter(Boolean).join(" · ");
    const waiting = lowered ? `${lowered} · ?` : `ev-limit.status.${holdStarts ? "holdStarts" : "unknown"}`;
    if (!known) this.#status.set(limits ? "degraded" : "unknown", waiting);
    else if (holdStarts) this.#status.set("working", "ev-limit.status.holdStarts");
    else this.#status.set(limits ? "working" : "good", limits ? lowered : "ev-limit.status.free");
  }
}

function moment() {
  return { nowMs: systemClock.nowMs(), wallMs: systemClock.wallMs() };
}

interface LimitedZone {
  site: Site;
  /** Its name in the tree in force, else as deployed. */
  nameInForce(): string;
}

function zoneOf(RED: NodeAPI, id: string): LimitedZone {
  const zone = id ? (RED.nodes.getNode(id) as EvZoneNode | null) : null;
  if (!zone?.site || !zone.zoneName) {
    const missing = !id ? "it is empty" : zone ? `the zone ${id} has an error of its own` : `the zone ${id} is missing`;
    throw new EvError("EV_CONFIG_MISSING", `zone: ${missing}; choose the zone to limit`);
  }
  const { site, zoneName } = zone;
  return { site, nameInForce: () => site.plant.tree?.zones.find(({ nodeId }) => nodeId === id)?.zone.id ?? zoneName };
}

const AMPS = { min: 0, max: 100_000 };
const WATTS = { min: 0, max: 1e9 };

/** The properties of an ev-limit. @throws EvError EV_CONFIG_INVALID naming property and fix */
function readOutsideSettings(read: Properties): OutsideSettings {
  const settings: OutsideSettings = {
    kind: read.choice("kind", ["contact", "schedule", "power", "current"]),
    purpose: read.choice("purpose", ["limit", "delay", "permit", "breaker", "fnn"]),
    running: read.choice("running", ["continue", "stop"]),
    normallyClosed: read.flag("normallyClosed", false),
    limitA: read.optionalNumber("limitA", AMPS),
    powerW: read.optionalNumber("powerW", WATTS),
    schedule: read.list("schedule").map(readWindow),
    timeZone: read.text("timeZone"),
    staleAfterS: read.number("staleAfterS", 0, { min: 0, max: 86_400 }),
  };
  const { kind, purpose, limitA, powerW, schedule, timeZone } = settings;
  const own = limitA !== null || powerW !== null;
  if (kind === "contact" && (purpose === "limit" || purpose === "fnn") && !own)
    throw read.wrong("limitA", "filled in, or powerW: what holds while the contact is active");
  if (kind === "schedule" && schedule.length === 0) throw read.wrong("schedule", "a list of at least one window");
  const empty = schedule.findIndex((window) => window.limitA === null && window.powerW === null);
  if (kind === "schedule" && empty >= 0 && !own)
    throw read.wrong("schedule", `a list in which each window has limitA or powerW; number ${empty + 1} has none`);
  if (!isTimeZone(timeZone)) throw read.wrong("timeZone", "empty, or a name such as Europe/Berlin");
  return settings;
}

function readWindow(row: Properties): ScheduleWindow {
  const days = readDays(row.texts("days"));
  const fromMinute = readTime(row.text("from", "00:00"));
  const toMinute = readTime(row.text("to", "24:00"));
  if (!days) throw row.wrong("days", "days such as mon-fri, sun; or daily");
  if (fromMinute === null || fromMinute === 1440) throw row.wrong("from", "a time such as 22:30");
  if (toMinute === null) throw row.wrong("to", "a time such as 06:00");
  return {
    days,
    fromMinute,
    toMinute,
    limitA: row.optionalNumber("limitA", AMPS),
    powerW: row.optionalNumber("powerW", WATTS),
  };
}

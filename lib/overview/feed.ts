/**
 * Pushes what changes in an overview to the browsers that show it, and works only while there are any. Whoever may look fetches the
 * overview first and gets a ticket with it; with the ticket its connection is told every change since, at most once a second.
 */
import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { type Delta, overviewDelta, type Push } from "./delta.ts";
import type { Overview } from "./types.ts";

/** How often the feed looks for changes, ms. */
const LOOK_MS = 100;
/** Least time between two pushes to one connection, ms. */
const PACE_MS = 1000;
/** How often the parts of an overview are compared that have no stamp of their changes, ms. */
const ANYWAY_MS = 2000;
/** An unused ticket ends after this, ms. */
const TICKET_LIFE_MS = 30_000;
/** Most tickets that are open at once; the oldest goes beyond it. */
const MOST_TICKETS = 200;

export interface FeedDeps {
  clock: Clock;
  /** The overview of a site; null when there is no such site any more. */
  view(site: string): Overview | null;
  /**
   * Changes with what is worth a push at once. Cheap. What changes oftener than once a second is told later the more of it there is:
   * best is one thing with a rhythm, such as meter readings.
   */
  stamp(site: string): string;
  /** @param connection as it was given to `watch` */
  send(connection: string, push: Push): void;
}

interface Watch {
  ticket: string;
  site: string;
  known: Overview;
  seq: number;
}

interface Seen {
  stamp: string;
  atMs: number;
}

export class OverviewFeed {
  readonly #deps: FeedDeps;
  readonly #tickets = new Map<string, { site: string; known: Overview; untilMs: number }>();
  /** By connection. */
  readonly #watches = new Map<string, Watch>();
  /** The last look at each watched site. */
  readonly #seen = new Map<string, Seen>();
  #timer: Timer | undefined;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  /** True while a connection watches. */
  get busy(): boolean {
    return this.#timer !== undefined;
  }

  /** Lets the reader of this overview watch how it changes. @returns the ticket */
  admit(site: string, known: Overview): string {
    const nowMs = this.#deps.clock.nowMs();
    for (const [ticket, { untilMs }] of this.#tickets) if (untilMs < nowMs) this.#tickets.delete(ticket);
    if (this.#tickets.size >= MOST_TICKETS) this.#tickets.delete(this.#tickets.keys().next().value!);
    const ticket = randomUUID();
    this.#tickets.set(ticket, { site, known, untilMs: nowMs + TICKET_LIFE_MS });
    return ticket;
  }

  /** A connection shows its ticket, and watches that site from now on and no other. An unknown ticket does nothing. */
  watch(connection: string, ticket: string): void {
    const admitted = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!admitted || admitted.untilMs < this.#deps.clock.nowMs()) return;
    const { site, known } = admitted;
    this.#watches.set(connection, { ticket, site, known, seq: 0 });
    this.#seen.delete(site);
    this.#timer ??= this.#deps.clock.setInterval(() => this.#look(), LOOK_MS);
  }

  /** A connection looks no longer, or is gone. */
  leave(connection: string): void {
    this.#watches.delete(connection);
    const watched = new Set([...this.#watches.values()].map(({ site }) => site));
    for (const site of this.#seen.keys()) if (!watched.has(site)) this.#seen.delete(site);
    if (this.#watches.size > 0) return;
    this.#deps.clock.clear(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    for (const connection of [...this.#watches.keys()]) this.leave(connection);
    this.#tickets.clear();
  }

  #look(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const site of new Set([...this.#watches.values()].map((watch) => watch.site))) {
      const seen = this.#seen.get(site);
      const sinceMs = nowMs - (seen?.atMs ?? Number.NEGATIVE_INFINITY);
      if (sinceMs < PACE_MS) continue;
      const stamp = this.#deps.stamp(site);
      if (stamp === seen?.stamp && sinceMs < ANYWAY_MS) continue;
      this.#seen.set(site, { stamp, atMs: nowMs });
      this.#tell(site, nowMs);
    }
  }

  #tell(site: string, nowMs: number): void {
    const view = this.#deps.view(site);
    // Connections that know the same overview are told the same.
    const deltas = new Map<Overview, Delta | null>();
    for (const [connection, watch] of [...this.#watches]) {
      if (watch.site !== site) continue;
      if (view && !deltas.has(watch.known)) deltas.set(watch.known, overviewDelta(watch.known, view));
      const delta = deltas.get(watch.known) ?? null;
      if (view && !delta) continue;
      this.#deps.send(connection, { site, ticket: watch.ticket, seq: ++watch.seq, nowMs, delta });
      if (view) watch.known = view;
      else this.leave(connection);
    }
  }
}

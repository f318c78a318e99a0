/** The sidebar's line to the runtime: fetches an overview, then takes in what is pushed, as long as it is open. */
import { applyDelta } from "../../../lib/overview/delta.ts";
import type { Overview } from "../../../lib/overview/types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import {
  OVERVIEW_TOPIC,
  type OverviewPage,
  type OverviewPush,
  type OverviewWatch,
} from "../../admin/types/overview-page-types.ts";
import { ask } from "../requests.ts";

/** After a question that failed, ms. */
const RETRY_MS = 5000;

export interface Shown {
  site: string;
  overview: Overview;
  /** What the runtime's monotonic clock shows now. */
  nowMs(): number;
}

export interface ClientEvents {
  show(shown: Shown): void;
  failed(message: string): void;
}

export class OverviewClient {
  readonly #events: ClientEvents;
  #open = false;
  #site = "";
  #ticket = "";
  #seq = 0;
  #overview: Overview | null = null;
  /** The runtime's clock less the browser's. */
  #aheadMs = 0;
  #asked = 0;
  #retry: number | undefined;

  constructor(events: ClientEvents) {
    this.#events = events;
    RED.comms.subscribe(OVERVIEW_TOPIC, (_topic, push) => this.#take(push as OverviewPush));
    // A new connection is told nothing until it shows a ticket of its own.
    RED.comms.on("connect", () => this.#load());
  }

  /** Somebody looks: from now on everything is told. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#load();
  }

  /** Nobody looks: the runtime need not work. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#asked++;
    this.#ticket = "";
    window.clearTimeout(this.#retry);
    RED.comms.send(OVERVIEW_TOPIC, { ticket: "" } satisfies OverviewWatch);
  }

  choose(site: string): void {
    this.#site = site;
    this.#load();
  }

  #load(): void {
    if (!this.#open) return;
    window.clearTimeout(this.#retry);
    const asked = ++this.#asked;
    this.#ticket = "";
    ask<OverviewPage>("GET", `overview?site=${encodeURIComponent(this.#site)}`).then(
      (page) => {
        if (asked === this.#asked) this.#begin(page);
      },
      ({ message }: FailurePage) => {
        if (asked !== this.#asked) return;
        this.#events.failed(message);
        this.#retry = window.setTimeout(() => this.#load(), RETRY_MS);
      },
    );
  }

  #begin({ site, ticket, nowMs, overview }: OverviewPage): void {
    this.#site = site;
    this.#ticket = ticket;
    this.#seq = 0;
    this.#overview = overview;
    this.#aheadMs = nowMs - performance.now();
    RED.comms.send(OVERVIEW_TOPIC, { ticket } satisfies OverviewWatch);
    this.#show();
  }

  #take({ ticket, seq, nowMs, delta }: OverviewPush): void {
    if (!this.#open || ticket !== this.#ticket || !this.#overview) return;
    if (!delta || seq !== this.#seq + 1) {
      this.#load();
      return;
    }
    this.#seq = seq;
    this.#aheadMs = nowMs - performance.now();
    this.#overview = applyDelta(this.#overview, delta);
    this.#show();
  }

  #show(): void {
    const aheadMs = this.#aheadMs;
    if (this.#overview)
      this.#events.show({
        site: this.#site,
        overview: this.#overview,
        nowMs: () => performance.now() + aheadMs,
      });
  }
}

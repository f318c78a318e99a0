import type { Node, NodeAPI } from "node-red";
import { EvError } from "../lib/errors.ts";
import { STATION_EVENTS, type StationEvent, type StationEventName } from "../lib/messages.ts";
import type { Site } from "../lib/site/site.ts";
import type { EventWish } from "../lib/station/connection/stations.ts";
import { sentence } from "../lib/words/sentence.ts";
import { onDeploy, requireCentralSystem, sitesOf } from "./runtime/charge-points.ts";
import type { EvCentralSystemNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendAs } from "./runtime/send.ts";
import type { StatusLine } from "./runtime/status.ts";

interface Filter {
  /** Node id; empty = all. */
  centralSystem: string;
  /** Lower case; empty = all. */
  chargePoint: string;
  /** Empty = all. */
  events: ReadonlySet<StationEventName>;
  raw: boolean;
}

/** How long after a charge point has come or gone those online are counted, ms. */
const RECOUNT_MS = 100;

/** Says what charge points do. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-event", {
    setUp: (node, read, status) => {
      const filter = readFilter(read);
      requireCentralSystem(RED, filter.centralSystem);
      const ear = new Ear(node, filter, status, RED.util.generateId().slice(0, 8));
      const stop = onDeploy(RED, () => ear.listen(chosenSites(RED, filter.centralSystem)));
      return {
        close: () => {
          stop();
          ear.close();
        },
      };
    },
  });
}

/** Listens to the charge points of some sites and passes on what the filter lets through. */
class Ear {
  readonly #node: Node;
  readonly #filter: Filter;
  readonly #status: StatusLine;
  #sites = new Map<Site, () => void>();
  #recount: NodeJS.Timeout | undefined;
  readonly #idStart: string;
  #sent = 0;

  /** @param idStart drawn by chance, so that its messages have ids of their own */
  constructor(node: Node, filter: Filter, status: StatusLine, idStart: string) {
    this.#node = node;
    this.#filter = filter;
    this.#status = status;
    this.#idStart = idStart;
  }

  listen(sites: ReadonlySet<Site>): void {
    for (const stop of this.#sites.values()) stop();
    const { events, raw } = this.#filter;
    const wish: EventWish = { raw: raw || events.has("raw") };
    // Who comes and goes is counted, whatever is passed on.
    if (events.size > 0) wish.events = new Set([...events, "online", "offline"]);
    const hear = (site: Site) => site.stations.onEvent((event, origin) => this.#hear(event, origin, site), wish);
    this.#sites = new Map([...sites].map((site) => [site, hear(site)]));
    this.#show();
  }

  close(): void {
    this.listen(new Set());
    clearTimeout(this.#recount);
  }

  #hear(event: StationEvent, origin: string, site: Site): void {
    const { centralSystem, chargePoint, events, raw } = this.#filter;
    if (event.event === "online" || event.event === "offline") this.#showSoon();
    // An event that no connection stands behind belongs to every central system of its site.
    if (centralSystem && origin && origin !== centralSystem) return;
    if (chargePoint && site.stations.get(chargePoint)?.identity !== event.chargePoint) return;
    const wanted = event.event === "raw" ? raw || events.has("raw") : events.size === 0 || events.has(event.event);
    if (!wanted) return;
    sendAs(this.#node, this.#nextId(), event);
  }

  /** Looks like Node-RED's own, which are drawn digit by digit: too slow for thousands a second. */
  #nextId(): string {
    this.#sent += 1;
    return this.#idStart + this.#sent.toString(16).padStart(8, "0");
  }

  /** When many come or go at once, they are counted once. */
  #showSoon(): void {
    this.#recount ??= setTimeout(() => {
      this.#recount = undefined;
      this.#show();
    }, RECOUNT_MS).unref();
  }

  #show(): void {
    const { chargePoint } = this.#filter;
    const stations = [...this.#sites.keys()].flatMap(({ stations }) =>
      chargePoint ? [stations.get(chargePoint)] : stations.list(),
    );
    const online = stations.filter((station) => station?.online).length;
    const [language = "en-US"] = [...this.#sites.keys()].map((site) => site.language);
    this.#status.set(online > 0 ? "good" : "unknown", sentence(language, "line.online", { n: online }));
  }
}

function chosenSites(RED: NodeAPI, centralSystem: string): Set<Site> {
  if (!centralSystem) return sitesOf(RED);
  const node = RED.nodes.getNode(centralSystem) as EvCentralSystemNode | null;
  return new Set(node?.site ? [node.site] : []);
}

function readFilter(read: Properties): Filter {
  const events = read.texts("events") as StationEventName[];
  const strange = events.find((event) => !STATION_EVENTS.includes(event));
  if (strange !== undefined)
    throw new EvError("EV_CONFIG_INVALID", `events has "${strange}"; it may have ${STATION_EVENTS.join(", ")}`);
  return {
    centralSystem: read.text("centralSystem"),
    chargePoint: read.text("chargePoint"),
    events: new Set(events),
    raw: read.flag("raw", false),
  };
}

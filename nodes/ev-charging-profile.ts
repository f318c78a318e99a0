import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../lib/clock.ts";
import { inShort } from "../lib/errors.ts";
import { worded } from "../lib/profile/result.ts";
import type { LeaseOptions, LimitReport, LimitRequest } from "../lib/profile/types.ts";
import type { Site } from "../lib/site/site.ts";
import type { Language } from "../lib/words/types.ts";
import { permitUser } from "./admin/rights.ts";
import { ChargePoints, onDeploy, sitesOf } from "./runtime/charge-points.ts";
import { badMessage } from "./runtime/input.ts";
import { limitStatus } from "./runtime/limit-status.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Turns limits into charging profiles that end by themselves. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-charging-profile", {
    idle: "this node has an error in its properties and sends nothing",
    setUp: (node, read, status) => {
      const sender = new Sender(node, new ChargePoints(RED), readLease(read), status);
      let sites = sitesOf(RED);
      const stop = onDeploy(RED, () => {
        sites = sitesOf(RED);
        sender.deployed();
      });
      return {
        input: (message) => sender.input(message),
        close: (removed) => {
          stop();
          sender.stop();
          if (removed) withdraw(sites, node);
        },
      };
    },
    failed: (node) => withdraw(sitesOf(RED), node),
  });
}

/** A node that sends nothing any more stands behind no limit: the leases it gave run out. */
function withdraw(sites: Iterable<Site>, { id }: Node): void {
  for (const { limiter } of sites) limiter.withdraw(id);
}

/** Feeds the limiters of the sites, and passes on what they say about the connectors it fed. */
class Sender {
  readonly #node: Node;
  readonly #chargePoints: ChargePoints;
  readonly #lease: LeaseOptions;
  readonly #status: StatusLine;
  /** Connectors fed from here, and where they are. */
  readonly #fed = new Map<string, { site: Site; chargePoint: string; connector: number }>();
  readonly #listening = new Map<Site, () => void>();

  constructor(node: Node, chargePoints: ChargePoints, lease: LeaseOptions, status: StatusLine) {
    this.#node = node;
    this.#chargePoints = chargePoints;
    this.#lease = lease;
    this.#status = status;
    status.set("unknown", "ev-charging-profile.status.waiting");
  }

  input(message: NodeMessage): void {
    const request = readRequest(message as NodeMessage & Record<string, unknown>);
    const place = this.#chargePoints.find(request.chargePoint);
    if (!place) throw badMessage("chargePoint", "the identity of an ev-charge-point", request.chargePoint);
    // The flow drives these; their allocations may come along with the others.
    if (place.station.definition?.ocpp === false) return;
    const { chargePoint, connector } = request;
    permitUser(
      place.site,
      this.#node,
      message,
      "operator",
      `limit of ${chargePoint}/${connector}: ${inShort(message.payload)}`,
    );
    this.#listen(place.site);
    const id = `${place.station.identity}/${request.connector}`;
    const isNew = !this.#fed.has(id);
    this.#fed.set(id, { site: place.site, chargePoint: place.station.identity, connector: request.connector });
    try {
      place.site.limiter.request({ ...request, lease: this.#lease, source: this.#node.id });
    } catch (error) {
      if (isNew) this.#fed.delete(id);
      throw error;
    }
  }

  /** Sites may have come, gone or been made anew. */
  deployed(): void {
    this.#chargePoints.forget();
    this.stop();
    for (const fed of this.#fed.values()) {
      const place = this.#chargePoints.find(fed.chargePoint);
      if (!place) continue;
      fed.site = place.site;
      this.#listen(place.site);
    }
  }

  stop(): void {
    for (const unsubscribe of this.#listening.values()) unsubscribe();
    this.#listening.clear();
  }

  #listen(site: Site): void {
    if (this.#listening.has(site)) return;
    this.#listening.set(
      site,
      site.limiter.onResult((report) => this.#result(report, site.language)),
    );
  }

  #result({ chargePoint, connector, result }: LimitReport, language: Language): void {
    const id = `${chargePoint}/${connector}`;
    if (!this.#fed.has(id)) return;
    sendOut(this.#node, { topic: `limit/${id}`, chargePoint, connector, payload: worded(result, language) });
    this.#show();
  }

  #show(): void {
    const views = [...this.#fed.values()]
      .map(({ site, chargePoint, connector }) => site.limiter.view(chargePoint, connector))
      .filter((view) => view !== null);
    const { mood, text } = limitStatus(views, [...this.#fed.values()][0]?.site.language);
    this.#status.set(mood, text);
  }
}

function readLease(read: Properties): LeaseOptions {
  const lease = {
    leaseS: read.number("leaseS", 180, { min: 60, max: 900 }),
    refreshS: read.number("refreshS", 75, { min: 10, max: 600 }),
    minIncreaseS: read.number("minIncreaseS", 5, { min: 0, max: 300 }),
  };
  if (lease.refreshS > lease.leaseS - 30)
    throw read.wrong("refreshS", `at least 30 s below leaseS (${lease.leaseS} s)`);
  return lease;
}

/** An allocation, or a limit set by hand. */
function readRequest(message: NodeMessage & Record<string, unknown>): LimitRequest {
  const { chargePoint, connector, payload } = message;
  if (typeof chargePoint !== "string" || chargePoint === "") {
    throw badMessage("chargePoint", "the identity of a charge point", chargePoint);
  }
  if (typeof connector !== "number" || !Number.isInteger(connector) || connector < 1) {
    throw badMessage("connector", "a whole number from 1", connector);
  }
  const { ts, cycleS, phases } = (payload ?? {}) as { ts?: unknown; cycleS?: unknown; phases?: unknown };
  if (phases !== undefined && phases !== 1 && phases !== 3) throw badMessage("payload.phases", "1 or 3", phases);
  const limitA = readLimit(payload);
  const byHand: LimitRequest = { chargePoint, connector, limitA, zone: null, ageMs: 0, ...(phases && { phases }) };
  if (typeof message["zone"] !== "string" || ts === undefined) return byHand;
  const allocatedWallMs = typeof ts === "string" ? Date.parse(ts) : Number.NaN;
  if (!Number.isFinite(allocatedWallMs)) throw badMessage("payload.ts", "an ISO 8601 time", ts);
  const ageMs = Math.max(0, systemClock.wallMs() - allocatedWallMs);
  const known = typeof cycleS === "number" && cycleS > 0 && cycleS <= 3600;
  return { ...byHand, zone: message["zone"], ageMs, ...(known && { cycleS }) };
}

function readLimit(payload: unknown): number | null {
  const isObject = typeof payload === "object" && payload !== null;
  const [field, value] = isObject ? ["payload.limitA", (payload as { limitA?: unknown }).limitA] : ["payload", payload];
  if (value === null) return null;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw badMessage(field as string, "a current in A, not negative, or null", value);
}

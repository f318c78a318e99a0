import type { BadgeInfo, Heard, Reply, StartAnswer, StartFact, StopFact } from "../../ocpp/facts.ts";
import { startPayload, stopPayload } from "../connection/events.ts";
import type { StationEvents } from "../connection/station-events.ts";
import { after, type Badges } from "./badges.ts";
import type { Connectors } from "./connectors.ts";

/** Badges and transactions of one charge point: answered once they are durable, and told. */
export class TransactionHandlers {
  readonly #badges: Badges;
  readonly #connectors: Connectors;
  readonly #events: StationEvents;

  constructor(badges: Badges, connectors: Connectors, events: StationEvents) {
    this.#badges = badges;
    this.#connectors = connectors;
    this.#events = events;
  }

  /** At once, unless a flow is asked. */
  authorize(idTag: string, heard: Heard): Reply<BadgeInfo> {
    return after(this.#badges.show(idTag, heard.receivedAtMs), ({ info, verdict }) => {
      this.#events.emit("authorize", 0, () => ({ idTag, status: info.status, rule: verdict.rule }), heard);
      this.#events.change("status");
      return info;
    });
  }

  /** Resolves when it is durable. @throws EvError when that failed: the charge point then sends it again (S10) */
  async start(start: StartFact, heard: Heard): Promise<StartAnswer> {
    const { connector, reservationId } = start;
    const badge = await this.#judgeStart(start, heard);
    const { started, isNew, live } = await this.#connectors
      .start(start, badge.status, heard)
      .finally(() => this.#badges.use(connector));
    const { record } = started;
    for (const old of started.superseded)
      this.#events.emit("transaction.stop", old.connector, () => stopPayload(old.transactionId, old));
    if (isNew) {
      const payload = () => ({ ...startPayload(record), ...(reservationId !== undefined && { reservationId }) });
      this.#events.emit("transaction.start", connector, payload, heard);
    }
    // A stored start reported late moves no profile (OCPP 1.6 §5.16.1).
    this.#events.change(live ? "transaction" : "status", connector);
    const status = record.idTagStatus as BadgeInfo["status"];
    return { transactionId: record.transactionId, badge: { ...badge, status } };
  }

  /** Resolves when it is durable. @throws EvError when that failed */
  async stop(stop: StopFact, heard: Heard): Promise<BadgeInfo | null> {
    const { record, connector, isNew } = await this.#connectors.stop(stop, heard);
    if (isNew) {
      const payload = () => ({ ...stopPayload(stop.transactionId, record), known: record !== null });
      this.#events.emit("transaction.stop", connector, payload, heard);
      this.#events.change("transaction", connector);
    }
    return stop.idTag === null ? null : this.#badges.stop(stop.idTag);
  }

  /** What is answered to the badge of a start; a retry is not judged anew. */
  async #judgeStart(start: StartFact, heard: Heard): Promise<BadgeInfo> {
    const { connector, idTag, startedWallMs } = start;
    const known = this.#badges.selective ? this.#connectors.knownStart(start, heard) : null;
    if (known) return this.#badges.again(idTag, known.idTagStatus as BadgeInfo["status"]);
    return (await this.#badges.start(connector, idTag, startedWallMs)).info;
  }
}

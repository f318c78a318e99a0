import type { CallContext, Reply } from "../../ocpp/port.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  IdTagInfo,
  StartTransactionRequest,
  StartTransactionResponse,
  StopTransactionRequest,
  StopTransactionResponse,
} from "../../ocpp/v16/index.ts";
import { transactionIdOf } from "../../ocpp/v16/transaction-id.ts";
import { startPayload, stopPayload } from "../connection/events.ts";
import type { StationEvents } from "../connection/station-events.ts";
import { after, type Badges } from "./badges.ts";
import type { Outlets } from "./outlets.ts";

/** Badges and transactions of one charge point: answered once they are durable, and told. */
export class TransactionHandlers {
  readonly #badges: Badges;
  readonly #outlets: Outlets;
  readonly #events: StationEvents;

  constructor(badges: Badges, outlets: Outlets, events: StationEvents) {
    this.#badges = badges;
    this.#outlets = outlets;
    this.#events = events;
  }

  /** At once, unless a flow is asked. */
  authorize(request: AuthorizeRequest, context: CallContext): Reply<AuthorizeResponse> {
    return after(this.#badges.show(request.idTag, context.receivedAtMs), ({ info, verdict }) => {
      const payload = () => ({ idTag: request.idTag, status: info.status, rule: verdict.rule });
      this.#events.emit("authorize", 0, payload, "Authorize", context);
      this.#events.change("status");
      return { idTagInfo: info };
    });
  }

  /** Resolves when it is durable. @throws EvError when that failed: the charge point then sends it again (S10) */
  async start(request: StartTransactionRequest, context: CallContext): Promise<StartTransactionResponse> {
    const idTagInfo = await this.#judgeStart(request, context);
    const { started, isNew, live } = await this.#outlets
      .start(request, idTagInfo.status, context)
      .finally(() => this.#badges.use(request.connectorId));
    const { record } = started;
    for (const old of started.superseded)
      this.#events.emit("transaction.stop", old.connector, () => stopPayload(old.transactionId, old));
    if (isNew) {
      const payload = () => startPayload(record);
      this.#events.emit("transaction.start", request.connectorId, payload, "StartTransaction", context);
    }
    // A stored start reported late moves no profile (OCPP 1.6 §5.16.1).
    this.#events.change(live ? "transaction" : "status", request.connectorId);
    return {
      transactionId: Number(record.transactionId),
      idTagInfo: { ...idTagInfo, status: record.idTagStatus as IdTagInfo["status"] },
    };
  }

  /** Resolves when it is durable. @throws EvError when that failed */
  async stop(request: StopTransactionRequest, context: CallContext): Promise<StopTransactionResponse> {
    const { record, connector, isNew } = await this.#outlets.stop(request, context);
    if (isNew) {
      const payload = () => ({
        ...stopPayload(transactionIdOf(request.transactionId), record),
        known: record !== null,
      });
      this.#events.emit("transaction.stop", connector, payload, "StopTransaction", context);
      this.#events.change("transaction", connector);
    }
    const idTagInfo = request.idTag === undefined ? null : this.#badges.stop(request.idTag);
    return idTagInfo ? { idTagInfo } : {};
  }

  /** What is answered to the badge of a start; a retry is not judged anew. */
  async #judgeStart(request: StartTransactionRequest, context: CallContext): Promise<IdTagInfo> {
    const { connectorId, idTag, timestamp } = request;
    const known = this.#badges.selective ? this.#outlets.knownStart(request, context) : null;
    if (known) return this.#badges.again(idTag, known.idTagStatus as IdTagInfo["status"]);
    return (await this.#badges.start(connectorId, idTag, Date.parse(timestamp))).info;
  }
}

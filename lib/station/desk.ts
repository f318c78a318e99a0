import type { CallContext } from "../ocpp/port.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  IdTagInfo,
  StartTransactionRequest,
  StartTransactionResponse,
  StopTransactionRequest,
  StopTransactionResponse,
} from "../ocpp/v16/index.ts";
import type { Announcer } from "./announcer.ts";
import type { Badges } from "./badges.ts";
import { startPayload, stopPayload } from "./events.ts";
import type { Outlets } from "./outlets.ts";

/** Badges and transactions of one charge point: answered once they are durable, and told. */
export class Desk {
  readonly #badges: Badges;
  readonly #outlets: Outlets;
  readonly #announcer: Announcer;

  constructor(badges: Badges, outlets: Outlets, announcer: Announcer) {
    this.#badges = badges;
    this.#outlets = outlets;
    this.#announcer = announcer;
  }

  authorize(request: AuthorizeRequest, context: CallContext): AuthorizeResponse {
    const idTagInfo = this.#badges.show(context.receivedAtMs);
    const payload = () => ({ idTag: request.idTag, status: idTagInfo.status });
    this.#announcer.emit("authorize", 0, payload, "Authorize", context);
    this.#announcer.change("status");
    return { idTagInfo };
  }

  /** Resolves when it is durable. @throws EvError when that failed: the charge point then sends it again (S10) */
  async start(request: StartTransactionRequest, context: CallContext): Promise<StartTransactionResponse> {
    const idTagInfo = this.#badges.info();
    const { started, isNew, live } = await this.#outlets.start(request, idTagInfo.status, context);
    const { record } = started;
    this.#badges.use();
    for (const old of started.superseded)
      this.#announcer.emit("transaction.stop", old.connector, () => stopPayload(old.transactionId, old));
    if (isNew) {
      const payload = () => startPayload(record);
      this.#announcer.emit("transaction.start", request.connectorId, payload, "StartTransaction", context);
    }
    // A stored start reported late moves no profile (OCPP 1.6 §5.16.1).
    this.#announcer.change(live ? "transaction" : "status", request.connectorId);
    return {
      transactionId: record.transactionId,
      idTagInfo: { ...idTagInfo, status: record.idTagStatus as IdTagInfo["status"] },
    };
  }

  /** Resolves when it is durable. @throws EvError when that failed */
  async stop(request: StopTransactionRequest, context: CallContext): Promise<StopTransactionResponse> {
    const { record, connector, isNew } = await this.#outlets.stop(request, context);
    if (isNew) {
      const payload = () => ({ ...stopPayload(request.transactionId, record), known: record !== null });
      this.#announcer.emit("transaction.stop", connector, payload, "StopTransaction", context);
      this.#announcer.change("transaction", connector);
    }
    return request.idTag === undefined ? {} : { idTagInfo: this.#badges.info() };
  }
}

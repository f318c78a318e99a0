/** Asks the flows whether a badge may charge, and waits for their word. */
import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import { invalid } from "../../errors.ts";
import { record } from "../../fields.ts";
import { Listeners } from "../sessions/listeners.ts";
import type { AuthorizationReason, AuthorizationStatus, FlowAnswer } from "./authorize.ts";
import { type BadgeView, readTag } from "./badge.ts";
import { expiryWallMs, readExpiry } from "./badge-expiry.ts";

/** A flow answers within this, else the list decides, ms. */
export const FLOW_MS = 3000;

/** More questions wait only when no flow answers at all; the list decides about the rest. */
const MOST_OPEN = 1000;

const STATUSES: readonly AuthorizationStatus[] = ["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"];

/** Out of ev-authorization, output 1. */
export interface FlowQuestion {
  /** `authorize/CP1/1`. */
  topic: string;
  chargePoint: string;
  /** 0 = the charge point did not say which. */
  connector: number;
  requestId: string;
  payload: {
    idTag: string;
    reason: AuthorizationReason;
    /** What the list knows of it; null = nothing. */
    badge: BadgeView | null;
  };
}

interface Open {
  resolve(answer: FlowAnswer | null): void;
  timer: Timer;
}

export class FlowQuestions {
  readonly #clock: Clock;
  readonly #timeZone: () => string;
  readonly #listeners = new Listeners<[FlowQuestion]>();
  readonly #open = new Map<string, Open>();

  /** @param timeZone in which the days of a flow's answer end; empty = that of this machine */
  constructor(clock: Clock, timeZone = () => "") {
    this.#clock = clock;
    this.#timeZone = timeZone;
  }

  /** A flow is there to be asked. */
  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  /** @returns a function that stops it */
  onQuestion(listener: (question: FlowQuestion) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Resolves with the first answer; null when there is none within 3 s. Never rejects. */
  ask(chargePoint: string, connector: number, payload: FlowQuestion["payload"]): Promise<FlowAnswer | null> {
    if (!this.heard || this.#open.size >= MOST_OPEN) return Promise.resolve(null);
    const requestId = randomUUID();
    const topic = `authorize/${chargePoint}/${connector}`;
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.#settle(requestId, null), FLOW_MS);
      this.#open.set(requestId, { resolve, timer });
      this.#listeners.tell({ topic, chargePoint, connector, requestId, payload });
    });
  }

  /** A flow's answer. @throws EvError EV_MESSAGE_INVALID when it cannot be read, comes too late or comes twice */
  answer(requestId: unknown, payload: unknown): void {
    const answer = readAnswer(payload, this.#timeZone());
    if (typeof requestId !== "string" || !this.#open.has(requestId))
      throw invalid(
        "requestId",
        `that of a question of the last ${FLOW_MS / 1000} s that has no answer yet`,
        requestId,
      );
    this.#settle(requestId, answer);
  }

  /** What is open stays without an answer. */
  close(): void {
    for (const requestId of [...this.#open.keys()]) this.#settle(requestId, null);
    this.#listeners.clear();
  }

  #settle(requestId: string, answer: FlowAnswer | null): void {
    const open = this.#open.get(requestId);
    this.#open.delete(requestId);
    this.#clock.clear(open?.timer);
    open?.resolve(answer);
  }
}

function readAnswer(payload: unknown, timeZone: string): FlowAnswer {
  const { status, parentIdTag = null, expiryDate = null } = record(payload);
  const known = STATUSES.find((one) => one === status);
  if (!known) throw invalid("payload.status", `one of ${STATUSES.join(", ")}`, status);
  const expires = expiryDate === null ? null : readExpiry(expiryDate, "payload.expiryDate", timeZone);
  const parent = parentIdTag === null ? null : readTag(parentIdTag, "payload.parentIdTag");
  if (parent !== null && parent.length > 20) throw invalid("payload.parentIdTag", "at most 20 characters", parentIdTag);
  return { status: known, parentIdTag: parent, expiresWallMs: expiryWallMs(expires, timeZone) };
}

import type { Clock } from "../../clock.ts";
import { EvError, messageOf } from "../../errors.ts";
import type { Dialect } from "../dialect.ts";
import { USUAL_DIALECT } from "../dialects.ts";
import type { CallContext, Reply } from "../facts.ts";
import { redactFrame } from "../log/redact.ts";
import type { CallOptions } from "../port.ts";
import { type VisitorClass, visitorAlone } from "../server/visitors.ts";
import type { ActionSpec, Initiator } from "../v16/action.ts";
import { OcppCallError } from "./call-error.ts";
import { EMPTY, errorText, type Frame, isObject, isTooDeep, type MessageId, parseFrame, resultText } from "./frame.ts";
import { Inbox, type InboxHost } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import { RepeatedFrames } from "./repeated-frames.ts";
import { isRemembered, type ReplyMemory } from "./replies.ts";
import { checkInbound, printable, strictFault } from "./validate.ts";

/** Bytes in which type and id of an answer stand, whatever its spelling. */
const HEAD_BYTES = 256;
/** CALLRESULT or CALLERROR; in front of the type are a byte order mark, white space and a bracket at most. */
const ANSWER = /^\D{0,16}[34]/;

/** Deviations worded per connection and minute; the rest is not. */
const REPORTS_PER_MINUTE = 10;

/** Answers a CALL whose payload has been checked. Undefined = this side does not implement the action. */
export type CallHandler = (
  action: string,
  payload: Record<string, unknown>,
  context: CallContext,
) => Reply<object> | undefined;

/** The socket underneath. */
export interface Transport {
  send(text: string): void;
  pauseReading(): void;
  resumeReading(): void;
  close(code: number, reason: string): void;
}

/** Read while the connection lasts; the methods are called on it. */
export interface RpcOptions {
  readonly clock: Clock;
  /** Which side this is. */
  readonly side: Exclude<Initiator, "both">;
  readonly callTimeoutMs: number;
  /** What is spoken; OCPP 1.6 without it. */
  readonly dialect?: Dialect;
  readonly handle: CallHandler;
  /** Answers given before, on this connection or an earlier one. */
  readonly replies?: ReplyMemory | undefined;
  /** False lets payloads out that the specification does not allow: for acting out a faulty peer. */
  readonly strictOutbound?: boolean;
  readonly onFrame?: ((direction: "in" | "out", text: string) => void) | undefined;
  readonly onDeviation?: ((text: string) => void) | undefined;
  /** What the peer is; absent = the only one. */
  readonly visitor?: (() => VisitorClass) | undefined;
}

/** A text frame as it came, read when its turn has come: what waits costs the memory of its bytes and no more. */
interface Inbound {
  data: Buffer | string;
  receivedAtMs: number;
  receivedWallMs: number;
}

interface InboundCall {
  id: MessageId;
  action: string;
  payload: unknown;
  /** It is known to be exactly as the specification has it. */
  isExact: boolean;
  text: string;
  context: CallContext;
}

/**
 * OCPP-J 1.6 on one open connection, for either side. Every CALL of the peer is answered exactly once, in order;
 * own CALLs go out one at a time. Answers of the peer are never held up by its CALLs, so a handler may wait for a CALL.
 */
export class Rpc implements InboxHost<Inbound> {
  readonly #options: RpcOptions;
  readonly #transport: Transport;
  readonly #peer: Initiator;
  readonly #strict: boolean;
  readonly #actions: Dialect["actions"];
  readonly #outbox: Outbox;
  readonly #inbox: Inbox<Inbound>;
  readonly #repeated: RepeatedFrames;
  readonly #alone: VisitorClass | null;
  #ended = false;
  #minuteStartMs = Number.NEGATIVE_INFINITY;
  #reports = 0;

  constructor(options: RpcOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
    this.#peer = options.side === "centralSystem" ? "chargePoint" : "centralSystem";
    const dialect = options.dialect ?? USUAL_DIALECT;
    this.#actions = dialect.actions;
    this.#repeated = new RepeatedFrames(dialect);
    this.#strict = options.strictOutbound ?? true;
    this.#outbox = new Outbox(options.clock, options.callTimeoutMs, (text) => this.#send(text));
    this.#alone = options.visitor ? null : visitorAlone();
    this.#inbox = new Inbox(this);
  }

  /** Silence between an answer and the next own CALL. */
  set callGapMs(gapMs: number) {
    this.#outbox.gapMs = gapMs;
  }

  set callTimeoutMs(timeoutMs: number) {
    this.#outbox.timeoutMs = timeoutMs;
  }

  /** A text frame came. What answers a CALL of ours, and what is short and no CALL, is read at once; the rest in its turn. Never throws. */
  receive(data: Buffer | string, receivedAtMs = this.#options.clock.nowMs()): void {
    if (this.#ended) return;
    const isShort = data.length < this.visitor().limits.atOnceBytes;
    const isRead =
      ((isShort && !mayBeCall(data)) || this.#answers(data)) && this.#read(data.toString()).type !== "call";
    if (isRead) return;
    this.#inbox.add({ data, receivedAtMs, receivedWallMs: this.#options.clock.wallMs() }, data.length);
  }

  visitor(): VisitorClass {
    return this.#alone ?? this.#options.visitor!();
  }

  /** @throws EvError as StationConnection.call */
  async call(action: string, payload: unknown, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const spec = this.#actions.get(action);
    if (this.#strict) {
      if (!spec) throw new EvError("EV_OCPP_INVALID", `${printable(action)} is not an action of OCPP 1.6.`);
      if (spec.initiator === this.#peer) {
        throw new EvError("EV_OCPP_INVALID", `${action} is not sent in this direction.`);
      }
      const fault = strictFault(spec.request, payload);
      if (fault) throw new EvError("EV_OCPP_INVALID", `${action}: ${fault}.`);
    }
    const answer = await this.#outbox.add(action, payload, options);
    if (spec) return this.#checkedAnswer(spec, answer);
    return isObject(answer) && !isTooDeep(answer) ? answer : {};
  }

  /** Rejects the calls that wait, with this error, and takes nothing more in. */
  end(error: EvError): void {
    this.#ended = true;
    this.#inbox.end();
    this.#repeated.end();
    this.#outbox.end(error);
  }

  /** Reads a frame, and sends the one answer to a CALL, at once or later. The promise does not reject. */
  handle({ data, receivedAtMs, receivedWallMs }: Inbound): Promise<void> | undefined {
    const text = data.toString();
    const repeated = this.#repeated.read(text);
    if (repeated) this.#observe("in", text);
    const frame = repeated ?? this.#read(text);
    if (frame.type !== "call") return undefined;
    const { id, action, payload } = frame;
    const context = { messageId: String(id), receivedAtMs, receivedWallMs };
    return this.#answer({ id, action, payload, isExact: repeated !== null, text, context });
  }

  /** Reads a frame, and settles what it answers. */
  #read(text: string): Frame {
    this.#observe("in", text);
    const frame = parseFrame(text);
    switch (frame.type) {
      case "result":
        if (!this.#outbox.result(frame.id, frame.payload)) this.#report(() => "An answer came that nothing waits for");
        break;
      case "error":
        if (!this.#outbox.error(frame.id, frame.code, frame.description, frame.details)) {
          this.#report(() => `A CALLERROR came that nothing waits for: ${frame.code} ${frame.description}`);
        }
        break;
      case "unusable":
        this.#report(() => `A frame ${frame.reason}: ${redactFrame(text.slice(0, 100))}`);
        break;
    }
    return frame;
  }

  /** Whether a frame is, by its first bytes, the answer to the CALL that is outstanding. */
  #answers(data: Buffer | string): boolean {
    const { outstandingId } = this.#outbox;
    if (outstandingId === null) return false;
    const head = headOf(data);
    return ANSWER.test(head) && head.includes(`"${outstandingId}"`);
  }

  #answer(call: InboundCall): Promise<void> | undefined {
    const { replies } = this.#options;
    const earlier = isRemembered(call.action)
      ? replies?.find(call.context.messageId, call.text, call.context.receivedAtMs)
      : undefined;
    if (earlier !== undefined) {
      this.#send(earlier);
      return undefined;
    }
    try {
      const { spec, payload } = this.#checkedCall(call);
      const reply = this.#options.handle(call.action, payload, call.context);
      if (!isPromise(reply)) {
        this.#confirm(call, spec, reply);
        return undefined;
      }
      return reply.then((late) => this.#confirm(call, spec, late)).catch((error: unknown) => this.#refuse(call, error));
    } catch (error) {
      this.#refuse(call, error);
      return undefined;
    }
  }

  pauseReading(): void {
    this.#transport.pauseReading();
  }

  resumeReading(): void {
    this.#transport.resumeReading();
  }

  overflow(): void {
    this.#transport.close(1008, "Too many messages");
  }

  #checkedCall(call: InboundCall): { spec: ActionSpec; payload: Record<string, unknown> } {
    const spec = this.#actions.get(call.action);
    if (!spec) throw new OcppCallError("NotImplemented", "This action is not known");
    if (spec.initiator !== this.#peer && spec.initiator !== "both") {
      throw new OcppCallError("NotSupported", "This action is not taken from this side");
    }
    if (call.isExact) return { spec, payload: call.payload as Record<string, unknown> };
    const checked = checkInbound(spec.request, call.payload, this.#mayReport);
    if (!checked.accepted) throw new OcppCallError(checked.code, checked.description);
    if (checked.deviation) this.#report(() => `${call.action}: ${checked.deviation}`);
    if (!this.visitor().isStranger) this.#repeated.learn(call.action, call.text);
    return { spec, payload: checked.payload };
  }

  #checkedAnswer(spec: ActionSpec, payload: unknown): Record<string, unknown> {
    const checked = checkInbound(spec.response, payload, this.#mayReport);
    if (!checked.accepted) {
      throw new OcppCallError(checked.code, `the answer to ${spec.action} is not usable: ${checked.description}`);
    }
    if (checked.deviation) this.#report(() => `Answer to ${spec.action}: ${checked.deviation}`);
    return checked.payload;
  }

  #confirm(call: InboundCall, spec: ActionSpec, reply: object | undefined): void {
    if (!reply) throw new OcppCallError("NotImplemented", "This action is not implemented");
    const fault = this.#strict && reply !== EMPTY ? strictFault(spec.response, reply) : null;
    if (fault) throw new Error(`its confirmation does not match OCPP: ${fault}`);
    this.#reply(call, resultText(call.id, reply));
  }

  #refuse(call: InboundCall, error: unknown): void {
    const known = error instanceof OcppCallError;
    this.#report(() =>
      known
        ? `${call.action} was refused: ${error.message}`
        : `${call.action} could not be processed: ${messageOf(error)}`,
    );
    const code = known ? error.ocppCode : "InternalError";
    const description = known ? error.ocppDescription : "The message could not be processed";
    const text = errorText(call.id, code, description, known ? error.details : {});
    // An internal error may pass, and a charge point may be accepted later: a repetition is answered anew.
    if (known && code !== "SecurityError") this.#reply(call, text);
    else this.#send(text);
  }

  #reply(call: InboundCall, text: string): void {
    this.#options.replies?.keep(call.context.messageId, call.action, call.text, text, call.context.receivedAtMs);
    this.#send(text);
  }

  #send(text: string): void {
    if (this.#ended) return;
    this.#observe("out", text);
    this.#transport.send(text);
  }

  #observe(direction: "in" | "out", text: string): void {
    try {
      this.#options.onFrame?.(direction, text);
    } catch {
      // An observer's fault must not cost the peer its answer.
    }
  }

  readonly #mayReport = (): boolean => {
    if (!this.#options.onDeviation) return false;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#minuteStartMs >= 60_000) {
      this.#minuteStartMs = nowMs;
      this.#reports = 0;
    }
    return this.#reports < REPORTS_PER_MINUTE;
  };

  #report(text: () => string): void {
    if (!this.#mayReport()) return;
    this.#reports += 1;
    try {
      this.#options.onDeviation?.(printable(text()));
    } catch {
      // As in #observe.
    }
  }
}

function headOf(data: Buffer | string): string {
  return typeof data === "string" ? data.slice(0, HEAD_BYTES) : data.toString("latin1", 0, HEAD_BYTES);
}

/** False when the first bytes show that it is no CALL. */
function mayBeCall(data: Buffer | string): boolean {
  // "[2", as nearly all of them begin.
  if (typeof data !== "string" && data[0] === 0x5b && data[1] === 0x32) return true;
  const digit = /\d/.exec(headOf(data))?.[0];
  return digit === undefined ? data.length > HEAD_BYTES : digit === "2";
}

function isPromise(reply: unknown): reply is Promise<object> {
  return reply instanceof Promise;
}

import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { shortText } from "../../local-time.ts";
import type { AuthorizationBook, BadgeBook } from "../../store/books/badge-types.ts";
import type { Language } from "../../words/types.ts";
import type { AuthorizationPort, BackEndJudge, BadgeQuestion, BadgeVerdict } from "./authorization-port.ts";
import { authorizationText, endText, type LateOutcome, lateText } from "./authorization-text.ts";
import { AuthorizationTrace, type TraceEntry } from "./authorization-trace.ts";
import {
  type AuthorizationFacts,
  type AuthorizationMode,
  authorize,
  type BackEndWord,
  type FlowAnswer,
  needsBackEnd,
} from "./authorize.ts";
import { FlowQuestions } from "./authorize-flow.ts";
import { type Badge, type BadgePlace, badgeView, reversedTag } from "./badge.ts";
import { expiryWallMs } from "./badge-expiry.ts";
import { BadgeLearning } from "./badge-learning.ts";
import { BadgeList } from "./badge-list.ts";
import { type Meant, standsForOthers } from "./badge-settings.ts";

/** A flow's word about a badge that was shown holds for the charge that begins with it, ms. */
const FLOW_HOLDS_MS = 120_000;
const MOST_FLOW_WORDS = 1000;

/** Learn mode takes a badge from a charge that began no longer ago, ms. */
const JUST_NOW_MS = 120_000;

/** A charge at a charge point that is disconnected for longer does not keep its badge from charging elsewhere, ms. */
const GONE_MS = 900_000;

/** A charge that is running. */
export interface RunningCharge {
  chargePoint: string;
  connector: number;
  transactionId: string;
  idTag: string;
  startedWallMs: number;
  /** Its charge point is not connected since then, ms since 1970; null = it is connected. */
  goneSinceWallMs: number | null;
  /** Its badge was not accepted: it gets no current, and does not keep the badge from charging elsewhere. */
  refused?: boolean;
}

/** A back end answered the start of a charge that runs: it does not accept its badge. */
export interface LateRefusal {
  chargePoint: string;
  connector: number;
  idTag: string;
  /** As people call it. */
  backEnd: string;
  status: string;
  /** What becomes of the charge. */
  outcome: LateOutcome;
}

/** What the authorizer needs of the site around it. */
export interface AuthorizerPort {
  clock: Clock;
  badges: BadgeBook;
  authorizations: AuthorizationBook;
  /** Connectors of a charge point with the zones they hang in. */
  connectors(chargePoint: string): BadgePlace["connectors"];
  /** Charges that run: all, those of a charge point, those that began with a number in canonical spelling. */
  running: {
    all(): Iterable<RunningCharge>;
    at(chargePoint: string): Iterable<RunningCharge>;
    with(tag: string): Iterable<RunningCharge>;
  };
  /** The reservation of somebody else that keeps a badge from a connector, and until when; null = none does, as without. */
  reserved?(question: BadgeQuestion): { untilWallMs: number; place: string } | null;
  /** What people call a connector; its id without. */
  called?(place: string): string;
  /** The back end that has a say about the badges of a charge point; null = none has, as without. */
  judge?(chargePoint: string): BackEndJudge | null;
  /** Asks a charge point to end a transaction. */
  stop(chargePoint: string, transactionId: string): Promise<Record<string, unknown>>;
  /** In which it is said why; English without. */
  language?(): Language;
  /** In which the days of badges end; that of this machine without. */
  timeZone?: () => string;
}

/** What is known beside a question. */
interface Known {
  sinceMs: number;
  flow?: FlowAnswer | null;
  asked?: boolean;
  learnt?: boolean;
  /** The back end that has a say, and its word. */
  judge?: BackEndJudge | null;
  word?: BackEndWord | null;
}

/** Decides about badges for all charge points of a site, asks flows, learns badges, and keeps why. */
export class Authorizer implements AuthorizationPort {
  readonly list: BadgeList;
  readonly flows: FlowQuestions;
  readonly learning: BadgeLearning;
  readonly trace: AuthorizationTrace;
  readonly #port: AuthorizerPort;
  /** Starts that were let in and are not recorded yet, by connector. */
  readonly #starting = new Map<string, RunningCharge>();
  readonly #flowWords = new Map<string, { answer: FlowAnswer; untilMs: number }>();

  constructor(port: AuthorizerPort) {
    this.#port = port;
    this.list = new BadgeList(port.badges, port.clock, port.timeZone);
    this.flows = new FlowQuestions(port.clock, port.timeZone);
    this.learning = new BadgeLearning(this.list, port.clock);
    this.trace = new AuthorizationTrace(port.authorizations, port.clock);
  }

  ask(question: BadgeQuestion): BadgeVerdict | Promise<BadgeVerdict> {
    const sinceMs = this.#port.clock.nowMs();
    const { mode, reason, chargePoint, connector, idTag, served } = question;
    const meant = this.list.meant(chargePoint, idTag);
    if (!served) return this.#rule(question, meant, { sinceMs });
    const judge = this.#judgeOf(question);
    if (reason !== "stop" && this.learning.running && this.#isOfNow(question)) {
      const learnt = this.#learns(chargePoint, meant);
      const now = this.list.meant(chargePoint, idTag);
      if (learnt || now.badge !== meant.badge) return this.#rule(question, now, { sinceMs, learnt });
    }
    if (judge && reason !== "stop") {
      if (!needsBackEnd(this.#facts(question, meant, { sinceMs, judge })))
        return this.#rule(question, meant, { sinceMs, judge });
      return judge.ask(idTag, reason).then((word) => {
        const now = this.list.meant(chargePoint, idTag);
        return this.#rule(question, now, { sinceMs, judge, word, asked: true });
      });
    }
    const { badge } = meant;
    if (mode !== "flow" || reason === "stop" || badge?.type === "admin" || this.#reserved(question))
      return this.#rule(question, meant, { sinceMs });
    return this.flows
      .ask(chargePoint, connector, { idTag, reason, badge: badge && badgeView(badge, this.list.timeZone) })
      .then((answer) => {
        // The list may have changed meanwhile.
        const now = this.list.meant(chargePoint, idTag);
        return this.#rule(question, now, { sinceMs, flow: this.#lasting(question, now, answer), asked: true });
      });
  }

  hasBackEnd(chargePoint: string): boolean {
    return this.#port.judge?.(chargePoint) != null;
  }

  /** A back end that bills has refused the badge of a charge that runs: kept with the answers. @param outcome what becomes of the charge */
  refusedLate(late: LateRefusal): void {
    const { chargePoint, connector, idTag, backEnd, status, outcome } = late;
    const meant = this.list.meant(chargePoint, idTag);
    const text = lateText({ meant, idTag, backEnd, status, outcome }, this.#language);
    const told = { reason: "late", rule: "backEnd", status, text };
    this.#record({ chargePoint, connector, idTag }, meant.badge, told, this.#port.clock.nowMs(), true);
  }

  settled(chargePoint: string, connector: number): void {
    this.#starting.delete(`${chargePoint}/${connector}`);
  }

  badge(chargePoint: string, idTag: string): Badge | null {
    return this.list.meant(chargePoint, idTag).badge;
  }

  expiresWallMs(chargePoint: string, idTag: string): number | null {
    return expiryWallMs(this.badge(chargePoint, idTag)?.expiryDate ?? null, this.list.timeZone);
  }

  close(): void {
    this.flows.close();
    this.learning.close();
    this.trace.close();
  }

  get #language(): Language {
    return this.#port.language?.() ?? "en-US";
  }

  /** A charge that is reported late says nothing of who stands there now. */
  #isOfNow({ reason, startedWallMs }: BadgeQuestion): boolean {
    return reason !== "start" || startedWallMs === null || startedWallMs >= this.#port.clock.wallMs() - JUST_NOW_MS;
  }

  #learns(chargePoint: string, { idTag, badge }: Meant): boolean {
    try {
      return this.learning.shown(chargePoint, idTag, badge);
    } catch {
      // The store reports its own failure; the badge is judged as it stands.
      return false;
    }
  }

  /** A charge that ends had its right when it began. */
  #judgeOf({ chargePoint, reason }: BadgeQuestion): BackEndJudge | null {
    return reason === "stop" ? null : (this.#port.judge?.(chargePoint) ?? null);
  }

  /** What a charge ends with is not asked. */
  #reserved(question: BadgeQuestion): { untilWallMs: number; place: string } | null {
    return question.reason === "stop" ? null : (this.#port.reserved?.(question) ?? null);
  }

  /** Why a badge could not charge at a connector then, as far as the list and its mode say; null = it could. */
  objection(
    { chargePoint, connector }: Pick<BadgeQuestion, "chargePoint" | "connector">,
    idTag: string,
    { mode, atWallMs }: { mode: AuthorizationMode; atWallMs: number },
  ): string | null {
    const meant = this.list.meant(chargePoint, idTag);
    const isElsewhereDecided = mode === "flow" || this.hasBackEnd(chargePoint);
    const question: BadgeQuestion = {
      ...{ mode: isElsewhereDecided ? "open" : mode, reason: "authorize", chargePoint, connector, idTag },
      ...{ startedWallMs: null, startedFromHere: false, served: true },
    };
    const facts = this.#facts(question, meant, { sinceMs: 0 });
    const ruling = authorize({ ...facts, reserved: false, nowWallMs: atWallMs });
    if (ruling.status === "Accepted") return null;
    const told = { ruling, meant, idTag, silent: null, backEnd: "", chargesAt: null, timeZone: this.list.timeZone };
    return authorizationText(told, this.#language);
  }

  #facts(question: BadgeQuestion, { badge }: Meant, { flow = null, judge, word = null }: Known): AuthorizationFacts {
    const { chargePoint, connector } = question;
    // Zones are looked up only for a badge that is not for everywhere.
    const connectors = isScoped(badge) ? this.#port.connectors(chargePoint) : [];
    return {
      ...question,
      ...{ flow, badge, backEnd: judge ? { policy: judge.policy, word } : null },
      place: { chargePoint, connector, connectors },
      nowWallMs: this.#port.clock.wallMs(),
      timeZone: this.list.timeZone,
      runningElsewhere: 0,
      reserved: this.#reserved(question) !== null,
    };
  }

  #rule(question: BadgeQuestion, meant: Meant, known: Known): BadgeVerdict {
    const { reason, mode } = question;
    const { flow = null, judge = null, word = null } = known;
    const isCounted = reason === "start" && (mode !== "open" || judge !== null);
    const elsewhere = isCounted ? this.#elsewhere(question, meant) : [];
    const decided = authorize({ ...this.#facts(question, meant, known), runningElsewhere: elsewhere.length });
    const learnt = known.learnt && decided.status === "Accepted";
    const ruling = learnt ? { ...decided, rule: "learnt" as const } : decided;
    if (reason === "start" && ruling.status === "Accepted" && meant.badge) this.#noteStart(question);
    // What a charge ends with was told when it began.
    if (reason !== "stop") {
      const chargesAt = elsewhere[0] ? `${elsewhere[0].chargePoint}/${elsewhere[0].connector}` : null;
      const { timeZone } = this.list;
      const isSilent = known.asked === true && flow === null && word === null;
      const silent = !isSilent ? null : judge ? "backEnd" : this.flows.heard ? "flow" : null;
      const backEnd = judge?.name ?? "";
      const kept = ruling.rule === "reserved" ? this.#reserved(question) : null;
      const until = kept && shortText(kept.untilWallMs, this.#port.clock.wallMs(), timeZone);
      const reserved = kept && { place: this.#port.called?.(kept.place) ?? kept.place, until: until ?? "" };
      const text = authorizationText(
        { ruling, meant, idTag: question.idTag, silent, backEnd, chargesAt, timeZone, reserved },
        this.#language,
      );
      const isKept = question.served && (meant.badge !== null || ruling.rule !== "open");
      this.#record(
        question,
        meant.badge,
        { reason, rule: ruling.rule, status: ruling.status, text },
        known.sinceMs,
        isKept,
      );
    }
    if (ruling.rule === "admin" && reason === "authorize") this.#endCharges(question, meant);
    return { ...ruling, badge: meant.badge };
  }

  #record(
    { chargePoint, connector, idTag }: Pick<BadgeQuestion, "chargePoint" | "connector" | "idTag">,
    badge: Badge | null,
    told: Pick<TraceEntry, "reason" | "rule" | "status" | "text">,
    sinceMs: number,
    kept: boolean,
  ): void {
    const { clock } = this.#port;
    const wallMs = Math.round(clock.wallMs());
    const tookMs = Math.round(clock.nowMs() - sinceMs);
    this.trace.add({ wallMs, chargePoint, connector, idTag, badge: badge?.idTag ?? null, ...told, tookMs }, kept);
  }

  /** A flow that let a badge in and is silent when its charge begins stands by its word. */
  #lasting({ chargePoint, reason }: BadgeQuestion, { idTag }: Meant, answer: FlowAnswer | null): FlowAnswer | null {
    const key = JSON.stringify([chargePoint, idTag]);
    const nowMs = this.#port.clock.nowMs();
    const word = this.#flowWords.get(key);
    this.#flowWords.delete(key);
    if (answer && reason === "authorize") this.#flowWords.set(key, { answer, untilMs: nowMs + FLOW_HOLDS_MS });
    const [oldest] = this.#flowWords.keys();
    if (this.#flowWords.size > MOST_FLOW_WORDS && oldest !== undefined) this.#flowWords.delete(oldest);
    if (answer || reason !== "start") return answer;
    return word && nowMs < word.untilMs ? word.answer : null;
  }

  /** Charges of the same badge at other connectors that began no later than this one. A badge of free charging (`mapped`) may charge at many. */
  #elsewhere({ chargePoint, connector, startedWallMs }: BadgeQuestion, { badge, mapped }: Meant): RunningCharge[] {
    if (!badge || mapped || badge.maxConcurrent === null) return [];
    const nowWallMs = this.#port.clock.wallMs();
    const isOther = (charge: RunningCharge): boolean => {
      if (charge.refused || (charge.chargePoint === chargePoint && charge.connector === connector)) return false;
      if (charge.goneSinceWallMs !== null && nowWallMs - charge.goneSinceWallMs > GONE_MS) return false;
      if (startedWallMs !== null && charge.startedWallMs > startedWallMs) return false;
      return this.list.meant(charge.chargePoint, charge.idTag).badge === badge;
    };
    const starting = [...this.#starting.values()].filter(isOther);
    const isStarting = (charge: RunningCharge) =>
      starting.some((one) => one.chargePoint === charge.chargePoint && one.connector === charge.connector);
    const running = [...this.#chargesOf(badge)].filter((charge) => isOther(charge) && !isStarting(charge));
    return [...running, ...starting];
  }

  /** Charges that may be of a badge: looked up by its numbers, unless any number may stand for it somewhere. */
  *#chargesOf({ idTag }: Badge): Generator<RunningCharge> {
    const { running } = this.#port;
    if (standsForOthers(this.list.settings, idTag)) yield* running.all();
    else {
      yield* running.with(idTag);
      const reversed = reversedTag(idTag);
      if (reversed !== null && reversed !== idTag) yield* running.with(reversed);
    }
  }

  #noteStart({ chargePoint, connector, idTag, startedWallMs }: BadgeQuestion): void {
    const wallMs = startedWallMs ?? this.#port.clock.wallMs();
    const charge = { chargePoint, connector, idTag, transactionId: "", startedWallMs: wallMs, goneSinceWallMs: null };
    this.#starting.set(`${chargePoint}/${connector}`, charge);
  }

  /** What an admin badge is for. Where the charge point does not say at which connector it was shown, all its charges end. */
  #endCharges({ chargePoint, connector, idTag }: BadgeQuestion, { badge }: Meant): void {
    const here = [...this.#port.running.at(chargePoint)];
    const charges = here.filter((charge) => connector === 0 || charge.connector === connector);
    // The answer leaves first: a charge point takes no call while it waits for one.
    if (charges.length > 0)
      this.#port.clock.setTimeout(() => {
        for (const charge of charges) void this.#endCharge(charge, idTag, badge);
      }, 0);
  }

  async #endCharge(charge: RunningCharge, idTag: string, badge: Badge | null): Promise<void> {
    const { chargePoint, connector, transactionId } = charge;
    const sinceMs = this.#port.clock.nowMs();
    const outcome = await this.#port
      .stop(chargePoint, transactionId)
      .then(({ status }) => ({ status: String(status), text: String(status) }))
      .catch((error: unknown) => ({ status: "Failed", text: messageOf(error) }));
    const place = `${chargePoint}/${connector}`;
    const ended = { idTag, comment: badge?.comment ?? "", transactionId, place, outcome: outcome.text };
    const text = endText(ended, this.#language);
    const told = { reason: "end", rule: "admin", status: outcome.status, text };
    this.#record({ chargePoint, connector, idTag }, badge, told, sinceMs, true);
  }
}

function isScoped(badge: Badge | null): boolean {
  return badge !== null && badge.chargePoints.length + badge.connectors.length + badge.zones.length > 0;
}

import type { Clock, Timer } from "../../clock.ts";
import { Listeners } from "../sessions/listeners.ts";
import { type Badge, isTag } from "./badge.ts";
import { planChange } from "./badge-change.ts";
import type { BadgeList } from "./badge-list.ts";

/** Learning ends by itself when nothing was shown for this long, s. */
export const LEARN_S = 30;

/** Learning ends by itself after so many badges: a person does not hold more to a reader, a faulty charge point sends them. */
export const MOST_LEARNT = 500;

/** What learning does with badges. `offer`: it only tells of unknown ones. */
export interface LearnOrder {
  does: "add" | "remove" | "offer";
  /** Empty = at any charge point. */
  chargePoint: string;
  seconds: number;
  /** What badges get that are added. */
  as: Omit<Badge, "idTag">;
}

/** What happened in learn mode; `badge` is empty when it only began or ended. */
export interface LearnNews {
  learning: boolean;
  chargePoint: string;
  does: LearnOrder["does"];
  idTag: string | null;
  /** Numbers learnt so far. */
  learnt: readonly string[];
}

/** Learn mode: badges shown at a charge point are put into the list, or taken out of it, until none came for a while. */
export class BadgeLearning {
  readonly #list: BadgeList;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<[LearnNews]>();
  #order: LearnOrder | null = null;
  #learnt: string[] = [];
  #timer: Timer | undefined;

  constructor(list: BadgeList, clock: Clock) {
    this.#list = list;
    this.#clock = clock;
  }

  get running(): boolean {
    return this.#order !== null;
  }

  /** Called when learn mode takes a badge or ends. @returns a function that stops it */
  onNews(listener: (news: LearnNews) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Begins, also anew. @returns what is told of it */
  begin(order: LearnOrder): LearnNews {
    this.#order = order;
    this.#learnt = [];
    this.#wait();
    return this.#news(null);
  }

  /** Ends it; harmless when it does not run. @returns what is told of it */
  end(): LearnNews {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
    const news = { ...this.#news(null), learning: false };
    this.#order = null;
    return news;
  }

  /**
   * A badge is shown. @param idTag in canonical spelling @param badge as the list has it
   * @returns whether it was put into the list just now
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
   */
  shown(chargePoint: string, idTag: string, badge: Badge | null): boolean {
    const order = this.#order;
    if (!order || !isTag(idTag)) return false;
    if (order.chargePoint !== "" && order.chargePoint.toLowerCase() !== chargePoint.toLowerCase()) return false;
    if ((badge !== null) !== (order.does === "remove")) return false;
    if (order.does === "add")
      this.#list.apply(planChange(this.#list.all, [{ ...order.as, idTag }], "merge"), "learn", "");
    if (order.does === "remove" && badge) this.#list.apply({ added: [], changed: [], removed: [badge] }, "learn", "");
    if (!this.#learnt.includes(idTag)) this.#learnt.push(idTag);
    this.#wait();
    this.#listeners.tell(this.#news(idTag));
    if (this.#learnt.length >= MOST_LEARNT) this.#listeners.tell(this.end());
    return order.does === "add";
  }

  /** Ends without a word. */
  close(): void {
    this.#listeners.clear();
    this.end();
  }

  #wait(): void {
    this.#clock.clear(this.#timer);
    this.#timer = this.#clock.setTimeout(
      () => this.#listeners.tell(this.end()),
      (this.#order?.seconds ?? LEARN_S) * 1000,
    );
  }

  #news(idTag: string | null): LearnNews {
    const { chargePoint = "", does = "add" } = this.#order ?? {};
    return { learning: this.#order !== null, chargePoint, does, idTag, learnt: [...this.#learnt] };
  }
}

import type { ProfileTarget } from "../target.ts";
import { type Lesson, learn, UNTAUGHT, ways } from "./ladder.ts";
import { type Fact, lessonsOf } from "./lessons.ts";
import { keyOf, type Way } from "./way.ts";

/** A way that is refused so often in a row is refused for what it is, not for a passing reason. */
const PASSING_REFUSALS = 4;

/** Remembers which ways of one connector were refused, ignored and obeyed, and puts the best in front. */
export class WayChoice {
  readonly #target: () => ProfileTarget;
  readonly #teach: (facts: readonly Fact[]) => void;
  #lesson: Lesson = UNTAUGHT;
  /** Refused since one was accepted. */
  #refused: Way[] = [];
  /** How often all were refused since one was accepted. */
  #refusals = 0;
  /** Accepted and not obeyed. */
  #ignored: Way[] = [];

  /** @param teach told what a way that works shows about the charge point */
  constructor(target: () => ProfileTarget, teach: (facts: readonly Fact[]) => void) {
    this.#target = target;
    this.#teach = teach;
  }

  /** The charge point may take what it refused before. */
  reset(): void {
    this.#lesson = UNTAUGHT;
    this.#refused = [];
    this.#refusals = 0;
  }

  /** Ways for the next limit, best first, at least one. Those that were not obeyed wait until all others have failed, too. */
  ways(transactionId: number | null): Way[] {
    const all = ways(this.#target(), transactionId, this.#lesson);
    const good = all.filter((way) => !this.#isIgnored(way));
    return good.length > 0 ? good : all;
  }

  /** The same with those that were not obeyed, and those that were refused a few times only. */
  everyWay(transactionId: number | null): Way[] {
    const passing = this.#refusals < PASSING_REFUSALS;
    return ways(this.#target(), transactionId, passing ? { ...this.#lesson, refused: [] } : this.#lesson);
  }

  /** This way was accepted and is not obeyed: the next one is taken, the first again after the last. */
  leave(way: Way, transactionId: number | null): void {
    this.#ignored.push(way);
    if (ways(this.#target(), transactionId, this.#lesson).every((other) => this.#isIgnored(other))) this.#ignored = [];
  }

  /** Those that were not obeyed may be tried again. */
  forgetIgnored(): void {
    this.#ignored = [];
  }

  /** The limit is obeyed this way: the ones left before are no good. */
  proven(way: Way): void {
    if (this.#ignored.length === 0) return;
    const others = this.#ignored.filter((ignored) => keyOf(ignored) !== keyOf(way));
    this.#ignored = [];
    this.#tell(others, way, "ignored");
  }

  /** None was accepted. */
  allRefused(refused: readonly Way[]): void {
    this.#refusals++;
    this.#refused.push(...refused);
    this.#lesson = learn(this.#lesson, this.#target(), refused, null);
  }

  /** One was accepted. @param refused those tried before it */
  accepted(way: Way, refused: readonly Way[]): void {
    this.#refusals = 0;
    const others = [...this.#refused, ...refused];
    this.#refused = [];
    this.#lesson = learn(this.#lesson, this.#target(), others, way);
    this.#tell(others, way, "refused");
  }

  #tell(others: readonly Way[], way: Way, what: "refused" | "ignored"): void {
    const facts = lessonsOf(this.#target(), others, way, what);
    if (facts.length > 0) this.#teach(facts);
  }

  #isIgnored(way: Way): boolean {
    return this.#ignored.some((ignored) => keyOf(ignored) === keyOf(way));
  }
}

import { activate, wakeIdle } from "./activate.ts";
import { classRanges } from "./cars.ts";
import { type Draft, newDraft } from "./draft.ts";
import { fillBalanced } from "./imbalance.ts";
import type { AllocationProblem } from "./prepare.ts";

/**
 * Decides every current exactly, before it is lowered to the chargers' steps: who gets a minimum, the fair fill class by
 * class, then idle cars.
 */
export function solve(problem: AllocationProblem): Draft {
  const draft = begin(problem);
  complete(draft);
  return draft;
}

/**
 * The minimums. Under `minFirst`, all classes get them before any is filled; `strict` serves a class wholly before the next, so only
 * the last class is left to be filled. Who requests current then has it or waits, whatever the other steps do.
 */
export function begin(problem: AllocationProblem): Draft {
  const draft = newDraft(problem);
  if (problem.config.priorityPolicy === "minFirst") activate(draft, 0, problem.cars.count);
  else {
    const classes = classRanges(problem.cars);
    for (const range of classes) {
      activate(draft, range.first, range.last);
      if (range !== classes.at(-1)) fillBalanced(draft, [range]);
    }
  }
  return draft;
}

/** The steps after `begin`. */
export function complete(draft: Draft): void {
  const { config, cars } = draft.rowLoads.problem;
  const classes = classRanges(cars);
  fillBalanced(draft, config.priorityPolicy === "minFirst" ? classes : classes.slice(-1));
  wakeIdle(draft);
}

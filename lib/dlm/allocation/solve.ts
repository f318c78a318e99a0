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
 * The first step: under `minFirst`, all classes get their minimums before any is filled. Who requests current then has it or
 * waits, whatever the other steps do. `strict` serves a class wholly before the next, so nothing is decided yet.
 */
export function begin(problem: AllocationProblem): Draft {
  const draft = newDraft(problem);
  if (problem.config.priorityPolicy === "minFirst") activate(draft, 0, problem.cars.count);
  return draft;
}

/** The steps after `begin`. */
export function complete(draft: Draft): void {
  const { config, cars } = draft.rowLoads.problem;
  const classes = classRanges(cars);
  if (config.priorityPolicy === "minFirst") fillBalanced(draft, classes);
  else {
    for (const range of classes) {
      activate(draft, range.first, range.last);
      fillBalanced(draft, [range]);
    }
  }
  wakeIdle(draft);
}

import { activate, wakeIdle } from "./activate.ts";
import { classRanges } from "./cars.ts";
import { type Draft, newDraft } from "./draft.ts";
import { fillBalanced } from "./imbalance.ts";
import type { AllocationProblem } from "./prepare.ts";

/**
 * Decides every current exactly, before it is lowered to the chargers' steps: who gets a minimum, the fair fill class by
 * class, then idle cars. `minFirst` gives all classes their minimums before any is filled, `strict` serves a class
 * wholly before the next.
 */
export function solve(problem: AllocationProblem): Draft {
  const draft = newDraft(problem);
  const classes = classRanges(problem.cars);
  if (problem.config.priorityPolicy === "strict") {
    for (const range of classes) {
      activate(draft, range.first, range.last);
      fillBalanced(draft, [range]);
    }
  } else {
    activate(draft, 0, problem.cars.count);
    fillBalanced(draft, classes);
  }
  wakeIdle(draft);
  return draft;
}

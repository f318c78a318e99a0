import { activate, wakeIdle } from "./activate.ts";
import { type Draft, newDraft } from "./draft.ts";
import { type ClassRange, fillBalanced } from "./imbalance.ts";
import type { AllocationProblem } from "./prepare.ts";

/**
 * Decides every current exactly, before it is lowered to the chargers' steps: who gets a minimum, the fair fill class by
 * class, then idle cars. `minFirst` gives all classes their minimums before any is filled, `strict` serves a class
 * wholly before the next.
 */
export function solve(problem: AllocationProblem): Draft {
  const draft = newDraft(problem);
  const classes = classRanges(problem);
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

/** The activation order begins with the class, so a class is one range. */
function classRanges(problem: AllocationProblem): ClassRange[] {
  const { count, priorityClass } = problem.cars;
  const ranges: ClassRange[] = [];
  for (let first = 0, last = 1; last <= count; last++) {
    if (last < count && priorityClass[last] === priorityClass[first]) continue;
    ranges.push({ first, last });
    first = last;
  }
  return ranges;
}

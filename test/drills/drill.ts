/** One drill: a fault at a building, what must be true all the same, and the proof that without the defence it would not be. */
import { strict as assert } from "node:assert";
import { isFull } from "../full.ts";
import type { Defence } from "./defences.ts";
import { Park, type ParkOptions } from "./park.ts";
import type { ParkPlan } from "./plan.ts";
import { FAST, isLong } from "./scale.ts";

export interface DrillCase {
  title: string;
  /** Long form only: it takes too long, or needs much of the machine. */
  long?: boolean;
  /** One of many of its kind, or one that lasts: in the long form, and where everything is run (`TESTS=all`). */
  full?: boolean;
  /** Named reason why it cannot run here; null = it can. */
  missing?: () => string | null;
  options?: ParkOptions | (() => ParkOptions);
  plan?: () => ParkPlan;
  /** The fault, after `park.forget()`, and assertions on the truth. It fails where the product does. */
  run: (park: Park) => Promise<void>;
  /** The defence that the case shows at work: without it the case has to fail. */
  without?: Defence | null;
  /** The counter-proof is quick enough for where everything is run (`TESTS=all`). */
  quick?: boolean;
}

export interface DrillSpec extends Omit<DrillCase, "title" | "run" | "long" | "full"> {
  cases: DrillCase[];
}

/** Describes one drill; each case has a building of its own. */
export function drill(title: string, { cases, ...common }: DrillSpec): void {
  describe(`drill ${title}`, function () {
    this.timeout(0);
    for (const one of cases) describeCase({ ...common, ...one });
  });
}

function describeCase({ title, plan, run, options = {}, missing, long, full, without, quick }: DrillCase): void {
  if (!plan) throw new Error(`${title}: there is no plan`);
  if (!isLong && (long || (full && !isFull))) return;
  const lacking = missing?.() ?? null;
  const test = (name: string, judge: () => Promise<void>) => {
    if (lacking) it.skip(`${name} (${lacking})`);
    else it(name, judge);
  };
  const asked = () => (typeof options === "function" ? options() : options);
  test(title, () => inPark(plan(), asked(), run));
  if (!without || !(isLong || (quick && isFull))) return;
  test(`fails without the defence (${without}): ${title}`, () =>
    inPark(plan(), { ...asked(), pace: FAST, without }, async (park) => {
      const error = await run(park).then(
        () => null,
        (failure: Error) => failure,
      );
      assert.ok(error !== null, "the harm was not seen");
      if (!park.tried) throw error;
    }));
}

async function inPark(plan: ParkPlan, options: ParkOptions, run: (park: Park) => Promise<void>): Promise<void> {
  let park: Park | null = null;
  try {
    park = await Park.open(plan, options);
    await run(park);
  } finally {
    await park?.close();
    options.closing?.();
  }
}

/** Many stories from one seed. */
import fc from "fast-check";
import { inWords } from "../judge/building.ts";
import type { Future } from "../judge/charge-point.ts";
import { KIND_NAMES, type KindName } from "./kinds.ts";
import type { MutantName } from "./mutants.ts";
import { storyOf, tell } from "./story.ts";
import { WORKED_STORIES } from "./worked-stories.ts";

/** Stories are made so many at a time. */
const BATCH = 50;

export interface Search {
  seed: number;
  /** Moments to judge at least. */
  events: number;
  kinds?: readonly string[];
  /** Only the story with this number, with everything that passed. */
  only?: number;
  futures?: readonly Future[];
  /** Told a line for each story that is over a limit. */
  tell?: (line: string) => void;
}

export interface Findings {
  total: {
    stories: number;
    judged: number;
    deeds: number;
    writes: number;
    bad: Record<Future, number>;
    worstA: number;
  };
  /** Stories in which something would have been over its limit. */
  stories: { story: number; worst: string[] }[];
}

/** Tells stories until enough moments are judged. The same seed tells the same. */
export async function search({ seed, events, kinds, only, futures, tell: say = () => {} }: Search): Promise<Findings> {
  const total = { stories: 0, judged: 0, deeds: 0, writes: 0, bad: { nothing: 0, cars: 0, restart: 0 }, worstA: 0 };
  const findings: Findings = { total, stories: [] };
  const unknown = kinds?.find((name) => !KIND_NAMES.includes(name as KindName));
  if (unknown !== undefined) throw new RangeError(`there is no kind ${unknown}`);
  const arbitrary = storyOf(kinds ? { kinds: kinds as KindName[] } : {});
  for (let batch = 0; total.judged < events; batch++) {
    const stories = fc.sample(arbitrary, { seed: seed + batch, numRuns: BATCH });
    for (const [i, story] of stories.entries()) {
      const number = batch * BATCH + i;
      if (only !== undefined && number !== only) continue;
      const bench = await tell(story, futures, only !== undefined);
      for (const line of bench.log) say(line);
      total.stories++;
      total.judged += bench.judged;
      total.deeds += story.deeds.length;
      total.writes += bench.writes;
      for (const future of Object.keys(bench.bad) as Future[]) total.bad[future] += bench.bad[future];
      const worst = bench.found.map(
        ({ nowMs, why, violation }) => `${inWords(violation, nowMs)}; after ${why.slice(0, 300)}`,
      );
      for (const { violation } of bench.found) total.worstA = Math.max(total.worstA, violation.overA);
      if (worst.length > 0) {
        findings.stories.push({ story: number, worst });
        say(`seed ${seed} story ${number}: ${JSON.stringify(bench.bad)} of ${bench.judged}\n  ${worst.join("\n  ")}`);
      }
      if (only !== undefined) {
        say(JSON.stringify(story));
        return findings;
      }
      if (total.judged >= events) break;
    }
  }
  return findings;
}

/** Lets one worked story happen. @returns whether a breaker would have been over its limit, and what to tell */
export async function worked(name: MutantName, log = false): Promise<{ bad: boolean; lines: string[] }> {
  const bench = await tell(WORKED_STORIES[name], undefined, log);
  const found = bench.found.map(
    ({ nowMs, why, violation }) => `${inWords(violation, nowMs)}; after ${why.slice(0, 300)}`,
  );
  return { bad: found.length > 0, lines: [...bench.log, ...found] };
}

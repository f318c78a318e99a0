/**
 * Lets many stories happen and reports what would have been over its limit: `node test/death/run.ts`. `DEATH_EVENTS` moments are judged
 * at least, `DEATH_SEED` repeats a run, `DEATH_KINDS` (names with commas) and `DEATH_STORY` (number of one, with all its frames) narrow
 * it, `DEATH_MUTANT` takes a part of the rule out and lets the story worked out for it happen.
 */
import { type MutantName, putIn } from "./mutants.ts";

const { DEATH_EVENTS = "20000", DEATH_SEED = "1", DEATH_KINDS, DEATH_STORY, DEATH_MUTANT, DEATH_WORKED } = process.env;
if (DEATH_MUTANT) putIn(DEATH_MUTANT as MutantName);
if (DEATH_WORKED || DEATH_MUTANT) {
  const { worked } = await import("./search.ts");
  const { bad, lines } = await worked((DEATH_WORKED ?? DEATH_MUTANT) as MutantName, DEATH_STORY !== undefined);
  for (const line of lines) console.log(line);
  process.exit(bad ? 1 : 0);
}
const { search } = await import("./search.ts");
const found = await search({
  seed: Number(DEATH_SEED),
  events: Number(DEATH_EVENTS),
  ...(DEATH_KINDS && { kinds: DEATH_KINDS.split(",") }),
  ...(DEATH_STORY && { only: Number(DEATH_STORY) }),
  tell: (line) => console.log(line),
});
console.log(JSON.stringify({ seed: Number(DEATH_SEED), ...found.total, over: found.stories.length }));
process.exitCode = found.stories.length > 0 ? 1 : 0;

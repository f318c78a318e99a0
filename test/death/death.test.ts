import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cases, isFull, sample } from "../full.ts";
import { MUTANTS, type Mutant, type MutantName } from "./mutants.ts";
import { search, worked } from "./search.ts";
import { type Story, tell } from "./story.ts";

const run = promisify(execFile);

/** Moments judged here; `DEATH_EVENTS=1000000` for a long run, `DEATH_SEED` for another one. */
const EVENTS = Number(process.env["DEATH_EVENTS"] ?? cases(800, 6000));
const SEED = Number(process.env["DEATH_SEED"] ?? 1);

/** Stories of long runs in which a breaker would have been over its limit: what is mended stays so. */
const FOUND = JSON.parse(readFileSync(join(import.meta.dirname, "found-stories.json"), "utf8")) as {
  happened: string;
  story: Story;
}[];

describe("If the controller died at any moment", function () {
  this.timeout(0);

  it("no breaker would be over its limit, whatever was lost, refused, restarted or exchanged before", async () => {
    const { stories } = await search({ seed: SEED, events: EVENTS });
    assert.deepEqual(stories, []);
  });

  for (const { happened, story } of sample(FOUND, 3))
    it(`no breaker would be over its limit where once ${happened}`, async () => {
      const { found, judged } = await tell(story);
      assert.ok(judged > 500);
      assert.deepEqual(found, []);
    });

  for (const [name, { without }] of Object.entries(MUTANTS) as [MutantName, Mutant][]) {
    if (!isFull && name !== "noGate") continue;
    it(`none would be over it in the story of ${name}`, async () => {
      assert.deepEqual((await worked(name)).lines, []);
    });

    // Each proof takes a process of its own.
    it(`one would be over it without ${without}`, async () => {
      const env = { ...process.env, DEATH_MUTANT: name };
      const told = await run(process.execPath, [join(import.meta.dirname, "run.ts")], { env }).then(
        () => "nothing was found",
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout || stderr,
      );
      assert.match(told, /A over/);
    });
  }
});

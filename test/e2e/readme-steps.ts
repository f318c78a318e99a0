/** What the README's way to the first charge tells its reader to do, one click or one typed text after the other. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./package.ts";

const HEADING = "## A charger on the wall, in ten minutes";

/** `click`: the name of what is clicked. `type`: a key combination in the editor, or what is typed into the charger's own set-up. */
export interface Action {
  /** Number of the step it stands in. */
  step: number;
  does: "click" | "type";
  text: string;
}

/**
 * The actions of the numbered steps: what stands in bold tells what to do, with names to click in italics and texts to type in code.
 * What follows is said, not done.
 */
export function readmeActions(readme = readFileSync(join(ROOT, "README.md"), "utf8")): Action[] {
  const from = readme.indexOf(HEADING);
  assert.ok(from >= 0, `the README has the heading "${HEADING}"`);
  const section = readme.slice(from + HEADING.length).split("\n## ")[0]!;
  return [...section.matchAll(/^(\d+)\. (.*)$/gm)].flatMap(([, number, text]) => {
    const bold = /^\*\*(.+?)\*\*(?!\*)/.exec(text!)?.[1];
    assert.ok(bold, `step ${number} begins with what to do, in bold`);
    return [...bold.matchAll(/`([^`]+)`|\*([^*]+)\*/g)].map(([, typed, clicked]): Action => {
      const step = Number(number);
      return typed === undefined ? { step, does: "click", text: clicked! } : { step, does: "type", text: typed };
    });
  });
}

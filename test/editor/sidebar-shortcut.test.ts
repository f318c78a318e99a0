import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { addShortcut, SHOW_KEYS } from "../../nodes/editor/sidebar/shortcut.ts";

/** The keys of an editor's own actions, by the part of the window where they hold. */
function ownKeys(nodeRed: string): Record<string, Record<string, string>> {
  const its = createRequire(createRequire(import.meta.url).resolve(`${nodeRed}/package.json`));
  return JSON.parse(readFileSync(its.resolve("@node-red/editor-client/public/red/keymap.json"), "utf8"));
}

/** An editor in which keys may be bound to an action already. @returns the bindings made, as `scope keys action` */
function bindingsWith(bound: object | undefined): string[] {
  const made: string[] = [];
  const actions = { add: () => {} };
  const keyboard = {
    add: (...binding: string[]) => void made.push(binding.join(" ")),
    getShortcut: () => bound,
  };
  addShortcut({ actions, keyboard }, "ev-charging:show-sidebar", "Show EV charging", () => {});
  return made;
}

describe("the keys that open the sidebar", () => {
  for (const nodeRed of ["node-red", "node-red-4"])
    it(`are none of ${nodeRed}'s own, nor begin or continue one of them`, () => {
      const taken = Object.values(ownKeys(nodeRed)).flatMap((keys) => Object.keys(keys));
      assert.ok(taken.includes("ctrl-g d"), "the list is that of the editor");
      const clash = taken.filter(
        (keys) => `${keys} `.startsWith(`${SHOW_KEYS} `) || `${SHOW_KEYS} `.startsWith(`${keys} `),
      );
      assert.deepEqual(clash, []);
    });

  it("hold everywhere in the editor", () => {
    assert.deepEqual(bindingsWith(undefined), [`* ${SHOW_KEYS} ev-charging:show-sidebar`]);
  });

  it("leave those alone that an administrator chose", () => {
    assert.deepEqual(bindingsWith({ scope: "*", key: "ctrl-9" }), []);
  });
});

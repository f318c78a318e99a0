import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GOOD } from "../../../lib/simulator/charger/behaviour.ts";
import {
  BEHAVIOUR_GROUPS,
  BEHAVIOUR_NAMES,
  BEHAVIOURS,
  type BehaviourName,
  behaviourOf,
  isBehaviour,
} from "../../../lib/simulator/charger/presets.ts";

const NODES = join(import.meta.dirname, "../../../nodes");

describe("the behaviours of a simulated charge point", () => {
  it("can be played together; where two meet the later one holds", () => {
    const both = behaviourOf("stackZeroOnly, wattsOnly");
    assert.deepEqual([both.maxStackLevel, both.units], [0, ["W"]]);
    assert.deepEqual(behaviourOf("wattsOnly", "ampsOnly").units, ["A"]);
    assert.deepEqual(behaviourOf("normal"), GOOD);
  });

  it("are told from words that are none", () => {
    assert.equal(isBehaviour("slow,noComposite"), true);
    for (const word of ["", "mad", "slow,", "slow;noComposite", "constructor", 3])
      assert.equal(isBehaviour(word), false);
    assert.throws(() => behaviourOf("mad"), RangeError);
  });

  it("are all in the dialog, in their groups, and explained in the help", () => {
    const html = readFileSync(join(NODES, "ev-simulator.html"), "utf8");
    const words = JSON.parse(readFileSync(join(NODES, "locales/en-US/ev-simulator.json"), "utf8")) as {
      "ev-simulator": { behaviour: Record<string, string>; group: Record<string, string> };
    };
    const { behaviour, group } = words["ev-simulator"];
    assert.deepEqual(Object.keys(behaviour).sort(), [...BEHAVIOUR_NAMES].sort());
    assert.deepEqual(Object.keys(group), [...BEHAVIOUR_GROUPS]);
    for (const name of BEHAVIOUR_NAMES) assert.ok(html.includes(`| \`${name}\` | `), `the help explains ${name}`);
    for (const member of BEHAVIOUR_GROUPS) {
      const [, offered = ""] = html.split(`ev-simulator.group.${member}">`);
      const names = [...offered.split("</optgroup>")[0]!.matchAll(/value="(\w+)"/g)].map(([, name]) => name);
      assert.deepEqual(
        names.sort(),
        BEHAVIOUR_NAMES.filter((name) => groupOf(name) === member && name !== "normal").sort(),
      );
    }
  });
});

function groupOf(name: BehaviourName): string {
  return BEHAVIOURS[name].group;
}

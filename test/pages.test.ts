import { strict as assert } from "node:assert";
import { ENGLISH } from "../lib/words/en-US/index.ts";
import { pagedExamples } from "../scripts/pages.ts";

const TEMPLATES = pagedExamples().flatMap(({ mustBe }) =>
  (JSON.parse(mustBe) as { type: string; name: string; format: string }[]).filter(({ type }) => type === "ui-template"),
);

describe("the pages of the dashboards", () => {
  for (const { file, is, mustBe } of pagedExamples())
    it(`stand in ${file} as scripts/pages has them; "node scripts/pages.ts" puts them there`, () => {
      assert.ok(is === mustBe);
    });

  for (const { name, format } of TEMPLATES) {
    it(`say only what the package has words for: ${name}`, () => {
      const used = [...format.matchAll(/\bw\.(\w+)/g)].map(([, word]) => word!);
      assert.ok(used.length > 5);
      const known: Record<string, string> = { ...ENGLISH.page, decimal: "" };
      assert.deepEqual(
        used.filter((word) => !Object.hasOwn(known, word)),
        [],
      );
    });

    it(`say of proofs and drills only what the package has words for: ${name}`, () => {
      const { proofPage, drillPage, verdict } = ENGLISH;
      for (const [part, words] of Object.entries({ proof: proofPage, drill: drillPage })) {
        const used = [...format.matchAll(new RegExp(`[ (.{"]${part}\\.(\\w+)`, "g"))].map(([, word]) => word!);
        assert.deepEqual(
          used.filter((word) => !Object.hasOwn({ ...words, ...verdict }, word)),
          [],
        );
      }
    });

    it(`have no word of their own between the tags: ${name}`, () => {
      const [, template = ""] = /<template>([\s\S]*)<\/template>\s*<script>/.exec(format) ?? [];
      const plain = template.replace(/\{\{[\s\S]*?\}\}/g, "").replace(/<[^>"]*(?:"[^"]*"[^>"]*)*>/g, " ");
      const words = plain.match(/\p{L}{2,}/gu) ?? [];
      assert.deepEqual(
        words.filter((word) => !["kW", "kWh"].includes(word)),
        [],
      );
    });
  }

  /** Named by what a badge's state is. */
  const STATES = ["valid", "expired"];

  it("use every word that is kept for them", () => {
    const all = TEMPLATES.map(({ format }) => format).join("\n");
    const used = (word: string) => new RegExp(`\\b${word}\\b`).test(all.replaceAll("byHand", "byHand by-hand"));
    assert.deepEqual(
      Object.keys(ENGLISH.page).filter((word) => !used(word) && !STATES.includes(word)),
      [],
    );
  });
});

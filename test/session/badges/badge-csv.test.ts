import { strict as assert } from "node:assert";
import fc from "fast-check";
import Papa from "papaparse";
import { SEPARATORS } from "../../../lib/csv-rows.ts";
import { changedList, planChange } from "../../../lib/session/badges/badge-change.ts";
import { badgesCsv, readBadgesCsv } from "../../../lib/session/badges/badge-csv.ts";
import { anyBadge, badge, listOf } from "../badges.ts";

const none = () => undefined;

describe("A table of badges", () => {
  it("comes back as it went out, with any separator", async () => {
    const badges = fc.uniqueArray(anyBadge(), { maxLength: 8, selector: ({ idTag }) => idTag });
    await fc.assert(
      fc.asyncProperty(badges, fc.constantFrom(...SEPARATORS), async (list, separator) => {
        const table = await badgesCsv(list, separator);
        assert.deepEqual(await readBadgesCsv(table, none, "UTC"), { badges: list, problems: [] });
      }),
    );
  });

  it("opens elsewhere with the same cells, and none of them is a formula", async () => {
    const csv = await badgesCsv([badge({ comment: '=1+1;"x"' })], ";");
    const { data } = Papa.parse<Record<string, string>>(csv.slice(1), { header: true, skipEmptyLines: true });
    assert.equal(csv[0], "\uFEFF");
    assert.deepEqual(data[0], {
      idTag: "04567DAA",
      type: "user",
      comment: `'=1+1;"x"`,
      parentIdTag: "",
      expiryDate: "",
      blocked: "false",
      chargePoints: "",
      connectors: "",
      zones: "",
      maxConcurrent: "1",
    });
  });

  it("is read with the headings of others, in any order, other columns left out", async () => {
    const { badges } = await readBadgesCsv(
      "Name,Department,UID,Valid until\nAnna,IT,04 56 7d aa,2027-01-01\n",
      none,
      "UTC",
    );
    assert.deepEqual(badges, [badge({ comment: "Anna", expiryDate: "2027-01-01" })]);
  });

  it("is read without headings: number, comment", async () => {
    const { badges } = await readBadgesCsv("0A0E9B83;Ben\r\n\r\n04567DAA;Anna\r\n", none, "UTC");
    assert.deepEqual(
      badges.map(({ idTag, comment }) => [idTag, comment]),
      [
        ["0A0E9B83", "Ben"],
        ["04567DAA", "Anna"],
      ],
    );
  });

  it("names the lines that cannot be read", async () => {
    const { badges, problems } = await readBadgesCsv("idTag;type\nA;user\n;user\nB;king", none, "UTC");
    assert.equal(badges.length, 1);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 4],
    );
    assert.match(problems[1]!.text, /^line 4.type is "king"/);
  });

  it("is read as a whole, however long it is, and cut where a letter is", async () => {
    const many = Array.from({ length: 3000 }, (_, index) => badge({ idTag: `B${index}`, comment: `Zoë 🚗 ${index}` }));
    const { badges, problems } = await readBadgesCsv(await badgesCsv(many, ";"), none, "UTC");
    assert.deepEqual(problems, []);
    assert.deepEqual(badges, many);
  });

  it("is refused with more than 100,000 badges", async () => {
    const table = Array.from({ length: 100_002 }, (_, index) => `B${index};x`).join("\n");
    await assert.rejects(readBadgesCsv(table, none, "UTC"), {
      code: "EV_MESSAGE_INVALID",
      message: /more than 100000 badges/,
    });
  });

  it("never throws anything but a named error, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        try {
          await readBadgesCsv(text, none, "UTC");
        } catch (error) {
          assert.equal((error as { code?: string }).code, "EV_MESSAGE_INVALID");
        }
      }),
    );
  });
});

describe("A change of the list", () => {
  const lists = fc.uniqueArray(anyBadge(), { maxLength: 6, selector: ({ idTag }) => idTag });

  it("leads to what is wanted, and nothing else when it replaces", () => {
    fc.assert(
      fc.property(lists, lists, (before, wanted) => {
        const list = listOf(...before);
        assert.deepEqual(changedList(list, planChange(list, wanted, "replace")), listOf(...wanted));
        const merged = changedList(list, planChange(list, wanted, "merge"));
        assert.deepEqual(merged, new Map([...list, ...listOf(...wanted)]));
      }),
    );
  });

  it("does nothing the second time", () => {
    fc.assert(
      fc.property(lists, (wanted) => {
        const list = listOf(...wanted);
        assert.deepEqual(planChange(list, wanted, "replace"), { added: [], changed: [], removed: [] });
      }),
    );
  });
});

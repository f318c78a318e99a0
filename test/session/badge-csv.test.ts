import { strict as assert } from "node:assert";
import fc from "fast-check";
import Papa from "papaparse";
import { changedList, planChange } from "../../lib/session/badge-change.ts";
import { badgesCsv, readBadgesCsv, SEPARATORS } from "../../lib/session/badge-csv.ts";
import { anyBadge, badge, listOf } from "./badges.ts";

const none = () => undefined;

describe("A table of badges", () => {
  it("comes back as it went out, with any separator", () => {
    const badges = fc.uniqueArray(anyBadge(), { maxLength: 8, selector: ({ idTag }) => idTag });
    fc.assert(
      fc.property(badges, fc.constantFrom(...SEPARATORS), (list, separator) => {
        assert.deepEqual(readBadgesCsv(badgesCsv(list, separator), none), { badges: list, problems: [] });
      }),
    );
  });

  it("opens elsewhere with the same cells, and none of them is a formula", () => {
    const csv = badgesCsv([badge({ comment: '=1+1;"x"' })], ";");
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

  it("is read with the headings of others, in any order, other columns left out", () => {
    const { badges } = readBadgesCsv("Name,Department,UID,Valid until\nAnna,IT,04 56 7d aa,2027-01-01\n", none);
    assert.deepEqual(badges, [badge({ comment: "Anna", expiresWallMs: Date.parse("2027-01-01T23:59:59.999Z") })]);
  });

  it("is read without headings: number, comment", () => {
    const { badges } = readBadgesCsv("0A0E9B83;Ben\r\n\r\n04567DAA;Anna\r\n", none);
    assert.deepEqual(
      badges.map(({ idTag, comment }) => [idTag, comment]),
      [
        ["0A0E9B83", "Ben"],
        ["04567DAA", "Anna"],
      ],
    );
  });

  it("names the lines that cannot be read", () => {
    const { badges, problems } = readBadgesCsv("idTag;type\nA;user\n;user\nB;king", none);
    assert.equal(badges.length, 1);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 4],
    );
    assert.match(problems[1]!.text, /^line 4.type is "king"/);
  });

  it("never throws anything but a named error, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          readBadgesCsv(text, none);
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

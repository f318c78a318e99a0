import { strict as assert } from "node:assert";
import { badgeView } from "../../../lib/session/badges/badge.ts";
import { badgeAnswerText } from "../../../lib/session/badges/badge-answer-text.ts";
import { badge } from "../badges.ts";

const view = (fields: Parameters<typeof badge>[0]) => badgeView(badge({ idTag: "04A1", ...fields }), "");
const NOTHING = { added: [], changed: [], removed: [] };

describe("the answer to a change of the list of badges", () => {
  const text = (
    verb: string,
    done: Partial<Parameters<typeof badgeAnswerText>[3]>,
    asked: unknown = { idTag: "04a1" },
  ) => badgeAnswerText("en-US", verb, asked, { ...NOTHING, ...done });

  it("says that a badge was there already, and what alone was changed", () => {
    const changed = [{ before: view({ comment: "Anna" }), after: view({ comment: "Ben", expiryDate: "2030-01-01" }) }];
    assert.equal(
      text("add", { changed }),
      "04A1 (Ben) was in the list already. Changed: whose it is, valid until. Everything else stays as it was.",
    );
    assert.equal(text("add", {}), "04A1 was in the list already. Nothing was changed.");
  });

  it("names who was added, blocked, freed and removed", () => {
    const anna = view({ comment: "Anna" });
    const blocked = view({ comment: "Anna", blocked: true });
    assert.equal(text("add", { added: [anna] }), "04A1 (Anna) is in the list now.");
    assert.equal(text("edit", { changed: [{ before: anna, after: blocked }] }), "04A1 (Anna) is blocked.");
    assert.equal(text("edit", { changed: [{ before: blocked, after: anna }] }), "04A1 (Anna) may charge again.");
    assert.equal(text("remove", { removed: [anna] }), "04A1 (Anna) was removed from the list.");
    assert.equal(text("remove", { unknown: ["FF"] }), "FF is not in the list. Nothing was changed.");
  });

  it("names each of several that were changed together, what changed, and those that were so already", () => {
    const changed = [
      { before: view({ comment: "Anna" }), after: view({ comment: "Anna", type: "vip", zones: ["Garage"] }) },
      { before: view({ idTag: "04B2" }), after: view({ idTag: "04B2", type: "vip" }) },
    ];
    assert.equal(
      text("edit", { changed, unchanged: ["04C3"] }),
      "Changed (2): 04A1 (Anna), 04B2. What changed: kind, where it may charge. As they were already: 04C3.",
    );
    assert.equal(text("edit", { unchanged: ["04B2", "04C3"] }), "As they were already: 04B2, 04C3.");
    const many = Array.from({ length: 14 }, (_, index) => `0${index}`);
    assert.match(text("edit", { unchanged: many }), /, 011 … \(\+2\)\.$/);
  });

  it("counts what a table changed, and says what was undone", () => {
    assert.equal(text("import", { added: [view({})] }), "Badges: 1 added, 0 changed, 0 removed.");
    assert.equal(text("undo", { undone: {} }), "The last change of the list was undone.");
    assert.equal(text("undo", { undone: null }), "There is no change that could be undone.");
  });
});

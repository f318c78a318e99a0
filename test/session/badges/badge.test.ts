import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  badgeView,
  canonicalTag,
  inScope,
  readBadge,
  readTyped,
  reversedTag,
} from "../../../lib/session/badges/badge.ts";
import { meantBadge } from "../../../lib/session/badges/badge-settings.ts";
import { anyBadge, badge, listOf } from "../badges.ts";

describe("A badge's number", () => {
  const rows: [string, string][] = [
    ["0a0e9b83", "0A0E9B83"],
    [" 0A0E9B83 ", "0A0E9B83"],
    ["04:56:7d:aa", "04567DAA"],
    ["04-56-7D-AA", "04567DAA"],
    ["04 56 7d aa", "04567DAA"],
    ["vid:aa:bb:cc:dd:ee:ff", "VID:AABBCCDDEEFF"],
    ["VID:AABBCCDDEEFF", "VID:AABBCCDDEEFF"],
    ["DE-ABC-C12345", "DE-ABC-C12345"],
    ["my badge", "MY BADGE"],
  ];
  for (const [sent, canonical] of rows)
    it(`${sent} counts as ${canonical}`, () => assert.equal(canonicalTag(sent), canonical));

  it("counts the same in any letter case, and as itself", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const tag = canonicalTag(text);
        assert.equal(canonicalTag(text.toUpperCase()), tag);
        assert.equal(canonicalTag(tag), tag);
      }),
    );
  });

  it("has its bytes back in order when they are turned round twice", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([0-9A-F]{2}){4,10}$/), (tag) => {
        assert.equal(reversedTag(reversedTag(tag) ?? ""), tag);
      }),
    );
    assert.equal(reversedTag("0A0E9B83"), "839B0E0A");
    assert.equal(reversedTag("VID:AABBCCDDEEFF"), null);
    assert.equal(reversedTag("ANNA"), null);
  });
});

describe("A badge in a message", () => {
  const none = () => undefined;
  const zone = "Europe/Berlin";

  it("is what the list keeps, whatever is in it", () => {
    fc.assert(
      fc.property(anyBadge(), (one) =>
        assert.deepEqual(
          readBadge({ ...badgeView(one, zone), maxConcurrent: one.maxConcurrent ?? 0 }, none, zone),
          one,
        ),
      ),
    );
  });

  it("that is added again keeps what was not typed", () => {
    const known = badge({ idTag: "0A", comment: "Anna", type: "vip", expiryDate: "2030-01-01" });
    const typed = { idTag: "0a", comment: "", type: "", expiryDate: null, blocked: true };
    assert.deepEqual(
      readTyped(typed, () => known, zone, "payload"),
      { ...known, blocked: true },
    );
    assert.equal(readTyped(typed, none, zone, "payload").type, "user", "a new one has what is usual");
  });

  it("keeps what is not said of it", () => {
    const known = badge({ comment: "Anna", type: "vip", zones: ["Garage"] });
    const change = { idTag: "04:56:7d:aa", blocked: true };
    assert.deepEqual(
      readBadge(change, () => known, zone),
      { ...known, blocked: true },
    );
  });

  it("ends with the day of the site where only a day is given", () => {
    const read = readBadge({ idTag: "A", expiryDate: " 2026-12-31 " }, none, zone);
    assert.equal(read.expiryDate, "2026-12-31");
    assert.equal(badgeView(read, zone).expiresAt, "2026-12-31T23:00:00.000Z");
  });

  const wrong: [string, unknown, RegExp][] = [
    ["nothing", null, /^payload is null; it must be a badge/],
    ["an empty number", { idTag: " " }, /^payload.idTag is " "/],
    ["a number with a line break", { idTag: "A\nB" }, /^payload.idTag is "A\\nB"/],
    ["a number that is too long", { idTag: "A".repeat(41) }, /1 to 40 characters/],
    ["a number that a spreadsheet shortened", { idTag: "4.5E+10" }, /a spreadsheet has shortened this one/],
    ["another type", { idTag: "A", type: "king" }, /^payload.type is "king"; it must be one of user, vip, admin/],
    ["a day that is none", { idTag: "A", expiryDate: "soon" }, /^payload.expiryDate is "soon"/],
    [
      "a flag that is none",
      { idTag: "A", blocked: "perhaps" },
      /^payload.blocked is "perhaps"; it must be true or false/,
    ],
    ["a connector without a number", { idTag: "A", connectors: ["CP1"] }, /^payload.connectors is \["CP1"\]/],
    ["half a charge", { idTag: "A", maxConcurrent: 0.5 }, /^payload.maxConcurrent is 0.5/],
    ["a comment as long as a novel", { idTag: "A", comment: "x".repeat(101) }, /at most 100 characters/],
  ];
  for (const [what, given, says] of wrong)
    it(`is refused with ${what}`, () => {
      assert.throws(() => readBadge(given, none, zone), { code: "EV_MESSAGE_INVALID", message: says });
    });
});

describe("The place of a badge", () => {
  const place = {
    chargePoint: "CP1",
    connector: 0,
    connectors: [1, 2].map((number) => ({ number, zones: [`Z${number}`] })),
  };
  it("is any connector of the charge point while it is not known which", () => {
    assert.ok(inScope(badge({ connectors: ["CP1/2"] }), place));
    assert.ok(inScope(badge({ zones: ["Z2"] }), place));
    assert.ok(!inScope(badge({ connectors: ["CP1/2"] }), { ...place, connector: 1 }));
    assert.ok(!inScope(badge({ zones: ["Z2"] }), { ...place, connector: 1 }));
  });
  it("counts by its number where nothing is described", () => {
    const bare = { chargePoint: "CP1", connector: 2, connectors: [] };
    assert.ok(inScope(badge({ connectors: ["cp1/2"] }), bare));
    assert.ok(!inScope(badge({ connectors: ["CP1/1"] }), bare));
  });
});

describe("The badge that is meant", () => {
  const list = listOf(badge(), badge({ idTag: "HOUSE" }), badge({ idTag: "CENTRE" }));
  const settings = {
    reversedBytes: true,
    defaultIdTag: "house",
    freeCharging: [
      { chargePoint: "", idTag: "freevend", badge: "CENTRE" },
      { chargePoint: "CP9", idTag: "*", badge: "HOUSE" },
      { chargePoint: "CP9", idTag: "freevend", badge: "04567daa" },
    ],
  };
  const meant = (chargePoint: string, sent: string) => meantBadge(list, settings, chargePoint, sent);

  it("is the default where none is sent", () => assert.equal(meant("CP1", "").badge?.idTag, "HOUSE"));
  it("is what stands for a fixed number, by the row that is closest", () => {
    assert.equal(meant("CP1", "FreeVend").badge?.idTag, "CENTRE");
    assert.equal(meant("cp9", "FreeVend").badge?.idTag, "04567DAA");
    assert.equal(meant("CP9", "0815").badge?.idTag, "HOUSE");
    assert.ok(meant("CP9", "0815").mapped);
  });
  it("is itself where the list has it", () =>
    assert.deepEqual([meant("CP9", "centre").badge?.idTag, meant("CP9", "centre").mapped], ["CENTRE", false]));
  it("is the card with its bytes turned round, where that counts", () => {
    assert.deepEqual([meant("CP1", "aa7d5604").badge?.idTag, meant("CP1", "aa7d5604").reversed], ["04567DAA", true]);
    const plain = meantBadge(list, { ...settings, reversedBytes: false }, "CP1", "aa7d5604");
    assert.deepEqual([plain.badge, plain.wouldReverse], [null, true]);
  });
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ruleProblems } from "../../../lib/ocpp/v16/rules.ts";
import {
  type HeldList,
  type LocalListEntry,
  localListEntries,
  planPush,
} from "../../../lib/session/badges/local-list.ts";
import { anyBadge, badge } from "../badges.ts";

const PLACE = { chargePoint: "CP1", connector: 0, connectors: [] };
const OPTIONS = { nowWallMs: Date.parse("2026-06-01"), timeZone: "Europe/Berlin", reversedBytes: false, most: 1000 };

/** A charge point's memory, as OCPP has it (§5.15). */
class Keeper {
  version = 0;
  readonly entries = new Map<string, object>();

  take({ listVersion, updateType, localAuthorizationList = [] }: ReturnType<typeof planPush>[number]["request"]): void {
    if (updateType === "Full") this.entries.clear();
    else assert.equal(listVersion, this.version + 1);
    this.version = listVersion;
    for (const { idTag, idTagInfo } of localAuthorizationList) {
      if (idTagInfo) this.entries.set(idTag, idTagInfo);
      else this.entries.delete(idTag);
    }
  }
}

describe("A charger's own list", () => {
  const lists = fc.uniqueArray(anyBadge(), { maxLength: 12, selector: ({ idTag }) => idTag });
  const entriesOf = (badges: Parameters<typeof localListEntries>[0]) => localListEntries(badges, PLACE, OPTIONS);
  const expected = (entries: readonly LocalListEntry[]) =>
    new Map(entries.map(({ idTag, idTagInfo }) => [idTag, idTagInfo]));

  it("is what it should be after every push, in portions the charger takes, with valid messages and versions", () => {
    fc.assert(
      fc.property(
        fc.array(lists, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (states, perCall) => {
          const keeper = new Keeper();
          let held: HeldList | null = null;
          for (const badges of states) {
            const wanted = entriesOf(badges);
            for (const { request, after } of planPush(wanted, held, keeper.version, perCall)) {
              assert.deepEqual(ruleProblems("SendLocalList", request), []);
              assert.ok(request.listVersion >= 1 && (request.localAuthorizationList?.length ?? 0) <= perCall);
              keeper.take(request);
              held = after;
            }
            assert.deepEqual(keeper.entries, expected(wanted));
            assert.deepEqual(planPush(wanted, held, keeper.version, perCall), []);
          }
        },
      ),
    );
  });

  it("is sent whole to a charger that is at another version, whatever is remembered", () => {
    const wanted = entriesOf([badge()]);
    const held = { version: 7, entries: {} };
    const [step] = planPush(wanted, held, 3, 50);
    assert.deepEqual([step?.request.updateType, step?.request.listVersion], ["Full", 8]);
    assert.equal(planPush(wanted, null, 0, 50)[0]?.request.listVersion, 1);
  });

  it("says the moment at which a badge's last day ends at the site", () => {
    const infoOf = (timeZone: string, expiryDate: string) =>
      localListEntries([badge({ expiryDate })], PLACE, { ...OPTIONS, timeZone })[0]?.idTagInfo;
    const accepted = (expiryDate: string) => ({ status: "Accepted", expiryDate });
    assert.deepEqual(infoOf("Europe/Berlin", "2026-06-30"), accepted("2026-06-30T22:00:00.000Z"));
    assert.deepEqual(infoOf("America/New_York", "2026-06-30"), accepted("2026-07-01T04:00:00.000Z"));
    assert.deepEqual(infoOf("Europe/Berlin", "2026-06-30T12:00:00.000Z"), accepted("2026-06-30T12:00:00.000Z"));
    assert.equal(infoOf("Europe/Berlin", "2026-05-31")?.status, "Expired");
  });

  it("is emptied by a full list without badges", () => {
    const [step] = planPush([], null, 4, 50);
    assert.deepEqual(step?.request, { updateType: "Full", listVersion: 5, localAuthorizationList: [] });
  });

  it("holds no admin badge, none for other places, and none whose number is too long", () => {
    const names = localListEntries(
      [
        badge(),
        badge({ idTag: "AD", type: "admin" }),
        badge({ idTag: "FAR", chargePoints: ["CP2"] }),
        badge({ idTag: "A".repeat(21) }),
        badge({ idTag: "B10C", blocked: true }),
        badge({ idTag: "E0", expiryDate: "1970-01-01" }),
      ],
      PLACE,
      OPTIONS,
    ).map(({ idTag, idTagInfo }) => [idTag, idTagInfo.status]);
    assert.deepEqual(names, [
      ["04567DAA", "Accepted"],
      ["B10C", "Blocked"],
      ["E0", "Expired"],
    ]);
  });

  it("has both byte orders where both count, and no more than the charger holds", () => {
    const both = localListEntries([badge()], PLACE, { ...OPTIONS, reversedBytes: true });
    assert.deepEqual(
      both.map(({ idTag }) => idTag),
      ["04567DAA", "AA7D5604"],
    );
    assert.equal(localListEntries([badge(), badge({ idTag: "B" })], PLACE, { ...OPTIONS, most: 1 }).length, 1);
  });
});

import { strict as assert } from "node:assert";
import type { AppliedLimit } from "../../lib/profile/result.ts";
import { SlotClearing } from "../../lib/profile/slot-clearing.ts";
import type { ProfileTarget } from "../../lib/profile/target.ts";
import { dynamicVariant, type ProfileVariant } from "../../lib/profile/variants/variant.ts";
import { LimitBook } from "../../lib/station/limits/limit-book.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { target } from "./targets.ts";

const ABSOLUTE = { kind: "Absolute", unit: "A" } as const;

describe("Room made in a charge point that refuses everything", () => {
  let store: Store;
  let room: SlotClearing;
  let of: ProfileTarget;
  let mayClear: boolean;
  let did: string[];

  beforeEach(() => {
    const clock = new FakeClock();
    store = openStore(":memory:", { clock });
    of = target({}, { connector: 1, connectors: 1 });
    mayClear = true;
    did = [];
    room = new SlotClearing({
      identity: "CP1",
      limits: new LimitBook(store, clock),
      target: () => of,
      mayClear: () => mayClear,
      admitsSafe: () => true,
      losesOutlet: () => did.push("outlet lost"),
      losesLimit: () => did.push("limit lost"),
      clear: async (profileId) => void did.push(`clear ${profileId}`),
      clearAll: async () => void did.push("clear all"),
      lostBaseline: () => did.push("baseline lost"),
      learn: () => {},
    });
  });

  afterEach(() => store.close());

  const accepted = (variant: ProfileVariant): AppliedLimit => ({ variant }) as AppliedLimit;
  const outlets = (stackLevel: 0 | 1): ProfileVariant =>
    dynamicVariant(of, { ...ABSOLUTE, purpose: "TxDefaultProfile", stackLevel }, null);
  const transactions = (): ProfileVariant =>
    dynamicVariant(of, { ...ABSOLUTE, purpose: "TxProfile", stackLevel: 1 }, "7");

  describe("by what holds the outlet", () => {
    it("leaves nothing accepted where that is the limit accepted last", async () => {
      assert.equal(await room.make(accepted(outlets(1)), transactions()), "outlet");
      assert.deepEqual(did, ["limit lost", "outlet lost", "clear 2"]);
    });

    it("leaves the limit of the transaction, or one on the lowest level, as it is", async () => {
      await room.make(accepted(transactions()), transactions());
      room.reset();
      await room.make(accepted(outlets(0)), transactions());
      assert.deepEqual(did, ["outlet lost", "clear 2", "outlet lost", "clear 2"]);
    });
  });

  describe("by the only profile", () => {
    const replace = () => room.make(accepted(outlets(0)), outlets(0));

    beforeEach(async () => {
      of = target({ maxInstalled: 1 }, { connector: 1, connectors: 1 });
      assert.equal(await replace(), "all");
      room.made("all", true, true);
      did = [];
    });

    it("happens again once the limit is refused its place again, and then nothing counts as accepted", async () => {
      assert.equal(await replace(), "limit");
      assert.deepEqual(did, ["limit lost", "clear 1"]);
    });

    it("waits for room for the maximum, until it was seen to help twice", async () => {
      mayClear = false;
      assert.equal(await replace(), null);
      mayClear = true;
      room.made((await replace())!, true, false);
      mayClear = false;
      assert.equal(await replace(), "limit");
    });

    it("was a passing refusal where the next limit takes the place of the one before", async () => {
      room.made((await replace())!, true, false);
      room.replaced();
      mayClear = false;
      assert.equal(await replace(), null);
    });

    it("is not tried again where it was in vain, and the baseline is written again", async () => {
      room.made((await replace())!, false, false);
      assert.equal(did.at(-1), "baseline lost");
      assert.equal(await replace(), null);
    });
  });
});

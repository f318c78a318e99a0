import { strict as assert } from "node:assert";
import { book, reserveSending } from "../../lib/profile/reservation.ts";
import type { Sent } from "../../lib/profile/send.ts";
import { variants } from "../../lib/profile/variants/variant-order.ts";
import { LimitBook } from "../../lib/station/limits/limit-book.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { target } from "./targets.ts";

const MAX_A = 32;
const LATER_MS = 3_600_000;

describe("A limit that was sent and not answered", () => {
  let store: Store;
  afterEach(() => store.close());

  for (const [form, isSure, leftA] of [
    ["that is sure", true, 6],
    ["that is not sure", false, MAX_A],
  ] as const)
    it(`leaves its charge point at ${leftA} A in the end in a form ${form}, on its way and afterwards`, () => {
      const clock = new FakeClock();
      store = openStore(":memory:", { clock });
      const limits = new LimitBook(store, clock);
      limits.baselineAccepted("CP1", 1, 6);
      const mostA = () => limits.mostAloneA("CP1", 1, MAX_A, clock.nowMs() + LATER_MS, clock.nowMs() + LATER_MS);
      const to = target({}, { connector: 1 });
      const variant = variants(to, null)[0]!;
      const limit = { limitA: 10, raised: false, leaseS: 180, aheadS: 0, sentAtMs: clock.nowMs() };
      const reserved = reserveSending(limits, to, "CP1", variant, limit, isSure);
      assert.equal(mostA(), leftA);
      const sent = { status: "timeout", variant } as Sent;
      book(limits, to, "CP1", sent, true, limit, isSure);
      limits.sent("CP1", 1, reserved);
      assert.equal(mostA(), leftA);
    });
});

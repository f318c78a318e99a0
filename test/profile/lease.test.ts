import { strict as assert } from "node:assert";
import fc from "fast-check";
import { beginsWithTransaction } from "../../lib/profile/compile.ts";
import { type Lease, leaseFor, leaseOf } from "../../lib/profile/lease.ts";
import { legalLimitA, type ProfileTarget, safeCurrentA } from "../../lib/profile/target.ts";
import { type ProfileVariant, tailsAbove } from "../../lib/profile/variants/variant.ts";
import { baselineVariants, variants } from "../../lib/profile/variants/variant-order.ts";
import type { SmartTraits } from "../../lib/station/capabilities/models/types.ts";
import { CompositeReading, type Transaction } from "./composite.ts";
import { compileBaseline, compileLimit } from "./profile-requests.ts";
import { KINDS, target } from "./targets.ts";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** One limit of a history: what is asked for, how long after the last one. */
interface Step {
  limitA: number;
  afterMs: number;
}

interface History {
  wiring: Pick<ProfileTarget, "phases" | "connector" | "connectors" | "safeA" | "maxA">;
  leaseS: number;
  /** The charge point's clock at the first limit. */
  clockMs: number;
  /** Before the first limit; null = no transaction. */
  chargingForMs: number | null;
  steps: Step[];
  /** The first rung of the ladder that this charge point takes. */
  rung: number;
  /** A transaction begins before this limit. */
  beginsAt: number;
  /** Requests of the last limit that still go out before the controller dies. */
  requestsOfLast: number;
}

const STEP: fc.Arbitrary<Step> = fc.record({
  limitA: fc.oneof(
    fc.constantFrom(0, 6, 16, 32),
    fc.integer({ min: 0, max: 40_000 }).map((mA) => mA / 1000),
  ),
  afterMs: fc.integer({ min: 1, max: 1_000_000 }),
});

const HISTORY: fc.Arbitrary<History> = fc.record({
  wiring: fc.record({
    phases: fc.constantFrom(1, 2, 3),
    connector: fc.constantFrom(1, 2),
    connectors: fc.constant(2),
    safeA: fc.constantFrom(0, 6, 6.5, 7, 8),
    maxA: fc.constantFrom(16, 20, 32),
  }),
  leaseS: fc.integer({ min: 60, max: 900 }),
  clockMs: fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2034, 0) }),
  chargingForMs: fc.option(fc.integer({ min: 0, max: 2 * DAY_S * 1000 })),
  rung: fc.nat({ max: 3 }),
  steps: fc.array(STEP, { minLength: 1, maxLength: 5 }),
  beginsAt: fc.nat({ max: 6 }),
  requestsOfLast: fc.constantFrom(1, 2),
});

/** A charge point that takes what it is sent, and what its current is then by a reading of its own. */
class Outlet {
  readonly reading: CompositeReading;
  readonly #of: ProfileTarget;
  readonly #rung: number;
  transaction: Transaction | null;
  nowMs: number;
  /** The last limit that was written in full. */
  written: { lease: Lease; atMs: number; variant: ProfileVariant } | null = null;

  constructor(of: ProfileTarget, { clockMs, chargingForMs, rung }: History) {
    this.#of = of;
    // What is below a profile above the limit has no effect: those rungs are for charge points that take no second level.
    this.#rung = tailsAbove(of) ? 0 : rung;
    this.reading = new CompositeReading({
      phases: of.phases,
      maxA: of.maxA,
      relativeFrom: of.smart.relativeOrigin,
      defaultsGovernRunning: of.smart.txDefaultAppliesToRunningTx,
    });
    this.transaction = chargingForMs === null ? null : { id: 7, fromMs: clockMs - chargingForMs };
    this.nowMs = clockMs;
    const beforeMs = clockMs - (chargingForMs ?? 0) - 1;
    this.reading.take(compileBaseline(of, baselineVariants(of)[0]!), beforeMs);
  }

  write({ limitA: askedA }: Step, leaseS: number, requests: number): void {
    const all = variants(this.#of, this.transaction ? String(this.transaction.id) : null);
    const variant = all[Math.min(this.#rung, all.length - 1)]!;
    const limitA = legalLimitA(askedA, this.#of);
    const moment = {
      chargerWallMs: this.nowMs,
      transactionStartedChargerWallMs: this.transaction?.fromMs ?? null,
    };
    const sent = compileLimit(this.#of, variant, limitA, leaseS, moment);
    for (const request of sent.slice(0, requests)) this.reading.take(request, this.nowMs);
    if (requests < sent.length) return;
    this.written = { lease: leaseOf(this.#of, variant, limitA, leaseS), atMs: this.nowMs, variant };
  }

  currentA(afterMs = 0): number {
    return this.reading.currentA(this.#of.connector, this.nowMs + afterMs, this.transaction);
  }

  begin(): void {
    this.transaction = { id: 8, fromMs: this.nowMs };
  }

  end(): void {
    this.transaction = null;
    this.reading.endTransaction(this.#of.connector);
  }
}

const close = (oneA: number, otherA: number): boolean => Math.abs(oneA - otherA) < 0.05;

describe("Lease", () => {
  for (const { name, smart } of KINDS) {
    it(`is what the charge point does by a reading of its own, then it is safe or its maximum is reserved: ${name}`, () => {
      fc.assert(
        fc.property(HISTORY, (history) => {
          const of = target(smart, history.wiring);
          const outlet = new Outlet(of, history);
          replay(outlet, of, history);
          if (outlet.written) assertEnds(outlet, of, history, outlet.written);
        }),
        { numRuns: 60, seed: 20261121 },
      );
    });
  }

  describe("is proven", () => {
    const one = { connector: 1, connectors: 1 };
    const rows: [string, Partial<SmartTraits>, string | null, Lease["provenBy"], number][] = [
      ["by acceptance where the schedule carries its tail", {}, "7", "acceptance", 6],
      ["by acceptance in one slot, where the tail is the baseline", { maxInstalled: 1 }, "7", "acceptance", 6],
      [
        "by a composite schedule where its end hangs on what a Relative one counts from",
        { kind: "Relative" },
        "7",
        "composite",
        6,
      ],
      [
        "by acceptance before a transaction, when no more than the safe current is allowed",
        { kind: "Relative" },
        null,
        "acceptance",
        6,
      ],
      [
        "by nothing in a Relative default profile: the next transaction would begin it anew",
        { kind: "Relative", purposes: ["TxDefaultProfile"] },
        "7",
        null,
        32,
      ],
      [
        "by acceptance in one that counts from its receipt",
        { kind: "Relative", relativeOrigin: "receipt", purposes: ["TxDefaultProfile"] },
        "7",
        "acceptance",
        6,
      ],
      ["by a composite schedule where it hangs on two profiles", { maxPeriods: 1 }, "7", "composite", 6],
      ["by nothing with one period and one level", { maxPeriods: 1, stackMax: 0 }, "7", null, 32],
      ["by nothing where profiles are lost with the connection", { keepsProfilesOffline: false }, "7", null, 32],
      ["by nothing where limits do not end", { lease: "none" }, "7", null, 32],
      [
        "by nothing where the one slot empties with the transaction",
        { maxInstalled: 1, txDefaultAppliesToRunningTx: false },
        "7",
        null,
        32,
      ],
    ];
    for (const [what, smart, transactionId, provenBy, fallbackA] of rows) {
      it(`${what}, and falls back to ${fallbackA} A`, () => {
        const of = target(smart, one);
        const lease = leaseOf(of, variants(of, transactionId)[0]!, 10, 180);
        assert.deepEqual([lease.provenBy, lease.fallbackA], [provenBy, fallbackA]);
      });
    }

    it("for ever where it does not end", () => {
      const of = target({ maxPeriods: 1, stackMax: 0 });
      assert.equal(leaseOf(of, variants(of, "7")[0]!, 10, 180).holdsS, null);
    });
  });

  describe("of a charge point that writes every profile to flash memory", () => {
    const options = { leaseS: 180, refreshS: 75, minIncreaseS: 5 };

    it("is 300 s at least, renewed as seldom, with increases 30 s apart and one at once", () => {
      assert.deepEqual(leaseFor(options, { wearsFlash: true }), {
        leaseS: 300,
        refreshS: 125,
        minIncreaseS: 30,
        freeIncreases: 1,
      });
    });

    it("keeps what is longer", () => {
      const long = { leaseS: 600, refreshS: 200, minIncreaseS: 60 };
      assert.deepEqual(leaseFor(long, { wearsFlash: true }), { ...long, freeIncreases: 1 });
    });

    it("does not concern the others", () => {
      assert.deepEqual(leaseFor(options, { wearsFlash: false }), { ...options, freeIncreases: 2 });
    });
  });
});

/** Writes the limits of a history; after each the charge point allows what the lease says, and no more than was asked for. */
function replay(outlet: Outlet, of: ProfileTarget, { steps, leaseS, beginsAt, requestsOfLast }: History): void {
  for (const [index, step] of steps.entries()) {
    if (index > 0) outlet.nowMs += step.afterMs;
    if (index === beginsAt && !outlet.transaction) outlet.begin();
    const last = index === steps.length - 1;
    const before = outlet.written;
    outlet.write(step, leaseS, last ? requestsOfLast : 2);
    if (outlet.written === before) return;
    const { limitA } = outlet.written!.lease;
    assert.ok(outlet.currentA() <= Math.max(step.limitA, of.smart.zero === "min" ? safeCurrentA(of) : 0) + 0.05);
    assert.ok(close(outlet.currentA(), limitA), `${outlet.currentA()} A for ${limitA} A`);
  }
}

function assertEnds(
  outlet: Outlet,
  of: ProfileTarget,
  { leaseS }: History,
  { lease, atMs, variant }: NonNullable<Outlet["written"]>,
): void {
  const safeA = safeCurrentA(of);
  assert.equal(lease.fallbackA, lease.provenBy === null ? of.maxA : safeA);
  if (lease.provenBy === null) return;
  // A schedule that waits for a transaction to begin may say less than the safe current until then.
  const waits = beginsWithTransaction(of, variant) && !outlet.transaction;
  const leaseEndsMs = atMs + leaseS * 1000 - outlet.nowMs;
  for (const afterS of [1, HOUR_S, DAY_S]) {
    const afterMs = Math.max(0, leaseEndsMs) + afterS * 1000;
    const currentA = outlet.currentA(afterMs);
    assert.ok(close(currentA, safeA) || (waits && currentA <= safeA), `${currentA} A ${afterS} s after the lease`);
  }
  outlet.end();
  outlet.nowMs += Math.max(0, leaseEndsMs) + 1000;
  assert.ok(outlet.currentA() <= safeA + 0.05, "free");
  outlet.begin();
  for (const afterS of [0, 10, HOUR_S]) assert.ok(outlet.currentA(afterS * 1000) <= safeA + 0.05, "next transaction");
}

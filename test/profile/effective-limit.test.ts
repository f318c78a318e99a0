import { strict as assert } from "node:assert";
import { type EffectiveLimit, type EffectiveLimitInput, rule } from "../../lib/profile/effective-limit.ts";
import { target } from "./targets.ts";

const WANTED = { chargePoint: "CP1", connector: 1, limitA: 16, zone: "garage", ageMs: 0, cycleS: 5, atMs: 100_000 };

/** An allocation of 16 A at 100 s for a connector that is commandable since 50 s. */
const INPUT: EffectiveLimitInput = {
  wanted: WANTED,
  setpoint: { limitA: 16, atMs: 100_000, cycleS: 5 },
  inZone: true,
  commandableSinceMs: 50_000,
  target: target(),
  previous: null,
  inForceA: 32,
};

const byHand = { ...WANTED, zone: null };
const fresh = 115_000;

describe("Limit to be in force", () => {
  const rows: [string, Partial<EffectiveLimitInput>, EffectiveLimit | null][] = [
    ["is the allocation, fresh for 2 cycles and 5 s", {}, { limitA: 16, raised: false, freshUntilMs: fresh }],
    [
      "follows the newer setpoint's age",
      { setpoint: { limitA: 16, atMs: 105_000, cycleS: 10 } },
      { limitA: 16, raised: false, freshUntilMs: 130_000 },
    ],
    [
      "is the setpoint where that is lower",
      { setpoint: { limitA: 9, atMs: 105_000, cycleS: 5 } },
      { limitA: 9, raised: false, freshUntilMs: 120_000 },
    ],
    [
      "is what a flow asks where that is lower",
      { wanted: { ...byHand, limitA: 8 } },
      { limitA: 8, raised: false, freshUntilMs: fresh },
    ],
    [
      "is at most the safe current in a zone without an allocator",
      { setpoint: null, wanted: byHand },
      { limitA: 6, raised: false, freshUntilMs: Number.NEGATIVE_INFINITY },
    ],
    [
      "is what was asked by hand outside any zone, for ever",
      { setpoint: null, inZone: false, wanted: byHand, commandableSinceMs: null },
      { limitA: 16, raised: false, freshUntilMs: Number.POSITIVE_INFINITY },
    ],
    [
      "is the safe current when released",
      { wanted: { ...WANTED, limitA: null } },
      { limitA: 6, raised: false, freshUntilMs: fresh },
    ],
    ["is 0 below the minimum", { wanted: { ...WANTED, limitA: 5 } }, { limitA: 0, raised: false, freshUntilMs: fresh }],
    [
      "is the safe current where 0 is not taken, which is more than was asked for",
      { wanted: { ...WANTED, limitA: 5 }, target: target({ zero: "min" }) },
      { limitA: 6, raised: true, freshUntilMs: fresh },
    ],
    [
      "is that of the setpoint where 0 is not taken, whatever an older message asked for",
      {
        commandableSinceMs: 101_000,
        setpoint: { limitA: 9, atMs: 105_000, cycleS: 5 },
        wanted: { ...WANTED, limitA: 0 },
        target: target({ zero: "min" }),
      },
      { limitA: 9, raised: false, freshUntilMs: 120_000 },
    ],
    [
      "stays one in the place of 0 while the connector is reserved",
      { commandableSinceMs: null, previous: { limitA: 6, raised: true } },
      { limitA: 6, raised: true, freshUntilMs: fresh },
    ],
    [
      "is none in the place of 0 because it was rounded up by less than anybody meant",
      { wanted: { ...WANTED, limitA: 6.9999999999 } },
      { limitA: 7, raised: false, freshUntilMs: fresh },
    ],
    ["is unknown while the connector is reserved", { commandableSinceMs: null }, null],
    [
      "stays the previous one while the connector is reserved",
      { commandableSinceMs: null, previous: { limitA: 13, raised: false } },
      { limitA: 13, raised: false, freshUntilMs: fresh },
    ],
    [
      "stays the previous one until an allocation comes that knows of the connector",
      { commandableSinceMs: 101_000, previous: { limitA: 13, raised: false } },
      { limitA: 13, raised: false, freshUntilMs: fresh },
    ],
    [
      "is the setpoint that knows of the connector, where the message behind it is older",
      {
        commandableSinceMs: 101_000,
        setpoint: { limitA: 9, atMs: 105_000, cycleS: 5 },
        wanted: { ...WANTED, limitA: 0 },
      },
      { limitA: 9, raised: false, freshUntilMs: 120_000 },
    ],
    [
      "is not the previous one where the reservation does not cover it",
      { commandableSinceMs: null, previous: { limitA: 13, raised: false }, inForceA: 12 },
      null,
    ],
    [
      "takes an allocation of the same instant",
      { commandableSinceMs: 100_001 },
      { limitA: 16, raised: false, freshUntilMs: fresh },
    ],
  ];
  for (const [what, change, effective] of rows) {
    it(what, () => assert.deepEqual(rule({ ...INPUT, ...change }), effective));
  }
});

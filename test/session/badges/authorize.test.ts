import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  type AuthorizationFacts,
  type AuthorizationRule,
  type AuthorizationStatus,
  authorize,
  type BackEndPolicy,
  type BackEndWord,
  needsBackEnd,
} from "../../../lib/session/badges/authorize.ts";
import { inScope } from "../../../lib/session/badges/badge.ts";
import { expiryWallMs } from "../../../lib/session/badges/badge-expiry.ts";
import { anyBadge, badge } from "../badges.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");

const timeOf = (wallMs: number): string => new Date(wallMs).toISOString();

const facts = (change: Partial<AuthorizationFacts> = {}): AuthorizationFacts => ({
  mode: "list",
  reason: "authorize",
  served: true,
  badge: badge(),
  place: { chargePoint: "CP1", connector: 1, connectors: [{ number: 1, zones: ["Garage", "House"] }] },
  nowWallMs: NOW,
  timeZone: "Europe/Berlin",
  runningElsewhere: 0,
  startedFromHere: false,
  flow: null,
  backEnd: null,
  ...change,
});

const anyFacts = (): fc.Arbitrary<AuthorizationFacts> =>
  fc.record({
    mode: fc.constantFrom("open" as const, "list" as const, "flow" as const),
    reason: fc.constantFrom("authorize" as const, "start" as const, "stop" as const),
    served: fc.boolean(),
    badge: fc.option(anyBadge()),
    place: fc.constant(facts().place),
    nowWallMs: fc.integer({ min: 0, max: Date.parse("2099-12-31") }),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
    runningElsewhere: fc.nat(3),
    startedFromHere: fc.boolean(),
    flow: fc.option(
      fc.record({
        status: fc.constantFrom(
          "Accepted",
          "Blocked",
          "Expired",
          "Invalid",
          "ConcurrentTx",
        ) as fc.Arbitrary<AuthorizationStatus>,
        parentIdTag: fc.constant(null),
        expiresWallMs: fc.constant(null),
      }),
    ),
    backEnd: fc.constant(null),
  });

describe("The decision about a badge where a back end bills", () => {
  const says = (status: AuthorizationStatus, isEarlier = false): BackEndWord => {
    return { status, parentIdTag: null, expiresWallMs: null, isEarlier };
  };
  const known = badge();
  const rows: [string, BackEndPolicy, Partial<AuthorizationFacts>, BackEndWord | null, string, boolean][] = [
    ["it accepts one that the list has not", "cloudFirst", { badge: null }, says("Accepted"), "Accepted backEnd", true],
    ["it refuses one of the list", "cloudFirst", {}, says("Invalid"), "Invalid backEnd", true],
    ["its earlier word", "cloudFirst", {}, says("Blocked", true), "Blocked backEndEarlier", true],
    ["the list has it, and no word", "cloudFirst", {}, null, "Accepted listed", true],
    ["the list has it not, and no word", "cloudFirst", { badge: null }, null, "Invalid unknown", true],
    ["everybody may charge, and no word", "cloudFirst", { badge: null, mode: "open" }, null, "Invalid unknown", true],
    ["blocked here", "cloudFirst", { badge: badge({ blocked: true }) }, says("Accepted"), "Blocked blocked", false],
    ["started from here", "both", { badge: null, startedFromHere: true }, null, "Accepted remote", false],
    ["admin badge", "cloudFirst", { badge: badge({ type: "admin" }) }, says("Accepted"), "Invalid admin", false],
    ["reserved for another", "cloudFirst", { reserved: true }, says("Accepted"), "Invalid reserved", false],
    ["not in service", "cloudFirst", { served: false }, says("Accepted"), "Invalid notServed", false],
    ["the list has it", "localFirst", {}, says("Invalid"), "Accepted listed", false],
    [
      "the list has it for another day",
      "localFirst",
      { badge: badge({ expiryDate: "2026-05-31" }) },
      null,
      "Expired expired",
      false,
    ],
    ["the list has it not", "localFirst", { badge: null }, says("Accepted"), "Accepted backEnd", true],
    ["both accept", "both", {}, says("Accepted"), "Accepted backEnd", true],
    ["the back end refuses", "both", {}, says("Invalid"), "Invalid backEnd", true],
    ["the list refuses", "both", { badge: null }, says("Accepted"), "Invalid unknown", false],
    ["the back end says nothing", "both", { badge: known }, null, "Invalid backEndSilent", true],
  ];
  for (const [what, policy, more, word, answer, isAsked] of rows) {
    it(`${policy}: ${what}`, () => {
      const given = facts({ ...more, backEnd: { policy, word } });
      const { status, rule } = authorize(given);
      assert.equal(`${status} ${rule}`, answer);
      assert.equal(needsBackEnd(given), isAsked);
    });
  }

  it("never lets in a badge that is blocked here, an admin badge, or one that either of both refuses", () => {
    const any = fc.record({
      policy: fc.constantFrom("cloudFirst" as const, "localFirst" as const, "both" as const),
      word: fc.option(fc.constantFrom("Accepted" as const, "Invalid" as const, "Expired" as const)),
    });
    fc.assert(
      fc.property(anyFacts(), any, (given, { policy, word }) => {
        const backEnd = { policy, word: word && says(word) };
        const { status } = authorize({ ...given, backEnd });
        const isOut = given.badge?.blocked || given.badge?.type === "admin" || !given.served;
        if (isOut) assert.notEqual(status, "Accepted");
        if (policy === "both" && word !== "Accepted" && !given.startedFromHere) assert.notEqual(status, "Accepted");
      }),
    );
  });
});

describe("The decision about a badge", () => {
  const flowSays = (status: AuthorizationStatus) => ({ status, parentIdTag: null, expiresWallMs: null });
  const rows: [string, Partial<AuthorizationFacts>, AuthorizationStatus, AuthorizationRule][] = [
    ["one of the list", {}, "Accepted", "listed"],
    ["one that the list has not", { badge: null }, "Invalid", "unknown"],
    ["one that is blocked", { badge: badge({ blocked: true }) }, "Blocked", "blocked"],
    ["one that has expired this moment", { badge: badge({ expiryDate: timeOf(NOW) }) }, "Expired", "expired"],
    ["one that expires in a moment", { badge: badge({ expiryDate: timeOf(NOW + 1) }) }, "Accepted", "listed"],
    ["one whose last day is today", { badge: badge({ expiryDate: "2026-06-01" }) }, "Accepted", "listed"],
    ["one whose last day was yesterday", { badge: badge({ expiryDate: "2026-05-31" }) }, "Expired", "expired"],
    [
      "one whose last day is over by UTC, and not here",
      {
        badge: badge({ expiryDate: "2026-05-31" }),
        timeZone: "America/New_York",
        nowWallMs: Date.parse("2026-06-01T03:59:59.999Z"),
      },
      "Accepted",
      "listed",
    ],
    [
      "one whose last day is over here, and not by UTC",
      { badge: badge({ expiryDate: "2026-05-31" }), nowWallMs: Date.parse("2026-05-31T22:00:00Z") },
      "Expired",
      "expired",
    ],
    [
      "one that is blocked and expired",
      { badge: badge({ blocked: true, expiryDate: "1970-01-01" }) },
      "Blocked",
      "blocked",
    ],
    ["a VIP", { badge: badge({ type: "vip" }) }, "Accepted", "listed"],
    ["an admin badge", { badge: badge({ type: "admin" }) }, "Invalid", "admin"],
    ["an admin badge where anyone may charge", { mode: "open", badge: badge({ type: "admin" }) }, "Invalid", "admin"],
    [
      "an admin badge that a flow would accept",
      { mode: "flow", badge: badge({ type: "admin" }), flow: flowSays("Accepted") },
      "Invalid",
      "admin",
    ],
    ["one for another charge point", { badge: badge({ chargePoints: ["CP2"] }) }, "Invalid", "elsewhere"],
    ["one for this charge point", { badge: badge({ chargePoints: ["cp1"] }) }, "Accepted", "listed"],
    ["one for another connector", { badge: badge({ connectors: ["CP1/2"] }) }, "Invalid", "elsewhere"],
    ["one for this connector", { badge: badge({ connectors: ["CP1/1"] }) }, "Accepted", "listed"],
    ["one for the zone above", { badge: badge({ zones: ["House"] }) }, "Accepted", "listed"],
    ["one for another zone", { badge: badge({ zones: ["Roof"] }) }, "Invalid", "elsewhere"],
    ["one that charges already, shown", { runningElsewhere: 1 }, "Accepted", "listed"],
    ["one that charges already, at a start", { reason: "start", runningElsewhere: 1 }, "ConcurrentTx", "concurrent"],
    [
      "one that may charge twice, at a start",
      { reason: "start", runningElsewhere: 1, badge: badge({ maxConcurrent: 2 }) },
      "Accepted",
      "listed",
    ],
    [
      "one that may charge any number of times",
      { reason: "start", runningElsewhere: 9, badge: badge({ maxConcurrent: null }) },
      "Accepted",
      "listed",
    ],
    [
      "an unknown one with which a charge was started from here",
      { badge: null, startedFromHere: true },
      "Accepted",
      "remote",
    ],
    [
      "a blocked one with which a charge was started from here",
      { badge: badge({ blocked: true }), startedFromHere: true },
      "Blocked",
      "blocked",
    ],
    ["any one where anyone may charge", { mode: "open", badge: null }, "Accepted", "open"],
    ["a blocked one where anyone may charge", { mode: "open", badge: badge({ blocked: true }) }, "Blocked", "blocked"],
    ["one where the connector is kept for another", { mode: "open", reserved: true }, "Invalid", "reserved"],
    ["one that ends its charge there", { mode: "open", reserved: true, reason: "stop" }, "Accepted", "open"],
    ["one that a flow accepts", { mode: "flow", badge: null, flow: flowSays("Accepted") }, "Accepted", "flow"],
    ["one of the list that a flow refuses", { mode: "flow", flow: flowSays("Expired") }, "Expired", "flow"],
    ["one of the list, while no flow answers", { mode: "flow" }, "Accepted", "listed"],
    ["one of the list at a charge point out of service", { served: false }, "Invalid", "notServed"],
    [
      "one for another place, at the end of its charge",
      { reason: "stop", badge: badge({ zones: ["Roof"] }) },
      "Accepted",
      "listed",
    ],
  ];
  for (const [what, change, status, rule] of rows)
    it(`about ${what} is ${status}`, () => {
      const ruling = authorize(facts(change));
      assert.deepEqual([ruling.status, ruling.rule], [status, rule]);
    });

  it("never lets an admin badge charge, nor anyone at a charge point out of service", () => {
    fc.assert(
      fc.property(anyFacts(), (any) => {
        if (any.badge?.type === "admin" || !any.served) assert.equal(authorize(any).status, "Invalid");
      }),
    );
  });

  it("is a flow's, wherever a flow has spoken about a badge that could charge", () => {
    fc.assert(
      fc.property(anyFacts(), (any) => {
        if (any.served && any.flow && any.badge?.type !== "admin") assert.equal(authorize(any).status, any.flow.status);
      }),
    );
  });

  it("accepts by the list only what is in it, unblocked, in time and in place", () => {
    fc.assert(
      fc.property(anyFacts(), (any) => {
        const { status, rule } = authorize(any);
        if (rule !== "listed" || status !== "Accepted") return;
        assert.ok(any.badge && !any.badge.blocked && any.badge.type !== "admin");
        assert.ok((expiryWallMs(any.badge.expiryDate, any.timeZone) ?? Infinity) > any.nowWallMs);
        assert.ok(any.reason === "stop" || inScope(any.badge, any.place));
      }),
    );
  });

  it("is ConcurrentTx only for a start, unless a flow says so", () => {
    fc.assert(
      fc.property(anyFacts(), (any) => {
        const { status, rule } = authorize(any);
        if (status === "ConcurrentTx" && rule !== "flow") assert.equal(any.reason, "start");
      }),
    );
  });
});

import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { type ExplainContext, type Explanation, explain } from "../../../lib/dlm/runtime/explain.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import type { Ceiling, Reason, ReasonCode, Zone } from "../../../lib/dlm/types.ts";
import { charger, factsOf, treeOf, zone } from "../../building/plant.ts";

const tree = treeOf(
  [
    zone("main", { limitA: [100, 100, 100], imbalanceA: 20, maxPowerW: 40_000 }),
    zone("garage", { parentNodeId: "main" }),
  ],
  ["A", "B", "C", "D"].map((identity) => charger(identity, "garage")),
);

/** What is said of connector A/1. */
function explained(
  limitA: number,
  reasons: Reason[],
  more: Partial<ExplainContext> & { facts?: Map<string, ConnectorFacts>; targetA?: number } = {},
): Explanation {
  const setpoints = Object.fromEntries(["A/1", "B/1", "C/1", "D/1"].map((id) => [id, { limitA, reasons }]));
  const target = {
    connectors: { "A/1": { limitA: more.targetA ?? limitA, phasesA: [0, 0, 0] as [number, number, number], reasons } },
    zones: {},
  };
  const context: ExplainContext = {
    plant: rootPlant(tree, "main"),
    result: { setpoints, target },
    facts: new Map([["A/1", factsOf("A")]]),
    ceilings: new Map(),
    limits: () => [],
    surplusW: null,
    ...more,
  };
  return explain("A/1", context);
}

const said = (...given: Parameters<typeof explained>): string => explained(...given).text;

describe("the reason for a setpoint", () => {
  const cases: [string, string][] = [
    [
      said(10.5, [{ code: "ZONE", zone: "garage", phase: 2 }]),
      "10.5 A: L2 of zone garage is full (63 A), shared by 4 cars",
    ],
    [
      said(10, [{ code: "POWER", zone: "main" }], {
        facts: new Map([["B/1", factsOf("B", { aloneA: 16 })]]),
        voltageV: 230,
      }),
      "10 A: the power limit of zone main is reached (40 kW), 11 kW of it kept for chargers that do not obey, or do not fall back by themselves, shared by 4 cars",
    ],
    [said(32, [{ code: "MAX" }]), "32 A: the maximum of this connector"],
    [said(12, [{ code: "MAX" }]), "12 A: all that the car uses or its limits allow"],
    [
      said(10, [{ code: "POWER", zone: "main" }]),
      "10 A: the power limit of zone main is reached (40 kW), shared by 4 cars",
    ],
    [
      said(10, [{ code: "IMBALANCE", zone: "main", phase: 1 }]),
      "10 A: L1 of zone main may not carry more above the other phases than 20 A, shared by 4 cars",
    ],
    [
      said(0, [
        { code: "WAIT", zone: "garage", phase: 3 },
        { code: "ZONE", zone: "garage", phase: 3 },
      ]),
      "0 A: waits for its minimum of 6 A; L3 of zone garage is full (63 A)",
    ],
    [said(0, [{ code: "WAIT" }, { code: "PV" }]), "0 A: waits for its minimum of 6 A; the PV surplus is too small"],
    [said(8, [{ code: "PV" }], { surplusW: 5000 }), "8 A: that is its part of the PV surplus"],
    [said(0, [{ code: "PV" }], { surplusW: 300 }), "0 A: waits for enough PV surplus"],
    [said(0, [{ code: "PV" }], { surplusW: null }), "0 A: no PV surplus is known"],
    [said(0, [{ code: "MAX_BELOW_MIN" }]), "0 A: less than its minimum of 6 A is allowed, so it pauses"],
    [said(8.5, [{ code: "RAMP" }], { targetA: 16 }), "8.5 A: rising step by step to 16 A"],
    [said(6, [{ code: "SETTLING" }]), "6 A: waits until the last change has shown in the measurements"],
    [said(6, [{ code: "IDLE_MIN" }]), "6 A: the car takes nothing now; the minimum is kept so that it can start again"],
    [
      said(0, [{ code: "OFFLINE" }], {
        facts: new Map([["A/1", factsOf("A", { state: "offline", disconnectedA: 16 })]]),
      }),
      "0 A: not connected; 16 A stay reserved for it",
    ],
    [said(0, [{ code: "OFF" }]), "0 A: switched off"],
    [said(0, [{ code: "NOT_REQUESTING" }]), "0 A: no car asks for current"],
    [
      said(0, [{ code: "NOT_REQUESTING" }], { facts: new Map([["A/1", factsOf("A", { refused: true })]]) }),
      "0 A: its badge was refused",
    ],
    [said(6, [{ code: "FAILSAFE", zone: "main" }]), "6 A: fail-safe: a meter of zone main does not deliver"],
    [
      said(10, [{ code: "MAX" }], {
        ceilings: new Map([["A/1", { limitA: 10, cause: "meterHold", meter: "grid" }]]),
      }),
      "10 A: not raised until meter grid delivers good values again",
    ],
    [
      said(6, [{ code: "GRID", zone: "main" }], {
        limits: () => [
          {
            zone: "main",
            source: "§14a",
            reason: "dimming",
            scope: "evse",
            limitA: null,
            powerW: 4200,
            untilWallMs: null,
          },
        ],
      }),
      "6 A: the outside limit of zone main is reached (4.2 kW, dimming), shared by 4 cars",
    ],
  ];
  const ceilings = (one: Ceiling) => ({ ceilings: new Map([["A/1", one]]) });
  cases.push(
    [
      said(0, [{ code: "MAX_BELOW_MIN" }], ceilings({ limitA: 0, cause: "startHold", reason: "off-peak" })),
      "0 A: waits for the permission to start (off-peak)",
    ],
    [
      said(0, [{ code: "MAX_BELOW_MIN" }], ceilings({ limitA: 0, cause: "turn", connector: 2 })),
      "0 A: connector 2 of this charge point has the turn; only one may charge",
    ],
    [
      said(6, [{ code: "MAX" }], ceilings({ limitA: 6, cause: "phasePlan" })),
      "6 A: its charger changes between one phase and three",
    ],
    [
      said(6, [{ code: "MAX" }], ceilings({ limitA: 6, cause: "guard" })),
      "6 A: waits until the last change has shown in the measurements",
    ],
    // The car needs less than the ceiling would allow, so the ceiling is not the reason.
    [
      said(8, [{ code: "MAX" }], ceilings({ limitA: 16, cause: "meterHold", meter: "grid" })),
      "8 A: all that the car uses or its limits allow",
    ],
  );
  for (const [text, expected] of cases) it(`reads "${expected}"`, () => assert.equal(text, expected));

  it("has words for every code, and never a number that is none", () => {
    const codes: ReasonCode[] = [
      "MAX",
      "MIN",
      "ZONE",
      "POWER",
      "GRID",
      "PV",
      "IMBALANCE",
      "WAIT",
      "MAX_BELOW_MIN",
      "IDLE",
      "IDLE_MIN",
      "OFFLINE",
      "SETTLING",
      "RAMP",
      "MIN_OFF",
      "PV_HOLD",
      "FAILSAFE",
      "OFF",
      "NOT_REQUESTING",
    ];
    for (const code of codes) {
      for (const reason of [{ code }, { code, zone: "main" }, { code, zone: "gone", phase: 1 }] as Reason[]) {
        assert.match(said(7, [reason]), /^7 A: \S.{3,}/);
        assert.doesNotMatch(said(7, [reason]), /undefined|NaN|null/);
      }
    }
  });

  it("names the phase that the allocator found full", () => {
    const zones: Zone[] = tree.zones.map(({ zone: one }) =>
      one.id === "garage" ? { ...one, limitA: [63, 40, 63] } : one,
    );
    const target = allocate({ zones, connectors: tree.connectors.map(({ id, zone: home }) => ({ id, zone: home })) });
    const setpoints = Object.fromEntries(
      Object.entries(target.connectors).map(([id, { limitA, reasons }]) => [id, { limitA, reasons }]),
    );
    const { text, reasons } = explain("A/1", {
      plant: rootPlant(tree, "main"),
      result: { setpoints, target },
      facts: new Map(),
      ceilings: new Map(),
      limits: () => [],
      surplusW: null,
    });
    assert.match(text, /^10 A: L2 of zone garage is full/);
    assert.ok(reasons.every((reason) => reason.text));
  });

  it("says until when power is dear, where a tariff is the reason", () => {
    const untilWallMs = new Date(2026, 5, 1, 17, 0).getTime();
    const tariff = () => ({ mode: "minpv" as const, cheap: false, price: 31, untilWallMs });
    assert.equal(
      said(6, [{ code: "PV" }, { code: "MIN" }], { surplusW: 0, tariff }),
      "6 A: power is dear until 17:00: the minimum; the PV surplus is too small",
    );
    assert.equal(said(0, [{ code: "OFF" }], { tariff }), "0 A: power is dear until 17:00: switched off");
    assert.equal(
      said(10, [{ code: "ZONE", zone: "garage", phase: 2 }], { tariff }),
      "10 A: L2 of zone garage is full (63 A), shared by 4 cars",
    );
  });

  it("adds what it would be if something were otherwise", () => {
    const otherwise = new Map([["A/1", "would be up to 14 A if meter house were fresh"]]);
    assert.equal(
      said(6, [{ code: "FAILSAFE", zone: "main" }], { otherwise }),
      "6 A: fail-safe: a meter of zone main does not deliver; would be up to 14 A if meter house were fresh",
    );
  });

  it("tells how much of a full phase is reserved for chargers that are not connected", () => {
    const facts = new Map([
      ["A/1", factsOf("A")],
      ["B/1", factsOf("B", { state: "offline", disconnectedA: 16 })],
      ["C/1", factsOf("C", { state: "offline", disconnectedA: 6 })],
    ]);
    const reasons: Reason[] = [
      { code: "WAIT", zone: "garage", phase: 1 },
      { code: "ZONE", zone: "garage", phase: 1 },
    ];
    const full = "L1 of zone garage is full (63 A), 22 A of it reserved for chargers that are not connected";
    assert.equal(said(0, reasons, { facts }), `0 A: waits for its minimum of 6 A; ${full}`);
  });

  it("is noted where a badge was refused, so that readers are told so", () => {
    const facts = new Map([["A/1", factsOf("A", { refused: true })]]);
    assert.equal(explained(0, [{ code: "NOT_REQUESTING" }], { facts }).reasons[0]?.note, "badgeRefused");
  });

  it("is said in another language where there is one", () => {
    assert.equal(
      said(10, [{ code: "ZONE", zone: "garage", phase: 2 }], { language: "de" }),
      "10 A: L2 der Zone garage ist voll (63 A), geteilt durch 4 Autos",
    );
  });

  it("names the energy manager that limits, with its address, as the first reason", () => {
    const untilWallMs = Date.parse("2026-06-01T12:34:00Z");
    const ceiling: Ceiling = { limitA: 10, cause: "manager", code: "HEMS", writer: "192.168.1.9", untilWallMs };
    const context = { ceilings: new Map([["A/1", ceiling]]), timeZone: "UTC" };
    const { text, reasons } = explained(10, [{ code: "MAX" }], context);
    assert.equal(text, "10 A: HEMS 192.168.1.9 allows 10 A until 12:34");
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ["HEMS", "MAX"],
    );
    assert.equal(said(6, [{ code: "MAX" }], context), "6 A: all that the car uses or its limits allow");
    const agreed = new Map([["A/1", { ...ceiling, writer: "", untilWallMs: null }]]);
    assert.equal(
      said(0, [{ code: "MAX_BELOW_MIN" }], { ceilings: agreed }),
      "0 A: no energy manager speaks, so 10 A is agreed",
    );
  });
});

import { strict as assert } from "node:assert";
import type { FindingCode } from "../../../../lib/dlm/topology/checks/finding.ts";
import { checkPlant } from "../../../../lib/dlm/topology/checks/lint.ts";
import type { PlantDefinition } from "../../../../lib/dlm/topology/plant.ts";
import type { Triple } from "../../../../lib/units.ts";
import { charger, METER, WIRING, zone } from "../../../building/plant.ts";

function plant(more: Partial<PlantDefinition> = {}): PlantDefinition {
  return {
    site: { voltageV: 230, country: "DE" },
    zones: [zone("main"), zone("garage", { parentNodeId: "main" })],
    chargePoints: [charger("CP1", "garage")],
    producedMeters: ["grid"],
    rootDlm: [{ nodeId: "dlm", zoneNodeId: "main" }],
    ...more,
  };
}

/** The findings, as `severity code`, and the first text. */
function check(more: Partial<PlantDefinition>) {
  const { tree, findings } = checkPlant(plant(more));
  return {
    tree,
    findings,
    codes: findings.map(({ severity, code }) => `${severity} ${code}`),
    text: findings[0]?.text,
  };
}

/** Expects exactly this error, and a refused tree. */
function refuses(code: FindingCode, more: Partial<PlantDefinition>, nodeId?: string, text?: string | RegExp): void {
  const { tree, findings } = check(more);
  const errors = findings.filter(({ severity }) => severity === "error");
  assert.equal(tree, null);
  assert.deepEqual([...new Set(errors.map((finding) => finding.code))], [code]);
  if (nodeId) assert.equal(errors[0]!.nodeId, nodeId);
  if (typeof text === "string") assert.equal(errors[0]!.text, text);
  else if (text) assert.match(errors[0]!.text, text);
}

describe("deploy check of the zone tree", () => {
  it("accepts a tree that holds together, and gives it by zone name", () => {
    const { tree, findings } = checkPlant(plant());
    assert.deepEqual(findings, []);
    assert.deepEqual(
      tree!.zones.map(({ zone: { id, parent, imbalanceA }, root }) => [id, parent, imbalanceA, root]),
      [
        ["main", null, 20, "main"],
        ["garage", "main", undefined, "main"],
      ],
    );
    const { connectors } = tree!;
    assert.deepEqual(
      connectors.map(({ id, zone: name, root }) => [id, name, root]),
      [["CP1/1", "garage", "main"]],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(tree)), tree);
  });

  it("takes the imbalance limit of a root zone from the country unless it has its own", () => {
    const rootOf = (country: string, imbalanceA: number | null) =>
      checkPlant(plant({ site: { voltageV: 230, country }, zones: [zone("main", { imbalanceA })], chargePoints: [] }))
        .tree!.zones[0]!.zone.imbalanceA;
    assert.deepEqual(
      [rootOf("DE", null), rootOf("AT", null), rootOf("CH", null), rootOf("other", null), rootOf("DE", 10)],
      [20, 16, 16, undefined, 10],
    );
  });

  it("gives the feed of a charge point with a station limit a zone of its own", () => {
    const dual = charger("CP1", "garage", { stationLimitA: 32, connectors: [WIRING, { ...WIRING, number: 2 }] });
    const { tree } = checkPlant(plant({ chargePoints: [dual] }));
    assert.deepEqual(tree!.zones[2]!.zone, { id: "CP1 (station)", parent: "garage", limitA: [32, 32, 32] });
    assert.deepEqual(
      tree!.connectors.map((connector) => [connector.id, connector.zone, connector.zoneName]),
      [
        ["CP1/1", "CP1 (station)", "garage"],
        ["CP1/2", "CP1 (station)", "garage"],
      ],
    );
  });

  describe("safe currents (S5)", () => {
    const twelve = Array.from({ length: 12 }, (_, i) => charger(`CP${i + 1}`, "garage"));

    it("refuses what does not fit, with the numbers", () => {
      const zones = [
        zone("main", { limitA: [200, 200, 200] }),
        zone("garage", { parentNodeId: "main", assumedLoadA: [0, 20, 0] }),
      ];
      const { tree, findings } = check({ zones, chargePoints: twelve });
      assert.equal(tree, null);
      assert.deepEqual(
        findings.map(({ nodeId, text }) => [nodeId, text]),
        [
          ["garage", "L1 of zone garage: 12 × 6 A safe current = 72 A, limit 63 A"],
          ["garage", "L2 of zone garage: 12 × 6 A safe current + 20 A assumed load = 92 A, limit 63 A"],
          ["garage", "L3 of zone garage: 12 × 6 A safe current = 72 A, limit 63 A"],
        ],
      );
    });

    it("counts headroom, the operator limit and the load assumed in zones below", () => {
      const zones = [
        zone("main", { limitA: [100, 100, 100], operatorLimitA: [80, 100, 100], headroomA: [5, 0, 0] }),
        zone("garage", { parentNodeId: "main", limitA: [100, 100, 100], assumedLoadA: [4, 0, 0] }),
      ];
      refuses(
        "SAFE_SUM",
        { zones, chargePoints: twelve },
        "main",
        "L1 of zone main: 12 × 6 A safe current + 4 A assumed load = 76 A, limit 80 A − 5 A headroom = 75 A",
      );
    });

    it("counts each charger on the phases it is wired to", () => {
      const single = (rotation: "RST" | "STR" | "TRS" | "Unknown") => [{ ...WIRING, phases: 1 as const, rotation }];
      const zones = [zone("main", { limitA: [6, 6, 6] })];
      const rotated = [
        charger("A", "main", { connectors: single("RST") }),
        charger("B", "main", { connectors: single("STR") }),
        charger("C", "main", { connectors: single("TRS") }),
      ];
      assert.deepEqual(check({ zones, chargePoints: rotated }).codes, []);
      const unknown = [rotated[0]!, charger("B", "main", { connectors: single("Unknown") })];
      refuses(
        "SAFE_SUM",
        { zones, chargePoints: unknown },
        "main",
        "L1 of zone main: 2 × 6 A safe current = 12 A, limit 6 A",
      );
    });

    it("counts nothing for a charger that pauses when left alone", () => {
      const pausing = twelve.map((one) => ({ ...one, connectors: [{ ...WIRING, safeA: 0 }] }));
      assert.notEqual(check({ chargePoints: pausing }).tree, null);
    });

    it("accepts what fits to the ampere", () => {
      const ten = Array.from({ length: 10 }, (_, i) => charger(`CP${i}`, "garage"));
      assert.notEqual(
        check({
          zones: [zone("main"), zone("garage", { parentNodeId: "main", limitA: [60, 60, 60] })],
          chargePoints: ten,
        }).tree,
        null,
      );
    });

    it("holds a power limit, too", () => {
      const zones = [zone("main", { maxPowerW: 4000 })];
      refuses(
        "SAFE_POWER",
        { zones, chargePoints: [charger("CP1", "main")] },
        "main",
        "zone main: 4140 W for the safe currents of 1 connectors = 4140 W, limit 4000 W",
      );
    });
  });

  describe("refuses", () => {
    it("a parent that is missing", () =>
      refuses(
        "PARENT_MISSING",
        { zones: [zone("main"), zone("garage", { parentNodeId: "gone" })] },
        "garage",
        /gone .*missing/,
      ));
    it("a parent of another site", () =>
      refuses(
        "OTHER_SITE",
        {
          zones: [zone("main"), zone("garage", { parentNodeId: "x" })],
          otherSiteZones: [{ nodeId: "x", name: "attic" }],
        },
        "garage",
        /attic belongs to another site/,
      ));
    it("a charge point in a zone that is missing", () =>
      refuses(
        "ZONE_MISSING",
        { chargePoints: [charger("CP1", "gone")] },
        "node CP1",
        /charge point CP1: the zone gone/,
      ));
    it("a charge point in a zone of another site", () =>
      refuses(
        "OTHER_SITE",
        { chargePoints: [charger("CP1", "x")], otherSiteZones: [{ nodeId: "x", name: "attic" }] },
        "node CP1",
      ));
    it("a cycle, naming the way round", () =>
      refuses(
        "CYCLE",
        {
          zones: [
            zone("main"),
            zone("a", { parentNodeId: "b" }),
            zone("b", { parentNodeId: "a" }),
            zone("c", { parentNodeId: "a" }),
          ],
          chargePoints: [],
        },
        "a",
        "zone a hangs on itself: a → b → a",
      ));
    it("two zones of one name, naming both places", () => {
      const { findings } = check({
        zones: [zone("main"), zone("n1", { name: "garage" }), zone("n2", { name: "garage" })],
        chargePoints: [],
      });
      const errors = findings.filter(({ code }) => code === "DUPLICATE_ZONE");
      assert.deepEqual(
        errors.map(({ nodeId, text }) => [nodeId, text]),
        [
          ["n1", "zone name garage is also used by node n2; rename one"],
          ["n2", "zone name garage is also used by node n1; rename one"],
        ],
      );
    });
    it("two charge points of one identity", () =>
      refuses("DUPLICATE_IDENTITY", {
        chargePoints: [charger("A", "main"), { ...charger("A", "main"), nodeId: "other" }],
      }));
    it("a connector listed twice", () =>
      refuses("DUPLICATE_CONNECTOR", { chargePoints: [charger("A", "main", { connectors: [WIRING, WIRING] })] }));
    it("a meter that no node produces", () =>
      refuses(
        "METER_MISSING",
        { zones: [zone("main", { meters: [{ ...METER, meter: "roof" }] })], chargePoints: [] },
        "main",
        'zone main: no node measures its meter "roof"',
      ));
    it("a meter listed twice in one zone", () =>
      refuses(
        "METER_TWICE",
        { zones: [zone("main", { meters: [METER, { ...METER, location: "excluding" }] })], chargePoints: [] },
        "main",
        'zone main: meter "grid" is listed twice',
      ));
    it("two meters that include the chargers", () =>
      refuses(
        "TWO_INCLUDING",
        {
          zones: [zone("main", { meters: [METER, { ...METER, meter: "b" }] })],
          producedMeters: ["grid", "b"],
          chargePoints: [],
        },
        "main",
        /grid and b/,
      ));
    it("a fallback load without a value", () =>
      refuses("VALUE", {
        zones: [zone("main", { meters: [{ ...METER, onStale: "fallbackLoad" }] })],
        chargePoints: [],
      }));
    it("a safe current between 0 and the minimum", () =>
      refuses(
        "SAFE_BELOW_MIN",
        { chargePoints: [charger("CP1", "main", { connectors: [{ ...WIRING, safeA: 5 }] })] },
        "node CP1",
        /5 A is below the minimum 6 A/,
      ));
    it("a safe current above the connector's maximum, which the charge point would draw when left alone", () =>
      refuses(
        "SAFE_ABOVE_MAX",
        { chargePoints: [charger("CP1", "main", { connectors: [{ ...WIRING, maxA: 10, safeA: 16 }] })] },
        "node CP1",
        /16 A is above the maximum 10 A of connector 1/,
      ));
    it("numbers that are none", () => {
      refuses(
        "VALUE",
        { zones: [zone("main", { limitA: [63, Number.NaN, 63] })], chargePoints: [] },
        "main",
        /limitA is 63, NaN, 63/,
      );
      refuses("VALUE", { zones: [zone("main", { headroomA: [-1, 0, 0] })], chargePoints: [] });
    });
    it("two ev-dlm on one root zone", () =>
      refuses(
        "DLM_TWICE",
        {
          rootDlm: [
            { nodeId: "d1", zoneNodeId: "main" },
            { nodeId: "d2", zoneNodeId: "main" },
          ],
        },
        "d1",
        /also controlled by node d2/,
      ));
    it("an ev-dlm on a zone that is not a root", () =>
      refuses("DLM_NOT_ROOT", { rootDlm: [{ nodeId: "d1", zoneNodeId: "garage" }] }, "d1"));
    it("an ev-dlm without a zone", () =>
      refuses("DLM_ZONE_MISSING", { rootDlm: [{ nodeId: "d1", zoneNodeId: "gone" }] }, "d1"));
  });

  describe("warns, but accepts", () => {
    const warns = (code: FindingCode, more: Partial<PlantDefinition>, text: RegExp) => {
      const { tree, codes, text: first } = check(more);
      assert.notEqual(tree, null);
      assert.deepEqual(codes, [`warning ${code}`]);
      assert.match(first!, text);
    };

    it("a charge point without a zone", () =>
      warns("NO_ZONE", { chargePoints: [charger("CP1", null)] }, /CP1 hangs on no zone/));
    it("a fail-safe that stops a car", () => {
      const chargePoints = [charger("CP1", "main", { safeA: 0, connectors: [{ ...WIRING, minA: 8, safeA: 0 }] })];
      warns(
        "FAIL_SAFE_BELOW_MIN",
        { zones: [zone("main", { meters: [METER], assumedLoadA: [5, 5, 5] })], chargePoints },
        /fail-safe 6 A is below its minimum 8 A/,
      );
    });
    it("an operator limit above the breaker's", () =>
      warns(
        "OPERATOR_ABOVE_LIMIT",
        { zones: [zone("main", { operatorLimitA: [63, 80, 63] })], chargePoints: [] },
        /80 A on L2/,
      ));
    it("a root zone without an ev-dlm", () =>
      warns("NO_DLM", { rootDlm: [] }, /no ev-dlm node controls root zone main/));
  });

  describe("warns, and lets the tree come into force", () => {
    /** Expects exactly this warning. */
    function warns(code: FindingCode, more: Partial<PlantDefinition>, nodeId: string, text: string): void {
      const { tree, findings } = check(more);
      assert.notEqual(tree, null);
      assert.deepEqual(findings, [{ nodeId, severity: "warning", code, text }]);
    }
    const meter = { ...METER, meter: "grid" };
    const assumedLoadA: Triple = [5, 5, 5];

    it("about a safe current that pauses a car on three phases", () => {
      const wiring = { ...WIRING, minA: 8, minA3p: 14, safeA: 8 };
      warns(
        "SAFE_BELOW_MIN",
        { zones: [zone("main")], chargePoints: [charger("CP1", "main", { safeA: 8, connectors: [wiring] })] },
        "node CP1",
        "charge point CP1: connector 1 pauses a car on three phases when it is left alone: the safe current 8 A is below that car's minimum 14 A",
      );
    });

    it("about a meter that measures something else than load", () => {
      warns(
        "METER_ROLE",
        { zones: [zone("main", { meters: [meter], assumedLoadA })], chargePoints: [], meterRoles: { grid: "pv" } },
        "main",
        'zone main: its meter "grid" has the role pv: it measures generation, not the load of a breaker',
      );
    });

    it("about one meter for two breakers", () => {
      warns(
        "METER_SHARED",
        {
          zones: [
            zone("main", { meters: [meter], assumedLoadA }),
            zone("garage", { parentNodeId: "main", meters: [meter], assumedLoadA }),
          ],
          chargePoints: [],
        },
        "garage",
        'zone garage: its meter "grid" is also that of zone main; one of the two breakers is not measured',
      );
    });

    describe("about a zone with a meter of which nothing is assumed", () => {
      const metered = zone("main", { meters: [meter], limitA: [32, 25, 25] });
      const nothing = (where: string, fits: string) =>
        `zone main: no load is assumed of it${where}, and no whole day of it was seen: while its meter "grid" is silent, no car starts. Enter the most that the other consumers draw as assumed load; it is added to the safe currents, beside which ${fits} fit`;

      it("with what fits beside the safe currents", () => {
        const chargePoints = [charger("CP1", "main"), charger("CP2", "main")];
        warns(
          "NOTHING_ASSUMED",
          { zones: [metered], chargePoints },
          "main",
          nothing("", "20 A on L1, 13 A on L2, 13 A on L3"),
        );
      });

      it("on some of its phases", () => {
        const zones = [{ ...metered, assumedLoadA: [10, 0, 0] as Triple }];
        warns("NOTHING_ASSUMED", { zones, chargePoints: [] }, "main", nothing(" on L2 and L3", "25 A"));
      });

      it("below one that has less room", () => {
        const garage = zone("garage", { parentNodeId: "main", meters: [meter] });
        const zones = [zone("main", { limitA: [20, 20, 20], assumedLoadA: [3, 3, 3] }), garage];
        assert.match(check({ zones }).text!, /beside which 11 A fit$/);
      });

      it("and says nothing once a whole day was seen, a fallback load is given, or no phase of it is wired", () => {
        assert.deepEqual(check({ zones: [metered], chargePoints: [], seenADay: new Set(["main"]) }).codes, []);
        const fallback = { ...meter, onStale: "fallbackLoad" as const, fallbackA: 20 };
        assert.deepEqual(check({ zones: [{ ...metered, meters: [fallback] }], chargePoints: [] }).codes, []);
        const oneWired = zone("main", { meters: [meter], limitA: [32, 0, 0], assumedLoadA: [8, 0, 0] });
        assert.deepEqual(check({ zones: [oneWired], chargePoints: [] }).codes, []);
      });
    });

    it("not about a minimum that fits beside what a meter shows, though not beside what is assumed of it", () => {
      const garage = zone("garage", {
        parentNodeId: "main",
        meters: [meter],
        limitA: [20, 20, 20],
        assumedLoadA: [16, 16, 16],
      });
      assert.deepEqual(check({ zones: [zone("main"), garage], chargePoints: paused() }).codes, []);
    });

    it("about a connector without a rating", () => {
      const connectors = [{ ...WIRING, maxA: 0, safeA: 0 }];
      warns(
        "NO_RATING",
        { chargePoints: [charger("CP1", "garage", { connectors })] },
        "node CP1",
        "connector 1 of CP1 has a maximum of 0 A: it never charges; enter its rating",
      );
    });

    it("about a phase without a rating to which a charger is wired", () => {
      const connectors = [{ ...WIRING, phases: 1 as const, rotation: "STR" as const, safeA: 0 }];
      warns(
        "NO_RATING",
        {
          zones: [zone("main"), zone("garage", { parentNodeId: "main", limitA: [63, 0, 63] })],
          chargePoints: [charger("CP1", "garage", { connectors })],
        },
        "node CP1",
        "connector 1 of CP1 is wired to L2 of zone garage, which has a limit of 0 A: enter its rating",
      );
    });

    const paused = (more: object = {}) => [
      charger("CP1", "garage", { connectors: [{ ...WIRING, safeA: 0, ...more }] }),
    ];

    it("about a minimum that headroom and assumed load leave no room for", () => {
      const garage = zone("garage", {
        parentNodeId: "main",
        limitA: [20, 20, 20],
        headroomA: [5, 5, 5],
        assumedLoadA: [10, 0, 0],
      });
      warns(
        "MIN_NEVER_FITS",
        { zones: [zone("main"), garage], chargePoints: paused() },
        "node CP1",
        "connector 1 of CP1 never charges: its minimum 6 A is above what zone garage leaves on L1: 5 A of 20 A",
      );
    });

    it("about a minimum above a power limit", () => {
      warns(
        "MIN_NEVER_FITS",
        { zones: [zone("main"), zone("garage", { parentNodeId: "main", maxPowerW: 3000 })], chargePoints: paused() },
        "node CP1",
        "connector 1 of CP1 never charges: its minimum 6 A is above the power of zone garage, 3000 W for 3 phases",
      );
    });

    it("about a single-phase minimum above the imbalance limit", () => {
      warns(
        "MIN_NEVER_FITS",
        {
          zones: [zone("main"), zone("garage", { parentNodeId: "main", imbalanceA: 4 })],
          chargePoints: paused({ phases: 1 }),
        },
        "node CP1",
        "connector 1 of CP1 never charges: its minimum 6 A is above the 4 A by which phases of zone garage may differ",
      );
    });

    it("about single-phase connectors that all load one phase", () => {
      const connectors = [1, 2, 3].map((number) => ({ ...WIRING, number, phases: 1 as const }));
      const alike = "zone main: all 3 single-phase connectors load L1 (rotation RST)";
      warns(
        "ROTATIONS_ALIKE",
        { chargePoints: [charger("CP1", "garage", { connectors })] },
        "main",
        `${alike}; wire them in turn (RST, STR, TRS) and enter it, or check what is entered`,
      );
      const inTurn = connectors.map((connector, i) => ({
        ...connector,
        rotation: (["RST", "STR", "TRS"] as const)[i]!,
      }));
      assert.deepEqual(check({ chargePoints: [charger("CP1", "garage", { connectors: inTurn })] }).codes, []);
    });

    it("about many three-phase connectors wired alike, on which single-phase cars would meet", () => {
      const connectors = Array.from({ length: 12 }, (_, i) => ({ ...WIRING, number: i + 1, safeA: 0 }));
      const { codes } = check({ chargePoints: [charger("CP1", "garage", { connectors })] });
      assert.deepEqual(codes, ["warning ROTATIONS_ALIKE"]);
      assert.deepEqual(
        check({ chargePoints: [charger("CP1", "garage", { connectors: connectors.slice(1) })] }).codes,
        [],
      );
    });
  });

  it("refuses one charger under two names: an alias that is another's identity, whatever its letter case", () => {
    refuses(
      "DUPLICATE_IDENTITY",
      { chargePoints: [charger("CP1", "garage"), charger("CP2", "garage", { aliases: ["cp1"] })] },
      "node CP1",
      "identity CP1 is also used by node node CP2; rename one",
    );
  });

  it("counts a charger that does not fall back by itself with its maximum", () => {
    const safe = Array.from({ length: 6 }, (_, i) => charger(`S${i}`, "garage"));
    const wild = charger("W", "garage", { fallsBack: false });
    assert.deepEqual(check({ chargePoints: safe }).codes, []);
    refuses(
      "SAFE_SUM",
      { chargePoints: [...safe, wild] },
      "main",
      "L1 of zone main: 6 × 6 A safe current + 1 × 32 A maximum (W does not fall back when left alone) = 68 A, limit 63 A",
    );
  });
});

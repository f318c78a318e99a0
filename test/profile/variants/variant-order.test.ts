import { strict as assert } from "node:assert";
import type { ProfileTarget } from "../../../lib/profile/target.ts";
import type { ProfileVariant } from "../../../lib/profile/variants/variant.ts";
import {
  bareVariant,
  baselineVariants,
  learn,
  supersedes,
  UNTAUGHT,
  variants,
  withRefusal,
} from "../../../lib/profile/variants/variant-order.ts";
import { KINDS, target } from "../targets.ts";

const inWords = ({ purpose, stackLevel, profileId, kind, unit, tail }: ProfileVariant): string =>
  [
    purpose,
    stackLevel,
    `#${profileId}`,
    ...(kind === "Relative" ? ["Relative"] : []),
    ...(unit === "W" ? ["W"] : []),
    ...(tail === "within" ? [] : [tail]),
  ].join(" ");
const listed = (of: ProfileTarget, transactionId: string | null, lesson = UNTAUGHT): string[] =>
  variants(of, transactionId, lesson).map(inWords);

describe("Ladder", () => {
  describe("tries, one after the other,", () => {
    const rows: [string, ProfileTarget, string | null, string[]][] = [
      [
        "the transaction's own profile, stack level 0, the default profile, the other kind",
        target(),
        "7",
        ["TxProfile 1 #102", "TxProfile 0 #102", "TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative"],
      ],
      [
        "the default profile while no transaction is known, then the other unit if nobody knows which",
        target({ stackMax: 5 }),
        null,
        ["TxDefaultProfile 1 #4", "TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative", "TxDefaultProfile 0 #3 W"],
      ],
      [
        "one unit where that is known",
        target({ unit: "A" }),
        null,
        ["TxDefaultProfile 1 #4", "TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative"],
      ],
      [
        "W where that is known",
        target({ unit: "W" }),
        null,
        ["TxDefaultProfile 1 #4 W", "TxDefaultProfile 0 #3 W", "TxDefaultProfile 0 #3 Relative W"],
      ],
      [
        "level 0 where there is no other",
        target({ stackMax: 0, unit: "A" }),
        "7",
        ["TxProfile 0 #102", "TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative"],
      ],
      [
        "one place where there is one",
        target({ maxInstalled: 2, unit: "A" }),
        "7",
        ["TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative"],
      ],
      [
        "Relative first where the charge point wants that",
        target({ kind: "Relative", stackMax: 0, unit: "A" }),
        "7",
        ["TxProfile 0 #102 Relative", "TxDefaultProfile 0 #3 Relative", "TxDefaultProfile 0 #3"],
      ],
      [
        "the transaction's own profile alone where a default one governs the next transaction only",
        target({ txDefaultAppliesToRunningTx: false, unit: "A" }),
        "7",
        ["TxProfile 1 #102", "TxProfile 0 #102", "TxProfile 0 #102 Relative"],
      ],
      [
        "a profile above the limit where schedules have one period, then limits without an end",
        target({ maxPeriods: 1, unit: "A" }),
        "7",
        ["TxDefaultProfile 0 #3 above", "TxProfile 1 #4 none", "TxProfile 0 #4 none", "TxDefaultProfile 0 #3 none"],
      ],
      [
        "the maximum of a charge point with one connector where that is its way",
        target({ purposes: ["ChargePointMaxProfile"], unit: "A" }, { connector: 1, connectors: 1 }),
        null,
        ["ChargePointMaxProfile 0 #1"],
      ],
      [
        "no maximum of a charge point with more connectors",
        target({ purposes: ["ChargePointMaxProfile", "TxDefaultProfile"], unit: "A" }),
        null,
        ["TxDefaultProfile 1 #4", "TxDefaultProfile 0 #3", "TxDefaultProfile 0 #3 Relative"],
      ],
    ];
    for (const [what, of, transactionId, expected] of rows) {
      it(what, () => assert.deepEqual(listed(of, transactionId), expected));
    }
  });

  for (const { name, smart } of KINDS) {
    it(`has one to four ways, all different: ${name}`, () => {
      for (const transactionId of [null, "7"]) {
        const all = listed(target(smart), transactionId);
        assert.ok(all.length >= 1 && all.length <= 4, all.join());
        assert.equal(new Set(all).size, all.length);
      }
    });
  }

  it("never gives a charge point that takes amps only limits in W, whatever it refuses", () => {
    const of = target({ unit: "A" });
    const lesson = learn(UNTAUGHT, of, variants(of, "7"), null);
    assert.ok(variants(of, "7", lesson).every(({ unit }) => unit === "A"));
    assert.ok(baselineVariants(of).every(({ unit }) => unit === "A"));
  });

  describe("learns", () => {
    const climb = (of: ProfileTarget, transactionId: string | null, works: number) => {
      const all = variants(of, transactionId);
      return learn(UNTAUGHT, of, all.slice(0, works), all[works]!);
    };

    it("nothing from a way that works at once", () => {
      assert.deepEqual(climb(target(), "7", 0), { traits: {}, worked: true, refused: [] });
    });

    it("that there is level 0 alone", () => {
      assert.deepEqual(climb(target(), "7", 1).traits, { stackMax: 0 });
    });

    it("which purpose works", () => {
      assert.deepEqual(climb(target(), "7", 2).traits, { stackMax: 0, purposes: ["TxDefaultProfile", "TxProfile"] });
    });

    it("which kind works", () => {
      assert.deepEqual(climb(target({ stackMax: 0 }), null, 1).traits, { kind: "Relative" });
    });

    it("which unit works", () => {
      assert.deepEqual(climb(target({ stackMax: 0 }), null, 2).traits, { unit: "W" });
    });

    it("that it takes no phases", () => {
      const of = target({ numberPhases: "always" });
      const [best] = variants(of, "7");
      assert.deepEqual(learn(UNTAUGHT, of, [best!], { ...best!, bare: true }).traits, { numberPhases: "never" });
    });

    for (const works of [0, 1, 2, 3]) {
      it(`to begin with way ${works + 1} where that is the one that works`, () => {
        for (const transactionId of [null, "7"]) {
          const of = target();
          const winner = variants(of, transactionId)[works]!;
          const lesson = climb(of, transactionId, works);
          assert.equal(inWords(variants(of, transactionId, lesson)[0]!), inWords(winner));
          assert.equal(inWords(variants(withRefusal(of, lesson), transactionId)[0]!), inWords(winner));
        }
      });
    }

    it("more with each limit refused: the next one begins with ways not tried, until all were", () => {
      const of = target();
      const first = learn(UNTAUGHT, of, variants(of, "7"), null);
      assert.deepEqual(listed(of, "7", first), ["TxProfile 0 #102 W", "TxDefaultProfile 0 #3 W"]);
      const second = learn(first, of, variants(of, "7", first), null);
      assert.deepEqual(listed(of, "7", second), listed(of, "7"));
    });

    it("nothing from refusals once a way has worked: then it is not the form that is refused", () => {
      const of = target();
      const worked = climb(of, "7", 0);
      assert.deepEqual(learn(worked, of, variants(of, "7"), null), worked);
    });
  });

  it("strips what a charge point need not know, once", () => {
    const of = target({ numberPhases: "always" });
    const [variant] = variants(of, "7");
    const bare = bareVariant(of, variant!);
    assert.equal(bare?.bare, true);
    assert.equal(bareVariant(of, bare), null);
    assert.equal(bareVariant(target(), variant!), null);
  });

  describe("of the baseline", () => {
    it("goes below the limit, and on in the other kind and unit", () => {
      assert.deepEqual(baselineVariants(target()).map(inWords), [
        "TxDefaultProfile 0 #3 none",
        "TxDefaultProfile 0 #3 Relative none",
        "TxDefaultProfile 0 #3 W none",
      ]);
    });

    it("follows what the limit taught", () => {
      const lesson = learn(UNTAUGHT, target({ stackMax: 0 }), variants(target({ stackMax: 0 }), null).slice(0, 2), {
        ...variants(target({ stackMax: 0 }), null)[2]!,
      });
      assert.equal(inWords(baselineVariants(target({ stackMax: 0 }), lesson)[0]!), "TxDefaultProfile 0 #3 W none");
    });

    const shares: [string, ProfileTarget, string | null, boolean][] = [
      ["leaves the limit a place of its own", target(), null, false],
      ["shares its place with a default limit on the only level", target({ stackMax: 0 }), null, true],
      ["leaves a transaction's own limit a place on the only level", target({ stackMax: 0 }), "7", false],
      ["shares the only slot", target({ maxInstalled: 1 }), "7", true],
      ["shares it where ids are few", target({ idMax: 3 }), "7", true],
      ["is the tail where schedules have one period", target({ maxPeriods: 1 }), "7", true],
    ];
    for (const [what, of, transactionId, shared] of shares) {
      it(what, () => assert.equal(variants(of, transactionId)[0]?.sharesBaseline, shared));
    }
  });

  it("knows which limit goes before which", () => {
    const [own, , shared] = variants(target(), "7");
    const [waiting] = variants(target(), null);
    assert.ok(supersedes(own!, shared!) && supersedes(own!, waiting!) && supersedes(waiting!, shared!));
    assert.ok(!supersedes(waiting!, own!), "a TxProfile goes before default profiles");
    assert.ok(!supersedes(shared!, own!) && !supersedes(shared!, waiting!));
    const whole: ProfileVariant = { ...own!, purpose: "ChargePointMaxProfile", connectorId: 0, transactionId: null };
    assert.ok(!supersedes(own!, whole), "a maximum of the whole charge point holds beside a TxProfile");
  });
});

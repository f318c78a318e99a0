import { strict as assert } from "node:assert";
import type { ChargingProfile } from "../../lib/ocpp/v16/index.ts";
import type { ProfileCapacity } from "../../lib/simulator/profiles.ts";
import { ProfileStore, refusalOf } from "../../lib/simulator/profiles.ts";

const NOW = Date.parse("2026-06-01T12:00:00.000Z");
const capacity: ProfileCapacity = { maxStackLevel: 2, maxPeriods: 3, maxInstalled: 3, units: ["A", "W"] };
const transaction = { id: 77, startWallMs: NOW };

function profile(part: Partial<ChargingProfile> = {}, periods = [{ startPeriod: 0, limit: 10 }]): ChargingProfile {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    chargingSchedule: { startSchedule: "2026-06-01T12:00:00Z", chargingRateUnit: "A", chargingSchedulePeriod: periods },
    ...part,
  };
}

describe("what a charge point takes as a profile", () => {
  const tx = (part: Partial<ChargingProfile> = {}) =>
    profile({ chargingProfilePurpose: "TxProfile", transactionId: 77, ...part });
  const max = (part: Partial<ChargingProfile> = {}) =>
    profile({ chargingProfilePurpose: "ChargePointMaxProfile", ...part });
  const { transactionId: _, ...anonymous } = tx();
  const table: [string, number, ChargingProfile, typeof transaction | null, boolean][] = [
    ["a default on a connector", 1, profile(), null, true],
    ["a default on connector 0", 0, profile(), null, true],
    ["a TxProfile of the running transaction", 1, tx(), transaction, true],
    ["a TxProfile without transactionId while one runs", 1, anonymous, transaction, true],
    ["a charge point maximum on connector 0", 0, max(), null, true],
    ["a relative default", 1, profile({ chargingProfileKind: "Relative" }), null, true],
    ["the highest stack level", 1, profile({ stackLevel: 2 }), null, true],
    ["a stack level too high", 1, profile({ stackLevel: 3 }), null, false],
    ["a TxProfile without a transaction", 1, tx(), null, false],
    ["a TxProfile of another transaction", 1, tx({ transactionId: 78 }), transaction, false],
    ["a TxProfile on connector 0", 0, tx(), transaction, false],
    ["a charge point maximum on a connector", 1, max(), null, false],
    ["a relative charge point maximum", 0, max({ chargingProfileKind: "Relative" }), null, false],
    ["a recurring schedule", 1, profile({ chargingProfileKind: "Recurring", recurrencyKind: "Daily" }), null, false],
    ["a first period that does not start at 0", 1, profile({}, [{ startPeriod: 5, limit: 10 }]), null, false],
    [
      "periods out of order",
      1,
      profile(
        {},
        [0, 20, 10].map((startPeriod) => ({ startPeriod, limit: 6 })),
      ),
      null,
      false,
    ],
    [
      "too many periods",
      1,
      profile(
        {},
        [0, 1, 2, 3].map((startPeriod) => ({ startPeriod, limit: 6 })),
      ),
      null,
      false,
    ],
    ["a time that is none", 1, profile({ validTo: "tomorrow" }), null, false],
    ["no periods", 1, profile({}, []), null, false],
    ["a negative limit", 1, profile({}, [{ startPeriod: 0, limit: -1 }]), null, false],
  ];
  for (const [sentence, connectorId, candidate, running, taken] of table) {
    it(`${taken ? "includes" : "excludes"} ${sentence}`, () => {
      assert.equal(refusalOf(connectorId, candidate, running, capacity) === null, taken);
    });
  }

  it("excludes a unit it does not know", () => {
    assert.match(refusalOf(1, profile(), null, { ...capacity, units: ["W"] }) ?? "", /limits in A/);
  });
});

describe("the profiles of a charge point", () => {
  const ids = (store: ProfileStore) => store.installed.map((held) => held.profile.chargingProfileId);

  function filled(): ProfileStore {
    const store = new ProfileStore();
    store.install(1, profile({ chargingProfileId: 1 }), 3, NOW);
    store.install(1, profile({ chargingProfileId: 2, stackLevel: 1 }), 3, NOW);
    store.install(
      1,
      profile({ chargingProfileId: 3, stackLevel: 1, chargingProfilePurpose: "TxProfile", transactionId: 77 }),
      3,
      NOW,
    );
    return store;
  }

  it("replace one with the same id, wherever it was", () => {
    const store = filled();
    assert.equal(store.install(0, profile({ chargingProfileId: 2, stackLevel: 2 }), 3, NOW), null);
    assert.deepEqual(ids(store), [1, 3, 2]);
  });

  it("replace one with the same purpose, stack level and connector", () => {
    const store = filled();
    assert.equal(store.install(1, profile({ chargingProfileId: 9, stackLevel: 1 }), 3, NOW), null);
    assert.deepEqual(ids(store), [1, 3, 9]);
  });

  it("keep one of the same purpose and level on another connector", () => {
    const store = new ProfileStore();
    store.install(1, profile({ chargingProfileId: 1 }), 3, NOW);
    store.install(0, profile({ chargingProfileId: 2 }), 3, NOW);
    assert.deepEqual(ids(store), [1, 2]);
  });

  it("are refused when all places are taken", () => {
    assert.match(filled().install(0, profile({ chargingProfileId: 4 }), 3, NOW) ?? "", /more than 3/);
  });

  it("make room by forgetting what is over", () => {
    const store = new ProfileStore();
    store.install(1, profile({ validTo: "2026-06-01T12:00:10Z" }), 1, NOW);
    assert.equal(store.install(1, profile({ chargingProfileId: 2, stackLevel: 1 }), 1, NOW + 10_000), null);
    assert.deepEqual(ids(store), [2]);
  });

  it("are cleared where every field given matches", () => {
    const cleared: [Parameters<ProfileStore["clear"]>[0], number[]][] = [
      [{}, []],
      [{ id: 2 }, [1, 3]],
      [{ stackLevel: 1 }, [1]],
      [{ stackLevel: 1, chargingProfilePurpose: "TxProfile" }, [1, 2]],
      [{ id: 2, stackLevel: 0 }, [1, 2, 3]],
      [{ connectorId: 0 }, [1, 2, 3]],
      [{ connectorId: 1 }, []],
    ];
    for (const [filter, left] of cleared) {
      const store = filled();
      assert.equal(store.clear(filter), 3 - left.length);
      assert.deepEqual(ids(store), left);
    }
  });

  it("lose the TxProfiles when the transaction ends", () => {
    const store = filled();
    store.endTransaction(1);
    assert.deepEqual(ids(store), [1, 2]);
  });
});

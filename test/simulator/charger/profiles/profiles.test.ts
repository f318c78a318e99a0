import { strict as assert } from "node:assert";
import type { ChargingProfile } from "../../../../lib/ocpp/v16/index.ts";
import { ProfileStore } from "../../../../lib/simulator/charger/profiles/profiles.ts";

const NOW = Date.parse("2026-06-01T12:00:00.000Z");
const room = { maxInstalled: 3, replacementNeedsRoom: false };

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

describe("the profiles of a charge point", () => {
  const ids = (store: ProfileStore) => store.installed.map((held) => held.profile.chargingProfileId);

  function filled(): ProfileStore {
    const store = new ProfileStore();
    store.install(1, profile({ chargingProfileId: 1 }), room, NOW);
    store.install(1, profile({ chargingProfileId: 2, stackLevel: 1 }), room, NOW);
    store.install(
      1,
      profile({ chargingProfileId: 3, stackLevel: 1, chargingProfilePurpose: "TxProfile", transactionId: 77 }),
      room,
      NOW,
    );
    return store;
  }

  it("replace one with the same id, wherever it was", () => {
    const store = filled();
    assert.equal(store.install(0, profile({ chargingProfileId: 2, stackLevel: 2 }), room, NOW), null);
    assert.deepEqual(ids(store), [1, 3, 2]);
  });

  it("replace one with the same purpose, stack level and connector", () => {
    const store = filled();
    assert.equal(store.install(1, profile({ chargingProfileId: 9, stackLevel: 1 }), room, NOW), null);
    assert.deepEqual(ids(store), [1, 3, 9]);
  });

  it("keep one of the same purpose and level on another connector", () => {
    const store = new ProfileStore();
    store.install(1, profile({ chargingProfileId: 1 }), room, NOW);
    store.install(0, profile({ chargingProfileId: 2 }), room, NOW);
    assert.deepEqual(ids(store), [1, 2]);
  });

  it("are refused when all places are taken", () => {
    assert.match(filled().install(0, profile({ chargingProfileId: 4 }), room, NOW) ?? "", /more than 3/);
  });

  it("make room by forgetting what is over", () => {
    const store = new ProfileStore();
    store.install(1, profile({ validTo: "2026-06-01T12:00:10Z" }), { ...room, maxInstalled: 1 }, NOW);
    assert.equal(
      store.install(1, profile({ chargingProfileId: 2, stackLevel: 1 }), { ...room, maxInstalled: 1 }, NOW + 10_000),
      null,
    );
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

  it("find no room for a replacement where that needs a free place, until one is cleared", () => {
    const store = new ProfileStore();
    const strict = { maxInstalled: 1, replacementNeedsRoom: true };
    assert.equal(store.install(1, profile(), strict, NOW), null);
    assert.match(store.install(1, profile(), strict, NOW) ?? "", /more than 1/);
    assert.equal(store.clear({ id: 1 }), 1);
    assert.equal(store.install(1, profile(), strict, NOW), null);
  });

  it("can be lost", () => {
    const store = filled();
    store.drop();
    assert.deepEqual(ids(store), []);
  });
});

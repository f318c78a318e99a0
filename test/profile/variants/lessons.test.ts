import { strict as assert } from "node:assert";
import { createLimiter, type Limiter } from "../../../lib/profile/limiter.ts";
import { definition, type FakeConnection, StationBench, settle } from "../../station/fake-charge-point.ts";

describe("A refusal", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  /** Which limits it refuses, by their purpose and current. */
  let refuses: (purpose: string, limitA: number) => boolean;

  beforeEach(async () => {
    bench = new StationBench();
    refuses = () => false;
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    stations.configure(definition({ overrides: { smart: { composite: "no" } } }));
    connection = await bench.connect();
    bench.status("Charging");
    await bench.start();
    connection.answer = (action, payload) => {
      if (action !== "SetChargingProfile") return { status: "Accepted" };
      const { chargingProfilePurpose, chargingSchedule } = payload["csChargingProfiles"] as {
        chargingProfilePurpose: string;
        chargingSchedule: { chargingSchedulePeriod: { limit: number }[] };
      };
      const refused = refuses(chargingProfilePurpose, chargingSchedule.chargingSchedulePeriod[0]!.limit);
      return { status: refused ? "Rejected" : "Accepted" };
    };
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };

  it("teaches nothing where the transaction ended in the middle of the ladder", async () => {
    const { transactionId } = bench.station.connectors.get(1)!.transaction!;
    const open = () => connection.calls.at(-1)!;
    connection.answer = (action) => (action === "SetChargingProfile" ? null : { status: "Accepted" });
    await ask(16);
    open().resolve({ status: "Rejected" });
    await settle();
    await bench.stop(Number(transactionId));
    open().resolve({ status: "Rejected" });
    await settle();
    open().resolve({ status: "Accepted" });
    await settle();
    assert.equal(limiter.view("CP1", 1)?.acceptedA, 16);
    const { purposes, stackMax } = bench.station.traits.smart;
    assert.deepEqual([purposes, stackMax], [["TxProfile", "TxDefaultProfile"], null]);
  });

  it("of 0 A alone teaches that it cannot pause", async () => {
    await ask(10);
    refuses = (_purpose, limitA) => limitA === 0;
    await ask(0);
    await bench.clock.advanceAsync(5000, 250);
    assert.equal(bench.station.traits.smart.zero, "min");
  });

  it("of 0 A by one that then refuses everything does not teach that", async () => {
    await ask(10);
    refuses = () => true;
    await ask(0);
    await bench.clock.advanceAsync(5000, 250);
    assert.equal(bench.station.traits.smart.zero, "pause");
    refuses = () => false;
    await bench.clock.advanceAsync(80_000, 250);
    await ask(0);
    assert.equal(limiter.view("CP1", 1)?.acceptedA, 0);
  });

  it("is told at once to whoever shares the current, and so is the end of it", async () => {
    const kinds: string[] = [];
    bench.stations.onChange(({ kind, connector }) => kind === "trouble" && kinds.push(`${kind} ${connector}`));
    await ask(16);
    refuses = () => true;
    await ask(10);
    assert.deepEqual(kinds, ["trouble 1"]);
    refuses = () => false;
    await ask(8);
    assert.deepEqual(kinds, ["trouble 1", "trouble 1"]);
  });
});

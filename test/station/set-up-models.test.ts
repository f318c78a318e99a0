import { strict as assert } from "node:assert";
import { SIMULATED_MODELS } from "../../lib/simulator/charger/models.ts";
import { ObeyBench } from "../profile/obey-bench.ts";

interface Told {
  key?: string;
}

/** Set-up, states and a first reading are through after this. */
const SET_UP_S = 40;

/** After this its configuration may be looked at again. */
const LATER_S = 65;

describe("Set-up of every known model", () => {
  it("tells its name to a charge point that has a key for it, once", async () => {
    const bench = new ObeyBench({ vendorModel: "schneider-evlink" }, { name: "Bay 12", place: "level −1" });
    const told = () =>
      bench.calls.filter(({ action, payload }) => action === "ChangeConfiguration" && isName(payload as Told));
    const isName = ({ key }: Told) => key === "stationName";
    try {
      await bench.pass(SET_UP_S + LATER_S);
      assert.deepEqual(
        told().map(({ payload }) => payload),
        [{ key: "stationName", value: "Bay 12" }],
      );
    } finally {
      await bench.close();
    }
  });

  for (const { id, vendor, model, firmware } of SIMULATED_MODELS) {
    it(`${id}: is recognised, serves, tells its state and readings, and needs no second writing`, async () => {
      const bench = new ObeyBench(
        { vendorModel: id, behaviour: "bootsAlways" },
        id.startsWith("generic") ? { model: id } : {},
      );
      try {
        await bench.pass(SET_UP_S);
        const { station } = bench;
        assert.equal(station.modelProfile?.id, id, `${vendor} ${model} ${firmware}`);
        assert.equal(station.state, "ready");
        assert.ok(station.connectors.get(1)?.measuredA, "no reading");
        assert.notEqual(bench.facts()[0]!.state, "offline");
        await bench.pass(LATER_S);
        bench.calls.length = 0;
        await bench.away(2);
        await bench.pass(LATER_S);
        const again = bench.calls.filter(({ action }) => action === "ChangeConfiguration");
        assert.deepEqual(
          again.map(({ payload }) => payload),
          [],
        );
        const askedFor = new Set(bench.calls.map(({ action }) => action));
        assert.ok(askedFor.has("GetConfiguration") || askedFor.has("TriggerMessage"), "it was not set up again");
      } finally {
        await bench.close();
      }
    });
  }
});

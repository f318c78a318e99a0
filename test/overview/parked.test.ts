import { strict as assert } from "node:assert";
import { parkedItems } from "../../lib/overview/parked.ts";
import type { Stations } from "../../lib/station/connection/stations.ts";

/** A charge point that waits, as the stations tell of it. */
function waiting(vendor: string, address: string, connectors: number[]): Pick<Stations, "parked" | "get" | "unserved"> {
  const station = { origin: "cs", online: true, firmware: null, connectors: new Map(connectors.map((n) => [n, {}])) };
  const parked = [{ identity: "NEW1", vendor, model: "NG910-60023", address }];
  return { parked: () => parked, get: () => station, unserved: { list: () => [] } } as unknown as Pick<
    Stations,
    "parked" | "get" | "unserved"
  >;
}

describe("A charger that waits to be adopted", () => {
  it("is shown with the model that fits what it says, and its connectors without the charger as a whole", () => {
    const [item] = parkedItems(waiting("Alfen BV", "10.0.0.7", [0, 2, 1]));
    assert.match(item!.suggested?.id ?? "", /alfen/);
    assert.deepEqual(item!.connectors, [1, 2]);
  });

  it("has one connector until it has told of any", () => {
    assert.deepEqual(parkedItems(waiting("Nobody", "10.0.0.7", []))[0]!.connectors, [1]);
  });

  it("has its address as people write it", () => {
    const addressOf = (address: string) => parkedItems(waiting("Nobody", address, []))[0]!.address;
    assert.equal(addressOf("::ffff:10.0.0.7"), "10.0.0.7");
    assert.equal(addressOf("fe80::1"), "fe80::1");
  });
});

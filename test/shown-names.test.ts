import { strict as assert } from "node:assert";
import { type NamedChargePoint, ShownNames } from "../lib/shown-names.ts";

const names = (...points: NamedChargePoint[]): ShownNames =>
  new ShownNames(
    () => points,
    (identity) => points.find((one) => one.identity === identity) ?? null,
  );
const point = (identity: string, more: Partial<NamedChargePoint> = {}): NamedChargePoint => ({
  identity,
  connectors: [{ number: 1 }],
  ...more,
});
const POST = { name: "Bay 12", connectors: [{ number: 1, name: "left" }, { number: 2 }] };

describe("Names of charge points", () => {
  it("are the identity where nothing else is said", () => {
    const plain = names(point("CP1"));
    assert.deepEqual(
      [plain.chargePoint("CP1"), plain.connector("CP1", 1), plain.called("CP1/1"), plain.place("CP1"), plain.given],
      ["CP1", "CP1", "CP1/1", "", false],
    );
    assert.deepEqual([plain.called("CP9"), plain.called("CP9/2"), plain.connector("CP9", 2)], ["CP9", "CP9/2", "CP9"]);
  });

  it("name a connector by its own name, or by its number where there are several", () => {
    const post = names(point("CP1", POST));
    assert.deepEqual([post.connector("CP1", 1), post.connector("CP1", 2)], ["Bay 12 · left", "Bay 12 · 2"]);
    assert.equal(names(point("CP1", { name: "Bay 12" })).connector("CP1", 1), "Bay 12");
    assert.equal(names(point("CP1", { connectors: [{ number: 1, name: "Bay 7" }] })).connector("CP1", 1), "Bay 7");
  });

  it("stand in sentences with the id behind them", () => {
    const post = names(point("CP1", POST));
    assert.deepEqual(
      ["CP1", "CP1/1", "CP1/2", "garage"].map((subject) => post.called(subject)),
      ["Bay 12 (CP1)", "Bay 12 · left (CP1/1)", "Bay 12 · 2 (CP1/2)", "garage"],
    );
  });

  it("are there as soon as one thing has a name or a place", () => {
    assert.equal(names(point("CP1"), point("CP2", { place: "level −1" })).given, true);
    assert.equal(names(point("CP1", { connectors: [{ number: 1, name: "left" }] })).given, true);
  });
});

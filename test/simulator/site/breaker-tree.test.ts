import { strict as assert } from "node:assert";
import { BreakerTree } from "../../../lib/simulator/site/breaker-tree.ts";

describe("A tree of breakers", () => {
  const tree = () =>
    new BreakerTree([
      { name: "main", limitA: 63, loadA: [5, 6, 7] },
      { name: "garage", parent: "main", limitA: [32, 32, 25], loadA: [1, 1, 1] },
      { name: "yard", parent: "main", limitA: 16 },
    ]);

  it("adds up on each breaker what hangs on it and on those below, chargers apart from the rest", () => {
    const site = tree();
    site.step(1, 0, [
      { zone: "garage", currentA: [16, 0, 0] },
      { zone: "yard", currentA: [10, 10, 10] },
    ]);
    assert.deepEqual(site.currentA("garage"), [17, 1, 1]);
    assert.deepEqual(site.currentA("main"), [32, 17, 18]);
    assert.deepEqual(site.currentA("main", true), [6, 7, 8]);
  });

  it("keeps a record per breaker, until it is told to begin anew", () => {
    const site = tree();
    for (let s = 0; s < 4; s++) site.step(1, 0, [{ zone: "garage", currentA: [10, 10, 26] }]);
    site.setLoad("garage", [0, 0, 0]);
    site.step(1, 0, []);
    const { garage, main } = site.records;
    assert.deepEqual([garage?.longestOverS, garage?.worstOverA, garage?.overAs], [4, 2, 8]);
    assert.equal(main?.overS, 0);
    site.forget();
    assert.equal(site.records["garage"]?.overS, 0);
  });

  it("is refused with the name where a breaker comes twice or its parent does not come before it", () => {
    const twice = [
      { name: "a", limitA: 16 },
      { name: "a", limitA: 16 },
    ];
    assert.throws(() => new BreakerTree(twice), /two breakers a/);
    assert.throws(() => new BreakerTree([{ name: "a", parent: "b", limitA: 16 }]), /no breaker b/);
    assert.throws(() => tree().currentA("attic"), /no breaker attic/);
  });
});

import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { createDlmGuard } from "../../../lib/dlm/guard/guard.ts";
import { PhasePlans } from "../../../lib/dlm/snapshot/phase-plans.ts";
import { PhaseRoom } from "../../../lib/dlm/snapshot/phase-room.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import type { ControllerResult, Snapshot, SnapshotConnector } from "../../../lib/dlm/types.ts";
import { factsOf } from "../../building/plant.ts";

type Connector = Snapshot["connectors"][number];

const CP1: Connector = {
  id: "CP1/1",
  zone: "main",
  minA: 6,
  maxA: 16,
  mode: "pv",
  state: "charging",
  measuredA: [6, 6, 6],
};
const ABLE: Partial<ConnectorFacts> = { switchesPhases: true, measuredA: [6, 6, 6], measuredAtMs: 0 };

/** One tick with so much sun; the allocation is what the allocator says. */
function tick(plans: PhasePlans, atS: number, more: Partial<ConnectorFacts> = {}, connector: Partial<Connector> = {}) {
  const passed = plans.passed({ ...CP1, ...connector });
  const snapshot: Snapshot = { zones: [{ id: "main", parent: null, limitA: 35 }], connectors: [passed] };
  const target = allocate({
    zones: [{ id: "main", parent: null, limitA: 35 }],
    connectors: [passed],
    pv: { surplusW: 2000 },
  });
  const result: ControllerResult = { setpoints: { "CP1/1": { limitA: 6, reasons: [] } }, target };
  const facts = [factsOf("CP1", { ...ABLE, measuredAtMs: atS * 1000, ...more })];
  plans.ticked({
    snapshot,
    facts,
    result,
    voltageV: 230,
    poolW: 2000,
    enableDelayS: 60,
    disableDelayS: 180,
    atMs: atS * 1000,
  });
  return passed;
}

/** Plans that have told their charger to use one phase. */
function told(more: Partial<ConnectorFacts> = {}): { plans: PhasePlans; atS: number } {
  const plans = new PhasePlans();
  let atS = 0;
  for (; plans.word("CP1/1")?.phases !== 1; atS += 5) {
    assert.ok(atS < 300);
    tick(plans, atS, more);
  }
  return { plans, atS };
}

describe("the plans of phases", () => {
  it("are made for three-phase connectors whose charger can choose, and for no other", () => {
    const plans = new PhasePlans();
    tick(plans, 0, { switchesPhases: false });
    assert.equal(plans.word("CP1/1"), undefined);
    tick(plans, 5, { wiring: { ...factsOf("CP1").wiring, phases: 1 } });
    assert.equal(plans.word("CP1/1"), undefined);
    tick(plans, 10);
    assert.deepEqual(plans.word("CP1/1"), { phases: 3, changing: false, failed: false });
  });

  it("reckon with all phases, and without readings from before, until one shows what the charger feeds", () => {
    const { plans, atS } = told();
    const passed = tick(
      plans,
      atS,
      { measuredA: [6, 6, 6], measuredAtMs: (atS - 20) * 1000 },
      { measuredTsMs: (atS - 20) * 1000 },
    );
    assert.deepEqual([passed.detectedPhases, passed.measuredA], [[1, 2, 3], undefined]);
    tick(plans, atS + 5, { measuredA: [6, 0, 0] });
    const shown = plans.passed({ ...CP1, measuredA: [6, 0, 0], measuredTsMs: (atS + 5) * 1000 });
    assert.deepEqual([shown.detectedPhases, shown.measuredA], [[1], [6, 0, 0]]);
    const strays = plans.passed({ ...CP1, measuredA: [6, 6, 0], measuredTsMs: (atS + 10) * 1000 });
    assert.deepEqual(strays.detectedPhases, [1, 2]);
  });

  it("leave an unmeasured charger as it was told, and forget one that cannot choose any more", () => {
    const { plans, atS } = told();
    tick(plans, atS, { measuredA: null, measuredAtMs: null });
    assert.equal(plans.word("CP1/1")?.phases, 1);
    tick(plans, atS + 5, { switchesPhases: false });
    assert.equal(plans.word("CP1/1"), undefined);
  });

  it("are sure of nothing after the charger was away", () => {
    const { plans, atS } = told();
    tick(plans, atS, { measuredA: [6, 0, 0] });
    assert.deepEqual(plans.passed({ ...CP1, measuredA: [6, 0, 0] }).detectedPhases, [1]);
    tick(plans, atS + 5, { state: "offline" });
    assert.deepEqual(plans.passed({ ...CP1, measuredA: [6, 0, 0] }).detectedPhases, [1, 2, 3]);
  });

  it("are taken over after a restart, counting all phases again, and garbage is not", () => {
    const { plans, atS } = told();
    tick(plans, atS, { measuredA: [6, 0, 0] });
    const next = new PhasePlans();
    next.restore(plans.save());
    assert.equal(next.word("CP1/1")?.phases, 1);
    assert.deepEqual(next.passed({ ...CP1, measuredA: [0, 0, 0] }).detectedPhases, [1, 2, 3]);
    const other = new PhasePlans();
    other.restore([["CP1/1", { phases: 2 }], "?", null, [7, { phases: 1, switches: 0 }]]);
    assert.equal(other.word("CP1/1"), undefined);
  });
});

describe("the room for three phases", () => {
  const zones = [
    { id: "main", parent: null, limitA: 40 },
    { id: "garage", parent: "main", limitA: [20, 20, 12] as [number, number, number] },
  ];
  const one: Connector = { ...CP1, zone: "garage", mode: "fast", detectedPhases: [1], measuredA: [6, 0, 0] };
  const roomFor = (connectors: Connector[], currentA: number) => {
    const target = allocate({ zones, connectors });
    const setpoints = Object.fromEntries(connectors.map(({ id }) => [id, { ...target.connectors[id]!, limitA: 0 }]));
    return new PhaseRoom({ zones, connectors }, { setpoints, target }).holds(connectors[0]!, currentA);
  };

  it("is what every zone above has left on every phase", () => {
    assert.equal(roomFor([one], 12), true);
    assert.equal(roomFor([one], 12.1), false, "L3 of the garage");
  });

  it("is less by what others were given, and by what they draw still", () => {
    const other: Connector = { ...one, id: "CP2/1", detectedPhases: [3], measuredA: [0, 0, 6], maxA: 6 };
    assert.equal(roomFor([one, other], 6), true);
    assert.equal(roomFor([one, other], 6.1), false);
    assert.equal(roomFor([one, { ...other, measuredA: [0, 0, 9] }], 6), false, "it has not come down yet");
    assert.equal(roomFor([one, { ...other, state: "offline", disconnectedA: 6, measuredA: [9, 9, 9] }], 6), true);
    assert.equal(
      roomFor([one, { ...other, rotation: "Unknown", detectedPhases: [1], measuredA: [9, 0, 0] }], 6),
      false,
    );
  });
});

describe("the guard beside a charger that changes its phases", () => {
  const zones = [{ id: "main", parent: null, limitA: [32, 10, 32] as [number, number, number] }];
  const snapshot = (more: Partial<SnapshotConnector>): Snapshot => ({
    zones,
    connectors: [{ ...CP1, mode: "fast", ...more }],
  });
  const check = (more: Partial<Connector>) => {
    const guard = createDlmGuard();
    guard.check(0, snapshot({ measuredA: [6, 0, 0], state: "available" }), { "CP1/1": { limitA: 0 } });
    const on = { measuredA: [6, 0, 0], detectedPhases: [1], commandedA: 6 };
    guard.check(5000, snapshot(on), { "CP1/1": { limitA: 6 } });
    return guard.check(10_000, snapshot({ ...on, ...more }), { "CP1/1": { limitA: 16 } }).violations;
  };

  it("counts the phases it was seen on, and those it may be changing to", () => {
    assert.deepEqual(check({}), []);
    const [violation] = check({ detectedPhases: [1, 2, 3] });
    assert.deepEqual([violation?.zone, violation?.phase], ["main", 2]);
  });

  it("counts a phase that carries current, whatever was said", () => {
    assert.equal(check({ measuredA: [6, 6, 6] })[0]?.phase, 2);
  });
});

describe("the room for another phase", () => {
  it("is none while a meter above is silent and its load leaves no proven room", () => {
    const connectors = [{ ...CP1, detectedPhases: [1] }];
    const zones = [{ id: "main", parent: null, limitA: 35 }];
    const target = allocate({ zones, connectors });
    const room = (mayRise: [boolean, boolean, boolean]) => {
      const silent = [{ zone: "main", loadA: [0, 0, 0] as [number, number, number], known: false, mayRise }];
      const assumptions = { silent, afterwards: new Map(), seenADay: new Set<string>() };
      return new PhaseRoom({ zones, connectors }, { setpoints: {}, target, assumptions }).holds(connectors[0]!, 6);
    };
    assert.deepEqual([room([true, true, true]), room([true, false, true])], [true, false]);
  });
});

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPlant } from "../lib/dlm/topology/checks/lint.ts";
import type { ChargePointPlacement, PlantDefinition, ZoneDefinition } from "../lib/dlm/topology/plant.ts";
import type { Triple } from "../lib/units.ts";

const FOLDER = join(import.meta.dirname, "../examples");

interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

const readExample = (file: string) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as FlowNode[];

/** What an example deploys, as the nodes describe it. */
function plantOf(flow: readonly FlowNode[]): PlantDefinition {
  const of = (...types: string[]) => flow.filter(({ type }) => types.includes(type));
  const zones = of("ev-zone").map(
    ({ id, parent, ...zone }) => ({ ...zone, nodeId: id, parentNodeId: parent || null }) as unknown as ZoneDefinition,
  );
  const chargePoints = of("ev-charge-point").map(({ id, zone, connectors, ...placement }): ChargePointPlacement => {
    const { safeA } = placement as unknown as ChargePointPlacement;
    const wired = (connectors as ChargePointPlacement["connectors"]).map((connector) => ({ ...connector, safeA }));
    return {
      ...(placement as unknown as ChargePointPlacement),
      nodeId: id,
      zoneNodeId: (zone as string) || null,
      connectors: wired,
    };
  });
  return {
    site: { voltageV: 230, country: "other" },
    zones,
    chargePoints,
    producedMeters: of("ev-meter", "ev-meter-input").map(({ meter }) => meter as string),
    rootDlm: of("ev-dlm").map(({ id, zone }) => ({ nodeId: id, zoneNodeId: zone as string })),
  };
}

/** The highest load, A per phase, that the simulator behind a meter can be made to show beside the chargers. */
function highestLoadA(flow: readonly FlowNode[], meter: string): Triple {
  const reader = flow.find((node) => node.type === "ev-meter" && node["meter"] === meter);
  const bus = flow.find(({ id }) => id === reader?.["bus"]);
  const simulator = flow.find((node) => node.type === "ev-meter-simulator" && node["port"] === bus?.["port"]);
  assert.ok(simulator, `a simulator answers for meter ${meter}`);
  const loads: unknown[] = [simulator["loadA"]];
  const isWiredTo = (node: FlowNode, target: string) => (node["wires"] as string[][]).flat().includes(target);
  for (const node of flow.filter(({ type }) => type === "inject")) {
    if (isWiredTo(node, simulator.id)) loads.push((JSON.parse(String(node["payload"])) as { loadA?: unknown }).loadA);
    const changed = flow.find(({ id, type, ...rest }) => {
      return type === "change" && isWiredTo(node, id) && isWiredTo({ id, type, ...rest }, simulator.id);
    });
    const [{ to = "" } = {}] = (changed?.["rules"] ?? []) as { to?: string }[];
    const other = (node["props"] as { p: string; v?: string }[]).find(({ p }) => p === to);
    if (other?.v) loads.push((JSON.parse(other.v) as { loadA?: unknown }).loadA);
  }
  const currents = loads.flatMap((load): Triple[] => {
    if (!Array.isArray(load)) return [];
    return typeof load[0] === "number" ? [load as Triple] : (load as { loadA: Triple }[]).map(({ loadA }) => loadA);
  });
  return [0, 1, 2].map((phase) => Math.max(...currents.map((currentA) => currentA[phase]!))) as Triple;
}

describe("the zones of the examples", () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".json"))) {
    const flow = readExample(file);
    if (!flow.some(({ type }) => type === "ev-zone")) continue;

    it(`${file} deploys without a finding`, () => {
      const { tree, findings } = checkPlant(plantOf(flow));
      assert.ok(tree);
      assert.deepEqual(findings, []);
    });

    for (const zone of plantOf(flow).zones.filter(({ meters }) => meters.length > 0)) {
      it(`${file}: what is assumed of ${zone.name} is not less than what its simulated meter can show`, () => {
        const { zones } = plantOf(flow);
        const within = (one: ZoneDefinition): boolean =>
          one.nodeId === zone.nodeId || zones.some((above) => above.nodeId === one.parentNodeId && within(above));
        const assumedA = zones
          .filter(within)
          .reduce((sum, one) => sum.map((a, p) => a + one.assumedLoadA[p]!), [0, 0, 0]);
        const highestA = highestLoadA(flow, zone.meters[0]!.meter);
        for (const phase of [0, 1, 2])
          assert.ok(assumedA[phase]! >= highestA[phase]!, `L${phase + 1}: ${assumedA} A, ${highestA} A`);
      });
    }
  }

  it("1 - First charger.json has room for the charger that the README adopts beside the simulated one", () => {
    const plant = plantOf(readExample("1 - First charger.json"));
    const [first] = plant.chargePoints;
    const adopted = { ...first!, nodeId: "adopted", identity: "GARAGE1" };
    const { tree, findings } = checkPlant({ ...plant, chargePoints: [first!, adopted] });
    assert.ok(tree);
    assert.deepEqual(findings, []);
  });
});

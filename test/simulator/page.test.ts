import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readControl } from "../../lib/simulator/control.ts";
import { METER_FAULTS } from "../../lib/simulator/meter/meter-faults.ts";
import { SimulatedSite } from "../../lib/simulator/site/simulated-site.ts";
import { obeySite } from "../../lib/simulator/site/site-commands.ts";
import { FakeClock } from "../fake-clock.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/simulators.md"), "utf8");

/** What stands as JSON in the first column of a section's table. */
function lines(heading: string): Record<string, unknown>[] {
  const section = PAGE.split(`## ${heading}`)[1]!.split("\n## ")[0]!;
  const columns = section.split("\n").filter((row) => row.startsWith("| `{"));
  return columns.flatMap((row) =>
    [...row.split(" | ")[0]!.matchAll(/`(\{.*?\})`/g)].map(([, text]) => JSON.parse(text!)),
  );
}

describe("The page on simulators", () => {
  it("shows only messages that a simulated charger takes, and one for each thing that it does", () => {
    const controls = lines("A charger with a car").map(readControl);
    const shown = new Set(controls.flatMap((control) => Object.keys(control)));
    const known = ["badge", "batteryWh", "behaviour", "foreignA", "plugged", "reboot", "wantA"];
    assert.deepEqual([...shown].sort(), known);
    for (const key of known) assert.throws(() => readControl({ [key]: [] }), { code: "EV_MESSAGE_INVALID" });
  });

  it("names every fault of a meter", () => {
    assert.deepEqual(
      METER_FAULTS.filter((fault) => !PAGE.includes(`"${fault}"`)),
      [],
    );
  });

  it("shows only lines that a running building obeys", async () => {
    const zone = "main";
    const chargePoint = { identity: "CP1", url: "ws://127.0.0.1:1", zone };
    const plan = {
      zones: [{ name: zone, limitA: 63 }],
      chargePoints: [chargePoint],
      meters: [{ name: zone, zone, port: 0 }],
    };
    const site = new SimulatedSite(plan, new FakeClock());
    const shown = lines("Chargers in a process of their own");
    assert.ok(shown.length >= 9);
    for (const [id, line] of shown.entries()) assert.equal((await obeySite(site, { ...line, id }))?.answer, id);
    await site.close();
  });
});

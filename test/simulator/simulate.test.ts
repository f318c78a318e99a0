import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { Triple } from "../../lib/units.ts";
import { TestCentral } from "./central.ts";

interface Line {
  ts: string;
  totalA: Triple;
  chargePoints: Record<string, SimulatedState>;
}

const SCRIPT = join(import.meta.dirname, "../../scripts/simulate.ts");

describe("the simulator as a process of its own", () => {
  it("prints a line per second, obeys lines, and ends cleanly when it is told to", async () => {
    const central = await new TestCentral().listening();
    const child = spawn(process.execPath, [SCRIPT, "--url", central.url, "--count", "2", "--unplugged", "--json"]);
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const line = async (accept: (line: Line) => boolean): Promise<Line> => {
        for (let next = await lines.next(); !next.done; next = await lines.next()) {
          const parsed = JSON.parse(next.value) as Line;
          if (accept(parsed)) return parsed;
        }
        throw new Error("the simulator ended");
      };
      const first = await line(({ chargePoints }) => chargePoints["CP2"]!.online);
      assert.deepEqual(Object.keys(first.chargePoints), ["CP1", "CP2"]);
      assert.deepEqual(first.totalA, [0, 0, 0]);
      child.stdin.write('{"identity":"CP3","plugged":true}\nnonsense\n{"identity":"CP1","plugged":true}\n');
      const { chargePoints } = await line((each) => each.chargePoints["CP1"]!.transactionId !== null);
      assert.equal(chargePoints["CP2"]!.status, "Available");
      const [errors] = (await once(child.stderr, "data")) as [Buffer];
      assert.match(String(errors), /there is no charge point CP3/);
      child.kill("SIGTERM");
      const [code] = (await once(child, "exit")) as [number];
      assert.equal(code, 0);
    } finally {
      child.kill("SIGKILL");
      await central.close();
    }
  });
});

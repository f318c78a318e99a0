import { strict as assert } from "node:assert";
import { once } from "node:events";
import { MaintenanceJob } from "../../lib/maintenance/job.ts";
import type { MaintenanceStep } from "../../lib/maintenance/types.ts";
import { FakeClock } from "../fake-clock.ts";

describe("Something that a charge point goes on with", () => {
  const begin = (clock: FakeClock, tell: (step: MaintenanceStep) => void): MaintenanceJob =>
    new MaintenanceJob({
      chargePoint: "CP1",
      what: "the upload",
      stations: { onEvent: () => () => {} },
      clock,
      lastsMs: 3_600_000,
      tell,
      events: [],
      onEvent: () => {},
      onEnd: () => {},
    });

  it("is told of after the answer to its command, once, and ends with its time", async () => {
    const clock = new FakeClock();
    const steps: string[] = [];
    const job = begin(clock, ({ payload }) => steps.push(String(payload["status"])));
    job.progress({ status: "Uploading" });
    job.progress({ status: "Uploading" });
    assert.deepEqual(steps, []);
    job.answered();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(3_600_000);
    job.end({ status: "Uploaded" }, null);
    assert.deepEqual(steps, ["Uploading", "TimedOut"]);
    assert.equal(clock.pending, 0);
  });

  it("ends no process when its message cannot be passed on", async () => {
    const clock = new FakeClock();
    const job = begin(clock, () => {
      throw new Error("not to be copied");
    });
    job.progress({ status: "Uploading" });
    job.answered();
    const [warning] = await once(process, "warning");
    assert.match(String(warning), /not to be copied/);
    clock.advance(3_600_000);
    await once(process, "warning");
  });
});

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type DrillCase, drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park, ParkOptions } from "./park.ts";
import { SmallDisk } from "./small-disk.ts";

/** The disk of the case that runs. */
let disk: SmallDisk;

function options(): ParkOptions {
  disk = new SmallDisk();
  const { data } = disk;
  return {
    flow: (flow) => flow.map((node) => (node.type === "ev-site" ? { ...node, dataDir: data } : node)),
    closing: () => disk.remove(),
  };
}

/** Limits go on, transactions wait in the chargers, and nothing is lost when the disk is well again. */
async function failing(park: Park, fail: () => void, mend: () => void): Promise<void> {
  await park.charging(9);
  await park.forget();
  fail();
  await park.load("main", [16, 16, 16]);
  await park.car("CP3", { plugged: false });
  await park.pass(5);
  await park.car("CP3", { plugged: true });
  await park.pass(25);
  park.check("it goes on charging by its limit", park.drawnA("CP1") > 7 && park.nodeRed.running);
  mend();
  const settled = async () => Object.values(await park.simulator.books()).every(({ waiting }) => waiting === 0);
  await park.until("every message about a transaction is confirmed", settled, 400);
  await park.heldWithin(6);
  await compareBooks(park);
}

async function compareBooks(park: Park): Promise<void> {
  const database = new DatabaseSync(join(disk.data, "ev-charging.sqlite"), { readOnly: true });
  const find = database.prepare("SELECT charge_point, meter_stop_wh FROM transactions WHERE transaction_id = ?");
  for (const [identity, { transactions }] of Object.entries(await park.simulator.books())) {
    for (const { transactionId, meterStopWh } of transactions) {
      const expected = { charge_point: identity, meter_stop_wh: meterStopWh };
      assert.deepEqual({ ...find.get(transactionId) }, expected, `transaction ${transactionId} of ${identity}`);
    }
  }
  database.close();
}

const cases: DrillCase[] = [
  {
    title: "full: limits go on, and no transaction is lost",
    run: (park) =>
      failing(
        park,
        () => disk.fill(),
        () => disk.clean(),
      ),
  },
  {
    title: "read-only: the same",
    run: (park) =>
      failing(
        park,
        () => disk.remount("ro"),
        () => disk.remount("rw"),
      ),
  },
];

drill("15: the disk is full, or read-only", {
  plan: () => garage(),
  missing: () => SmallDisk.missing(),
  options,
  without: "writeErrors",
  cases,
});

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { compareBooks } from "./books.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { settled } from "./operations.ts";
import type { Park, ParkOptions } from "./park.ts";
import { SmallDisk } from "./small-disk.ts";

/** A third of the garage for each, A. */
const SHARES = { CP1: 10.7, CP2: 10.7, CP3: 10.7 };

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

/** What must go on while nothing can be written. */
async function live(park: Park): Promise<void> {
  // A car that has only just begun would rightly give way to the house's load, for a minute.
  await settled(park, SHARES);
  await park.forget();
  await park.load("main", [16, 16, 16]);
  await park.car("CP3", { plugged: false });
  await park.pass(5);
  await park.car("CP3", { plugged: true });
  await park.pass(25);
  park.check("it goes on charging by its limit", park.drawnA("CP1") >= 6 && park.nodeRed.running);
  await park.heldWithin(6);
}

const NOT_WRITTEN = /\[error\] \[ev-site:[^\]]*\] .*(cannot be opened|could not be written)/g;
const WRITTEN_AGAIN = /\[info\] \[ev-site:[^\]]*\] records are written again/g;

const times = (park: Park, line: RegExp): number => park.nodeRed.log.match(line)?.length ?? 0;

/** What waited in the chargers is delivered, nothing was lost, and the log said once that records were missed and once that they are not. */
async function recover(park: Park): Promise<void> {
  await park.until("the log says that records are written again", () => times(park, WRITTEN_AGAIN) > 0, 400);
  const settled = async () => Object.values(await park.simulator.books()).every(({ waiting }) => waiting === 0);
  await park.until("every message about a transaction is confirmed", settled, 400);
  const { lost, doubled } = compareBooks(await park.simulator.books(), join(disk.data, "ev-charging.sqlite"));
  assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
  assert.deepEqual([times(park, NOT_WRITTEN), times(park, WRITTEN_AGAIN)], [1, 1], park.nodeRed.log);
}

async function full(park: Park): Promise<void> {
  await park.charging(9);
  disk.fill();
  await live(park);
  disk.clean();
  await recover(park);
}

async function readOnly(park: Park): Promise<void> {
  await park.charging(9);
  await park.nodeRed.kill("SIGKILL");
  disk.remount("ro");
  await park.nodeRed.restart();
  await park.charging(9);
  await live(park);
  assert.match(park.nodeRed.log, /\[error\] \[ev-site:.*read-?only/);
  disk.remount("rw");
  await recover(park);
}

drill("15: the disk is full, or read-only", {
  plan: () => garage(),
  missing: () => SmallDisk.missing(),
  options,
  without: "writeErrors",
  cases: [
    { full: true, title: "full: limits go on, no transaction is lost, and the log says so once", run: full },
    {
      title: "read-only since the start: the same, and records go on when it can be written",
      long: true,
      run: readOnly,
    },
  ],
});

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { RawCharger } from "../e2e/raw-charger.ts";
import { peek } from "../peek.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { layDown, olderFlow } from "./older-site.ts";
import { assertNotRaised, say, settled, sharesOf, watched, withButtons } from "./operations.ts";
import type { Park, ParkOptions } from "./park.ts";
import type { ParkPlan } from "./plan.ts";

const SCHEMA = "schema-2";
/** As the older release recorded them. */
const RUNNING = { CP1: 1795251825, CP2: 1795251824 };
const LAST_ID = 1795251920;
const OUTSIDE_A = 27;
const LEARNT_AT = "2026-11-21T09:03:43.265Z";
/** Node-RED is up before this time of the drill has passed, and leases hold for longer. */
const START_MS = 60_000;
const NEWER = 99;

/** The building of the older site: the two chargers whose cars charge are away. */
function olderGarage(): ParkPlan {
  const { zones, chargers } = garage(50);
  const behaviour = (identity: string) => (identity in RUNNING ? { behaviour: "offline" } : { plugged: false });
  return { zones, chargers: chargers.map((charger) => ({ ...charger, ...behaviour(charger.identity) })) };
}

const inOlderSite = (change = ""): ParkOptions => ({
  flow: (flow) => olderFlow(SCHEMA, flow),
  run: {
    prepare: (userDir) => {
      const database = new DatabaseSync(layDown(userDir, SCHEMA, Date.now() + START_MS));
      if (change) database.exec(change);
      database.close();
    },
  },
});

function read(park: Park, sql: string): Record<string, unknown>[] {
  const path = join(park.nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
  return peek(path, (database) => database.prepare(sql).all());
}

/** CP1 is back and ends the transaction that began under the older release. */
async function endOfTheOldTransaction(park: Park): Promise<void> {
  const charger = await RawCharger.dial(park.ports.ocpp, "CP1");
  await charger.call("BootNotification", { chargePointVendor: "Phasewise", chargePointModel: "Simulator" });
  const stop = { transactionId: RUNNING.CP1, meterStop: 900, timestamp: new Date().toISOString(), reason: "Local" };
  const [type] = await charger.call("StopTransaction", stop);
  assert.equal(type, 3);
  charger.close();
  const [row] = read(park, `SELECT * FROM transactions WHERE transaction_id = '${RUNNING.CP1}'`);
  assert.deepEqual([row!["meter_start_wh"], row!["meter_stop_wh"], row!["stop_reason"]], [0, 900, "Local"]);
}

async function takenOver(park: Park): Promise<void> {
  await park.until("CP3 is there", () => park.charger("CP3").online && park.charger("CP3").limitA === 0);
  await park.car("CP3", { plugged: true });
  await park.forget();
  await watched(park, async (watch) => {
    await park.pass(15);
    park.check(`what CP1 and CP2 were told is reserved: CP3 ${watch.highestA("CP3")} A`, watch.highestA("CP3") === 0);
    // Their leases end; what the chargers that are away fall back to, and the limit from outside, leave the rest.
    const restA = OUTSIDE_A - 2 * 6;
    await park.until("CP3 gets the rest", () => park.drawnA("CP3") > restA - 0.5, 200);
    await park.pass(20);
    park.check(`no more than the rest: ${watch.highestA("CP3")} A`, watch.highestA("CP3") <= restA + 0.1);
  });
  const id = park.charger("CP3").transactionId!;
  assert.ok(id > LAST_ID, `transaction ${id} comes after ${LAST_ID}`);
  await endOfTheOldTransaction(park);
  const known = read(park, "SELECT transaction_id AS id, stopped_wall_ms AS ended FROM transactions ORDER BY 1");
  assert.deepEqual(
    known.map((row) => row["id"]),
    [RUNNING.CP2, RUNNING.CP1, 1795251826, LAST_ID, id].map(String),
  );
  assert.equal(known[0]!["ended"], null, "CP2 charges on");
  const [learnt] = read(park, "SELECT value FROM documents WHERE key = 'station/CP3'");
  assert.ok(String(learnt!["value"]).includes(LEARNT_AT), "what was learnt of CP3 need not be learnt again");
}

/** A release that is older than its database leaves it alone, says so, and Node-RED goes on. */
async function downgraded(park: Park): Promise<void> {
  await park.until("it says so", () => park.nodeRed.log.includes("[error] [ev-site:"), 30);
  assert.match(park.nodeRed.log, /schema version 99, written by a newer release; this one knows up to \d+/);
  assert.deepEqual(
    read(park, "SELECT version FROM schema_version").map(({ version }) => version),
    [NEWER],
  );
  await park.until("chargers are served all the same", () => park.charger("CP3").online);
}

const PREVIOUS = process.env["PREVIOUS_PACKAGE"];
const PACKAGE = "node_modules/@phasewise/node-red-ev-charging";

/** The palette manager puts another release in the place of the one that runs. */
function install(userDir: string, tarball: string | null): void {
  const [home, aside] = [join(userDir, PACKAGE), join(userDir, "this-release")];
  if (tarball === null) {
    rmSync(home, { recursive: true });
    cpSync(aside, home, { recursive: true });
    return;
  }
  renameSync(home, aside);
  mkdirSync(home);
  execFileSync("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
}

async function upgradedMidCharge(park: Park): Promise<void> {
  await park.charging(10);
  await say(park, "limit/garage", { limitA: 24, source: "facility", reason: "works" });
  await park.until("the limit is obeyed", () => park.drawnA("CP1") < 8.5, 20);
  const shares = sharesOf(
    park.plan.chargers.map(({ identity }) => identity),
    24 / park.plan.chargers.length,
  );
  await settled(park, shares);
  const before = park.plan.chargers.map(({ identity }) => ({ identity, ...park.charger(identity) }));
  await park.forget();
  await watched(park, async (watch) => {
    await park.nodeRed.kill("SIGTERM");
    install(park.nodeRed.userDir, null);
    await park.nodeRed.restart();
    await park.until("all are back", () => before.every(({ identity }) => park.charger(identity).online));
    await park.pass(40);
    assertNotRaised(park, watch, shares, "by an upgrade");
    for (const { identity, transactionId } of before) assert.deepEqual(watch.transactions(identity), [transactionId]);
  });
  park.check("they charge as before", park.drawnA("CP1") > 7.5);
  await park.heldWithin(1);
}

drill("operations: another release takes over", {
  plan: olderGarage,
  cases: [
    {
      full: true,
      title: "transactions, limits, what was learnt and what was said are taken over from schema version 2",
      options: () => inOlderSite(),
      without: "dlmMemory",
      run: takenOver,
    },
    {
      title: "a database of a newer release is left alone",
      options: () => inOlderSite(`UPDATE schema_version SET version = ${NEWER}`),
      long: true,
      run: downgraded,
    },
    {
      title: "in the place of an older one while cars charge: nothing is raised, no transaction ends",
      plan: () => garage(63),
      missing: () => (PREVIOUS ? null : "PREVIOUS_PACKAGE names no packed older release"),
      options: { flow: withButtons, run: { prepare: (userDir) => install(userDir, PREVIOUS!) } },
      long: true,
      run: upgradedMidCharge,
    },
  ],
});

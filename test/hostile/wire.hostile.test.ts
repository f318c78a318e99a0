import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { LONGEST_FRAME } from "../../lib/ocpp/server/visitors.ts";
import type { RawCharger } from "../e2e/raw-charger.ts";
import { BOMBS } from "../ocpp/bombs.ts";
import { HostileSite, PASSWORD } from "./bench.ts";
import { actOut } from "./row.ts";
import { WIRE } from "./rows/wire.ts";
import type { Habit } from "./strangers.ts";

/** As much memory as a small machine has for Node-RED, MB. */
const HEAP_MB = 700;
const STRANGERS = 40;
/** What a charger's answer may take beside them, and how long they go on, ms. */
const MOST_MS = 50;
const FLOOD_MS = 4000;
/** What anybody's answer may take beside one message made to be slow, ms. */
const MOST_BOMB_MS = 500;

/** What a charger waits for its answers, one call after the other, while something holds; ms, shortest first. */
async function waits(charger: RawCharger, goesOn: () => boolean): Promise<number[]> {
  const tookMs: number[] = [];
  do {
    const beganMs = performance.now();
    await charger.call("Heartbeat", {}, 20_000);
    tookMs.push(performance.now() - beganMs);
  } while (goesOn());
  return tookMs.sort((a, b) => a - b);
}

function forSoLong(ms: number): () => boolean {
  const endMs = performance.now() + ms;
  return () => performance.now() < endMs;
}

async function medianMs(site: HostileSite, forMs: number): Promise<number> {
  const charger = await site.charger("SAFE", PASSWORD);
  const tookMs = await waits(charger, forSoLong(forMs));
  charger.close();
  return tookMs[tookMs.length >> 1]!;
}

/** Visitors in a process of their own, who flood until the site stops. */
function flood(site: HostileSite, habit: Habit, identities: readonly string[]): void {
  const args = [String(site.ocppPort), habit, ...identities];
  const child = fork(join(import.meta.dirname, "strangers.ts"), args);
  site.atEnd(() => child.kill());
}

const strangersOf = (habit: Habit): string[] => Array.from({ length: STRANGERS }, (_, n) => `${habit}-${n}`);

/** Floods a Node-RED of its own; the charger's waits are measured before and during it. @param identities default: strangers */
const beside = (habits: Habit[], identities: (habit: Habit) => string[] = strangersOf) =>
  async function (this: Mocha.Context): Promise<void> {
    const site = await HostileSite.start({ nodeArgs: [`--max-old-space-size=${HEAP_MB}`] });
    try {
      const calmMs = await medianMs(site, 1000);
      for (const habit of habits) flood(site, habit, identities(habit));
      const floodedMs = await medianMs(site, FLOOD_MS);
      site.assertAlive();
      const figures = `${floodedMs.toFixed(2)} ms beside ${calmMs.toFixed(2)} ms without, ${Math.round(site.residentMB())} MB`;
      assert.ok(floodedMs < MOST_MS, figures);
      assert.ok(site.residentMB() < HEAP_MB, figures);
    } finally {
      await site.stop();
    }
  };

describe("hostile visitors at the port that chargers dial", () => {
  let site: HostileSite;

  before(async () => {
    site = await HostileSite.start();
  });
  afterEach(() => site.assertAlive());
  after(() => site?.stop());

  actOut(WIRE, {
    greatFrames: beside(["greatFrames", "greatObjects"]),
    manyFrames: beside(["fewKilobytes", "heartbeats", "emptyMessages"]),
    pings: beside(["pings"]),
    fragments: beside(["fragments"]),
    deafStrangers: beside(["deaf"]),
    handshakes: beside(["handshakes"]),
    servedFlood: beside(["greatFrames"], () => ["OPEN"]),
    async bombs() {
      const safe = await site.charger("SAFE", PASSWORD);
      const calmMs = (await waits(safe, forSoLong(1000))).at(-1)!;
      const slow: string[] = [];
      for (const [bomb, textOf] of Object.entries(BOMBS)) {
        const open = await site.charger("OPEN");
        open.send(textOf(LONGEST_FRAME - 100));
        let isAnswered = false;
        const answered = open.call("Heartbeat", {}, 30_000).then(
          () => (isAnswered = true),
          () => (isAnswered = true),
        );
        const longestMs = (await waits(safe, () => !isAnswered && !open.closed)).at(-1)!;
        if (longestMs > calmMs + MOST_BOMB_MS) slow.push(`${bomb}: ${Math.round(longestMs)} ms`);
        open.close();
        void answered;
      }
      assert.deepEqual(slow, []);
      safe.close();
    },
    async rubbish() {
      const safe = await site.charger("SAFE", PASSWORD);
      const bytes = connect(site.ocppPort, "127.0.0.1").on("error", () => {});
      bytes.end("\x00\x01 no HTTP at all\r\n\r\n");
      await assert.rejects(site.charger("SAFE", "a guess"), /HTTP 401/);
      for (const frame of ["", "rubbish", "[]", "[2]", '[9,"x"]', '[3,"x",{}]', "[".repeat(3000)]) {
        const stranger = await site.charger("STRANGER-1");
        stranger.send(frame);
        stranger.close();
      }
      assert.equal((await safe.call("Heartbeat", {}))[0], 3);
      safe.close();
    },
  });
});

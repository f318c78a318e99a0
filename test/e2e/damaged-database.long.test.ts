import { strict as assert } from "node:assert";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isFull } from "../full.ts";
import { CarsApart } from "./cars-apart.ts";
import { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";

/**
 * The breaker, what the house draws, and what the outlet gives at most, A. A charger of which nothing is known any more counts with that:
 * where it did not fit, the car would pause for a minute.
 */
const [LIMIT_A, HOUSE_A, OUTLET_A] = [32, 15, 16];
const PAGE_BYTES = 4096;
/** Nothing has stopped the car, so it does not pause: it charges by then, ms. */
const CHARGES_MS = 30_000;
/** A connection that lasts so long is a stable one to the charger, ms. */
const STABLE_MS = 12_000;

interface Answer<T> {
  topic: string;
  payload: T;
}

/** Damages of a database, by what a person would call them. */
const DAMAGES: Record<string, (path: string) => void> = {
  "whose middle was overwritten": (path) => {
    const pages = Math.floor(statSync(path).size / PAGE_BYTES);
    const file = openSync(path, "r+");
    const from = Math.floor(pages / 3);
    writeSync(file, Buffer.alloc((pages - 2 * from) * PAGE_BYTES, 0xa5), 0, undefined, from * PAGE_BYTES);
    closeSync(file);
  },
  "whose end is missing": (path) => truncateSync(path, Math.floor(statSync(path).size / PAGE_BYTES / 2) * PAGE_BYTES),
  "that has lost its content": (path) => truncateSync(path, 0),
};

(isFull ? describe : describe.skip)("a site whose database is damaged", () => {
  let nodeRed: NodeRed;
  let cars: CarsApart;
  let feed: EditorFeed;
  let flow: FlowNode[];
  /** Of the site's database, and of a sound one to begin each case with. */
  let path: string;
  let sound: string;
  let mostA = 0;
  /** When the charger was last seen without a connection. */
  let awayMs = 0;
  let watching: NodeJS.Timeout;

  const ask = async <T>(node: string, topic: string, payload?: unknown): Promise<T> => {
    const answer = feed.next<Answer<T>>(topic, "answers", (told) => told.topic === topic, 20_000);
    await nodeRed.press(`to ${node}`, { topic, ...(payload !== undefined && { payload }) });
    return (await answer).message.payload;
  };
  const badges = async () => (await ask<{ idTag: string }[]>("badges", "badges/list")).map(({ idTag }) => idTag);
  const alarmTexts = async () => (await ask<{ text: string }[]>("alarms", "alarms/list")).map(({ text }) => text);
  const copies = () => join(dirname(path), "copies");
  const damaged = () => readdirSync(dirname(path)).filter((name) => /\.damaged-[\dT-]+$/.test(name));
  const isObeyed = (told: Answer<{ status: string }>) => ["accepted", "unchanged"].includes(told.payload.status);

  /** Kills it, does something to its database, and starts it again. @returns its log since then */
  const restart = async (change: () => Promise<void> | void): Promise<() => string> => {
    feed.close();
    await nodeRed.kill("SIGKILL");
    for (const part of ["-wal", "-shm"]) rmSync(path + part, { force: true });
    await copyFile(sound, path);
    await change();
    const before = nodeRed.log.length;
    await nodeRed.restart();
    feed = await EditorFeed.open(nodeRed.url);
    return () => nodeRed.log.slice(before);
  };

  /** The car charges within what the house leaves, and its charger takes limits again. */
  const goesOn = async (): Promise<void> => {
    const told = theNode(flow, "debug", "told to the charger").id;
    await feed.next("the charger takes a limit", told, isObeyed, 60_000, 1);
    // Else its charger waits longer and longer before it dials again, as after connections that are lost at once.
    await until("its line is taken for a stable one", () => performance.now() - awayMs > STABLE_MS, 60_000);
    await until("the car charges", () => cars.drawnA("DEMO1") > 5, CHARGES_MS);
    assert.ok(mostA + HOUSE_A <= LIMIT_A, `${mostA} A`);
  };

  before("charge a car that runs apart, as the house lets it", async () => {
    const { flow: example, ports } = await exampleForTest("1 - First charger.json");
    const site = theNode(example, "ev-site").id;
    const { z } = theNode(example, "ev-dlm");
    const at = { z, x: 100, y: 800 };
    const node = (id: string, type: string, more: object): FlowNode => ({ id, type, ...at, ...more });
    const meters = [{ meter: "main", location: "excluding", staleAfterS: 10, onStale: "failSafe", fallbackA: null }];
    const changes: Record<string, object> = {
      // Beside a meter that leaves the chargers out, what is assumed would count on top of what it shows.
      "ev-zone": { meters, limitA: [LIMIT_A, LIMIT_A, LIMIT_A], assumedLoadA: [0, 0, 0] },
      "ev-meter-simulator": { loadA: [HOUSE_A, HOUSE_A, HOUSE_A], includes: [], zone: "" },
      "ev-dlm": { cycleS: 1, rampUpAps: 10 },
    };
    flow = [
      ...example.filter(({ type }) => type !== "ev-simulator").map((one) => ({ ...one, ...changes[one.type] })),
      node("alarms", "ev-alarms", { site, wires: [["answers"]] }),
      node("badges", "ev-authorization", { site, wires: [[], ["answers"]] }),
      node("answers", "debug", { active: true, tosidebar: true, complete: "true", wires: [] }),
      ...["alarms", "badges"].map((id) => node(`to ${id}`, "inject", { props: [], wires: [[id]] })),
    ];
    nodeRed = await NodeRed.start("5");
    cars = new CarsApart(ports.ocpp, ["DEMO1"]);
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
    await feed.next("the charger takes a limit", theNode(flow, "debug", "told to the charger").id, isObeyed, 60_000, 1);
  });
  before("wait until it charges", () =>
    until("the car draws all that the outlet gives", () => cars.drawnA("DEMO1") > OUTLET_A - 0.5, CHARGES_MS),
  );
  before("make a copy of the database, as each day does, and go on", async () => {
    watching = setInterval(() => {
      mostA = Math.max(mostA, cars.drawnA("DEMO1"));
      if (!cars.state("DEMO1")?.online) awayMs = performance.now();
    }, 100);
    await ask("badges", "badges/add", ["OLD", "NEW"]);
    path = join(nodeRed.userDir, "ev-charging", theNode(flow, "ev-site").id, "ev-charging.sqlite");
    sound = join(nodeRed.userDir, "sound.sqlite");
    feed.close();
    await nodeRed.kill("SIGKILL");
    mkdirSync(copies());
    const database = new DatabaseSync(path);
    database.prepare("VACUUM INTO ?").run(sound);
    database.exec("DELETE FROM badges WHERE id_tag = 'NEW'");
    database.prepare("VACUUM INTO ?").run(join(copies(), "2026-06-01T12-00-00.sqlite"));
    database.close();
    await nodeRed.restart();
    feed = await EditorFeed.open(nodeRed.url);
  });
  after(async () => {
    clearInterval(watching);
    cars?.stop();
    feed?.close();
    await nodeRed?.stop();
  });

  for (const [what, damage] of Object.entries(DAMAGES))
    it(`${what}, takes the newest copy, says so, and goes on charging`, async () => {
      const before = damaged();
      let remains = Buffer.alloc(0);
      const log = await restart(() => {
        damage(path);
        remains = readFileSync(path);
      });
      assert.match(
        log(),
        /\[warn\] \[ev-site:.*the database was damaged; the copy of 2026-06-01T12:00:00\.000Z took its place/,
      );
      await until(
        "the alarm is there",
        async () => (await alarmTexts()).some((text) => text.includes("took its place")),
        20_000,
      );
      assert.deepEqual(await badges(), ["OLD"]);
      const [kept = ""] = damaged().filter((name) => !before.includes(name));
      assert.equal(statSync(join(dirname(path), kept)).size, remains.length);
      await goesOn();
    });

  it("and of which there is no copy, leaves it to a person, says so, and goes on charging", async () => {
    const before = damaged();
    const log = await restart(() => {
      rmSync(copies(), { recursive: true });
      DAMAGES["whose middle was overwritten"]?.(path);
    });
    assert.match(log(), /\[error\] \[ev-site:.*cannot be opened/);
    await until(
      "the alarm is there",
      async () => (await alarmTexts()).some((text) => text.includes("cannot be opened")),
      20_000,
    );
    assert.deepEqual(damaged(), before);
    await goesOn();
  });

  it("and empty, without a copy, begins anew, says so, and goes on charging", async () => {
    const log = await restart(() => truncateSync(path, 0));
    assert.match(log(), /\[warn\] \[ev-site:.*begin anew/);
    await until(
      "the alarm is there",
      async () => (await alarmTexts()).some((text) => text.includes("begin anew")),
      20_000,
    );
    assert.deepEqual(await badges(), []);
    await ask("badges", "badges/add", ["FRESH"]);
    assert.deepEqual(await badges(), ["FRESH"]);
    await goesOn();
  });
});

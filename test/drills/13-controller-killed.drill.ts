import { strict as assert } from "node:assert";
import { join } from "node:path";
import { seeded } from "../../lib/simulator/random.ts";
import { compareBooks } from "./books.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { pick, seed } from "./scale.ts";

const DATABASE = "ev-charging/site/ev-charging.sqlite";
const CARS = ["CP1", "CP2", "CP3"];

drill("13: kill -9 of the controller", {
  plan: () => garage(),
  cases: [
    {
      title: "every car goes to its safe current by itself when its lease ends, and no breaker trips",
      options: { pace: pick(8, 1) },
      without: "leases",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.nodeRed.kill("SIGKILL");
        await park.load("main", [20, 20, 20]);
        await park.until("every car is down to 6 A", () => CARS.every((id) => park.drawnA(id) <= 6.1), 64);
        assert.ok(
          CARS.every((id) => park.drawnA(id) > 5),
          "they still charge",
        );
        await park.heldWithin(66);
      },
    },
    {
      long: true,
      title: "after the restart a charger that is away counts with what it was last told",
      // What a charger that is away draws counts as load of the building, too; and its lease outlives a slow start of Node-RED.
      plan: () => ({ ...garage(63), nodes: { "ev-charging-profile": { leaseS: 180, refreshS: 75 } } }),
      without: "offlineReserve",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        park.cable("CP1").act({ cut: true });
        await park.nodeRed.kill("SIGKILL");
        await park.nodeRed.restart();
        await park.charging(6, ["CP2", "CP3"]);
        await park.pass(40);
        await park.heldWithin(1);
      },
    },
    {
      full: true,
      title:
        "killed again and again at any moment, no breaker is over its limit and no transaction is lost or comes twice",
      without: "journal",
      run: async (park) => {
        const random = seeded(seed);
        await park.charging(9);
        await park.forget();
        for (let kill = 0; kill < pick(2, 50); kill++) {
          await park.pass(random() * pick(4, 20));
          await park.nodeRed.kill("SIGKILL");
          if (kill % 2) await park.car(CARS[kill % 3]!, { plugged: false });
          await park.nodeRed.restart();
          if (kill % 2) await park.car(CARS[kill % 3]!, { plugged: true });
        }
        await park.charging(9);
        await park.until("every message about a transaction is confirmed", async () => {
          return Object.values(await park.simulator.books()).every(({ waiting }) => waiting === 0);
        });
        const books = await park.simulator.books();
        const ids = Object.values(books).flatMap(({ transactions }) => transactions.map((one) => one.transactionId));
        assert.ok(!ids.includes(null));
        assert.equal(new Set(ids).size, ids.length, `numbers: ${ids.join(", ")}`);
        const { lost, doubled } = compareBooks(books, join(park.nodeRed.userDir, DATABASE));
        assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
        await park.heldWithin(1);
      },
    },
  ],
});

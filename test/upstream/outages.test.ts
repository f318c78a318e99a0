/** Both books, ours and those of two back ends, after everything that comes between. */
import { strict as assert } from "node:assert";
import { seeded } from "../../lib/simulator/random.ts";
import { isFull } from "../full.ts";
import { ForeignBackEnd } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

const [SESSIONS, EVERY] = isFull ? [150, 4] : [24, 3];
const SEED = Number(process.env["SEED"] || 7);

describe("Both books, ours and those of two back ends", () => {
  it(`agree in energy and times after ${SESSIONS} charges with outages, lost answers and kills (seed ${SEED}), doubled only where marked`, async () => {
    const random = seeded(SEED);
    const next = (below: number) => Math.floor(random() * below);
    const clouds = [new ForeignBackEnd(), new ForeignBackEnd()];
    for (const cloud of clouds) await cloud.open();
    const isOpen = clouds.map(() => true);
    const bench = new UpstreamBench(...clouds.map(({ url }, index) => ({ url, identity: `${index}-{identity}` })));
    bench.report();
    let meterWh = 0;
    try {
      for (let index = 0; index < SESSIONS; index++) {
        // The ids of sessions are made of their time.
        bench.clock.advance(1000);
        const charger = bench.charger();
        await charger.start({ meterWh, idTag: `TAG${index}` });
        if (index % EVERY === 0) await trouble(next(clouds.length));
        const endWh = charger.charge(1 + next(5), meterWh, 3000 + 1000 * next(8));
        await bench.turns();
        await bench.charger().stop({ meterWh: endWh, transactionId: charger.transactionId });
        meterWh = endWh;
      }
      for (const [index, cloud] of clouds.entries()) {
        cloud.after = () => {};
        if (!isOpen[index]) await cloud.open();
      }
      const isTold = (backEnd: string) => bench.books(backEnd).every(({ state }) => state === "reported");
      await bench.until("all is reported", () => isTold("back-end-1") && isTold("back-end-2"), 1000);
      for (const [index, cloud] of clouds.entries()) agree(cloud, `back-end-${index + 1}`);
    } finally {
      bench.close();
      for (const cloud of clouds) await cloud.close();
    }
    for (const { faults } of clouds) assert.deepEqual(faults, []);

    function agree(cloud: ForeignBackEnd, backEnd: string): void {
      const marked = new Map(bench.books(backEnd).map((one) => [one.session, one]));
      assert.equal(marked.size, SESSIONS);
      for (const { id, idTag, energyWh, startedWallMs, endedWallMs } of bench.records()) {
        const all = cloud.books.filter((one) => one.idTag === idTag);
        const whole = all.filter(({ wh }) => wh !== null);
        assert.equal(whole.length, 1, `${backEnd}, ${idTag}: one whole charge`);
        assert.ok(all.length === 1 || marked.get(id)?.perhapsTwice, `${backEnd}, ${idTag}: ${all.length}, not marked`);
        const [one] = whole;
        assert.deepEqual(
          [one?.wh, Date.parse(String(one?.from)), Date.parse(String(one?.to))],
          [Math.round(energyWh ?? Number.NaN), startedWallMs, endedWallMs],
        );
      }
    }

    async function trouble(which: number): Promise<void> {
      const cloud = clouds[which]!;
      switch (next(4)) {
        case 0:
          if (isOpen[which]) await cloud.close();
          else await cloud.open();
          isOpen[which] = !isOpen[which];
          break;
        case 1:
          cloud.cut();
          break;
        case 2:
          // The answer to the next start is lost.
          cloud.after = ({ action }) => {
            if (action !== "StartTransaction") return;
            cloud.after = () => {};
            cloud.cut();
          };
          break;
        default:
          bench.kill();
          bench.start();
          bench.report();
      }
      bench.clock.advance(1000);
    }
  });
});

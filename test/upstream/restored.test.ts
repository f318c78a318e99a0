import { strict as assert } from "node:assert";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Restorer } from "../../lib/backup/restore.ts";
import { BadgeList } from "../../lib/session/badges/badge-list.ts";
import { copyMarked } from "../../lib/upstream/restored.ts";
import { ForeignBackEnd } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

describe("Books of back ends after a backup was restored", () => {
  let cloud: ForeignBackEnd;
  let bench: UpstreamBench;
  let folder: string;

  beforeEach(async () => {
    cloud = new ForeignBackEnd();
    await cloud.open();
    bench = new UpstreamBench({ url: cloud.url });
    folder = mkdtempSync(join(tmpdir(), "phasewise-restored-"));
    bench.report();
    await bench.until("it is connected", () => bench.upstreams.state("back-end-1").connected === 1, 1000);
  });
  afterEach(async () => {
    bench.close();
    await cloud.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual(cloud.faults, []);
  });

  const reported = () => bench.until("it is reported", () => bench.books()[0]?.state === "reported");

  it("mark what is sent again after a copy of the database took its place, and lose nothing", async () => {
    await cloud.close();
    await bench.until("it is away", () => bench.upstreams.state("back-end-1").connected === 0);
    const charger = bench.charger();
    await charger.start({ meterWh: 0 });
    await charger.stop({ meterWh: charger.charge(10, 0) });
    const copy = join(folder, "copy.sqlite");
    await copyMarked(bench.store, copy);
    await cloud.open();
    await reported();
    const count = cloud.transactions.size;
    bench.kill();
    bench.replace((path) => copyFileSync(copy, path));
    bench.start();
    bench.report();
    await bench.until("it is sent again", () => cloud.transactions.size > count, 1000);
    await reported();
    assert.equal(bench.books()[0]?.perhapsTwice, true);
  });

  it("mark nothing after a usual start, although a copy was made", async () => {
    await copyMarked(bench.store, join(folder, "copy.sqlite"));
    await cloud.close();
    const charger = bench.charger();
    await charger.start({ meterWh: 0 });
    await charger.stop({ meterWh: charger.charge(10, 0) });
    bench.kill();
    bench.start();
    bench.report();
    assert.equal(bench.store.upstreams.next("back-end-1", "CP1")?.sent, false);
  });

  it("set charges aside that came with a backup as JSON, until somebody has them reported", async () => {
    const charger = bench.charger();
    await charger.start({ meterWh: 0 });
    await charger.stop({ meterWh: charger.charge(10, 0) });
    await reported();
    const [session] = bench.records();
    const old = { ...session!, id: "CP1-1000", transactionId: "1000" };
    const restorer = new Restorer(bench.store, new BadgeList(bench.store.badges, bench.clock), bench.clock);
    await restorer.apply(
      {
        ...{ badges: [], chargePoints: [], names: [], chargerSettings: [], limitCommands: [] },
        ...{ reservations: [], sessions: [old] },
      },
      "test",
    );
    bench.clock.advance(60_000);
    const row = () => bench.books().find((one) => one.session === "CP1-1000");
    assert.equal(row()?.state, "refused");
    assert.match(row()?.reason ?? "", /came with a backup/);
    assert.equal(cloud.transactions.size, 1);
    assert.equal(bench.upstreams.repeat({ sessionId: "CP1-1000" }), 1);
    await bench.until("it is reported", () => row()?.state === "reported");
    assert.equal(cloud.books.at(-1)?.wh, 1000);
  });
});

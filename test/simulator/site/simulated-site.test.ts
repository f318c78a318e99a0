import { strict as assert } from "node:assert";
import { SimulatedSite } from "../../../lib/simulator/site/simulated-site.ts";
import { obeySite } from "../../../lib/simulator/site/site-commands.ts";
import { FakeClock } from "../../fake-clock.ts";
import { TestCentral } from "../central.ts";

describe("A simulated building", () => {
  let central: TestCentral;
  let clock: FakeClock;
  let site: SimulatedSite;

  beforeEach(async () => {
    central = await new TestCentral().listening();
    clock = new FakeClock();
    const { url } = central;
    site = new SimulatedSite(
      {
        zones: [
          { name: "main", limitA: 40, loadA: [4, 5, 6] },
          { name: "garage", parent: "main", limitA: 20 },
        ],
        // Charging needs nobody's leave here: what is tried is where the current goes.
        chargePoints: [
          { url, identity: "CP1", zone: "garage", behaviour: "freeCharging", phases: 1, carPhases: 1, rotation: "STR" },
          { url, identity: "CP2", behaviour: "freeCharging" },
        ],
        meters: [{ name: "grid", zone: "main", port: 0 }],
      },
      clock,
    );
    await site.start();
    clock.advance(20_000);
  });

  afterEach(async () => {
    await site.close();
    await central.close();
  });

  const ask = async (line: Record<string, unknown>) => (await obeySite(site, { id: 7, ...line })) ?? {};

  it("leads each car's current through the breakers above it, on the phase it is wired to", () => {
    assert.deepEqual(site.breakers["garage"]?.currentA, [0, 16, 0]);
    assert.deepEqual(site.breakers["main"]?.currentA, [4, 21, 6]);
  });

  it("shows meters what really flows", () => {
    const shownA = site
      .meter("grid")
      .measure()
      .currentA.map((amps) => Math.round(amps ?? 0));
    assert.deepEqual(shownA, [4, 21, 6]);
  });

  it("obeys lines about a load, a meter and a charge point, and answers with the id it was given", async () => {
    assert.deepEqual(await ask({ zone: "main", loadA: 30 }), { answer: 7 });
    assert.deepEqual(await ask({ meter: "grid", fault: "frozen" }), { answer: 7 });
    assert.deepEqual(await ask({ identity: "CP1", plugged: false }), { answer: 7 });
    clock.advance(5000);
    assert.deepEqual(site.breakers["main"]?.currentA, [30, 30, 30]);
    assert.equal(site.meter("grid").fault, "frozen");
  });

  it("answers with the records of its breakers, and opens new ones", async () => {
    await ask({ zone: "main", loadA: 30 });
    clock.advance(5000);
    const { breakers } = (await ask({ ask: "breakers" })) as { breakers: typeof site.breakers };
    assert.ok(breakers["main"]!.worstOverA > 5.9 && breakers["main"]!.overS >= 4.9);
    await ask({ forget: true });
    assert.equal(site.breakers["main"]?.overS, 0);
  });

  it("answers with what each charge point has in its own books", async () => {
    const { books } = (await ask({ ask: "books" })) as { books: typeof site.books };
    assert.ok(books["CP1"]!.registerWh > 10);
    assert.deepEqual([books["CP1"]!.transactions, books["CP1"]!.waiting], [[], 0]);
  });

  it("takes a charge point more, and one less", async () => {
    const add = { url: central.url, identity: "CP3", zone: "garage", behaviour: "freeCharging" };
    await ask({ add });
    clock.advance(20_000);
    assert.deepEqual(site.breakers["garage"]?.currentA, [16, 32, 16]);
    await ask({ remove: "CP3" });
    clock.advance(200);
    assert.deepEqual(site.breakers["garage"]?.currentA, [0, 16, 0]);
  });

  it("refuses what it does not know, by name, and changes nothing", async () => {
    await assert.rejects(ask({ meter: "attic", fault: "stop" }), /no meter attic/);
    await assert.rejects(ask({ meter: "grid", fault: "sulks" }), /fault must be one of/);
    await assert.rejects(ask({ identity: "CP9", plugged: true }), /no charge point CP9/);
    await assert.rejects(ask({ ask: "weather" }), /ask must be/);
    await assert.rejects(ask({ add: { url: central.url, identity: "CP1" } }), /two charge points CP1/);
  });
});

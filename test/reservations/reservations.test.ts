import { strict as assert } from "node:assert";
import fc from "fast-check";
import { inForce, isOpen, overlaps } from "../../lib/reservations/rules.ts";
import { cases } from "../full.ts";
import { ModelSite } from "./chargers.ts";

describe("A reservation", () => {
  let site: ModelSite;

  beforeEach(() => {
    site = new ModelSite(3);
  });
  afterEach(() => site.close());

  const stateOf = (id: number) =>
    site.reservations.find({ fromWallMs: 0, toWallMs: 1e14, most: 99 }).find((one) => one.id === id)!;

  it("is told to its charger ten minutes before it begins, until the end of the wait", async () => {
    const { one } = await site.make("CP1/1", "ANNA", 60, 180);
    await site.pass(49);
    assert.equal(site.chargers[0]!.held, null);
    await site.pass(2);
    assert.deepEqual(site.chargers[0]!.held, { id: one.id, idTag: "ANNA", untilWallMs: one.fromWallMs + 30 * 60_000 });
    assert.equal(stateOf(one.id).state, "held");
  });

  it("that nobody comes for frees the connector, and says so", async () => {
    const { one } = await site.make("CP1/1", "ANNA", 5, 180);
    await site.pass(36);
    assert.deepEqual([stateOf(one.id).state, site.chargers[0]!.held], ["noShow", null]);
    assert.equal(site.told.at(-1)!.state, "noShow");
    assert.ok(site.start(site.chargers[0]!, "BERTA"));
  });

  it("is used by its badge, and by one of its group", async () => {
    site.groups.set("ANNA", "FLEET").set("ALBERT", "FLEET");
    for (const [charger, idTag] of [
      [site.chargers[0]!, "ANNA"],
      [site.chargers[1]!, "ALBERT"],
    ] as const) {
      const { one } = await site.make(`${charger.identity}/1`, "ANNA", 0, 60);
      assert.ok(!site.start(charger, "BERTA"));
      assert.ok(site.start(charger, idTag));
      assert.equal(stateOf(one.id).state, "used");
    }
  });

  it("keeps other badges out where its charger keeps nothing", async () => {
    for (const kind of ["none", "rejects"] as const) {
      const charger = site.chargers[kind === "none" ? 0 : 1]!;
      charger.kind = kind;
      const { one } = await site.make(`${charger.identity}/1`, "ANNA", null, 60);
      assert.deepEqual([one.state, one.why], ["held", kind === "none" ? "notSupported" : "rejected"]);
      assert.ok(!site.start(charger, "BERTA"));
      assert.ok(site.start(charger, "ANNA"));
    }
  });

  it("lets whoever charges show the badge again to end the charge", async () => {
    site.start(site.chargers[0]!, "BERTA");
    await site.make("CP1/1", "ANNA", 5, 60);
    const against = (idTag: string) =>
      site.reservations.against({ chargePoint: "CP1", connector: 1, idTag, startedWallMs: null });
    assert.equal(against("BERTA"), null);
    assert.notEqual(against("CARLA"), null);
  });

  it("of now is refused in plain words where a car charges; of later it is tried again until the connector is free", async () => {
    site.start(site.chargers[0]!, "BERTA");
    await assert.rejects(site.make("CP1/1", "ANNA", null, 60), { field: "operationOccupied" });
    const { one } = await site.make("CP1/1", "ANNA", 5, 60);
    assert.deepEqual([one.state, one.why], ["booked", "occupied"]);
    site.chargers[0]!.charges = null;
    site.change("status", site.chargers[0]!);
    await site.pass(1);
    assert.equal(stateOf(one.id).state, "held");
  });

  it("that could not be kept until the end says why", async () => {
    site.start(site.chargers[0]!, "BERTA");
    const { one } = await site.make("CP1/1", "ANNA", 5, 60);
    await site.pass(40);
    assert.deepEqual([stateOf(one.id).state, stateOf(one.id).why], ["refused", "occupied"]);
  });

  it("of a zone gets a free connector near its time, and another one when that is lost", async () => {
    site.start(site.chargers[0]!, "BERTA");
    const { one } = await site.make("Left", "ANNA", 30, 90);
    assert.equal(one.place, null);
    await site.pass(21);
    assert.equal(stateOf(one.id).place, "CP2/1");
    site.chargers[0]!.charges = null;
    site.chargers[1]!.status = "Faulted";
    site.change("status", site.chargers[1]!);
    await site.pass(1);
    assert.deepEqual(
      [stateOf(one.id).place, site.chargers[0]!.held?.id, site.chargers[1]!.held],
      ["CP1/1", one.id, null],
    );
  });

  it("of a zone goes on to the next connector where one refuses it", async () => {
    site.chargers[0]!.answer = () => ({ status: "Occupied" });
    const { one } = await site.make("Left", "ANNA", null, 90);
    assert.deepEqual([one.state, one.place], ["held", "CP2/1"]);
  });

  it("is refused, naming field and fix, where it does not fit", async () => {
    await site.make("CP1/1", "ANNA", 60, 120);
    await assert.rejects(site.make("CP1/1", "BERTA", 90, 150), {
      field: "operationOverlap",
      message: /payload\.target/,
    });
    await site.make("CP1/1", "BERTA", 120, 150);
    await site.make("Left", "CARLA", 60, 120);
    await assert.rejects(site.make("Left", "DORA", 100, 130), { field: "operationFull", message: /payload\.zone/ });
    await assert.rejects(site.make("CP2/1", "DORA", 100, 130), { field: "operationFull", message: /payload\.target/ });
    await assert.rejects(site.make("CP9/1", "DORA", 60, 90), { field: "operationTarget", message: /payload\.target/ });
    await assert.rejects(site.make("Nowhere", "DORA", 60, 90), { field: "operationZone", message: /payload\.zone/ });
    await assert.rejects(site.make("CP3/1", "BLOCKED", 60, 90), { field: "operationBadge", message: /payload\.idTag/ });
  });

  it("is taken back at its charger when it is cancelled, also one that was away meanwhile", async () => {
    const { one } = await site.make("CP1/1", "ANNA", null, 60);
    const charger = site.chargers[0]!;
    charger.online = false;
    await site.reservations.cancel(one.id);
    await site.pass(1);
    assert.notEqual(charger.held, null);
    charger.online = true;
    site.change("ready", charger);
    await site.pass(1);
    assert.equal(charger.held, null);
  });

  it("is told again when its charger has started anew, and when we have", async () => {
    const { one } = await site.make("CP1/1", "ANNA", null, 60);
    const charger = site.chargers[0]!;
    charger.loseAll();
    site.change("boot", charger);
    site.change("ready", charger);
    await site.pass(1);
    assert.equal(charger.held?.id, one.id);
    charger.loseAll();
    site.restart();
    await site.pass(1);
    assert.equal(charger.held?.id, one.id);
  });

  it("with the same ref is changed instead of made twice", async () => {
    const { one } = await site.make("CP1/1", "ANNA", 60, 120, { ref: "a@b" });
    assert.deepEqual(await site.make("CP1/1", "ANNA", 60, 120, { ref: "a@b" }), { one, isNew: false });
    const moved = await site.make("CP1/1", "ANNA", 90, 150, { ref: "a@b" });
    assert.deepEqual([moved.isNew, stateOf(one.id).state], [true, "cancelled"]);
  });

  it("survives a clock that was ahead for a while", async () => {
    const { one } = await site.make("CP1/1", "ANNA", 60, 120);
    site.clock.jumpWall(86_400_000);
    await site.pass(1);
    assert.equal(stateOf(one.id).state, "noShow");
    site.clock.jumpWall(-86_400_000);
    await site.pass(51);
    assert.deepEqual([stateOf(one.id).state, site.chargers[0]!.held?.id], ["held", one.id]);
  });

  it("holds its promise whatever happens: one at a time, freed in time, and told anew after each restart", async () => {
    const charger = fc.nat({ max: 2 });
    const badge = fc.constantFrom("ANNA", "BERTA", "CARLA");
    const step = fc.oneof(
      fc.record({
        what: fc.constant("make"),
        where: fc.constantFrom("CP1/1", "CP2/1", "Left", "Garage"),
        badge,
        from: fc.nat(90),
        long: fc.integer({ min: 1, max: 120 }),
      }),
      fc.record({ what: fc.constant("cancel"), charger, badge }),
      fc.record({
        what: fc.constantFrom("start", "leave", "offline", "back", "reboot", "fault", "well"),
        charger,
        badge,
      }),
      fc.record({ what: fc.constantFrom("restart"), charger, badge }),
      fc.record({ what: fc.constant("pass"), minutes: fc.integer({ min: 1, max: 45 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const model = new ModelSite(3);
        try {
          for (const one of steps as Step[]) {
            await act(model, one);
            await model.pass(0.1);
            check(model);
          }
          // A restart, with every charger back: each holds exactly what is in force.
          for (const each of model.chargers) Object.assign(each, { online: true, status: "Available", charges: null });
          model.restart();
          await model.pass(6);
          const wanted = inForce(model.reservations.coming, model.clock.wallMs());
          for (const each of model.chargers)
            assert.equal(each.held?.id, wanted.get(`${each.identity}/1`)?.id, each.identity);
          await model.pass(1000);
          assert.deepEqual(model.reservations.coming, [], "everything ends");
          assert.ok(model.chargers.every(({ held }) => held === null));
        } finally {
          model.close();
        }
      }),
      { numRuns: cases(25, 300) },
    );
  });
});

interface Step {
  what: string;
  where: string;
  badge: string;
  from: number;
  long: number;
  charger: number;
  minutes: number;
}

async function act(model: ModelSite, { what, where, badge, from, long, charger, minutes }: Step): Promise<void> {
  const one = model.chargers[charger ?? 0]!;
  if (what === "make") await model.make(where, badge, from === 0 ? null : from, from + long).catch(() => undefined);
  if (what === "cancel") {
    const first = model.reservations.coming[0];
    if (first) await model.reservations.cancel(first.id);
  }
  if (what === "start") model.start(one, badge);
  if (what === "leave") one.charges = null;
  if (what === "offline") one.online = false;
  if (what === "reboot") one.loseAll();
  if (what === "fault") one.status = "Faulted";
  if (what === "well") one.status = "Available";
  if (what === "back" || what === "reboot") {
    one.online = true;
    model.change("ready", one);
  }
  if (what === "restart") model.restart();
  if (what === "pass") await model.pass(minutes);
  if (what === "leave" || what === "fault" || what === "well") model.change("status", one);
}

function check(model: ModelSite): void {
  const open = model.reservations.coming;
  const nowWallMs = model.clock.wallMs();
  for (const one of open) {
    assert.ok(nowWallMs < one.freeWallMs + 60_000, "nobody came and it is still there");
    for (const other of open)
      if (one.id < other.id && one.place !== null && one.place === other.place)
        assert.ok(!overlaps(one, other), `${one.id} and ${other.id} at ${one.place}`);
  }
  assert.ok(open.every(isOpen));
}

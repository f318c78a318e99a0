import { strict as assert } from "node:assert";
import { createRPCError } from "ocpp-rpc";
import { EvError } from "../../lib/errors.ts";
import type { UpstreamRecord } from "../../lib/store/books/upstreams.ts";
import { Authority } from "../certificates.ts";
import { ForeignBackEnd } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

describe("Charges reported to a back end", () => {
  let cloud: ForeignBackEnd;
  let bench: UpstreamBench;

  beforeEach(async () => {
    cloud = new ForeignBackEnd();
    await cloud.open();
    bench = new UpstreamBench({ url: cloud.url });
  });
  afterEach(async () => {
    bench.close();
    await cloud.close();
    assert.deepEqual(cloud.faults, []);
  });

  const begin = async (): Promise<void> => {
    bench.report();
    await bench.until("it is connected", () => cloud.actions().includes("StatusNotification"));
  };
  const settled = () => bench.until("all is reported", () => bench.books().every(({ state }) => state === "reported"));
  /** One charge of an hour at some power. */
  const charge = async (meterWh = 1000, powerW = 6000): Promise<void> => {
    const charger = bench.charger();
    await charger.start({ meterWh });
    const endWh = charger.charge(60, meterWh, powerW);
    await charger.stop({ meterWh: endWh });
  };

  it("are there with start, samples and end, in order, and their energy is ours", async () => {
    await begin();
    const charger = bench.charger();
    await charger.start({ meterWh: 1000, idTag: "04AB" });
    await bench.until("the start is confirmed", () => bench.books()[0]?.transactionId === 7000);
    const endWh = charger.charge(30, 1000);
    await bench.until("samples have come", () => (cloud.transactions.get(7000)?.samples.length ?? 0) > 5);
    await charger.stop({ meterWh: endWh });
    await settled();
    const [record] = bench.records();
    const [theirs] = cloud.books;
    assert.equal(theirs?.wh, record?.energyWh);
    assert.equal(theirs?.idTag, "04AB");
    assert.equal(Date.parse(String(theirs?.from)), record?.startedWallMs);
    assert.equal(Date.parse(String(theirs?.to)), record?.endedWallMs);
    const order = cloud
      .actions()
      .filter((action) => !["BootNotification", "StatusNotification", "Heartbeat"].includes(action));
    assert.deepEqual([order[0], order.at(-1)], ["StartTransaction", "StopTransaction"]);
    assert.ok(order.slice(1, -1).every((action) => action === "MeterValues"));
    const samples = cloud.transactions
      .get(7000)!
      .samples.map(({ meterValue }) => meterValue as { sampledValue: { value: string }[] }[]);
    const registers = samples.map(([one]) => Number(one!.sampledValue[0]!.value));
    assert.deepEqual(
      registers,
      registers.toSorted((a, b) => a - b),
    );
    assert.ok(registers[0]! >= 1000 && registers.at(-1)! <= endWh);
  });

  it("wait while the back end is away, over a restart, too, and are sent in order when it is back", async () => {
    await begin();
    await cloud.close();
    await charge(0, 6000);
    await charge(6000, 9000);
    bench.kill();
    bench.start();
    bench.report();
    await charge(15_000, 3000);
    await cloud.open();
    await bench.until("all is reported", () => cloud.books.filter(({ wh }) => wh !== null).length === 3, 1000);
    await settled();
    assert.deepEqual(
      cloud.books.map(({ wh }) => wh),
      [6000, 9000, 3000],
    );
    assert.ok(bench.books().every(({ perhapsTwice }) => !perhapsTwice));
  });

  it("that ended while nothing of ours ran are reported after the start of the process", async () => {
    await begin();
    const charger = bench.charger();
    await charger.start({ meterWh: 0 });
    await bench.until("the start is confirmed", () => bench.books()[0]?.transactionId === 7000);
    bench.kill();
    bench.start();
    bench.clock.advance(3_600_000);
    // The session ends before anything is reported again.
    await bench.charger().stop({ meterWh: 4000, transactionId: charger.transactionId });
    bench.report();
    await settled();
    assert.deepEqual([cloud.books.length, cloud.books[0]?.wh], [1, 4000]);
  });

  it("are sent again with the same content and marked when the answer to their start is lost", async () => {
    await begin();
    cloud.after = ({ action }) => {
      if (action !== "StartTransaction") return;
      cloud.after = () => {};
      cloud.cut();
    };
    await charge();
    await bench.until("it is back", () => cloud.transactions.size === 2, 1000);
    await settled();
    const [first, second] = [...cloud.transactions.values()];
    assert.deepEqual(first?.start, second?.start);
    const [book] = bench.books();
    assert.deepEqual([book?.perhapsTwice, book?.transactionId], [true, second?.transactionId]);
    assert.equal(first?.stop, null);
    assert.equal(second?.stop?.["meterStop"], 7000);
  });

  it("are marked, too, when the process was killed before the answer came", async () => {
    await begin();
    cloud.after = ({ action }) => {
      if (action !== "StartTransaction") return;
      cloud.after = () => {};
      bench.kill();
    };
    await bench.charger().start();
    await bench.until("the start was sent", () => cloud.transactions.size === 1);
    bench.start();
    bench.report();
    await bench.until("it is sent again", () => bench.books()[0]?.transactionId === 7001, 1000);
    assert.equal(bench.books()[0]?.perhapsTwice, true);
  });

  it("wait while the back end has an error of its own, and are not marked", async () => {
    await begin();
    let errors = 3;
    cloud.before = ({ action }) => {
      if (action === "StartTransaction" && errors-- > 0) throw createRPCError("InternalError", "database is away");
    };
    await charge();
    await bench.until(
      "it was tried",
      () => bench.upstreams.state("back-end-1").failure?.includes("database is away") === true,
    );
    await bench.until("it is taken", () => cloud.transactions.size === 1, 1000);
    await settled();
    assert.deepEqual([bench.books()[0]?.perhapsTwice, cloud.books.length], [false, 1]);
    assert.equal(bench.upstreams.state("back-end-1").failure, null);
  });

  it("are set aside with an alarm when the back end will never take them, and those behind go on", async () => {
    await begin();
    cloud.before = ({ action, payload }) => {
      if (action === "StartTransaction" && payload["idTag"] === "BAD")
        throw createRPCError("TypeConstraintViolation", "no such tag");
    };
    const charger = bench.charger();
    await charger.start({ meterWh: 0, idTag: "BAD" });
    await charger.stop({ meterWh: 500 });
    await charge();
    await bench.until("the other one is reported", () => bench.books().some(({ state }) => state === "reported"), 1000);
    const [bad, good] = ["BAD", "TAG"].map((tag) => bench.books().find(({ start }) => start.idTag === tag));
    assert.equal(bad?.state, "refused");
    assert.match(bad?.reason ?? "", /TypeConstraintViolation.*no such tag/);
    assert.deepEqual([good?.state, cloud.books.length], ["reported", 1]);
    bench.clock.advance(60_000);
    const [alarm] = bench.alarms.list();
    assert.match(alarm?.text ?? "", /Back end 1 refused 1 charge: .*no such tag/);
  });

  it("raise an alarm when the oldest has waited for a day", async () => {
    await cloud.close();
    bench.report();
    await charge();
    bench.clock.advance(2 * 86_400_000);
    assert.deepEqual(
      bench.alarms.list().map(({ key }) => key),
      ["upstreamWaits/Back end 1"],
    );
  });

  it("keep start and end over a month without the back end, and their samples by the quarter of an hour", async () => {
    await cloud.close();
    bench.report();
    const charger = bench.charger();
    for (let day = 0; day < 30; day++) {
      await charger.start({ meterWh: day * 10_000 });
      charger.charge(50, day * 10_000, 12_000);
      await charger.stop({ meterWh: day * 10_000 + 10_000 });
      bench.clock.jumpWall(22 * 3_600_000);
    }
    await cloud.open();
    await bench.until("all is reported", () => cloud.books.filter(({ wh }) => wh !== null).length === 30, 1000);
    assert.ok(cloud.books.every(({ wh }) => wh === 10_000));
    const samples = [...cloud.transactions.values()].map((one) => one.samples.length);
    assert.ok(samples[0]! >= 3 && samples[0]! <= 6, `${samples[0]} samples of the first day`);
    assert.ok(samples.at(-1)! > 20, `${samples.at(-1)} samples of the last day`);
  });

  it("tell the state of each connector, the newest only, and a car that we pause as SuspendedEVSE", async () => {
    await begin();
    const states = () =>
      cloud.heard
        .filter(({ action, payload }) => action === "StatusNotification" && payload["connectorId"] === 1)
        .map(({ payload }) => payload["status"]);
    await bench.until("the first state is there", () => states().length === 1);
    bench.setpoints.set("CP1/1", 0);
    bench.state("CP1", "SuspendedEV");
    await bench.until("the pause is told", () => states().length === 2);
    await cloud.close();
    bench.setpoints.set("CP1/1", 16);
    for (const status of ["Charging", "SuspendedEV", "Finishing", "Available", "Preparing"]) bench.state("CP1", status);
    await cloud.open();
    await bench.until("it is back", () => states().length === 3, 1000);
    assert.deepEqual(states(), ["Available", "SuspendedEVSE", "Preparing"]);
    bench.stations.get("CP1")!.online = false;
    await bench.until("its absence is told", () => states().length === 4, 10_000);
    assert.equal(states().at(-1), "Unavailable");
  });

  it("answer commands by the table, each with the schema's own words, and never more than it may", async () => {
    await begin();
    const status = async (action: string, payload: object = {}) =>
      (await cloud.command("CP1", action, payload as never))["status"];
    const profile = {
      ...{
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: "TxDefaultProfile",
        chargingProfileKind: "Absolute",
      },
      chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 32 }] },
    };
    assert.equal(await status("Reset", { type: "Hard" }), "Rejected");
    assert.equal(await status("ChangeAvailability", { connectorId: 0, type: "Inoperative" }), "Rejected");
    assert.equal(await status("SetChargingProfile", { connectorId: 1, csChargingProfiles: profile }), "NotSupported");
    assert.equal(await status("ClearChargingProfile", {}), "Unknown");
    assert.equal(await status("GetCompositeSchedule", { connectorId: 1, duration: 60 }), "Rejected");
    assert.equal(await status("ChangeConfiguration", { key: "AuthorizationKey", value: "00" }), "NotSupported");
    assert.equal(await status("ChangeConfiguration", { key: "HeartbeatInterval", value: "1" }), "Rejected");
    assert.equal(await status("RemoteStartTransaction", { idTag: "X" }), "Rejected");
    assert.equal(await status("RemoteStopTransaction", { transactionId: 5 }), "Rejected");
    assert.equal(await status("UnlockConnector", { connectorId: 1 }), "NotSupported");
    assert.equal(await status("TriggerMessage", { requestedMessage: "Heartbeat" }), "Accepted");
    await bench.until("the heartbeat comes", () => cloud.actions().includes("Heartbeat"));
    await assert.rejects(
      cloud.command("CP1", "UpdateFirmware", { location: "http://x/", retrieveDate: new Date().toISOString() }),
      /pass this on/,
    );
    const { configurationKey, unknownKey } = await cloud.command("CP1", "GetConfiguration", {
      key: ["NumberOfConnectors", "AuthorizationKey"],
    });
    assert.deepEqual(
      [configurationKey, unknownKey],
      [[{ key: "NumberOfConnectors", readonly: true, value: "1" }], ["AuthorizationKey"]],
    );
    assert.deepEqual(bench.orders, []);
  });
});

describe("Charges reported to two back ends", () => {
  it("of a charger without OCPP are in both books, in the one with a tag of its own", async () => {
    const clouds = [new ForeignBackEnd(), new ForeignBackEnd()];
    for (const cloud of clouds) await cloud.open();
    const bench = new UpstreamBench(
      { url: clouds[0]!.url, identity: "WALLBOX-{identity}" },
      { url: clouds[1]!.url, reportingTag: "CREDITS", identities: [{ identity: "cp1", upstreamIdentity: "NL*1" }] },
    );
    bench.addStation("CP1", { ocpp: false });
    bench.isFree = true;
    bench.report();
    const charger = bench.charger();
    charger.status("Charging");
    charger.charge(30, 5000, 6000, { transactionId: null });
    charger.status("Available");
    const both = () => clouds.every(({ books }) => books.some(({ wh }) => wh !== null));
    await bench.until("both have it", both, 1000);
    assert.deepEqual(
      clouds.map(({ books }) => books.map(({ idTag, wh }) => [idTag, wh])),
      [[["NO-BADGE", 3000]], [["CREDITS", 3000]]],
    );
    assert.deepEqual(
      clouds.map(({ heard }) => heard[0]?.identity),
      ["WALLBOX-CP1", "NL*1"],
    );
    bench.close();
    for (const cloud of clouds) await cloud.close();
    assert.deepEqual(
      clouds.map(({ faults }) => faults),
      [[], []],
    );
  });
});

describe("A back end that bills", () => {
  it("starts and stops charges by its own numbers, and is told Rejected for one that is not known", async () => {
    const cloud = new ForeignBackEnd();
    await cloud.open();
    const bench = new UpstreamBench({ url: cloud.url, role: "billing" });
    bench.report();
    const charger = bench.charger();
    const transactionId = await charger.start();
    await bench.until("the start is confirmed", () => bench.books()[0]?.transactionId === 7000);
    assert.deepEqual(await cloud.command("CP1", "RemoteStopTransaction", { transactionId: Number(transactionId) }), {
      status: "Rejected",
    });
    assert.deepEqual(await cloud.command("CP1", "RemoteStopTransaction", { transactionId: 7000 }), {
      status: "Accepted",
    });
    assert.deepEqual(await cloud.command("CP1", "RemoteStartTransaction", { idTag: "APP", connectorId: 1 }), {
      status: "Accepted",
    });
    assert.deepEqual(await cloud.command("CP1", "RemoteStartTransaction", { idTag: "APP", connectorId: 3 }), {
      status: "Rejected",
    });
    assert.deepEqual(bench.orders, [
      ["CP1", "stopTransaction", { transactionId }],
      ["CP1", "startTransaction", { idTag: "APP", connector: 1 }],
    ]);
    bench.close();
    await cloud.close();
    assert.deepEqual(cloud.faults, []);
  });
});

describe("A back end behind a certificate and a password", () => {
  const authority = new Authority("Their authority");
  const { cert, key } = authority.issue("cloud", ["127.0.0.1"]);
  let cloud: ForeignBackEnd;
  beforeEach(async () => {
    cloud = new ForeignBackEnd({ cert, key });
    cloud.allows = (_identity, password) => password?.toString() === "right";
    await cloud.open();
  });
  afterEach(() => cloud.close());

  for (const [what, settings, failure] of [
    ["is reached with both", { password: "right", tls: { ca: authority.cert } }, null],
    ["says that the password is wrong", { password: "wrong", tls: { ca: authority.cert } }, /HTTP 401/],
    ["is not believed with the certificate of others", { password: "right", tls: {} }, /certificate/],
  ] as const) {
    it(what, async () => {
      const bench = new UpstreamBench({ url: cloud.url, ...settings });
      bench.report();
      const state = () => bench.upstreams.state("back-end-1");
      await bench.until("it is known", () => state().connected === 1 || state().failure !== null);
      if (failure) assert.match(state().failure ?? "", failure);
      else assert.deepEqual([state().connected, state().failure], [1, null]);
      bench.close();
    });
  }
});

describe("The books of a back end", () => {
  it("do not call a start lost that waited for a disk and was not sent", async () => {
    const cloud = new ForeignBackEnd();
    await cloud.open();
    const bench = new UpstreamBench({ url: cloud.url });
    bench.report();
    const book = bench.store.upstreams;
    const { sending } = book;
    let failures = 2;
    book.sending = async (message) => {
      await sending(message);
      if (failures-- > 0) throw new EvError("EV_STORE_WRITE", "the disk does not answer");
    };
    const charger = bench.charger();
    await charger.start({ meterWh: 0, idTag: "GOOD" });
    await bench.until("its start is answered", () => bench.books().some(({ transactionId }) => transactionId !== null));
    charger.charge(10, 0, 6000);
    await charger.stop({ meterWh: 1000 });
    await bench.until("it is settled", () => bench.books().every(({ state }) => state === "reported"), 1000);
    assert.deepEqual(
      bench.books().map(({ perhapsTwice }) => perhapsTwice),
      [false],
    );
    assert.equal(failures, -1);
    bench.close();
    await cloud.close();
  });

  it("say of each session what it has, and what was refused is reported again", async () => {
    const cloud = new ForeignBackEnd();
    await cloud.open();
    const bench = new UpstreamBench({ url: cloud.url });
    bench.report();
    let isStrict = true;
    cloud.before = ({ action, payload }) => {
      if (isStrict && action === "StartTransaction" && payload["idTag"] === "BAD")
        throw createRPCError("PropertyConstraintViolation", "unknown tag");
    };
    for (const [number, idTag] of ["BAD", "GOOD"].entries()) {
      const charger = bench.charger();
      await charger.start({ meterWh: 0, idTag });
      // The charge takes ten minutes in one step, and an answer that is on its way would be too late.
      const isAnswered = ({ state, transactionId }: UpstreamRecord) => state === "refused" || transactionId !== null;
      await bench.until("its start is answered", () => bench.books().slice(number).some(isAnswered));
      charger.charge(10, 0, 6000);
      await charger.stop({ meterWh: 1000 });
    }
    const rows = (payload: object = {}) => bench.upstreams.books(payload, "Europe/Berlin").payload;
    await bench.until("both are settled", () => rows({ state: "waiting" }).length === 0, 1000);
    assert.deepEqual(
      rows().map(({ state, backEnd, energyWh, upstreamTransactionId }) => [
        state,
        backEnd,
        energyWh,
        upstreamTransactionId,
      ]),
      [
        ["reported", "Back end 1", 1000, "7000"],
        ["refused", "Back end 1", 1000, null],
      ],
    );
    const [refused] = rows({ state: "refused", backEnd: "Back end 1", chargePoint: "CP1", from: "today" });
    assert.match(refused?.reason ?? "", /unknown tag/);
    assert.throws(() => rows({ backEnd: "nobody" }), /payload.backEnd/);
    assert.throws(() => bench.upstreams.repeat({ sessionId: "CP1-0" }), /payload.sessionId/);
    isStrict = false;
    assert.equal(bench.upstreams.repeat({ sessionId: refused?.sessionId }), 1);
    await bench.until("it is reported", () => rows({ state: "reported" }).length === 2);
    assert.deepEqual(
      cloud.books.map(({ idTag, wh }) => [idTag, wh]),
      [
        ["GOOD", 1000],
        ["BAD", 1000],
      ],
    );
    bench.clock.advance(60_000);
    assert.deepEqual(bench.alarms.list(), []);
    bench.close();
    await cloud.close();
  });
});

import { strict as assert } from "node:assert";
import type { MapId, ModbusDoor, WriteNews } from "../../../lib/managers/modbus/modbus-door.ts";
import { FakeClock } from "../../fake-clock.ts";
import { CHARGING, FREE, MadeUpSite, type Reported } from "../site.ts";
import { type Client, connect, exceptionOf, registers } from "./client.ts";
import { openDoor } from "./open-door.ts";

/** Text as it stands in registers, low byte first, without the zeros at its end. */
const littleText = (words: number[]) =>
  Buffer.from(words.flatMap((word) => [word & 0xff, word >> 8]))
    .toString("utf8")
    .replace(/\0+$/, "");
const text = (words: number[]) =>
  Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]))
    .toString("utf8")
    .replace(/\0+$/, "");
const u32 = ([high = 0, low = 0]: number[]) => high * 65_536 + low;

/** One thing that a driver reads: where, how many words, and what it makes of them for each state of a charger. */
interface Reading {
  what: string;
  address: number;
  count: number;
  as: (words: number[]) => unknown;
  charging: unknown;
  free: unknown;
}

const one = ([word]: number[]) => word;

/** https://github.com/victronenergy/dbus-modbus-client fe12d8c, ev_charger.py; probe.py, device.py read in this order. */
const GX: Reading[] = [
  { what: "product id", address: 5000, count: 1, as: one, charging: 0xc026, free: 0xc026 },
  { what: "/Serial", address: 5001, count: 6, as: littleText, charging: "PWa6b75a1372", free: "PWa6b75a1372" },
  { what: "/FirmwareVersion", address: 5007, count: 2, as: u32, charging: 0x130ff, free: 0x130ff },
  { what: "/CustomName", address: 5027, count: 22, as: littleText, charging: "CP1/1", free: "CP1/1" },
  // All data registers in one read: the hole before /MinCurrent is small enough (pack_regs, hole_max 31).
  { what: "/Mode", address: 5009, count: 54, as: (words) => words[0], charging: 0, free: 0 },
  { what: "/StartStop", address: 5009, count: 54, as: (words) => words[1], charging: 1, free: 1 },
  {
    what: "/Ac/L1..3/Power",
    address: 5009,
    count: 54,
    as: (w) => w.slice(2, 5),
    charging: [3680, 3565, 3450],
    free: [0, 0, 0],
  },
  { what: "/Ac/Power", address: 5009, count: 54, as: (words) => words[5], charging: 10_695, free: 0 },
  { what: "/Status", address: 5009, count: 54, as: (words) => words[6], charging: 2, free: 0 },
  { what: "/SetCurrent", address: 5009, count: 54, as: (words) => words[7], charging: 32, free: 32 },
  { what: "/MaxCurrent", address: 5009, count: 54, as: (words) => words[8], charging: 32, free: 32 },
  { what: "/Current × 10", address: 5009, count: 54, as: (words) => words[9], charging: 160, free: 0 },
  { what: "/Session/Time", address: 5009, count: 54, as: (w) => u32(w.slice(10)), charging: 3725, free: 0 },
  { what: "/Session/Energy × 100", address: 5009, count: 54, as: (w) => w[12], charging: 743, free: 0 },
  {
    what: "/Ac/Energy/Forward × 100",
    address: 5009,
    count: 54,
    as: (w) => u32(w.slice(14)),
    charging: 123_457,
    free: 123_457,
  },
  { what: "/Position", address: 5009, count: 54, as: (words) => words[17], charging: 0, free: 0 },
  { what: "/AutoStart", address: 5009, count: 54, as: (words) => words[40], charging: 1, free: 1 },
  { what: "/MinCurrent", address: 5009, count: 54, as: (words) => words[53], charging: 6, free: 6 },
];

/** https://github.com/evcc-io/evcc b29b49e, charger/victron.go (victronEVCS). */
const EVCC_VICTRON: Reading[] = [
  { what: "Mode must be manual", address: 5009, count: 1, as: one, charging: 0, free: 0 },
  { what: "ThreePhaseEnabled", address: 5100, count: 1, as: one, charging: 0, free: 0 },
  { what: "Status", address: 5015, count: 1, as: ([word]) => "ABCD"[word!], charging: "C", free: "A" },
  { what: "Enabled", address: 5010, count: 1, as: one, charging: 1, free: 1 },
  { what: "CurrentPower", address: 5014, count: 1, as: one, charging: 10_695, free: 0 },
  { what: "ChargedEnergy", address: 5021, count: 1, as: ([word]) => word! / 100, charging: 7.43, free: 0 },
];

/** https://github.com/evcc-io/evcc b29b49e, charger/bender.go: what it asks to find out, and in each cycle. */
const EVCC_BENDER: Reading[] = [
  { what: "ChargePointModel", address: 142, count: 10, as: text, charging: "Phasewise", free: "Phasewise" },
  { what: "ActivePower", address: 220, count: 2, as: u32, charging: 10_695, free: 0 },
  {
    what: "Voltages: all ones",
    address: 222,
    count: 6,
    as: (w) => w.every((word) => word === 0xffff),
    charging: true,
    free: true,
  },
  { what: "EVBatteryState", address: 730, count: 1, as: one, charging: 0xffff, free: 0xffff },
  { what: "HemsCurrentLimit10", address: 1001, count: 1, as: one, charging: 320, free: 320 },
  { what: "SmartVehicleDetected", address: 740, count: 1, as: one, charging: 0, free: 0 },
  { what: "UserID", address: 720, count: 10, as: text, charging: "", free: "" },
  { what: "ChargePointState", address: 122, count: 1, as: ([word]) => " ABCD"[word!], charging: "C", free: "A" },
  {
    what: "Currents, mA",
    address: 212,
    count: 6,
    as: (w) => [u32(w), u32(w.slice(2)), u32(w.slice(4))],
    charging: [16_000, 15_500, 15_000],
    free: [0, 0, 0],
  },
  { what: "TotalEnergy, Wh", address: 218, count: 2, as: u32, charging: 1_234_567, free: 1_234_567 },
  { what: "RelayState", address: 140, count: 1, as: one, charging: 1, free: 0 },
  { what: "OcppCpStatus", address: 104, count: 1, as: one, charging: 6, free: 0 },
  { what: "Firmware", address: 100, count: 2, as: text, charging: "5.32", free: "5.32" },
];

const DRIVERS: [string, MapId, number, Reading[]][] = [
  ["a GX device", "victron", 1, GX],
  ["evcc's victron-evcs", "victron", 0, EVCC_VICTRON],
  ["evcc's bender", "bender", 255, EVCC_BENDER],
];

describe("what others' drivers read and write", () => {
  let clock: FakeClock;
  let site: MadeUpSite;
  let door: ModbusDoor;
  let client: Client;
  let news: WriteNews[];

  async function open(map: MapId, unitId: number, reported: Reported, more: object = {}): Promise<void> {
    clock = new FakeClock();
    site = new MadeUpSite(clock, ["CP1"]);
    site.reported.set("CP1/1", reported);
    const opened = await openDoor(site, { map, ...more });
    ({ door, news } = opened);
    client = await connect(opened.port, unitId);
  }

  afterEach(async () => {
    await new Promise<void>((resolve) => client.close(() => resolve()));
    await door.close();
  });

  for (const [driver, map, unitId, readings] of DRIVERS) {
    describe(`for ${driver}`, () => {
      for (const state of ["charging", "free"] as const)
        it(`are what they mean while a charger is ${state}`, async () => {
          await open(map, unitId, state === "charging" ? CHARGING : FREE);
          for (const { what, address, count, as, [state]: expected } of readings)
            assert.deepEqual(as(await registers(client, address, count)), expected, what);
        });
    });
  }

  it("for a GX device: an away charger is not there, which is not 0 W; who it is still stands there", async () => {
    await open("victron", 1, { online: false });
    assert.equal(await exceptionOf(registers(client, 5009, 54)), 11);
    assert.equal(await exceptionOf(registers(client, 5014)), 11);
    assert.deepEqual(await registers(client, 5000), [0xc026]);
  });

  it("for evcc's bender: an away charger is all ones, and its state is none", async () => {
    await open("bender", 255, { online: false });
    assert.deepEqual(await registers(client, 220, 2), [0xffff, 0xffff]);
    assert.deepEqual(await registers(client, 122), [0xffff]);
  });

  it("for evcc's bender: no switch between one phase and three is found, which would pause cars", async () => {
    await open("bender", 255, CHARGING);
    assert.equal(await exceptionOf(registers(client, 1002)), 2);
    await client.writeRegisters(1002, [4140]);
    assert.equal(site.managers.said("door", "CP1/1")?.limitA, 6);
  });

  it("a GX device and evcc write one register; each write is a lease that is read back", async () => {
    await open("victron", 1, CHARGING);
    await client.writeRegister(5016, 10);
    assert.deepEqual(await registers(client, 5016), [10]);
    await client.writeRegister(5010, 0);
    assert.deepEqual(await registers(client, 5010), [0]);
    assert.deepEqual(await registers(client, 5016), [0]);
    await client.writeRegister(5010, 1);
    assert.deepEqual(await registers(client, 5016), [10]);
    await client.writeRegister(5009, 1);
    const { writer, code, limitA, permit, mode } = site.managers.said("door", "CP1/1")!;
    assert.deepEqual([writer, code, limitA, permit, mode], ["127.0.0.1", "HEMS", 10, true, "pv"]);
    assert.equal(await exceptionOf(client.writeRegister(5009, 2)), 3, "there are no schedules");
    assert.equal(await exceptionOf(client.writeRegister(5017, 10)), 2);
    assert.deepEqual(
      news.map(({ register, refused }) => [register, refused]),
      [
        [5016, null],
        [5010, null],
        [5010, null],
        [5009, null],
        [5009, "register"],
        [5017, "register"],
      ],
    );
  });

  it("evcc's bender writes one register with function 16: 0 pauses, tenths are tenths", async () => {
    await open("bender", 255, CHARGING);
    await client.writeRegisters(1001, [105]);
    assert.equal(site.managers.said("door", "CP1/1")?.limitA, 10.5);
    await client.writeRegisters(1000, [0]);
    assert.deepEqual(await registers(client, 1001), [0]);
  });

  it("go on as long as their driver asks, and end with it", async () => {
    await open("victron", 1, CHARGING);
    await client.writeRegister(5016, 10);
    for (let s = 0; s < 300; s += 30) {
      clock.advance(30_000);
      await registers(client, 5009, 54);
    }
    assert.equal(site.managers.said("door", "CP1/1")?.limitA, 10);
    clock.advance(120_000);
    assert.equal(site.managers.said("door", "CP1/1"), null);
    assert.deepEqual(await registers(client, 5016), [32]);
  });

  it("are refused without an allowance, and from addresses that are not listed", async () => {
    await open("victron", 1, CHARGING, { writable: false });
    assert.equal(await exceptionOf(client.writeRegister(5016, 10)), 1);
    assert.deepEqual(site.managers.all(), []);
    assert.deepEqual(news[0]?.refused, "readOnly");
  });
});

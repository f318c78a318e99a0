import { strict as assert } from "node:assert";
import { FakeClock } from "../../fake-clock.ts";
import { CHARGING, FREE, MadeUpSite } from "../site.ts";
import { type Client, connect, exceptionOf, registers } from "./client.ts";
import { openDoor } from "./open-door.ts";

const CONNECTOR = 1000;
const ZONE = 100;

describe("the map of the whole site", () => {
  let clock: FakeClock;
  let site: MadeUpSite;
  let opened: Awaited<ReturnType<typeof openDoor>>;
  let client: Client;

  beforeEach(async () => {
    clock = new FakeClock();
    site = new MadeUpSite(clock, ["CP1", "CP2", "loose"]);
    site.reported.set("CP1/1", CHARGING).set("CP2/1", FREE);
    opened = await openDoor(site);
    client = await connect(opened.port);
  });

  afterEach(async () => {
    await new Promise<void>((resolve) => client.close(() => resolve()));
    await opened.door.close();
  });

  const identity = async (number: number) => {
    const words = await registers(client, CONNECTOR + 50 * (number - 1), 12);
    return Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]))
      .toString()
      .replace(/\0+$/, "");
  };

  it("counts, and adds the power up only where all of it is known", async () => {
    assert.deepEqual(await registers(client, 0, 8), [1, 1, 3, 1, 1, 0xffff, 0xffff, 120]);
    site.deploy("CP1", "CP2");
    await opened.door.follow();
    assert.deepEqual(await registers(client, 2, 5), [2, 1, 1, 0, 10_695]);
  });

  it("shows a connector in tenths of an ampere, by the phases of the site; what is not known is all ones", async () => {
    assert.deepEqual(await registers(client, CONNECTOR + 12, 17), [
      ...[1, 3, 1, 160, 160, 155, 150],
      ...[0, 10_695],
      ...[0, 7430],
      ...[0, 3725],
      ...[18, 54_919],
      ...[60, 320],
    ]);
    const [state, plugged, setpoint, ...currents] = await registers(client, CONNECTOR + 100 + 13, 6);
    assert.deepEqual([state, plugged, setpoint, currents], [0, 0xffff, 0xffff, [0xffff, 0xffff, 0xffff]]);
  });

  it("keeps the numbers of connectors: what is added gets the next one, what is gone reads as nothing", async () => {
    site.deploy("AAA", "CP2");
    await opened.door.follow();
    assert.deepEqual([await identity(2), await identity(4)], ["CP2", "AAA"]);
    assert.deepEqual(await registers(client, CONNECTOR + 13), [0xffff]);
    assert.equal(await exceptionOf(client.writeRegister(CONNECTOR + 40, 60)), 2);
    site.deploy("CP1", "CP2", "AAA");
    await opened.door.follow();
    assert.deepEqual([await identity(1), await identity(4)], ["CP1", "AAA"]);
  });

  it("takes a limit, a permit and a mode of a connector, in one request or in several", async () => {
    await client.writeRegisters(CONNECTOR + 40, [105, 1, 2]);
    const said = site.managers.said("door", "CP1/1");
    assert.deepEqual([said?.code, said?.limitA, said?.permit, said?.mode], ["BMS", 10.5, true, "pv"]);
    assert.deepEqual(await registers(client, CONNECTOR + 40, 3), [105, 1, 2]);
    await client.writeRegisters(CONNECTOR + 40, [0xffff, 0, 0xffff]);
    assert.deepEqual(await registers(client, CONNECTOR + 40, 3), [0xffff, 0, 0xffff]);
  });

  it("takes a limit of a zone in amperes and watts", async () => {
    await client.writeRegisters(ZONE + 30, [320, 0, 22_000]);
    const said = site.managers.said("door", "main");
    assert.deepEqual([said?.limitA, said?.powerW], [32, 22_000]);
    assert.deepEqual(await registers(client, ZONE + 30, 3), [320, 0, 22_000]);
  });

  it("does nothing of a request of which a part cannot be done", async () => {
    assert.equal(await exceptionOf(client.writeRegisters(CONNECTOR + 40, [60, 7])), 3, "no such permit");
    assert.equal(await exceptionOf(client.writeRegisters(CONNECTOR + 40, [60, 1, 0, 0])), 2, "one too many");
    assert.equal(await exceptionOf(client.writeRegisters(ZONE + 30, [320, 1])), 2, "half a number");
    assert.equal(await exceptionOf(client.writeRegister(ZONE, 1)), 2, "a name");
    assert.equal(await exceptionOf(client.writeRegister(CONNECTOR + 140, 60)), 4, "no zone holds it");
    assert.deepEqual(site.managers.all(), []);
  });

  it("ends what was written, unless it is written again or kept alive: reading alone does not", async () => {
    await client.writeRegister(CONNECTOR + 40, 60);
    for (let s = 0; s < 600; s += 60) {
      clock.advance(60_000);
      await client.writeRegister(8, 1);
    }
    assert.deepEqual(await registers(client, CONNECTOR + 40), [60]);
    clock.advance(119_000);
    await registers(client, CONNECTOR + 40);
    clock.advance(1000);
    assert.deepEqual(await registers(client, CONNECTOR + 40), [0xffff]);
  });

  it("refuses reads beyond it, and other units", async () => {
    for (const [address, count] of [
      [20, 1],
      [15, 10],
      [CONNECTOR + 149, 2],
      [65_535, 1],
    ] as const)
      assert.equal(await exceptionOf(registers(client, address, count)), 2, `${address}`);
    client.setID(7);
    assert.equal(await exceptionOf(registers(client, 0)), 11);
    for (const unit of [0, 255]) {
      client.setID(unit);
      assert.deepEqual(await registers(client, 0), [1]);
    }
  });
});

describe("what may be wrong with a server for managers", () => {
  const clock = new FakeClock();

  it("a connector that is gone: named, and nothing listens; it listens once the connector is there", async () => {
    const site = new MadeUpSite(clock, ["CP1"]);
    await assert.rejects(openDoor(site, { connector: "CP9/1" }), {
      code: "EV_CONFIG_MISSING",
      message: /CP9\/1 is missing/,
    });
  });

  it("ports beyond the last: named with the connector", async () => {
    const site = new MadeUpSite(clock, ["CP1", "CP2"]);
    const opened = openDoor(site, { map: "victron", port: 65_535 });
    await assert.rejects(opened, { code: "EV_CONFIG_INVALID", message: /connector CP2\/1 would need port 65536/ });
  });

  it("an address that is none", async () => {
    const site = new MadeUpSite(clock, ["CP1"]);
    await assert.rejects(openDoor(site, { writers: ["gx"] }), {
      code: "EV_CONFIG_INVALID",
      message: /^writers holds gx;/,
    });
  });

  it("a port in use", async () => {
    const site = new MadeUpSite(clock, ["CP1"]);
    const { door, port } = await openDoor(site);
    await assert.rejects(openDoor(site, { port }), { code: "EV_PORT_IN_USE" });
    await door.close();
  });
});

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { searchOf } from "../../../lib/managers/semp/ssdp.ts";
import { FakeClock } from "../../fake-clock.ts";
import { CHARGING, FREE, MadeUpSite } from "../site.ts";
import { em2Device, openDoor } from "./open-door.ts";

/** The texts of elements of this name, in their order. */
const textsOf = (name: string, xml: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) => text);

describe("SEMP", () => {
  let site: MadeUpSite;
  let opened: Awaited<ReturnType<typeof openDoor>>;

  async function open(more: Parameters<typeof openDoor>[1] = {}, ...identities: string[]) {
    site = new MadeUpSite(new FakeClock(), identities.length > 0 ? identities : ["CP1", "CP2"]);
    site.reported.set("CP1/1", CHARGING).set("CP2/1", FREE);
    opened = await openDoor(site, more);
    return opened;
  }

  afterEach(() => opened.door.close());

  it("tells of each connector as a device, in the elements and the order of the schema", async () => {
    const { get, door } = await open();
    const [first, second] = [door.deviceId("CP1/1"), door.deviceId("CP2/1")];
    assert.match(first, /^F-[0-9A-F]{8}-[0-9A-F]{12}-00$/);
    assert.notEqual(first, second);
    const power =
      "<PowerConsumption><PowerInfo><AveragePower>10695</AveragePower><Timestamp>0</Timestamp><AveragingInterval>60</AveragingInterval></PowerInfo></PowerConsumption>";
    const [info] = /<DeviceInfo>.*?<\/DeviceInfo>/.exec(await get("/semp"))!;
    assert.equal(
      info.replace(/<DeviceSerial>[^<]+/, "<DeviceSerial>…"),
      `<DeviceInfo><Identification><DeviceId>${first}</DeviceId><DeviceName>CP1/1</DeviceName><DeviceType>EVCharger</DeviceType><DeviceSerial>…</DeviceSerial><DeviceVendor>Phasewise</DeviceVendor></Identification>` +
        "<Characteristics><MaxPowerConsumption>22080</MaxPowerConsumption><MinPowerConsumption>4140</MinPowerConsumption></Characteristics>" +
        "<Capabilities><CurrentPower><Method>Measurement</Method></CurrentPower><Timestamps><AbsoluteTimestamps>false</AbsoluteTimestamps></Timestamps><Interruptions><InterruptionsAllowed>true</InterruptionsAllowed></Interruptions><Requests><OptionalEnergy>true</OptionalEnergy></Requests></Capabilities></DeviceInfo>",
    );
    assert.equal(
      await get(`/semp/DeviceStatus?DeviceId=${first}`),
      `<?xml version="1.0" encoding="UTF-8"?>\n<Device2EM xmlns="http://www.sma.de/communication/schema/SEMP/v1"><DeviceStatus><DeviceId>${first}</DeviceId><EMSignalsAccepted>true</EMSignalsAccepted><Status>On</Status>${power}</DeviceStatus></Device2EM>\n`,
    );
    assert.deepEqual(textsOf("Status", await get("/semp/")), ["On", "Off"]);
    assert.deepEqual(textsOf("DeviceName", await get("/semp/DeviceInfo")), ["CP1/1", "CP2/1"]);
    const request = await get("/semp/PlanningRequest");
    assert.deepEqual(textsOf("DeviceId", request), [first], "only the connector with a car needs something");
    assert.deepEqual(textsOf("MinEnergy", request), ["529920"], "as fast as possible: all that can flow in a day");
    assert.deepEqual(textsOf("MaxEnergy", request), ["529920"]);
    for (const path of ["/", "/semp/Parameters", "/semp/DeviceStatus/x", "/semp/DeviceInfo?DeviceId=F-0"])
      assert.equal((await fetch(`${opened.base}${path}`)).status, 404, path);
  });

  it("leaves out what is not known", async () => {
    const { get } = await open({}, "CP1", "CP2", "CP3");
    site.reported.set("CP1/1", { facts: { state: "charging", measuredA: null, pluggedAtMs: 0 } });
    site.reported.set("CP2/1", { ...CHARGING, online: false });
    const xml = await get("/semp");
    assert.deepEqual(textsOf("Status", xml), ["On", "Offline", "Offline"]);
    assert.deepEqual(textsOf("AveragePower", xml), []);
    assert.deepEqual(textsOf("EMSignalsAccepted", xml), ["true", "false", "false"]);
    assert.equal(textsOf("MaxEnergy", xml).length, 1);
  });

  it("keeps the devices of its connectors, and shows names as text", async () => {
    const { door, get } = await open({}, "CP1", 'A<b>&"');
    const before = door.deviceId("CP1/1");
    assert.ok((await get("/semp/DeviceInfo")).includes('<DeviceName>A&lt;b&gt;&amp;"/1</DeviceName>'));
    await door.close();
    opened = await openDoor(site);
    assert.equal(opened.door.deviceId("CP1/1"), before);
    site.deploy("CP0", "CP1");
    await opened.door.follow();
    assert.equal(textsOf("DeviceId", await opened.get("/semp/DeviceInfo"))[1], before);
  });

  it("takes recommendations as leases of their writer, which any question of it renews", async () => {
    const { door, post, get, news } = await open();
    const id = door.deviceId("CP1/1");
    assert.equal(await post(em2Device(id, true, 6900)), 200);
    const [limit] = site.managers.of("CP1/1");
    assert.deepEqual([limit?.limitA, limit?.permit, limit?.writer, limit?.code], [10, true, "127.0.0.1", "HEMS"]);
    assert.deepEqual(news, [
      { writer: "127.0.0.1", target: "CP1/1", deviceId: id, on: true, powerW: 6900, refused: null },
    ]);
    site.clock.advance(100_000);
    await get("/semp");
    site.clock.advance(100_000);
    assert.equal(site.managers.of("CP1/1").length, 1);
    assert.equal(await post(em2Device(id, false)), 200);
    assert.equal(site.managers.of("CP1/1")[0]?.permit, false);
    assert.equal(await post(em2Device(id.toLowerCase(), true)), 200);
    assert.deepEqual(site.managers.of("CP1/1")[0]?.limitA, null, "on, and no more is asked");
    site.clock.advance(120_000);
    assert.deepEqual(site.managers.all(), [], "its writer is gone");
  });

  it("gives each connector what was agreed while no writer speaks", async () => {
    const { door, post } = await open({ fallbackA: 7 });
    assert.deepEqual([site.managers.of("CP1/1")[0]?.limitA, site.managers.of("CP2/1")[0]?.limitA], [7, 7]);
    await post(em2Device(door.deviceId("CP1/1"), true, 11_040));
    assert.equal(site.managers.of("CP1/1")[0]?.limitA, 16);
    site.clock.advance(120_000);
    assert.equal(site.managers.of("CP1/1")[0]?.limitA, 7);
  });

  it("takes nothing while it is not writable, from strangers, for strange devices, or for what no zone holds", async () => {
    const { door, news, get } = await open({ writable: false }, "CP1", "loose");
    const body = em2Device(door.deviceId("CP1/1"), false);
    assert.equal(await opened.post(body), 403);
    assert.ok(!(await get("/semp")).includes("MinPowerConsumption"), "its power cannot be chosen");
    assert.deepEqual(textsOf("EMSignalsAccepted", await get("/semp")), ["false", "false"]);
    await door.close();
    opened = await openDoor(site);
    assert.equal(await opened.post(em2Device("F-12345678-ABCDEF123456-00", false)), 404);
    assert.equal(await opened.post(em2Device(opened.door.deviceId("loose/1"), false)), 409);
    assert.equal(await opened.post(body, { origin: "http://example.com" }), 403, "a page in somebody's browser");
    assert.equal((await fetch(`${opened.base}/semp`, { method: "DELETE" })).status, 405);
    assert.deepEqual(site.managers.all(), []);
    assert.deepEqual(
      [...news, ...opened.news].map(({ refused }) => refused),
      ["readOnly", "device", "zone"],
    );
    const both = body.replace(
      "</EM2Device>",
      em2Device("F-12345678-ABCDEF123456-00", false).replace(/^<EM2Device[^>]*>/, ""),
    );
    assert.equal(await opened.post(both), 404, "and the one that is known is obeyed all the same");
    assert.equal(site.managers.of("CP1/1")[0]?.permit, false);
  });

  it("is refused where its port is taken, and listens when it is free", async () => {
    await open();
    await opened.door.close();
    const other = createServer().listen(opened.port, "127.0.0.1");
    await once(other, "listening");
    await assert.rejects(openDoor(site, { port: opened.port }), { code: "EV_PORT_IN_USE" });
    await new Promise((resolve) => other.close(resolve));
    opened = await openDoor(site, { port: opened.port });
    assert.ok((await opened.get("/semp")).includes("Device2EM"));
  });

  it("is found by SSDP: it announces itself, answers searches near by, and says goodbye", async () => {
    const hears = createSocket({ type: "udp4", reuseAddr: true });
    await new Promise<void>((resolve) => hears.bind(1900, resolve));
    hears.addMembership("239.255.255.250", "127.0.0.1");
    const heard: string[] = [];
    const told = (text: RegExp) =>
      new Promise<void>((resolve) => {
        hears.on("message", () => heard.some((one) => text.test(one)) && resolve());
      });
    hears.on("message", (message) => void heard.push(String(message)));
    const alive = told(/^NT: urn:schemas-simple-energy-management-protocol:device:Gateway:1\r\nNTS: ssdp:alive/m);
    await open({ announce: true });
    await alive;
    const asks = createSocket("udp4");
    await new Promise<void>((resolve) => asks.bind(0, "127.0.0.1", resolve));
    asks.setMulticastInterface("127.0.0.1");
    const answered = once(asks, "message") as Promise<[Buffer]>;
    const search = ["M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', "MX: 1"];
    asks.send(`${search.join("\r\n")}\r\nST: upnp:rootdevice\r\n\r\n`, 1900, "239.255.255.250");
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      site.clock.advance(100);
    }
    const answer = String((await answered)[0]);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    const location = /^LOCATION: (.+)$/m.exec(answer)![1]!.trim();
    assert.equal(location, `http://127.0.0.1:${opened.port}/semp/description.xml`);
    const description = await (await fetch(location)).text();
    assert.ok(
      description.includes(
        `<semp:server>http://127.0.0.1:${opened.port}</semp:server><semp:basePath>/semp</semp:basePath>`,
      ),
    );
    assert.equal(textsOf("UDN", description)[0], /^USN: (uuid:[0-9a-f-]{36})/m.exec(answer)![1]);
    const bye = told(/ssdp:byebye/);
    await opened.door.close();
    await bye;
    asks.close();
    hears.close();
    assert.equal(searchOf("NOTIFY * HTTP/1.1\r\nST: ssdp:all\r\n\r\n"), null);
    assert.equal(searchOf("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n"), null);
  });
});

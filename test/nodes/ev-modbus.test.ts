import { strict as assert } from "node:assert";
import testHelper from "node-red-node-test-helper";
import type { EvModbusNode } from "../../nodes/runtime/node-types.ts";
import { deploy, errorsOf, type FlowNode, node, redeploy, stop } from "./helper.ts";

describe("ev-modbus", () => {
  afterEach(stop);

  const bus = (id: string, properties: object = {}): FlowNode => ({ id, type: "ev-modbus", ...properties });
  const line = (id: string) => node<EvModbusNode>(id).line;

  it("has a line with default values", async () => {
    await deploy(["ev-modbus"], [bus("bus")]);
    assert.equal(line("bus")?.timeoutMs, 1000);
    assert.equal(line("bus")?.text, "TCP 127.0.0.1:502");
    assert.deepEqual(errorsOf("bus"), []);
  });

  it("shares one connection between nodes that name the same host and port", async () => {
    await deploy(
      ["ev-modbus"],
      [
        bus("one", { host: "10.0.0.1", port: "502" }),
        bus("same", { host: "10.0.0.1", port: 502, timeoutMs: 3000 }),
        bus("other", { host: "10.0.0.1", port: 503 }),
      ],
    );
    assert.equal(line("one")?.bus, line("same")?.bus);
    assert.equal(line("same")?.timeoutMs, 3000);
    assert.notEqual(line("one")?.bus, line("other")?.bus);
  });

  const kinds: [object, string][] = [
    [{ transport: "udp", host: "meter.local", port: 503 }, "UDP meter.local:503"],
    [
      { transport: "rtu-over-tcp", host: "10.0.0.2", baudRate: "9600", parity: "even" },
      "RTU over TCP 10.0.0.2:502 9600 8E1",
    ],
    [{ transport: "rtu", serialPort: "/dev/ttyUSB7", stopBits: 2 }, "RTU /dev/ttyUSB7 19200 8N2"],
    [{ transport: "rtu", serialPort: "/dev/ttyUSB7", host: "not looked at/", port: -1 }, "RTU /dev/ttyUSB7 19200 8N1"],
    [{ transport: "tcp", host: "10.0.0.3", inFlight: 4, baudRate: "not looked at" }, "TCP 10.0.0.3:502"],
  ];
  for (const [properties, text] of kinds) {
    it(`describes ${text}`, async () => {
      await deploy(["ev-modbus"], [bus("bus", properties)]);
      assert.deepEqual(errorsOf("bus"), []);
      assert.equal(line("bus")?.text, text);
    });
  }

  it("keeps the line over a deploy, and opens it anew when it is described anew", async () => {
    const serial = { transport: "rtu-over-tcp", host: "10.0.0.1", baudRate: 9600 };
    await deploy(["ev-modbus"], [bus("bus", serial)]);
    const before = line("bus")?.bus;
    await redeploy([bus("bus", { ...serial, timeoutMs: 500 })]);
    assert.equal(line("bus")?.bus, before);
    await redeploy([bus("bus", { ...serial, baudRate: 19_200 })]);
    assert.deepEqual(errorsOf("bus"), []);
    assert.notEqual(line("bus")?.bus, before);
    assert.equal(line("bus")?.bus.format?.baudRate, 19_200);
  });

  it("refuses a second description of the same line, naming the first and the difference", async () => {
    const serial = { transport: "rtu", serialPort: "/dev/ttyUSB7" };
    await deploy(["ev-modbus"], [bus("first", serial), bus("second", { ...serial, baudRate: 9600 })]);
    assert.deepEqual(errorsOf("first"), []);
    assert.match(
      coded(errorsOf("second")[0]),
      /^EV_CONFIG_INVALID: baudRate is 9600, not the 19200 of the same line, which ev-modbus \(first\) uses/,
    );
    assert.equal(line("second"), undefined);
    await redeploy([bus("second", { ...serial, baudRate: 9600 })]);
    assert.equal(line("second")?.text, "RTU /dev/ttyUSB7 9600 8N1");
  });

  it("tells the dialog how a deployed line does, and nothing of one that is not deployed", async () => {
    await deploy(["ev-modbus"], [bus("bus")]);
    const { body } = await testHelper.request().get("/ev-charging/modbus/bus").expect(200);
    assert.equal(body.text, "TCP 127.0.0.1:502");
    assert.equal(body.statistics.requests, 0);
    const undeployed = await testHelper.request().get("/ev-charging/modbus/other").expect(200);
    assert.equal(undeployed.body, null);
  });

  it("lists serial ports, or says which package is missing", async () => {
    await deploy(["ev-modbus"], []);
    const { body, status } = await testHelper.request().get("/ev-charging/serial-ports");
    if (status === 200) assert.ok(Array.isArray(body));
    else assert.equal(body.code, "EV_MODBUS_SERIAL");
  });

  const wrong: [object, RegExp][] = [
    [{ port: 70_000 }, /EV_CONFIG_INVALID: port is 70000; it must be a whole number from 1 to 65535/],
    [{ host: "" }, /EV_CONFIG_INVALID: host is empty/],
    [{ host: "http://meter" }, /EV_CONFIG_INVALID: host is "http:\/\/meter"/],
    [{ timeoutMs: "soon" }, /EV_CONFIG_INVALID: timeoutMs is "soon"/],
    [{ transport: "rtu" }, /EV_CONFIG_INVALID: serialPort is empty; it must be filled in/],
    [{ transport: "rtu", serialPort: "COM3", parity: "mark" }, /EV_CONFIG_INVALID: parity is "mark"/],
    [{ transport: "rtu", serialPort: "COM3", stopBits: 3 }, /EV_CONFIG_INVALID: stopBits is 3; it must be 1 or 2/],
    [
      { transport: "rtu-over-tcp", baudRate: 7 },
      /EV_CONFIG_INVALID: baudRate is 7; it must be a whole number from 300/,
    ],
    [{ inFlight: 9 }, /EV_CONFIG_INVALID: inFlight is 9/],
    [{ transport: 7 }, /EV_CONFIG_INVALID: transport is 7/],
  ];
  for (const [properties, message] of wrong) {
    it(`reports ${JSON.stringify(properties)} and has no line`, async () => {
      await deploy(["ev-modbus"], [bus("bus", properties)]);
      assert.match(coded(errorsOf("bus")[0]), message);
      assert.equal(line("bus"), undefined);
    });
  }
});

/** An error as a Catch node sees it. */
function coded(error: Error | undefined): string {
  return `${(error as Error & { code?: string })?.code}: ${error?.message}`;
}

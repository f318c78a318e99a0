import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import type { MeasurementMessage } from "../../lib/messages.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import type { EvMeterMessage } from "../../nodes/ev-meter.ts";
import type { EvModbusNode } from "../../nodes/runtime/node-types.ts";
import {
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-modbus", "ev-meter", "ev-meter-simulator"];

describe("ev-meter", () => {
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(stop);

  const chain = (meter: object = {}, simulator: object = {}): FlowNode[] => [
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port, timeoutMs: 100 },
    { id: "sim", type: "ev-meter-simulator", port, loadA: [10, 5, 2], wires: [], ...simulator },
    { id: "meter", type: "ev-meter", bus: "bus", meter: "main", intervalMs: 100, wires: [["out"]], ...meter },
    { id: "out", type: "helper" },
  ];

  const isGood = ({ payload }: MeasurementMessage) => payload.quality === "good";
  const next = (accept = isGood) => nextMessage<MeasurementMessage>("out", accept);
  const fault = (name: string) => node("sim").receive({ payload: { fault: name } } as NodeMessage);

  for (const profile of ["eastron-sdm630", "siemens-pac2200", "schneider-iem3x55"]) {
    it(`emits what a ${profile} measures`, async () => {
      await deploy(TYPES, chain({ profile }, { profile }));
      const { topic, meter, payload } = await next(
        ({ payload }) => payload.quality === "good" && payload.frequencyHz !== null,
      );
      assert.equal(topic, "meter/main");
      assert.equal(meter, "main");
      assert.deepEqual(
        payload.currentA.map((amps) => Math.round(amps ?? 0)),
        [10, 5, 2],
      );
      assert.ok(Math.abs(Date.parse(payload.ts) - Date.now()) < 5000);
      assert.match(lastStatus("meter")?.text ?? "", /^3\.8 kW · 10 A$/);
      assert.equal(lastStatus("meter")?.fill, "green");
    });
  }

  it("needs only a connection and a name", async () => {
    const meter = { id: "meter", type: "ev-meter", bus: "bus", meter: "main", wires: [["out"]] };
    await deploy(TYPES, [...chain().filter(({ id }) => id !== "meter"), meter]);
    assert.equal((await next()).payload.quality, "good");
  });

  it("answers any input with a reading in the same message", async () => {
    await deploy(TYPES, chain({ intervalMs: 0 }));
    const reading = next();
    await until("the meter listens", () => lastStatus("sim")?.fill === "green");
    node("meter").receive({ payload: "now", order: 7 } as NodeMessage);
    const message = (await reading) as MeasurementMessage & { order: number };
    assert.equal(message.order, 7);
    assert.equal(message.topic, "meter/main");
  });

  it("says in status and error what to do about a silent unit", async () => {
    await deploy(TYPES, [
      ...chain({ unitId: 2, intervalMs: 200 }, {}),
      { id: "catch", type: "catch", scope: ["meter"], wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ]);
    const { error } = await nextMessage<NodeMessage & { error: { message: string } }>("caught");
    assert.match(error.message, /unit 2 is silent: check its unit id and wiring, .*; Find asks other unit ids/);
    assert.equal(lastStatus("meter")?.text, "ev-meter.status.EV_MODBUS_TIMEOUT");
  });

  it("fails an input through done, once, while the meter is silent", async () => {
    await deploy(TYPES, [
      ...chain({ intervalMs: 0 }, {}),
      { id: "catch", type: "catch", scope: ["meter"], wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ]);
    await until("the meter listens", () => lastStatus("sim")?.fill === "green");
    fault("silent");
    const caught = nextMessage<NodeMessage & { error: { message: string; code: string } }>("caught");
    node("meter").receive({ payload: 1 } as NodeMessage);
    const { error } = await caught;
    assert.match(error.message, /no answer within 100 ms/);
    assert.equal(error.code, "EV_MODBUS_TIMEOUT");
  });

  it("shows why there is no new reading, reports it once, and recovers", async () => {
    await deploy(TYPES, chain());
    await next();
    fault("stop");
    await until("a yellow status", () => lastStatus("meter")?.fill === "yellow");
    assert.equal(lastStatus("meter")?.text, "ev-meter.status.EV_MODBUS_CONNECT");
    fault("none");
    await next();
    await until("a green status", () => lastStatus("meter")?.fill === "green");
    assert.ok(errorsOf("meter").length <= 2, String(errorsOf("meter")));
    assert.match(coded(errorsOf("meter")[0]), /^EV_MODBUS_CONNECT: 127\.0\.0\.1/);
  });

  for (const [name, code] of [
    ["garbage", "EV_MODBUS_FRAME"],
    ["exception", "EV_MODBUS_EXCEPTION"],
    ["nan", "EV_METER_IMPLAUSIBLE"],
  ] as const) {
    it(`is red and emits a bad reading when the meter acts "${name}"`, async () => {
      await deploy(TYPES, chain());
      await next();
      const bad = next(({ payload }) => payload.quality === "bad");
      fault(name);
      assert.deepEqual((await bad).payload.currentA, [null, null, null]);
      await until("a red status", () => lastStatus("meter")?.fill === "red");
      assert.equal(lastStatus("meter")?.text, `ev-meter.status.${code}`);
    });
  }

  it("keeps its connection over a full deploy", async () => {
    await deploy(TYPES, chain());
    await next();
    const { bus } = node<EvModbusNode>("bus").line as NonNullable<EvModbusNode["line"]>;
    await redeploy(chain());
    await next();
    assert.equal(node<EvModbusNode>("bus").line?.bus, bus);
    assert.equal(bus.statistics().connects, 1);
    assert.deepEqual(errorsOf("meter"), []);
  });

  it("turns and moves phases as wired", async () => {
    await deploy(TYPES, chain({ invert: true, phaseMap: [2, 3, 1] }));
    const { payload } = await next();
    assert.deepEqual(
      payload.currentA.map((amps) => Math.round(amps ?? 0)),
      [-2, -10, -5],
    );
  });

  it("refuses a name that another meter has, naming both", async () => {
    const twin = { id: "twin", type: "ev-meter", bus: "bus", meter: "main", wires: [[]] };
    await deploy(TYPES, [...chain(), twin]);
    await next();
    assert.match(
      coded(errorsOf("twin")[0]),
      /^EV_NAME_DUPLICATE: meter "main" is claimed by .*\(meter\) and by .*\(twin\)/,
    );
    assert.equal(lastStatus("twin")?.fill, "red");
  });

  const wrong: [object, RegExp][] = [
    [{ meter: "" }, /EV_CONFIG_INVALID: meter is empty; it must be filled in/],
    [{ bus: "" }, /EV_CONFIG_MISSING: bus: it is empty; choose one/],
    [{ bus: "nowhere" }, /EV_CONFIG_MISSING: bus: the connection nowhere is missing/],
    [
      { profile: "toaster" },
      /EV_CONFIG_INVALID: profile is "toaster"; it must be the id of a device, such as eastron-sdm630/,
    ],
    [{ unitId: 300 }, /EV_CONFIG_INVALID: unitId is 300/],
    [{ intervalMs: 5 }, /EV_CONFIG_INVALID: intervalMs is 5; it must be 0 \(only on input\) or at least 100 ms/],
    [{ phaseMap: [1, 1, 2] }, /EV_CONFIG_INVALID: phaseMap is \[1,1,2\]/],
    [{ phaseMap: [4, 5, 6] }, /EV_CONFIG_INVALID: phaseMap/],
    [{ role: "toy" }, /EV_CONFIG_INVALID: role is "toy"/],
  ];
  for (const [properties, message] of wrong) {
    it(`is red with ${JSON.stringify(properties)}, and fails inputs`, async () => {
      await deploy(TYPES, chain(properties));
      assert.match(coded(errorsOf("meter")[0]), message);
      assert.equal(lastStatus("meter")?.fill, "red");
      node("meter").receive({ payload: 1 } as NodeMessage);
      await until("the input fails", () => errorsOf("meter").length === 2);
    });
  }

  const own = {
    id: "acme-em42",
    registers: {
      currentL1: { address: 6, type: "float32" },
      currentL2: { address: 8, type: "float32" },
      currentL3: { address: 10, type: "float32" },
      power: { address: 52, type: "float32" },
    },
    functionCode: 4,
  };

  for (const [kind, customProfile] of [
    ["text", JSON.stringify(own)],
    ["an object", own],
  ] as const) {
    it(`reads the user's own device, described as ${kind}`, async () => {
      await deploy(TYPES, chain({ profile: "custom", customProfile }));
      const { payload } = await next();
      assert.deepEqual(
        payload.currentA.map((amps) => Math.round(amps ?? 0)),
        [10, 5, 2],
      );
      assert.deepEqual(payload.voltageV, [null, null, null]);
    });
  }

  it("reads the user's own device from a file, as the simulated meter does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "phasewise-profile-"));
    try {
      const customProfile = join(folder, "em42.json");
      writeFileSync(customProfile, JSON.stringify(own));
      await deploy(TYPES, chain({ profile: "custom", customProfile }, { profile: "custom", customProfile }));
      assert.equal((await next()).payload.currentA.length, 3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const wrongDevices: [unknown, RegExp][] = [
    ["", /EV_METER_PROFILE: customProfile is empty; describe the device, or name a file that does/],
    ["{", /EV_METER_PROFILE: the profile is not JSON/],
    ["nowhere.json", /EV_METER_PROFILE: customProfile: the file cannot be read: .*nowhere\.json/],
    [
      { ...own, registers: { currentL1: { address: -1, type: "float" } } },
      /EV_METER_PROFILE: registers\.currentL1\.address is -1; it must be at least 0.*registers\.currentL1\.type is "float"; it must be one of/,
    ],
  ];
  for (const [customProfile, message] of wrongDevices) {
    it(`names what is wrong with a device described as ${JSON.stringify(customProfile).slice(0, 40)}`, async () => {
      await deploy(TYPES, chain({ profile: "custom", customProfile }));
      assert.match(coded(errorsOf("meter")[0]), message);
      assert.equal(lastStatus("meter")?.fill, "red");
    });
  }

  for (const transport of ["rtu-over-tcp", "udp"]) {
    it(`reads a meter by ${transport}`, async () => {
      const flow = chain({}, { transport }).map((one) => (one.id === "bus" ? { ...one, transport } : one));
      await deploy(TYPES, flow);
      assert.equal((await next()).payload.quality, "good");
    });
  }

  it("adds statistics to its messages when they are wanted, beside the measurement", async () => {
    await deploy(TYPES, chain({ statistics: true }));
    const { statistics, ...measurement } = (await next()) as EvMeterMessage;
    assert.equal(statistics?.line.isConnected, true);
    assert.ok((statistics?.line.requests ?? 0) > 0);
    assert.equal(statistics?.meter.isFrozen, false);
    assert.deepEqual(Object.keys(measurement.payload).includes("line"), false);
    await stop();
    await deploy(TYPES, chain());
    assert.equal("statistics" in (await next()), false);
  });

  it("shows a doubt in yellow beside the values, tells it once, and changes nothing", async () => {
    const sdm = meterProfile("eastron-sdm630") as MeterProfile;
    const power = { ...sdm.registers["power"], scale: -1 };
    const turned = { ...sdm, id: "turned", registers: { ...sdm.registers, power } };
    await deploy(TYPES, chain({ profile: "custom", customProfile: turned }, { profile: "eastron-sdm630" }));
    await until("a doubt", () => lastStatus("meter")?.fill === "yellow");
    assert.match(lastStatus("meter")?.text ?? "", /^-?3\.8 kW · 10 A · sign\?$/);
    await next(({ payload }) => payload.quality === "good" && (payload.powerW ?? 0) < -3000);
  });
});

/** An error as a Catch node sees it. */
function coded(error: Error | undefined): string {
  return `${(error as Error & { code?: string })?.code}: ${error?.message}`;
}

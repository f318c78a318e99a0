import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import { publishDraw, withdraw } from "../../lib/simulator/charger/car/draws.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, errorsOf, type FlowNode, freePort, lastStatus, node, stop, until } from "./helper.ts";

const TYPES = ["ev-meter-simulator"];

describe("ev-meter-simulator", () => {
  let port: number;
  let bus: ModbusBus;

  beforeEach(async () => {
    port = await freePort();
    bus = openLine({ transport: "tcp", host: "127.0.0.1", port });
  });

  afterEach(async () => {
    bus.close();
    await stop();
  });

  const simulator = (properties: object = {}): FlowNode => ({
    id: "sim",
    type: "ev-meter-simulator",
    port,
    wires: [],
    ...properties,
  });
  const listens = () => until("it listens", () => lastStatus("sim")?.fill === "green");
  const receive = (payload: unknown) => node("sim").receive({ payload } as NodeMessage);

  /** The currents as an SDM630 codes them, A. */
  async function currents(): Promise<number[]> {
    const words = await bus.read({ unitId: 1, functionCode: 4, address: 6, count: 6 });
    const view = new DataView(Uint16Array.from(words.map((word) => ((word & 0xff) << 8) | (word >> 8))).buffer);
    return [0, 4, 8].map((at) => Math.round(view.getFloat32(at)));
  }

  it("listens with a base load of 5 A by default and shows its currents", async () => {
    await deploy(TYPES, [simulator()]);
    await listens();
    assert.deepEqual(await currents(), [5, 5, 5]);
    assert.match(lastStatus("sim")?.text ?? "", /^5\.0 · 5\.0 · 5\.0 A$/);
  });

  for (const transport of ["udp", "rtu-over-tcp"] as const) {
    it(`is reached by ${transport}, with both functions where the device has both`, async () => {
      bus.close();
      bus = openLine({ transport, host: "127.0.0.1", port });
      const profile = { profile: "siemens-pac2200", transport };
      await deploy(TYPES, [simulator(profile)]);
      await listens();
      for (const functionCode of [3, 4] as const)
        assert.equal((await bus.read({ unitId: 1, functionCode, address: 1, count: 2 })).length, 2);
    });
  }

  it("shows all simulated cars by default, and only those named", async () => {
    publishDraw("CP1", [16, 0, 0]);
    publishDraw("CP2", [0, 10, 0]);
    try {
      await deploy(TYPES, [simulator({ includes: ["CP2"] })]);
      await listens();
      assert.deepEqual(await currents(), [5, 15, 5]);
      await stop();
      bus.close();
      bus = openLine({ transport: "tcp", host: "127.0.0.1", port });
      await deploy(TYPES, [simulator()]);
      await listens();
      assert.deepEqual(await currents(), [21, 15, 5]);
    } finally {
      withdraw("CP1");
      withdraw("CP2");
    }
  });

  describe("behind which a zone is", () => {
    const SITE_TYPES = [...TYPES, "ev-site", "ev-zone", "ev-central-system", "ev-charge-point"];
    let ocpp: number;
    const zone = (id: string, parent = ""): FlowNode => ({
      ...{ id, type: "ev-zone", site: "site", name: `zone ${id}`, parent, limitA: [63, 63, 63] },
      ...{ assumedLoadA: [10, 10, 10], failSafeA: 0, meters: [] },
    });
    const charger = (identity: string, of: string): FlowNode => ({
      ...{ id: `charger ${identity}`, type: "ev-charge-point", centralSystem: "cs", identity, zone: of },
      connectors: [{ number: 1, phases: 3, rotation: "STR", maxA: 16, minA: 6 }],
    });
    const flow = (of: string): FlowNode[] => [
      { id: "site", type: "ev-site", dataDir },
      { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: ocpp },
      ...[zone("main"), zone("garage", "main"), zone("yard", "main")],
      ...[charger("SIMULATED", "garage"), charger("REAL", "garage"), charger("OTHER", "yard")],
      simulator({ zone: of }),
    ];

    beforeEach(async () => {
      ocpp = await freePort();
      publishDraw("SIMULATED", [7, 0, 0]);
      publishDraw("OTHER", [0, 9, 0]);
      publishDraw("ELSEWHERE", [50, 50, 50]);
    });
    afterEach(() => ["SIMULATED", "OTHER", "ELSEWHERE"].forEach(withdraw));

    it("shows what its simulated chargers draw and what the others report, also of the zones below it", async () => {
      await deploy(SITE_TYPES, flow("main"));
      await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
      await until("the simulated cars are seen", () => /^12.. · 14.. · 5../.test(lastStatus("sim")?.text ?? ""));
      const real = new Charger("REAL");
      await real.connect(ocpp);
      await real.status("Charging");
      const sampledValue = ["8", "9", "10"].map((value, phase) => ({
        ...{ value, measurand: "Current.Import", unit: "A", phase: `L${phase + 1}` },
      }));
      const timestamp = new Date().toISOString();
      await real.say("MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue }] });
      // Its terminals 1, 2 and 3 hang on L2, L3 and L1.
      await until("its report is seen", () => /^22.. · 22.. · 14../.test(lastStatus("sim")?.text ?? ""));
      assert.deepEqual(await currents(), [22, 22, 14]);
      await real.status("Finishing");
      await until("its car has stopped", () => /^12.. · 14.. · 5../.test(lastStatus("sim")?.text ?? ""));
      real.close();
    });

    it("shows none of the zones beside it", async () => {
      await deploy(SITE_TYPES, flow("garage"));
      await until("the simulated car is seen", () => /^12.. · 5.. · 5../.test(lastStatus("sim")?.text ?? ""));
    });

    it("does not run without it", async () => {
      await deploy(SITE_TYPES, flow("gone"));
      assert.match(errorsOf("sim")[0]?.message ?? "", /zone: the zone gone is missing/);
    });
  });

  it("takes a new base load from a message", async () => {
    await deploy(TYPES, [simulator()]);
    await listens();
    receive({ loadA: [30, 20, 10] });
    await until("the new load is measured", () => /^30\.0 · 20\.0 · 10\.0 A$/.test(lastStatus("sim")?.text ?? ""));
    assert.deepEqual(await currents(), [30, 20, 10]);
  });

  it("acts a fault out and shows it, until told otherwise", async () => {
    await deploy(TYPES, [simulator()]);
    await listens();
    receive({ fault: "exception" });
    await until("a yellow status", () => lastStatus("sim")?.fill === "yellow");
    await assert.rejects(currents(), { code: "EV_MODBUS_EXCEPTION" });
    receive({ fault: "none" });
    await listens();
    assert.deepEqual(await currents(), [5, 5, 5]);
  });

  const badMessages: [unknown, RegExp][] = [
    ["stop", /payload is "stop"; it must be an object/],
    [{}, /payload is \{\}/],
    [{ fault: "explode" }, /payload\.fault is "explode"; it must be one of none, silent/],
    [{ loadA: "much" }, /payload\.loadA is "much"/],
    [{ loadA: [1, 2, 3], fault: 7 }, /payload\.fault is 7/],
  ];
  for (const [payload, message] of badMessages) {
    it(`refuses ${JSON.stringify(payload)} and changes nothing`, async () => {
      await deploy(TYPES, [simulator()]);
      await listens();
      receive(payload);
      await until("the input fails", () => errorsOf("sim").length > 0);
      assert.match(coded(errorsOf("sim")[0]), message);
      assert.deepEqual(await currents(), [5, 5, 5]);
    });
  }

  it("names a port that is in use, and the other one goes on", async () => {
    await deploy(TYPES, [simulator(), simulator({ id: "twin" })]);
    await until("one of them fails", () => errorsOf("sim").length + errorsOf("twin").length > 0);
    const [error] = [...errorsOf("sim"), ...errorsOf("twin")];
    assert.equal(coded(error), `EV_PORT_IN_USE: port ${port} is in use already`);
    assert.deepEqual(await currents(), [5, 5, 5]);
  });

  const wrong: [object, RegExp][] = [
    [{ port: "x" }, /EV_CONFIG_INVALID: port is "x"/],
    [{ profile: "toaster" }, /EV_CONFIG_INVALID: profile is "toaster"/],
    [{ loadA: [1, 2] }, /EV_CONFIG_INVALID: loadA is \[1,2\]/],
    [{ loadA: [{ at: "noon", loadA: 5 }] }, /EV_CONFIG_INVALID: loadA\[0\]\.at is "noon"/],
  ];
  for (const [properties, message] of wrong) {
    it(`is red with ${JSON.stringify(properties)}`, async () => {
      await deploy(TYPES, [simulator(properties)]);
      assert.match(coded(errorsOf("sim")[0]), message);
      assert.equal(lastStatus("sim")?.fill, "red");
    });
  }
});

/** An error as a Catch node sees it. */
function coded(error: Error | undefined): string {
  return `${(error as Error & { code?: string })?.code}: ${error?.message}`;
}

import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import { type ContactDevice, startContacts } from "./contact-device.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-limit", "ev-modbus"];
const FLOW: FlowNode[] = [
  { id: "site", type: "ev-site", dataDir },
  { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: 32 },
  { id: "z-garage", type: "ev-zone", site: "site", name: "garage", parent: "z-main", limitA: 32 },
  { id: "cp1", type: "ev-charge-point", centralSystem: "", identity: "CP1", zone: "z-main" },
  {
    ...{ id: "cp2", type: "ev-charge-point", centralSystem: "", identity: "CP2", zone: "z-garage" },
    connectors: [{ number: 1, maxA: 16 }],
  },
  {
    id: "dlm",
    type: "ev-dlm",
    zone: "z-main",
    cycleS: 1,
    rampUpAps: 100,
    wires: [["alloc"], [], ["alarms"]],
  },
  ...["said", "alloc", "alarms"].map((id) => ({ id, type: "helper" })),
];
const limit = (more: object, id = "limit"): FlowNode => ({
  ...{ id, type: "ev-limit", zone: "z-main", bus: "bus", unitId: 1, address: 0, debounceMs: 100, limitA: 10 },
  ...{ wires: [["said", "dlm"]], ...more },
});
const charge = (id: string, state: string, currentA = 0) =>
  node("dlm").receive({
    topic: `connector/${id}/1`,
    payload: { state, measuredA: [currentA, currentA, currentA] },
  } as NodeMessage);
const allocated = (id: string, accept: (limitA: number) => boolean) =>
  nextMessage<AllocationMessage>("alloc", ({ chargePoint, payload }) => chargePoint === id && accept(payload.limitA));

interface Said extends NodeMessage {
  payload: { limitA: number | null; reason: string; feedInPercent?: number | null };
}

describe("ev-limit with contacts on Modbus", () => {
  let device: ContactDevice;
  const bus = (more: object = {}): FlowNode => ({
    ...{ id: "bus", type: "ev-modbus", host: "127.0.0.1", port: device.port, timeoutMs: 300 },
    ...more,
  });

  beforeEach(async () => {
    device = await startContacts(await freePort());
  });
  afterEach(async () => {
    await stop();
    await device.close();
  });

  for (const [functionCode, set] of [
    [2, (closed: boolean) => device.inputs.set(3, closed)],
    [1, (closed: boolean) => device.coils.set(3, closed)],
    [3, (closed: boolean) => device.registers.set(3, closed ? 0x100 : 0)],
  ] as const)
    it(`reads its contact by function ${functionCode}, and limits while it is unknown`, async () => {
      set(false);
      await deploy(TYPES, [...FLOW, bus(), limit({ functionCode, address: 3 })]);
      await until("the open contact limits nothing", () => lastStatus("limit")?.fill === "green");
      set(true);
      await until("the closed contact limits", () => lastStatus("limit")?.text === "10 A");
      for (const values of [device.inputs, device.coils, device.registers]) values.clear();
      await until("a contact that cannot be read limits", () => lastStatus("limit")?.text === "10 A · ?");
      assert.match(errorsOf("limit")[0]?.message ?? "", /exception 2/);
      set(false);
      await until("it is read again", () => lastStatus("limit")?.fill === "green");
      assert.equal(errorsOf("limit").length, 1);
    });

  it("limits where the line is dead from the start", async () => {
    const { port } = device;
    await device.close();
    await deploy(TYPES, [...FLOW, bus({ port }), limit({})]);
    await until("limited", () => lastStatus("limit")?.text === "10 A · ?");
    await until("the reason", () => errorsOf("limit").length > 0);
    device = await startContacts(port);
  });

  it("lets a bouncing contact change nothing until it stands", async () => {
    device.inputs.set(0, false);
    await deploy(TYPES, [...FLOW, bus(), limit({ debounceMs: 2000 })]);
    await until("free", () => lastStatus("limit")?.fill === "green");
    let limited = 0;
    node("said").on("input", ({ payload }) => {
      if ((payload as Said["payload"]).limitA !== null) limited++;
    });
    const bouncing = setInterval(() => device.inputs.set(0, !device.inputs.get(0)), 250);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    clearInterval(bouncing);
    assert.equal(limited, 0);
    device.inputs.set(0, true);
    await until("limited once it stands", () => lastStatus("limit")?.text === "10 A");
  });

  it("raises an alarm that names the chargers of an open breaker, and gives their share to others", async () => {
    device.inputs.set(0, true);
    await deploy(TYPES, [
      ...FLOW,
      bus(),
      limit({ zone: "z-garage", purpose: "breaker", normallyClosed: true, limitA: "" }),
    ]);
    await until("closed", () => lastStatus("limit")?.fill === "green");
    const shared = allocated("CP1", (limitA) => limitA === 16);
    charge("CP1", "charging");
    charge("CP2", "charging");
    await shared;
    charge("CP1", "charging", 16);
    charge("CP2", "offline");
    const raised = nextMessage<AlarmMessage>(
      "alarms",
      ({ topic, payload }) => topic === "alarm/breakerOpen/garage" && payload.state === "raised",
    );
    const freed = allocated("CP1", (limitA) => limitA === 32);
    device.inputs.set(0, false);
    assert.match((await raised).payload.text, /breaker of zone garage is open; without power: CP2\/1/);
    assert.equal(lastStatus("limit")?.fill, "red");
    await freed;
    const taken = allocated("CP1", (limitA) => limitA < 32);
    device.inputs.set(0, true);
    await taken;
  });

  it("reads the four contacts of an FNN control box", async () => {
    for (const address of [0, 1, 2, 3]) device.inputs.set(address, false);
    await deploy(TYPES, [...FLOW, bus(), limit({ purpose: "fnn", limitA: "", powerW: 4200 })]);
    const said = (accept: (payload: Said["payload"]) => boolean) =>
      nextMessage<Said>("said", ({ payload }) => accept(payload));
    await said(({ feedInPercent }) => feedInPercent === 100);
    const capped = said(({ feedInPercent }) => feedInPercent === 30);
    device.inputs.set(2, true);
    assert.equal((await capped).payload.limitA, null);
    const dimmed = said(() => lastStatus("limit")?.text === "4.2 kW" || true);
    device.inputs.set(3, true);
    await dimmed;
    await until("lowered by W4", () => lastStatus("limit")?.text === "4.2 kW");
    const unknown = said(({ feedInPercent }) => feedInPercent === null);
    device.inputs.clear();
    await unknown;
    await until("limited while unknown", () => lastStatus("limit")?.text === "4.2 kW · ?");
  });

  it("writes a coil only where the connection is writable", async () => {
    device.inputs.set(0, false);
    device.coils.set(7, false);
    const coil = { topic: "coil", unitId: 1, address: 7, payload: true } as NodeMessage;
    await deploy(TYPES, [...FLOW, bus(), limit({})]);
    node("limit").receive(coil);
    await until("a refusal", () => errorsOf("limit").length > 0);
    assert.match(errorsOf("limit")[0]?.message ?? "", /writable is false.*tick "Writable"/);
    assert.equal(device.coils.get(7), false);
    await stop();
    await deploy(TYPES, [...FLOW, bus({ writable: true }), limit({})]);
    node("limit").receive(coil);
    await until("the coil is on", () => device.coils.get(7) === true);
    node("bus").receive({ ...coil, payload: "off" } as NodeMessage);
    await until("the coil is off", () => device.coils.get(7) === false);
    for (const [more, text] of [
      [{ payload: "perhaps" }, /payload is "perhaps"; it must be true or false/],
      [{ address: -1 }, /address is -1; it must be a whole number from 0 to 65535/],
      [{ unitId: 300 }, /unitId is 300/],
      [{ address: 99 }, /coil 99 on was answered by exception 2/],
      [{ topic: "state" }, /topic is "state"; it must be coil/],
    ] as const) {
      const before = errorsOf("limit").length;
      node("limit").receive({ ...coil, ...more } as NodeMessage);
      await until(`a refusal of ${JSON.stringify(more)}`, () => errorsOf("limit").length > before);
      assert.match(errorsOf("limit").at(-1)?.message ?? "", text);
    }
  });

  it("names the property that is wrong", async () => {
    const cases: [object, RegExp][] = [
      [{ bus: "gone" }, /bus: the connection gone is missing/],
      [{ functionCode: 4 }, /functionCode is 4; it must be 2 \(discrete inputs\), 1 \(coils\) or 3/],
      [{ unitId: 256 }, /unitId is 256/],
      [{ address: 65_533, purpose: "fnn" }, /address is 65533; .* 0 to 65532/],
      [{ debounceMs: -1 }, /debounceMs is -1/],
    ];
    await deploy(TYPES, [...FLOW, bus(), ...cases.map(([more], i) => limit(more, `wrong${i}`))]);
    for (const [i, [, text]] of cases.entries()) assert.match(errorsOf(`wrong${i}`)[0]?.message ?? "", text);
  });
});

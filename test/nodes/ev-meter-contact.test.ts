import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
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

const TYPES = ["ev-site", "ev-zone", "ev-dlm", "ev-pv-surplus", "ev-limit", "ev-modbus", "ev-meter"];
/** A meter whose power stands in holding register 0. */
const OWN = JSON.stringify({ registers: { power: { address: 0, type: "uint16" } } });

interface Contact extends NodeMessage {
  meter: string;
  payload: boolean | null;
}

describe("ev-meter with a digital input", () => {
  let device: ContactDevice;

  beforeEach(async () => {
    device = await startContacts(await freePort());
    device.registers.set(0, 500);
  });
  afterEach(async () => {
    await stop();
    await device.close();
  });

  const flow = (meter: object, limit: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: 32 },
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: device.port, timeoutMs: 300 },
    { id: "dlm", type: "ev-dlm", zone: "z-main", wires: [[], [], []] },
    { id: "sun", type: "ev-pv-surplus", gridMeter: "grid", wires: [[]] },
    { id: "limit", type: "ev-limit", zone: "z-main", kind: "contact", limitA: 10, wires: [["dlm"]], ...limit },
    { id: "out", type: "helper" },
    {
      ...{ id: "meter", type: "ev-meter", bus: "bus", meter: "grid", profile: "custom", customProfile: OWN },
      ...{ intervalMs: 100, contact: "own", contactDebounceMs: 100, wires: [["limit", "dlm", "sun", "out"]], ...meter },
    },
  ];
  const shows = (what: string, text: string) => until(what, () => lastStatus("limit")?.text === text);
  const isFree = () => until("nothing is limited", () => lastStatus("limit")?.fill === "green");

  for (const [name, contact, set] of [
    ["an own discrete input", { contactAddress: 7 }, (closed: boolean) => device.inputs.set(7, closed)],
    ["a coil", { contactFunction: 1, contactAddress: 7 }, (closed: boolean) => device.coils.set(7, closed)],
    [
      "one bit of a register",
      { contactFunction: 3, contactAddress: 7, contactBit: 2 },
      (closed: boolean) => device.registers.set(7, closed ? 0b111 : 0b011),
    ],
    [
      "the input of a PAC2200",
      { contact: "1", profile: "siemens-pac2200", customProfile: "" },
      (closed: boolean) => device.inputs.set(200, closed),
    ],
    [
      "the input of an iEM3155, one bit of two registers",
      { contact: "1", profile: "schneider-iem3x55", customProfile: "" },
      (closed: boolean) => {
        device.registers.set(8904, 0);
        device.registers.set(8905, closed ? 2 : 0);
      },
    ],
  ] as const)
    it(`tells ${name} to an ev-limit, which limits while it is closed, and while it is unknown`, async () => {
      set(false);
      await deploy(TYPES, flow(contact));
      await isFree();
      const closed = nextMessage<Contact>("out", ({ topic }) => topic === "contact/grid");
      set(true);
      const { meter, payload } = await closed;
      assert.deepEqual({ meter, payload }, { meter: "grid", payload: true });
      await shows("the closed contact limits", "10 A");
      const unknown = nextMessage<Contact>("out", ({ topic }) => topic === "contact/grid");
      for (const values of [device.inputs, device.coils, device.registers]) values.clear();
      assert.equal((await unknown).payload, null);
      await shows("the unknown contact limits", "10 A · ?");
      set(false);
      await isFree();
      for (const id of ["limit", "dlm", "sun"]) assert.deepEqual(errorsOf(id), [], id);
    });

  it("is normally closed where its ev-limit says so", async () => {
    device.inputs.set(0, true);
    await deploy(TYPES, flow({}, { normallyClosed: true }));
    await isFree();
    device.inputs.set(0, false);
    await shows("the open contact limits", "10 A");
  });

  it("is told beside the measurements, which go on", async () => {
    device.inputs.set(0, true);
    await deploy(TYPES, flow({}));
    await shows("the contact limits", "10 A");
    const measured = await nextMessage<NodeMessage>("out", ({ topic }) => topic === "meter/grid");
    assert.equal((measured.payload as { powerW: number }).powerW, 500);
    await shows("a measurement is not taken for a state", "10 A");
  });

  it("names the property that is wrong", async () => {
    const cases: [object, RegExp][] = [
      [{ contact: "1" }, /contact is "1"; it must be empty \(no digital input\), or own/],
      [{ contact: "2", profile: "siemens-pac2200" }, /contact is "2"; .*1 to 1, or own/],
      [{ contactFunction: 5 }, /contactFunction is 5; it must be 2 \(discrete inputs\)/],
      [{ contactAddress: 65_536 }, /contactAddress is 65536/],
      [{ contactFunction: 3, contactBit: 16 }, /contactBit is 16/],
      [{ contactDebounceMs: -1 }, /contactDebounceMs is -1/],
    ];
    const [meter] = flow({}).slice(-1);
    const wrong = cases.map(([more], i) => ({ ...meter, ...more, id: `wrong${i}`, meter: `m${i}` }) as FlowNode);
    await deploy(TYPES, [...flow({}).slice(0, -1), ...wrong]);
    for (const [i, [, text]] of cases.entries()) assert.match(errorsOf(`wrong${i}`)[0]?.message ?? "", text);
    assert.ok(node("limit"));
  });
});

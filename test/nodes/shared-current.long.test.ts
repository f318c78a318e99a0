import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, node, redeploy, stop, until } from "./helper.ts";

const TYPES = [
  "ev-site",
  "ev-zone",
  "ev-central-system",
  "ev-charge-point",
  "ev-meter-simulator",
  "ev-modbus",
  "ev-meter",
  "ev-limit",
  "ev-dlm",
  "ev-charging-profile",
  "ev-simulator",
];

/** One car: how its outlet is wired, and what is special about its charger. */
interface Car {
  outlet?: object;
  zone?: string;
  point?: object;
  /** Of the simulator. */
  car?: object;
}

interface Site {
  site?: object;
  zones?: object[];
  dlm?: object;
  cars: Car[];
  more?: FlowNode[];
}

const ONE_PHASE = { phases: 1, maxA: 32 };
const CHARGES = { state: "charging", measuredA: [6, 6, 6] };
/** What was said last to each connector. */
const said = new Map<string, AllocationMessage["payload"]>();
const METER = { meter: "grid", location: "including", staleAfterS: 5, onStale: "failSafe", fallbackA: null };

/** Chargers CP1, CP2 … with real OCPP connections, in the zone `main` (63 A) unless told otherwise. */
async function charging({ site, zones = [], dlm, cars, more = [] }: Site): Promise<void> {
  const port = await freePort();
  const main = { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: [63, 63, 63] };
  const below = zones.slice(1).map((zone, i) => ({ ...main, parent: "z-main", id: `z-${i}`, name: `z${i}`, ...zone }));
  const flow: FlowNode[] = [
    { id: "site", type: "ev-site", dataDir, country: "other", ...site },
    { ...main, ...zones[0] },
    ...below,
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, ...dlm, wires: [["alloc", "profile"]] },
    { id: "profile", type: "ev-charging-profile", wires: [[]] },
    { id: "alloc", type: "helper" },
    ...more,
    ...cars.map((car, i) => chargePoint(`CP${i + 1}`, car)),
  ];
  await deploy(TYPES, flow);
  await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
  // Simulators that find nobody listening wait for a while before they dial again.
  await redeploy([...flow, ...cars.map((car, i) => simulator(`CP${i + 1}`, car, port))]);
  said.clear();
  const hear = ({ topic, payload }: AllocationMessage) => said.set(topic.slice("alloc/".length), payload);
  node("alloc").on("input", hear as never);
}

const wiring = ({ outlet }: Car) => ({ number: 1, phases: 3, rotation: "RST", maxA: 16, ...outlet });

function chargePoint(identity: string, car: Car): FlowNode {
  const { zone = "z-main", point } = car;
  const connectors = [wiring(car)];
  return {
    id: `point-${identity}`,
    type: "ev-charge-point",
    centralSystem: "cs",
    identity,
    zone,
    ...point,
    connectors,
  };
}

function simulator(identity: string, car: Car, port: number): FlowNode {
  const { phases, rotation, maxA } = wiring(car);
  const url = `ws://127.0.0.1:${port}`;
  return {
    id: `car-${identity}`,
    type: "ev-simulator",
    identity,
    url,
    phases,
    rotation,
    maxA,
    ...car.car,
    wires: [[]],
  };
}

/** A meter that shows this load, and no charger. */
async function metered(loadA: number[]): Promise<FlowNode[]> {
  const port = await freePort();
  const device = { port, unitId: 1, profile: "siemens-pac2200", includes: [] };
  return [
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port, timeoutMs: 300 },
    { id: "sim", type: "ev-meter-simulator", ...device, loadA, wires: [] },
    {
      ...{ id: "grid", type: "ev-meter", bus: "bus", meter: "grid", unitId: 1, profile: device.profile },
      ...{ intervalMs: 300, wires: [["dlm"]] },
    },
  ];
}

const say = (id: string, message: object) => node(id).receive(message as NodeMessage);

/** Waits until the connectors are given these currents, and the last of them for a reason like this. */
async function given(currents: Record<string, number>, why = /./): Promise<void> {
  const at = (id: string) => said.get(id);
  const lastId = Object.keys(currents).at(-1)!;
  // In the minute after a decrease an increase has to be worth an ampere, after a calm minute a quarter of one.
  const isGiven = ([id, a]: [string, number]) => {
    const missingA = a - (at(id)?.limitA ?? -1);
    return missingA < 0.26 && missingA > -0.11;
  };
  const fits = () => Object.entries(currents).every(isGiven);
  await until("the currents", () => fits() && why.test(at(lastId)?.text ?? ""), 90_000).catch(() => {
    throw new Error(
      `${JSON.stringify(currents)} for ${why}: ${[...said].map(([id, { text }]) => `${id} ${text}`).join("; ")}`,
    );
  });
}

describe("load management of chargers on real connections", () => {
  afterEach(() => stop());

  const vip = [{ outlet: { priorityClass: 0 } }, {}];

  it("gives a VIP what is left above the minimums of the others, where they are reduced in part", async () => {
    await charging({ zones: [{ limitA: 20 }], dlm: { priorityPolicy: "minFirst" }, cars: vip });
    await given({ "CP1/1": 14, "CP2/1": 6 }, /L1 of zone main is full \(20 A\), shared by 2 cars/);
  });

  it("gives a VIP all that it takes, where it is not reduced at all", async () => {
    await charging({ zones: [{ limitA: 20 }], dlm: { priorityPolicy: "strict" }, cars: vip });
    await given({ "CP1/1": 16, "CP2/1": 0 }, /waits for its minimum of 6 A; L1 of zone main is full/);
  });

  it("stops the car that has charged for longest", async () => {
    await charging({ dlm: { shedding: "duration" }, cars: [{}, { car: { plugged: false } }] });
    await until("the first car charges", () => /^([5-9]|1\d)/.test(lastStatus("car-CP1")?.text ?? ""));
    say("car-CP2", { payload: { plugged: true } });
    await given({ "CP2/1": 16 });
    say("dlm", { topic: "limit/main", payload: { limitA: 8, scope: "evse", source: "works" } });
    await given({ "CP1/1": 0, "CP2/1": 8 }, /the outside limit of zone main is reached \(8 A, works\)/);
  });

  it("holds a fuse of its own on each phase", async () => {
    const cars = ["RST", "STR", "TRS"].map((rotation) => ({ outlet: { ...ONE_PHASE, rotation } }));
    await charging({ zones: [{ limitA: [10, 16, 20] }], cars });
    await given({ "CP1/1": 10, "CP2/1": 16, "CP3/1": 20 }, /L3 of zone main is full \(20 A\)/);
  });

  for (const [country, mostA] of [
    ["DE", 20],
    ["AT", 16],
  ] as const) {
    it(`keeps the phases as near to each other as ${country} has it`, async () => {
      await charging({ site: { country }, cars: [{ outlet: ONE_PHASE }] });
      await given({ "CP1/1": mostA }, new RegExp(`may not carry more above the other phases than ${mostA} A`));
    });
  }

  it("counts a car between two lines on both where there is no neutral", async () => {
    await charging({ site: { itNetwork: true }, zones: [{ limitA: [63, 12, 63] }], cars: [{ outlet: ONE_PHASE }] });
    await given({ "CP1/1": 12 }, /L2 of zone main is full/);
  });

  it("pauses a car on three phases below 14 A and one on a single phase below 8 A (EV/ZE Ready)", async () => {
    const point = { safeA: 0 };
    const outlet = { minA: 8, minA3p: 14 };
    await charging({
      zones: [{}, { limitA: 13 }, { limitA: 7.9 }, { limitA: 13 }],
      cars: [
        { outlet: { ...outlet, phases: 1 }, zone: "z-0", point },
        { outlet: { ...outlet, phases: 1 }, zone: "z-1", point },
        { outlet, zone: "z-2", point },
      ],
    });
    await given({ "CP1/1": 13, "CP2/1": 0, "CP3/1": 0 }, /waits for its minimum of 14 A/);
  });

  it("subtracts a meter beside the chargers and the headroom, and the load to assume while it is silent", async () => {
    const grid = { ...METER, location: "excluding", onStale: "fallbackLoad", fallbackA: [15, 15, 15] };
    const more = await metered([10, 10, 10]);
    await charging({ zones: [{ limitA: 30, headroomA: [5, 5, 5], meters: [grid] }], cars: [{}], more });
    // The meter shows a few milliamperes more than 10 A at times, so that 15 A do not fit.
    await given({ "CP1/1": 14.9 }, /zone main is full \(30 A\)/);
    say("sim", { payload: { fault: "silent" } });
    await given({ "CP1/1": 10 }, /would be up to 1[45].* if meter grid were fresh/);
  });

  it("shares one supply line between the outlets of a station, and one turn where only one may charge", async () => {
    const connectors = [1, 2].map((number) => ({ number, phases: 3, rotation: "RST", maxA: 16 }));
    const station = (identity: string, more: object) => ({
      ...{ id: `point-${identity}`, type: "ev-charge-point", identity, zone: "z-main", connectors },
      ...more,
    });
    await charging({ cars: [], more: [station("D", { stationLimitA: 20 }), station("X", { exclusive: true })] });
    for (const id of ["D/1", "D/2", "X/2"]) say("dlm", { topic: `connector/${id}`, payload: CHARGES });
    await given({ "X/2": 16 });
    say("dlm", { topic: "connector/X/1", payload: CHARGES });
    await given({ "D/1": 10, "D/2": 10, "X/1": 0 }, /connector 2 of this charge point has the turn/);
    say("dlm", { topic: "connector/X/2", payload: { state: "available" } });
    await given({ "X/2": 0, "X/1": 16 });
  });

  it("follows a schedule by the clocks of the site's place", async () => {
    // On the other side of the world, where it is twelve hours earlier or later than here.
    const hereH = Math.round(-new Date().getTimezoneOffset() / 60);
    const thereH = hereH > 0 ? hereH - 12 : hereH + 12;
    const hour = (n: number) => `${(new Date().getHours() + 12 + n) % 24}:00`;
    const schedule = [{ days: "daily", from: hour(-1), to: hour(2), limitA: 10 }];
    const timeZone = `Etc/GMT${thereH > 0 ? "-" : "+"}${Math.abs(thereH)}`;
    const limit = { id: "limit", type: "ev-limit", zone: "z-main", kind: "schedule", schedule, wires: [["dlm"]] };
    await charging({ site: { timeZone }, cars: [{}], more: [limit] });
    await given({ "CP1/1": 10 }, /the outside limit of zone main is reached \(10 A, schedule\)/);
  });

  it("charges at the minimum while power is dear, and fast while it is cheap", async () => {
    await charging({ cars: [{}] });
    await given({ "CP1/1": 16 });
    const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    const prices = (now: number, then: number) => ({
      priceData: [
        { value: now, start: hour(-0.5), end: hour(0.5) },
        { value: then, start: hour(0.5), end: hour(1.5) },
      ],
    });
    say("dlm", { topic: "tariff/main", payload: prices(0.4, 0.1) });
    await given({ "CP1/1": 6 }, /power is dear until (?:[\d-]+ )?\d+:\d\d/);
    say("dlm", { topic: "tariff/main", payload: prices(0.1, 0.4) });
    await given({ "CP1/1": 16 });
  });
});

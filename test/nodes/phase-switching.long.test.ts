import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { WhyAnswer } from "../../lib/dlm/decision-log/decision-log.ts";
import type { AllocationMessage, LimitResult } from "../../lib/messages.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import { dataDir, deploy, type FlowNode, freePort, nextMessage, node, stop } from "./helper.ts";

const TYPES = [
  "ev-site",
  "ev-central-system",
  "ev-charge-point",
  "ev-zone",
  "ev-dlm",
  "ev-charging-profile",
  "ev-event",
  "ev-simulator",
];
const VOLTAGE_V = 230;
/** A charger, its car and its meter need some seconds for each step. */
const WITHIN_MS = 45_000;

/** A home with one charger on surplus, over real sockets. */
const flow = (port: number): FlowNode[] => [
  { id: "site", type: "ev-site", dataDir },
  { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
  {
    id: "cp1",
    type: "ev-charge-point",
    centralSystem: "cs",
    identity: "CP1",
    zone: "z-main",
    safeA: 0,
    connectors: [{ number: 1, phases: 3, maxA: 16, mode: "pv" }],
  },
  { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: [35, 35, 35] },
  {
    id: "dlm",
    type: "ev-dlm",
    zone: "z-main",
    cycleS: 1,
    rampUpAps: 100,
    wires: [["profile", "alloc"], ["zones"], ["alarms"]],
  },
  { id: "profile", type: "ev-charging-profile", minIncreaseS: 0, wires: [["limits"]] },
  {
    id: "events",
    type: "ev-event",
    centralSystem: "cs",
    events: ["raw"],
    raw: true,
    wires: [["frames"]],
  },
  {
    id: "car",
    type: "ev-simulator",
    url: `ws://127.0.0.1:${port}`,
    identity: "CP1",
    maxA: 16,
    behaviour: "switchesPhases",
    wires: [["home"]],
  },
  ...["alloc", "zones", "alarms", "limits", "frames", "home"].map((id) => ({ id, type: "helper" })),
];

describe("a PV home whose charger can change its phases", () => {
  let sun: NodeJS.Timeout | undefined;
  afterEach(async () => {
    clearInterval(sun);
    await stop();
  });

  it("charges on one phase from what three would be too much for, and says so in the profile, the allocation and the record", async () => {
    await deploy(TYPES, flow(await freePort()));
    let drawW = 0;
    const told: unknown[] = [];
    node("home").on("input", ((message: { payload: SimulatedState }) => {
      drawW = message.payload.siteCurrentA.reduce((sum, currentA) => sum + currentA * VOLTAGE_V, 0);
    }) as never);
    node("frames").on("input", ((message: { payload: unknown }) => {
      const text = JSON.stringify(message.payload);
      if (text.includes("SetChargingProfile")) told.push(...(text.match(/numberPhases\\?":(\d)/g) ?? []));
    }) as never);
    sun = setInterval(() => {
      const payload = { surplusW: 2600 - drawW, enableDelayS: 1, disableDelayS: 5 };
      node("dlm").receive({ topic: "surplus", payload } as NodeMessage);
    }, 500);
    const allocated = nextMessage<AllocationMessage>(
      "alloc",
      ({ payload }) => payload.phases === 1 && payload.limitA > 9,
      WITHIN_MS,
    );
    const drawn = nextMessage<{ payload: SimulatedState }>("home", ({ payload }) => payload.currentA[0] > 9, WITHIN_MS);
    const limited = nextMessage<{ payload: LimitResult }>(
      "limits",
      ({ payload }) => (payload.acceptedA ?? 0) > 9,
      WITHIN_MS,
    );
    const { payload } = await allocated;
    assert.deepEqual(payload.phasesA, [payload.limitA, 0, 0]);
    const { currentA } = (await drawn).payload;
    assert.deepEqual([currentA[1], currentA[2]], [0, 0]);
    assert.equal((await limited).payload.status, "accepted");
    assert.match(String(told.at(-1)), /1$/);
    const answered = nextMessage<WhyAnswer>("zones", ({ topic }) => topic === "why/CP1/1");
    node("dlm").receive({ topic: "why/CP1/1" } as NodeMessage);
    const { changes } = (await answered).payload;
    const change = changes.find(({ fromPhases, toPhases }) => fromPhases === 3 && toPhases === 1);
    assert.ok(change && change.connector === "CP1/1" && change.t <= change.until, JSON.stringify(changes));
  });
});

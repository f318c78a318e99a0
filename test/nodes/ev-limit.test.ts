import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import { closeAll } from "../../lib/shared-resources.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-limit"];
const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: 32 };
const CHARGER = { id: "cp", type: "ev-charge-point", centralSystem: "", identity: "CP1", zone: "z-main" };
const DLM = { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, wires: [["alloc"], ["zones"], []] };
const SEEN: FlowNode[] = ["said", "alloc", "zones"].map((id) => ({ id, type: "helper" }));

const limit = (more: object, id = "limit"): FlowNode => ({
  id,
  type: "ev-limit",
  zone: "z-main",
  wires: [["said", "dlm"]],
  ...more,
});
const flow = (...more: FlowNode[]): FlowNode[] => [SITE, MAIN, CHARGER, DLM, ...SEEN, ...more];

interface LimitMessage extends NodeMessage {
  payload: { limitA: number | null; powerW: number | null; holdStarts: boolean; source: string; reason: string };
}
const said = (accept: (payload: LimitMessage["payload"]) => boolean = () => true) =>
  nextMessage<LimitMessage>("said", ({ payload }) => accept(payload));
const hear = (payload: unknown, id = "limit") => node(id).receive({ payload } as NodeMessage);
const charge = (measuredA = 0) =>
  node("dlm").receive({
    topic: "connector/CP1/1",
    payload: { state: "charging", measuredA: [measuredA, measuredA, measuredA] },
  } as NodeMessage);
const allocated = (accept: (limitA: number) => boolean) =>
  nextMessage<AllocationMessage>("alloc", ({ payload }) => accept(payload.limitA));
/** Deploys, and has a car charge. @returns the first allocation that is accepted */
async function charging(nodes: FlowNode[], accept: (limitA: number) => boolean): Promise<AllocationMessage> {
  await deploy(TYPES, nodes);
  const first = allocated(accept);
  charge();
  return first;
}

describe("ev-limit", () => {
  afterEach(stop);

  it("limits a zone through ev-dlm while its contact is active, and until it is known", async () => {
    const unknown = await charging(flow(limit({ limitA: 10 })), (limitA) => limitA > 6);
    assert.equal(unknown.payload.limitA, 10);
    assert.match(unknown.payload.text, /contact unknown/);
    assert.equal(lastStatus("limit")?.fill, "yellow");
    const free = allocated((limitA) => limitA === 32);
    hear("open");
    await free;
    await until("a green status", () => lastStatus("limit")?.fill === "green");
    const active = allocated((limitA) => limitA === 10);
    hear(1);
    assert.match((await active).payload.text, /contact active/);
    await until("the limit in its status", () => lastStatus("limit")?.text === "10 A");
  });

  it("says zone, value, scope, source and how long it holds", async () => {
    await deploy(TYPES, flow(limit({ name: "Grid operator", powerW: 7560 })));
    const message = said(({ reason }) => reason === "contact active");
    hear(true);
    const { topic, payload } = (await message) as LimitMessage & { topic: string };
    assert.equal(topic, "limit/main");
    assert.deepEqual(payload, {
      limitA: null,
      powerW: 7560,
      holdStarts: false,
      scope: "evse",
      ttlS: 300,
      source: "Grid operator (limit)",
      reason: "contact active",
    });
  });

  it("lets the lowest of several limits hold", async () => {
    const nodes = flow(limit({ limitA: 10 }), limit({ limitA: 14 }, "other"));
    assert.equal((await charging(nodes, (limitA) => limitA > 6)).payload.limitA, 10);
    const higher = allocated((limitA) => limitA === 14);
    hear(false);
    await higher;
  });

  it("releases its limit when it is disabled, not when it is deployed anew", async () => {
    const open = flow(limit({ limitA: 10 }));
    await charging(open, (limitA) => limitA === 10);
    hear("closed");
    await redeploy(open);
    await until("the contact is still known", () => lastStatus("limit")?.text === "10 A");
    await redeploy(flow(limit({ limitA: 10, d: true })));
    const released = allocated((limitA) => limitA === 32);
    charge();
    await released;
  });

  it("goes on with what was commanded before a restart", async () => {
    const nodes = flow(limit({ kind: "power" }));
    await charging(nodes, (limitA) => limitA === 32);
    assert.equal(lastStatus("limit")?.fill, "grey");
    const lowered = allocated((limitA) => limitA === 6);
    hear({ powerW: 4200, ttlS: 600 });
    await lowered;
    await closeAll();
    await redeploy(nodes);
    let highestA = 0;
    node("alloc").on("input", ({ payload }) => {
      highestA = Math.max(highestA, (payload as AllocationMessage["payload"]).limitA);
    });
    await until("the command is known", () => lastStatus("limit")?.text === "4.2 kW");
    const again = allocated((limitA) => limitA > 0);
    charge(6);
    await again;
    assert.ok(highestA <= 6.1, `${highestA} A`);
  });

  it("moves its limit with it when it is given another zone", async () => {
    const garage = { id: "z-garage", type: "ev-zone", site: "site", name: "garage", parent: "z-main", limitA: 20 };
    await charging(flow(garage, limit({ limitA: 10 })), (limitA) => limitA === 10);
    await redeploy(flow(garage, limit({ limitA: 10, zone: "z-garage" })));
    const released = allocated((limitA) => limitA === 32);
    charge();
    await released;
  });

  it("keeps cars that charge going and lets no other start without its permission", async () => {
    const second = { ...CHARGER, id: "cp2", identity: "CP2" };
    await deploy(TYPES, flow(second, limit({ purpose: "permit", limitA: 10 })));
    node("dlm").receive({ topic: "connector/CP2/1", payload: { state: "available" } } as NodeMessage);
    hear(true);
    const first = allocated((limitA) => limitA === 32);
    charge();
    await first;
    const held = said(({ holdStarts }) => holdStarts);
    hear(false);
    await held;
    const waiting = nextMessage<AllocationMessage>(
      "alloc",
      ({ chargePoint, payload }) => chargePoint === "CP2" && payload.text.includes("permission"),
    );
    node("dlm").receive({ topic: "connector/CP2/1", payload: { state: "waiting" } } as NodeMessage);
    const message = await waiting;
    assert.equal(message.payload.limitA, 0);
    assert.match(message.payload.text, /waits for the permission to start \(no permission: contact not active\)/);
    assert.equal(lastStatus("limit")?.text, "ev-limit.status.holdStarts");
    const started = nextMessage<AllocationMessage>(
      "alloc",
      ({ chargePoint, payload }) => chargePoint === "CP2" && payload.limitA > 0,
    );
    const room = allocated((limitA) => limitA === 16);
    hear(true);
    await room;
    charge(16);
    await started;
  });

  it("refuses what it cannot read and counts it as unknown", async () => {
    await deploy(TYPES, flow(limit({ limitA: 10 })));
    hear(false);
    await until("free", () => lastStatus("limit")?.fill === "green");
    hear("banana");
    await until("an error", () => errorsOf("limit").length > 0);
    assert.equal((errorsOf("limit")[0] as Error & { code?: string }).code, "EV_MESSAGE_INVALID");
    await until("limited", () => lastStatus("limit")?.text === "10 A · ?");
  });

  it("names the property that is wrong", async () => {
    const cases: [object, RegExp][] = [
      [{ zone: "" }, /zone: it is empty/],
      [{ limitA: "" }, /limitA is empty; it must be filled in, or powerW/],
      [{ kind: "schedule" }, /schedule .* at least one window/],
      [{ kind: "schedule", schedule: [{ days: "someday", from: "1:00", to: "2:00", limitA: 1 }] }, /days/],
      [{ kind: "schedule", schedule: [{ from: "25:00", to: "2:00", limitA: 1 }] }, /schedule\[0\].from/],
      [{ kind: "schedule", schedule: [{ from: "1:00", to: "2:00" }] }, /number 1 has none/],
      [{ kind: "power", timeZone: "Mars/Base" }, /timeZone/],
    ];
    await deploy(TYPES, flow(...cases.map(([more], i) => limit(more, `wrong${i}`))));
    for (const [i, [, text]] of cases.entries()) assert.match(errorsOf(`wrong${i}`)[0]?.message ?? "", text);
  });

  it("has every command kept as evidence, with the time of its effect", async () => {
    await charging(flow(limit({ name: "DSO", powerW: 4200 })), (limitA) => limitA > 0);
    const lowered = allocated((limitA) => limitA === 6);
    hear(true);
    await lowered.catch(() => {});
    charge(6);
    const ask = async (payload: object) => {
      const answer = nextMessage<NodeMessage & { topic: string; count: number }>("zones", ({ topic }) =>
        String(topic).startsWith("evidence"),
      );
      node("dlm").receive({ topic: "evidence/main", payload } as NodeMessage);
      return answer;
    };
    let items: { source: string; powerW: number; allocated: string | null; measured: string | null }[] = [];
    await until("the effect was measured", () => {
      charge(6);
      void ask({}).then(({ payload }) => {
        items = payload as typeof items;
      });
      return items.some(({ measured }) => measured !== null);
    });
    assert.deepEqual([items[0]!.source, items[0]!.powerW], ["DSO (limit)", 4200]);
    assert.ok(items[0]!.allocated! <= items[0]!.measured!);
    const table = (await ask({ format: "csv", separator: ";" })).payload as string;
    assert.match(table, /^received;zone;source;/);
    assert.match(table, /;main;DSO \(limit\);contact (unknown|active);evse;;4200;/);
    node("dlm").receive({ topic: "evidence/main", payload: { from: "yesterday" } } as NodeMessage);
    await until("a refusal", () => errorsOf("dlm").some(({ message }) => /payload.from/.test(message)));
  });

  it("has a limit that is refused kept as evidence, too", async () => {
    await deploy(TYPES, flow());
    node("dlm").receive({ topic: "limit/roof", payload: { powerW: 4200, source: "DSO" } } as NodeMessage);
    await until("a refusal", () => errorsOf("dlm").length > 0);
    const answer = nextMessage<NodeMessage & { topic: string }>("zones", ({ topic }) => topic === "evidence");
    node("dlm").receive({ topic: "evidence" } as NodeMessage);
    const [item] = (await answer).payload as { zone: string; source: string; refused: string }[];
    assert.deepEqual([item!.zone, item!.source], ["roof", "DSO"]);
    assert.match(item!.refused, /topic is "limit\/roof"/);
  });
});

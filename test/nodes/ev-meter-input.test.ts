import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import type { MeasurementMessage } from "../../lib/messages.ts";
import { MAPPING_PRESETS } from "../../lib/metering/mapping-presets.ts";
import type { TryPage } from "../../nodes/admin/types/meter-page-types.ts";
import { deploy, errorsOf, type FlowNode, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const TYPES = ["ev-meter-input"];

describe("ev-meter-input", () => {
  afterEach(stop);

  const flow = (properties: object = {}): FlowNode[] => [
    {
      id: "input",
      type: "ev-meter-input",
      meter: "main",
      mapping: '{"powerW": payload.p}',
      wires: [["out"]],
      ...properties,
    },
    { id: "out", type: "helper" },
    { id: "catch", type: "catch", scope: ["input"], wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];
  const receive = (message: object) => node("input").receive(message as NodeMessage);
  const next = (accept: (message: MeasurementMessage) => boolean = () => true) =>
    nextMessage<MeasurementMessage>("out", accept);

  it("makes a measurement of a message and shows it", async () => {
    await deploy(TYPES, flow({ mapping: '{"powerW": payload.p, "currentA": payload.i}' }));
    const measured = next();
    receive({ topic: "anything", payload: { p: 4100, i: ["17.8", 17.9, 18] } });
    const { topic, meter, payload } = await measured;
    assert.equal(topic, "meter/main");
    assert.equal(meter, "main");
    assert.deepEqual(payload.currentA, [17.8, 17.9, 18]);
    assert.equal(payload.powerW, 4100);
    assert.deepEqual(payload.voltageV, [null, null, null]);
    assert.equal(payload.quality, "good");
    assert.equal(lastStatus("input")?.text, "4.1 kW · 18 A");
    assert.equal(lastStatus("input")?.fill, "green");
  });

  it("reads the samples of every preset in Node-RED's own JSONata", async () => {
    await deploy(TYPES, []);
    for (const { id, mapping, samples } of MAPPING_PRESETS) {
      const body = { mapping, messages: samples };
      const page = await testHelper.request().post("/ev-charging/meter-mapping-trials").send(body).expect(200);
      const { messages, measurement } = page.body as TryPage;
      assert.equal(measurement?.quality, "good", id);
      assert.deepEqual(
        messages.filter((said) => "error" in said),
        [],
        id,
      );
    }
  });

  it("puts values together that come one by one", async () => {
    const mapping = '{"power" & $substringAfter(topic, "/"): payload}';
    await deploy(TYPES, flow({ mapping }));
    const whole = next(({ payload }) => payload.powerW !== null);
    for (const [phase, watts] of [
      ["L1", 1000],
      ["L2", 2000],
      ["L3", -500],
    ] as const)
      receive({ topic: `meter/${phase}`, payload: watts });
    const { payload } = await whole;
    assert.deepEqual(payload.phasePowerW, [1000, 2000, -500]);
    assert.equal(payload.powerW, 2500);
  });

  it("passes over messages that it makes nothing of", async () => {
    await deploy(TYPES, flow());
    const measured = next();
    receive({ payload: { other: 1 } });
    receive({ payload: { p: 7 } });
    assert.equal((await measured).payload.powerW, 7);
    assert.deepEqual(errorsOf("input"), []);
  });

  it("tells once that its values have gone stale, and recovers", async () => {
    await deploy(TYPES, flow({ staleAfterS: 1 }));
    const told: string[] = [];
    node("out").on("input", ((message: MeasurementMessage) => told.push(message.payload.quality)) as never);
    receive({ payload: { p: 7 } });
    await until("a yellow status", () => lastStatus("input")?.fill === "yellow");
    assert.equal(lastStatus("input")?.text, "ev-meter-input.status.stale");
    receive({ payload: { p: 8 } });
    await until("a green status", () => lastStatus("input")?.fill === "green");
    await until("it is told", () => told.length >= 3);
    assert.deepEqual(told, ["good", "stale", "good"]);
  });

  it("is bad when nothing has ever come", async () => {
    await deploy(TYPES, flow({ staleAfterS: 1 }));
    const { payload } = await next();
    assert.equal(payload.quality, "bad");
    assert.equal(lastStatus("input")?.fill, "red");
    assert.equal(lastStatus("input")?.text, "ev-meter-input.status.nothing");
  });

  it("is red for a value that cannot be true, and reports it once", async () => {
    await deploy(TYPES, flow({ mapping: '{"powerW": payload.p, "voltageV": payload.u}' }));
    const bad = next(({ payload }) => payload.quality === "bad");
    receive({ payload: { p: 100, u: [23, 230, 230] } });
    receive({ payload: { p: 100, u: [23, 230, 230] } });
    assert.deepEqual((await bad).payload.voltageV, [null, 230, 230]);
    assert.equal(lastStatus("input")?.text, "ev-meter-input.status.implausible");
    assert.match(coded(errorsOf("input")[0]), /^EV_METER_IMPLAUSIBLE: voltageL1 reads 23 V/);
    assert.equal(errorsOf("input").length, 1);
  });

  const faults: [string, object, RegExp][] = [
    ['{"powerW": payload}', { payload: "12 kW" }, /powerW is "12 kW"; it must be a number without a unit, or null/],
    ['{"currentA": [payload.a]}', { payload: { a: 1 } }, /currentA is \[1\]; it must be a list of three values/],
    ['{"PowerW": payload}', { payload: 1 }, /the mapping gives "PowerW"; write "powerW"/],
    ["$nothing(payload)", { payload: 1 }, /mapping cannot be evaluated.*there is no function of that name/],
    ["($f := function($x) { $f($x + 1) + 1 }; $f(1))", { payload: 1 }, /it calls itself without end/],
    ["($f := function($x) { $f($x + 1) }; $f(1))", { payload: 1 }, /it takes longer than 200 ms/],
  ];
  for (const [mapping, message, expected] of faults) {
    it(`fails ${JSON.stringify(message)} through done where the mapping is ${mapping}`, async () => {
      await deploy(TYPES, flow({ mapping }));
      const caught = nextMessage<NodeMessage & { error: { message: string; code: string } }>("caught");
      receive(message);
      const { error } = await caught;
      assert.match(error.message, expected);
      assert.equal(error.code, "EV_MESSAGE_INVALID");
      assert.equal(lastStatus("input")?.fill, "red");
    });
  }

  it("knows the environment of its flow", async () => {
    process.env["PHASEWISE_TEST_FACTOR"] = "10";
    try {
      await deploy(TYPES, flow({ mapping: '{"powerW": payload * $number($env("PHASEWISE_TEST_FACTOR"))}' }));
      const measured = next();
      receive({ payload: 5 });
      assert.equal((await measured).payload.powerW, 50);
    } finally {
      delete process.env["PHASEWISE_TEST_FACTOR"];
    }
  });

  it("refuses a name that another meter has, naming both", async () => {
    const twin = { id: "twin", type: "ev-meter-input", meter: "main", mapping: "{}", wires: [[]] };
    await deploy(TYPES, [...flow(), twin]);
    assert.match(
      coded(errorsOf("twin")[0]),
      /^EV_NAME_DUPLICATE: meter "main" is claimed by .*\(input\) and by .*\(twin\)/,
    );
  });

  const wrong: [object, RegExp][] = [
    [{ meter: "" }, /EV_CONFIG_INVALID: meter is empty/],
    [{ mapping: "" }, /EV_CONFIG_INVALID: mapping is empty; write an expression such as/],
    [{ mapping: '{"powerW": ' }, /EV_CONFIG_INVALID: mapping cannot be evaluated at character 10 .*close the bracket/],
    [{ staleAfterS: 0 }, /EV_CONFIG_INVALID: staleAfterS is 0; it must be a number from 1 to 86400/],
  ];
  for (const [properties, message] of wrong) {
    it(`is red with ${JSON.stringify(properties)}, and fails inputs`, async () => {
      await deploy(TYPES, flow(properties));
      assert.match(coded(errorsOf("input")[0]), message);
      assert.equal(lastStatus("input")?.fill, "red");
      receive({ payload: 1 });
      await until("the input fails", () => errorsOf("input").length === 2);
    });
  }

  it("tries a mapping for the dialog: what each message says, what they come to, and what is wrong", async () => {
    await deploy(TYPES, []);
    const trial = (body: object) => testHelper.request().post("/ev-charging/meter-mapping-trials").send(body);
    const messages = [{ payload: { p: 5000 } }, { payload: {} }, { payload: { p: "much" } }];
    const { body } = await trial({ mapping: '{"powerW": payload.p}', messages }).expect(200);
    const page = body as TryPage;
    assert.deepEqual(page.messages.slice(0, 2), [{ values: { power: 5000 } }, { values: null }]);
    assert.match(JSON.stringify(page.messages[2]), /powerW is .*much.*it must be a number/);
    assert.equal(page.measurement?.powerW, 5000);
    assert.equal(page.text, "5.0 kW");
    const refused = await trial({ mapping: "{", messages }).expect(400);
    assert.equal(refused.body.code, "EV_CONFIG_INVALID");
    await trial({ mapping: "{}", messages: "none" }).expect(400);
    const presets = await testHelper.request().get("/ev-charging/meter-mappings").expect(200);
    assert.equal(presets.body.length, MAPPING_PRESETS.length);
  });
});

/** An error as a Catch node sees it. */
function coded(error: Error | undefined): string {
  return `${(error as Error & { code?: string })?.code}: ${error?.message}`;
}

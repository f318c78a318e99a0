import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { OWN_ACTIONS } from "../../lib/maintenance/own-actions.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import type { CommandsPage, KeysPage } from "../../nodes/admin/types/command-page-types.ts";
import { Charger } from "./charger.ts";
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

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-command"];

interface Answer extends NodeMessage {
  ok: boolean;
  error?: { kind: string; code: string; description: string };
  order?: number;
}
type Caught = NodeMessage & { error: { message: string; code: string } };

describe("ev-command", () => {
  let port: number;
  let charger: Charger;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  const flow = (properties: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, callTimeoutS: 1 },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "command", type: "ev-command", wires: [["out"]], ...properties },
    { id: "out", type: "helper" },
    { id: "catch", type: "catch", scope: ["command"], wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];
  const start = async (properties: object = {}): Promise<void> => {
    await deploy(TYPES, flow(properties));
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const meterValues = charger.next("TriggerMessage");
    await charger.connect(port);
    await meterValues;
  };
  const send = (message: object): Promise<[Answer, Caught | null]> => {
    const answer = nextMessage<Answer>("out");
    const caught = nextMessage<Caught>("caught", undefined, 3000).catch(() => null);
    node("command").receive(message as NodeMessage);
    return answer.then(async (message) => [message, message.ok ? null : await caught]);
  };

  it("sends what the message says and answers in the same message", async () => {
    await start();
    const reset = charger.next("Reset");
    const [answer] = await send({ chargePoint: "CP1", action: "Reset", payload: { type: "Soft" }, order: 7 });
    assert.deepEqual(await reset, { type: "Soft" });
    assert.equal(answer.ok, true);
    assert.deepEqual(answer.payload, { status: "Accepted" });
    assert.equal(answer.order, 7);
    assert.equal(answer.error, undefined);
    assert.deepEqual(errorsOf("command"), []);
  });

  it("sends what the dialog says, whatever the message says", async () => {
    await start({
      centralSystem: "cs",
      chargePoint: "cp1",
      action: "Reset",
      payload: '{"type":"Hard"}',
      payloadType: "json",
    });
    const reset = charger.next("Reset");
    const [answer] = await send({ chargePoint: "other", action: "ClearCache", payload: 5 });
    assert.deepEqual(await reset, { type: "Hard" });
    assert.equal(answer.ok, true);
  });

  it("reckons the payload from the message", async () => {
    await start({
      chargePoint: "CP1",
      action: "RemoteStopTransaction",
      payload: '{"transactionId": payload.id}',
      payloadType: "jsonata",
    });
    for (const id of [42, "42"]) {
      const stopped = charger.next("RemoteStopTransaction");
      await send({ payload: { id } });
      assert.deepEqual(await stopped, { transactionId: 42 });
    }
  });

  it("takes a missing payload for an empty one", async () => {
    await start({ chargePoint: "CP1", action: "ClearCache" });
    const cleared = charger.next("ClearCache");
    await send({});
    assert.deepEqual(await cleared, {});
  });

  it("writes baseline and limits anew after a charging profile of one's own", async () => {
    await start({ chargePoint: "CP1", action: "ClearChargingProfile", payload: "{}", payloadType: "json" });
    const baseline = charger.next("SetChargingProfile");
    await send({});
    await baseline;
  });

  describe("tells by kind, and raises,", () => {
    const expectError = ([answer, caught]: [Answer, Caught | null], kind: string, code: string): void => {
      assert.equal(answer.ok, false);
      assert.equal(answer.error?.kind, kind);
      assert.equal(answer.error?.code, code);
      assert.ok(caught, "the error was not raised");
    };

    it("that the charge point refused, with its answer", async () => {
      await start();
      charger.answer = (action) => ({ status: action === "UnlockConnector" ? "NotSupported" : "Accepted" });
      const outcome = await send({ chargePoint: "CP1", action: "UnlockConnector", payload: { connectorId: 1 } });
      expectError(outcome, "rejected", "EV_OCPP_REJECTED");
      assert.deepEqual(outcome[0].payload, { status: "NotSupported" });
      assert.match(outcome[1]?.error.message ?? "", /CP1 answered UnlockConnector with NotSupported/);
    });

    it("that it answered with an error of its own", async () => {
      await start();
      charger.answer = () => {
        throw new OcppCallError("GenericError", "no mood");
      };
      const outcome = await send({ chargePoint: "CP1", action: "ClearCache", payload: {} });
      expectError(outcome, "callError", "GenericError");
      assert.equal(outcome[0].error?.description, "no mood");
      assert.equal(outcome[1]?.error.code, "EV_OCPP_CALL_ERROR");
    });

    it("that it is not connected", async () => {
      await deploy(TYPES, flow());
      expectError(await send({ chargePoint: "CP1", action: "ClearCache", payload: {} }), "offline", "EV_OCPP_OFFLINE");
    });

    it("that it did not answer", async () => {
      await start();
      charger.answer = () => new Promise(() => {}) as never;
      expectError(await send({ chargePoint: "CP1", action: "ClearCache", payload: {} }), "timeout", "EV_OCPP_TIMEOUT");
    });

    const invalid: [object, string, RegExp][] = [
      [{ action: "ClearCache" }, "EV_MESSAGE_INVALID", /^chargePoint is undefined/],
      [{ chargePoint: "nobody", action: "ClearCache" }, "EV_MESSAGE_INVALID", /^chargePoint is "nobody"/],
      [{ chargePoint: "CP1" }, "EV_MESSAGE_INVALID", /^action is undefined/],
      [{ chargePoint: "CP1", action: "constructor" }, "EV_MESSAGE_INVALID", /^action is "constructor"/],
      [
        { chargePoint: "CP1", action: "Heartbeat" },
        "EV_MESSAGE_INVALID",
        /must be an OCPP 1.6 action that goes to a charge point/,
      ],
      [
        { chargePoint: "CP1", action: "Reset", payload: [1] },
        "EV_MESSAGE_INVALID",
        /^payload is \[1\]; it must be an object/,
      ],
      [
        { chargePoint: "CP1", action: "Reset", payload: { type: "Gentle" } },
        "EV_OCPP_INVALID",
        /^Reset: type is "Gentle"; it must be one of Hard, Soft$/,
      ],
      [
        { chargePoint: "CP1", action: "UnlockConnector", payload: {} },
        "EV_OCPP_INVALID",
        /^UnlockConnector: connectorId is missing; it must be a whole number of at least 1$/,
      ],
      [
        {
          chargePoint: "CP1",
          action: "GetLog",
          payload: {
            logType: "SecurityLog",
            requestId: 1,
            log: {
              remoteLocation: "ftp://x",
              oldestTimestamp: "2030-01-02T00:00:00Z",
              latestTimestamp: "2030-01-01T00:00:00Z",
            },
          },
        },
        "EV_OCPP_INVALID",
        /^GetLog: log.latestTimestamp is "2030-01-01T00:00:00Z"; it must be later than oldestTimestamp$/,
      ],
    ];
    for (const [message, code, text] of invalid) {
      it(`that ${JSON.stringify(message)} is wrong`, async () => {
        await start();
        const outcome = await send(message);
        expectError(outcome, "invalid", code);
        assert.match(outcome[0].error?.description ?? "", text);
      });
    }

    it("that an expression cannot be reckoned", async () => {
      await start({ chargePoint: "CP1", action: "Reset", payload: "$nothing(", payloadType: "jsonata" });
      expectError(await send({}), "invalid", "EV_MESSAGE_INVALID");
    });
  });

  it("is red with an action that goes the other way", async () => {
    await deploy(TYPES, flow({ action: "StartTransaction" }));
    assert.match(errorsOf("command")[0]?.message ?? "", /action is "StartTransaction"/);
    assert.equal(lastStatus("command")?.fill, "red");
  });

  it("is red with fixed JSON that cannot be sent, and names path and fix", async () => {
    const wrong: [object, RegExp][] = [
      [{ payload: "{", payloadType: "json" }, /payload is no JSON/],
      [
        { action: "UnlockConnector", payload: '{"connectorId":"1"}', payloadType: "json" },
        /^payload of UnlockConnector: connectorId is "1"; it must be a whole number of at least 1$/,
      ],
    ];
    for (const [properties, text] of wrong) {
      await deploy(TYPES, flow(properties));
      assert.match(errorsOf("command").at(-1)?.message ?? "", text);
      assert.equal(lastStatus("command")?.fill, "red");
      await stop();
    }
  });

  it("sends every action that goes to a charge point, and takes its answer", async () => {
    await start();
    const answers: Record<string, object> = {
      GetCompositeSchedule: { status: "Accepted" },
      GetDiagnostics: {},
      GetInstalledCertificateIds: { status: "NotFound" },
      GetLocalListVersion: { listVersion: 3 },
      GetLog: { status: "AcceptedCanceled" },
      UnlockConnector: { status: "Unlocked" },
      UpdateFirmware: {},
    };
    charger.answer = (action) => ({ ...(answers[action] ?? { status: "Accepted" }) });
    const actions = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "chargePoint");
    assert.equal(actions.length, 26);
    for (const { action, sample = {} } of actions) {
      const received = new Promise((resolve) => charger.commands.once(action, resolve));
      const [answer] = await send({ chargePoint: "CP1", action, payload: sample });
      assert.equal(answer.ok, true, `${action}: ${JSON.stringify(answer.error)}`);
      assert.deepEqual(await received, sample);
      if (action !== "GetConfiguration") assert.deepEqual(answer.payload, answers[action] ?? { status: "Accepted" });
    }
  });

  describe("its dialog is told", () => {
    it("exactly the actions that go to a charge point and our own, with fields and a payload to start from", async () => {
      await deploy(TYPES, flow());
      const { body } = await testHelper.request().get("/ev-charging/commands").expect(200);
      const { commands } = body as CommandsPage;
      const sent = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "chargePoint");
      const names = [...sent.map(({ action }) => action), ...OWN_ACTIONS.keys()];
      assert.deepEqual(commands.map(({ action }) => action).sort(), names.sort());
      const reset = commands.find(({ action }) => action === "Reset");
      assert.deepEqual(reset?.request.properties?.["type"]?.enum, ["Hard", "Soft"]);
      assert.deepEqual(reset.sample, { type: "Soft" });
    });

    it("the standard's keys, and those of the chosen model or of the charger that is connected", async () => {
      await start();
      const keys = async (query: string): Promise<KeysPage> =>
        (await testHelper.request().get(`/ev-charging/configuration-keys?${query}`).expect(200)).body as KeysPage;
      const names = ({ keys }: KeysPage) => keys.map(({ key }) => key);
      const standard = await keys("chargePoint=CP1&model=");
      assert.equal(standard.model, null);
      assert.ok(names(standard).includes("HeartbeatInterval") && !names(standard).includes("OperatorCurrentLimit"));
      assert.ok(names(await keys("chargePoint=&model=bender-cc")).includes("OperatorCurrentLimit"));
      charger.close();
      charger = new Charger();
      await charger.connect(port, undefined, { chargePointVendor: "Bender GmbH Co. KG", chargePointModel: "CC612" });
      assert.match((await keys("chargePoint=cp1&model=")).model ?? "", /Bender/);
    });
  });
});

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { CentralSystemPage } from "../../nodes/admin/types/central-system-page-types.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-command", "ev-event"];
const OLD = "the old password";

interface Answer extends NodeMessage {
  ok: boolean;
  error?: { kind: string; code: string };
}
type Payload = Record<string, unknown>;

/** TC_073 of the compliance tests, and what happens where its answer is lost. */
describe("RotateAuthorizationKey", () => {
  let port: number;
  const chargers: { close(): unknown }[] = [];

  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(async () => {
    for (const charger of chargers.splice(0)) await charger.close();
    await stop();
  });

  const flow = (): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    {
      id: "cs",
      type: "ev-central-system",
      site: "site",
      host: "127.0.0.1",
      port,
      callTimeoutS: 1,
      messageLog: "store",
    },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "command", type: "ev-command", wires: [["out"]] },
    { id: "out", type: "helper" },
    { id: "event", type: "ev-event", raw: true, wires: [["events"]] },
    { id: "events", type: "helper" },
  ];
  const start = async (password = OLD): Promise<void> => {
    await deploy(TYPES, flow(), password ? { cp: { password } } : {});
    await listening();
  };
  const listening = () => until("listening", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));
  const command = async (action: string, payload: Payload = {}): Promise<Answer> => {
    const answer = nextMessage<Answer>("out");
    node("command").receive({ chargePoint: "CP1", action, payload } as NodeMessage);
    return answer;
  };
  const rotate = () => command("RotateAuthorizationKey");
  /** A charge point that shows this password, and notes the keys it is sent. */
  const dial = async (
    password: string | Buffer | undefined,
    answer: (key: string) => Payload | Promise<never> = () => ({ status: "Accepted" }),
  ): Promise<{ charger: Charger; keys: string[] }> => {
    const charger = new Charger("CP1");
    chargers.push(charger);
    const keys: string[] = [];
    charger.answer = (_action, payload) => {
      if (payload["key"] !== "AuthorizationKey") return { status: "Accepted" };
      keys.push(String(payload["value"]));
      return answer(String(payload["value"])) as Payload;
    };
    await charger.connect(port, password as string);
    return { charger, keys };
  };
  const refused = (password: string | Buffer | undefined) => assert.rejects(dial(password), /401/);
  const silent = () => new Promise<never>(() => {});

  it("gives the charger a random key of 20 bytes; from then on only this one lets it in", async () => {
    await start();
    const { charger, keys } = await dial(OLD);
    const { ok, payload } = await rotate();
    assert.deepEqual([ok, payload], [true, { status: "Accepted" }]);
    assert.match(keys[0]!, /^[0-9a-f]{40}$/);
    charger.close();
    await refused(OLD);
    await refused(undefined);
    await dial(Buffer.from(keys[0]!, "hex"));
  });

  it("takes the digits of the key for the key", async () => {
    await start();
    const { keys } = await dial(OLD);
    await command("RotateAuthorizationKey", { length: 16 });
    assert.equal(keys[0]!.length, 32);
    await dial(keys[0]!.toUpperCase());
  });

  for (const status of ["Rejected", "NotSupported"]) {
    it(`leaves the old one in force where the charger answers ${status}`, async () => {
      await start();
      const { keys } = await dial(OLD, () => ({ status }));
      const { ok, error } = await rotate();
      assert.deepEqual([ok, error?.kind], [false, "rejected"]);
      await refused(Buffer.from(keys[0]!, "hex"));
      await dial(OLD);
    });
  }

  it("lets the charger in with either key while its answer is lost; the first use of the new one settles it", async () => {
    await start();
    const { keys } = await dial(OLD, silent);
    assert.equal((await rotate()).error?.kind, "timeout");
    await dial(OLD);
    await dial(Buffer.from(keys[0]!, "hex"));
    await refused(OLD);
  });

  it("is settled by the next connection where Node-RED dies between the key and its answer", async () => {
    await start();
    const { charger, keys } = await dial(OLD, silent);
    const sent = charger.next("ChangeConfiguration");
    node("command").receive({ chargePoint: "CP1", action: "RotateAuthorizationKey", payload: {} } as NodeMessage);
    assert.equal((await sent)["key"], "AuthorizationKey");
    await stop({ keepData: true });
    await start();
    await dial(Buffer.from(keys[0]!, "hex"));
    await refused(OLD);
  });

  it("waits for the restart that a charger asks for, with both keys", async () => {
    await start();
    const { keys } = await dial(OLD, () => ({ status: "RebootRequired" }));
    const restart = nextMessage("events", ({ topic }) => topic === "ocpp/CP1/0/restart");
    assert.equal((await rotate()).ok, true);
    assert.deepEqual((await restart).payload, { required: true, keys: ["AuthorizationKey"] });
    await dial(OLD);
    await dial(Buffer.from(keys[0]!, "hex"));
    await refused(OLD);
  });

  it("gives way to a password that a person configures afterwards", async () => {
    await start();
    const { keys } = await dial(OLD);
    await rotate();
    await redeploy(flow(), { cp: { password: "a new password" } });
    await listening();
    await refused(Buffer.from(keys[0]!, "hex"));
    await dial("a new password");
  });

  it("protects a charger that had no password, until a person takes that back", async () => {
    await start("");
    const { keys } = await dial(undefined);
    await rotate();
    await refused(undefined);
    await dial(Buffer.from(keys[0]!, "hex"));
    const { body } = await testHelper
      .request()
      .post("/ev-charging/central-systems/cs/forget-key")
      .send({ chargePoint: "CP1" })
      .expect(200);
    assert.deepEqual((body as CentralSystemPage).keys[0]?.state, "none");
  });

  it("remembers a key that a person chose and sent as configuration", async () => {
    await start();
    const { charger } = await dial(OLD);
    const value = "00112233445566778899aabbccddeeff";
    assert.equal((await command("ChangeConfiguration", { key: "AuthorizationKey", value })).ok, true);
    charger.close();
    await refused(OLD);
    await dial(Buffer.from(value, "hex"));
  });

  it("is done from the dialog as well", async () => {
    await start();
    const { charger, keys } = await dial(OLD);
    const page = async (path: string) =>
      (await testHelper.request().post(`/ev-charging/central-systems/cs/${path}`).send({ chargePoint: "CP1" })).body;
    assert.equal(((await page("rotate-key")) as CentralSystemPage).keys[0]?.state, "inForce");
    charger.close();
    await dial(Buffer.from(keys[0]!, "hex"));
    assert.equal(((await page("forget-key")) as CentralSystemPage).keys[0]?.state, "configured");
    await dial(OLD);
  });

  it("leaves the key in no event, log, file or message", async () => {
    await start();
    const seen: string[] = [];
    node("events").on("input", (message) => seen.push(JSON.stringify(message)));
    const { keys } = await dial(OLD);
    seen.push(JSON.stringify(await rotate()));
    const { text } = await testHelper
      .request()
      .get("/ev-charging/central-systems/cs/messages?action=ChangeConfiguration");
    seen.push(text);
    await until("the frames are events", () => seen.some((one) => one.includes("AuthorizationKey")));
    await stop({ keepData: true });
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
    for (const secret of [keys[0]!, keys[0]!.toUpperCase(), OLD]) {
      assert.equal(
        seen.some((one) => one.includes(secret)),
        false,
      );
      assert.equal(
        bytes.some((content) => content.includes(secret)),
        false,
      );
    }
    await start();
  });

  it("says that the charger is not there, and sends nothing later", async () => {
    await start();
    assert.equal((await rotate()).error?.kind, "offline");
    await dial(OLD);
  });

  describe("with a simulated charger", () => {
    const simulate = async (behaviour: string): Promise<SimulatedChargePoint> => {
      const simulated = new SimulatedChargePoint({
        url: `ws://127.0.0.1:${port}`,
        identity: "CP1",
        password: OLD,
        behaviour,
        plugged: false,
      });
      chargers.push(simulated);
      simulated.start();
      await until("it is online", () => simulated.state.online);
      return simulated;
    };
    const online = () => nextMessage("events", ({ topic }) => topic === "ocpp/CP1/0/online");

    for (const behaviour of ["normal", "keyAsText", "keyUnanswered"]) {
      it(`sees it connect with its new key: ${behaviour}`, async () => {
        await start();
        await simulate(behaviour);
        const again = online();
        await rotate();
        await again;
        await refused(OLD);
      });
    }

    it("sees it connect with its new key once it was restarted: keyAfterRestart", async () => {
      await start();
      await simulate("keyAfterRestart");
      await rotate();
      const again = online();
      await command("Reset", { type: "Hard" });
      await again;
      await refused(OLD);
    });

    for (const behaviour of ["refusesKey", "noKey"]) {
      it(`keeps it with its old key: ${behaviour}`, async () => {
        await start();
        await simulate(behaviour);
        assert.equal((await rotate()).error?.kind, "rejected");
        await dial(OLD);
      });
    }
  });
});

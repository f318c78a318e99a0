import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import { unzip } from "../files/unzip.ts";
import { signedIn } from "../rights/signed-in.ts";
import { dataDir, deploy, freePort, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-command", "ev-alarms"];

interface Answer extends NodeMessage {
  text?: string;
  refusal?: string;
  step?: string;
  payload: Record<string, unknown>;
}

interface Listed {
  received: { chargePoint: string; name: string; bytes: number }[];
  firmware: { name: string }[];
  chargers: { chargePoint: string }[];
  mayFetch: boolean;
  maySave: boolean;
  mayInstall: boolean;
}

describe("what staff do with files of chargers", () => {
  let charger: SimulatedChargePoint;

  beforeEach(async () => {
    const port = await freePort();
    await deploy(TYPES, [
      {
        ...{ id: "site", type: "ev-site", dataDir, otherUsers: "viewer" },
        roles: [
          { user: "ana", role: "operator" },
          { user: "eva", role: "admin" },
        ],
      },
      { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, callTimeoutS: 1 },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", name: "Bay 12" },
      { id: "command", type: "ev-command", wires: [["out"]] },
      { id: "out", type: "helper" },
      { id: "alarms", type: "ev-alarms", site: "site", wires: [["log"]] },
      { id: "log", type: "helper" },
      { id: "catch", type: "catch", scope: ["command"], wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ]);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    charger = new SimulatedChargePoint({ url: `ws://127.0.0.1:${port}`, identity: "CP1", plugged: false });
    charger.start();
    await until("it is online", () => charger.state.online);
  });
  afterEach(async () => {
    await charger.close();
    await stop();
  });

  const receive = (name: string, payload: object, user: string): void =>
    node("command").receive({ topic: `files/${name}`, payload, ...signedIn(user) } as never);
  const does = async (user: string, name: string, payload: object = {}): Promise<Answer> => {
    const answer = nextMessage<Answer>("out", ({ topic, step }) => topic === `files/${name}` && step === undefined);
    receive(name, payload, user);
    return answer;
  };
  const refuses = async (user: string, name: string, payload: object = {}): Promise<string | undefined> => {
    const caught = nextMessage<Answer>("caught");
    receive(name, payload, user);
    return (await caught).refusal;
  };
  const list = async (user: string) => (await does(user, "list")).payload as unknown as Listed;
  const bytesOf = ({ payload }: Answer): Buffer => Buffer.from(String(payload["data"]), "base64");

  it("asks a charger for its diagnostics, says when they are here, and saves them", async () => {
    const came = nextMessage<Answer>("out", ({ step }) => step === "end");
    const { text } = await does("ana", "diagnostics", { chargePoint: "CP1" });
    assert.match(text ?? "", /^Bay 12 .*was asked for its diagnostics\./);
    assert.match((await came).text ?? "", /^Bay 12 .*has sent its diagnostics: .*diagnostics_CP1_/);
    const [file, ...others] = (await list("ana")).received;
    assert.deepEqual([file?.chargePoint, others], ["CP1", []]);
    const saved = await does("ana", "get", { chargePoint: "CP1", name: file!.name });
    assert.match(bytesOf(saved).toString(), /CP1: nothing unusual/);
    assert.match((await refuses("ana", "get", { chargePoint: "CP1", name: "x" })) ?? "", /not here any more/);
  });

  it("takes firmware in pieces and sends it to a charger, for an admin", async () => {
    const [first, second] = [Buffer.alloc(1000, 1), Buffer.alloc(500, 2)];
    const piece = (at: number, bytes: Buffer) => ({ name: "2.0.bin", at, total: 1500, data: bytes.toString("base64") });
    assert.equal((await does("eva", "upload", piece(0, first))).payload["done"], false);
    assert.match((await refuses("eva", "upload", piece(400, second))) ?? "", /did not come whole/);
    await does("eva", "upload", piece(0, first));
    const { text, payload } = await does("eva", "upload", piece(1000, second));
    assert.deepEqual([payload["done"], text], [true, "2.0.bin is here. Choose a charger to send it to."]);
    assert.deepEqual(readFileSync(join(dataDir, "files/firmware/2.0.bin")), Buffer.concat([first, second]));
    assert.deepEqual(
      (await list("eva")).firmware.map(({ name }) => name),
      ["2.0.bin"],
    );
    const ended = nextMessage<Answer>("out", ({ step }) => step === "end");
    const sent = await does("eva", "install", { chargePoint: "CP1", file: "2.0.bin" });
    assert.match(sent.text ?? "", /^Bay 12 .*was told to install 2\.0\.bin\./);
    assert.match((await ended).text ?? "", /has installed its new firmware/);
    assert.match(
      (await refuses("eva", "install", { chargePoint: "CP1", file: "3.0.bin" })) ?? "",
      /does not update now/,
    );
  });

  it("makes the report and the bundle as files", async () => {
    const report = await does("bob", "report");
    assert.match(String(report.payload["name"]), /^maintenance-.*\.html$/);
    assert.match(bytesOf(report).toString(), /^<!doctype html>/i);
    const handover = await does("bob", "commissioning");
    assert.match(String(handover.payload["name"]), /^commissioning-.*\.html$/);
    assert.match(bytesOf(handover).toString(), /^<!doctype html>/i);
    const bundle = await does("eva", "bundle");
    assert.match(String(bundle.payload["name"]), /^ev-charging-.*\.zip$/);
    assert.ok(unzip(bytesOf(bundle)).has("report.html"));
  });

  it("refuses in plain words who may not, and notes it", async () => {
    const denied = "You may not do this here. Whoever looks after the site can allow it.";
    assert.equal(await refuses("bob", "diagnostics", { chargePoint: "CP1" }), denied);
    assert.equal(await refuses("bob", "get", { chargePoint: "CP1", name: "x" }), denied);
    assert.equal(await refuses("ana", "bundle"), denied);
    assert.equal(await refuses("ana", "upload", { name: "a.bin", at: 0, total: 1, data: "AA==" }), denied);
    assert.equal(await refuses("ana", "install", { chargePoint: "CP1", file: "a.bin" }), denied);
    const bob = await list("bob");
    assert.deepEqual(
      [bob.mayFetch, bob.maySave, bob.mayInstall, bob.received, bob.chargers],
      [false, false, false, [], []],
    );
    const ana = await list("ana");
    assert.deepEqual([ana.mayFetch, ana.maySave, ana.mayInstall, ana.chargers.length], [true, false, false, 1]);
    const log = nextMessage<{ payload: { user: string; what: string; allowed: boolean }[] }>("log");
    node("alarms").receive({ topic: "audit/list" } as never);
    const entries = (await log).payload.map(({ user, what, allowed }) => `${user} ${what} ${allowed}`);
    assert.deepEqual(entries.at(-1), "bob GetDiagnostics to CP1 false");
    assert.ok(entries.includes("ana UpdateFirmware to CP1 (file: a.bin) false"));
  });
});

import { strict as assert } from "node:assert";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import testHelper from "node-red-node-test-helper";
import WebSocket from "ws";
import type { CentralSystemPage, MessagesPage } from "../../nodes/admin/types/central-system-page-types.ts";
import { Authority, type Issued } from "../certificates.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, errorsOf, type FlowNode, freePort, lastStatus, redeploy, stop, until } from "./helper.ts";

const TYPES = ["tls-config", "ev-site", "ev-zone", "ev-central-system", "ev-charge-point"];
const authority = new Authority("Test authority");
const LOCAL = ["localhost", "127.0.0.1"];
const BOOT = [2, "boot", "BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" }];

describe("ev-central-system, secured", () => {
  const sockets: WebSocket[] = [];
  const chargers: Charger[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const charger of chargers.splice(0)) charger.close();
    await stop();
  });

  const flow = (port: number, tls: Record<string, unknown> = {}, more: Record<string, unknown> = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true, ...tls },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, tls: "tls", ...more },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
  ];
  const pem = ({ cert, key }: Issued, ca = "") => ({ certdata: cert, keydata: key, ...(ca && { cadata: ca }) });
  const listening = () => until("listening", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));

  /** Connects over TLS and boots; resolves with the socket and the status of the boot. */
  const dial = async (
    port: number,
    options: ConnectionOptions & { password?: string } = {},
    watch: (socket: WebSocket) => void = () => {},
  ): Promise<WebSocket> => {
    const { password, ...tls } = options;
    const auth = password === undefined ? {} : { auth: `CP1:${password}` };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/CP1`, "ocpp1.6", { ca: authority.cert, ...tls, ...auth });
    sockets.push(socket);
    watch(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve).once("error", reject);
      socket.once("unexpected-response", (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
    });
    assert.match(await ask(socket, BOOT), /"status":"Accepted"/);
    return socket;
  };
  const ask = (socket: WebSocket, call: unknown[]): Promise<string> => {
    socket.send(JSON.stringify(call));
    return new Promise((resolve, reject) => {
      socket.on("message", (data) => String(data).includes(`"${String(call[1])}"`) && resolve(String(data)));
      socket.once("close", (code) => reject(new Error(`closed: ${code}`)));
    });
  };
  const get = async <T>(path: string, method = "GET", body?: object): Promise<T> => {
    const text = await getText(path, method, body);
    return JSON.parse(text) as T;
  };

  it("serves a charge point over TLS with its password: security profile 2", async () => {
    const port = await freePort();
    await deploy(TYPES, flow(port), {
      tls: pem(authority.issue("localhost", LOCAL)),
      cp: { password: "0123456789abcdef" },
    });
    await listening();
    await assert.rejects(dial(port, { password: "wrong" }), { message: "HTTP 401" });
    await dial(port, { password: "0123456789abcdef" });
    const page = await get<CentralSystemPage>("central-systems/cs");
    assert.deepEqual(page.profiles, [{ identity: "CP1", highest: 2 }]);
  });

  it("uses a renewed certificate at once, and drops no socket for it", async () => {
    const port = await freePort();
    const fingerprints: string[] = [];
    const note = (socket: WebSocket) =>
      socket.once("upgrade", ({ socket: wire }) => {
        fingerprints.push((wire as TLSSocket).getPeerCertificate().fingerprint256);
      });
    await deploy(TYPES, flow(port), { tls: pem(authority.issue("localhost", LOCAL)) });
    await listening();
    const socket = await dial(port, {}, note);
    await redeploy(flow(port), { tls: pem(authority.issue("localhost", LOCAL)) });
    assert.match(await ask(socket, [2, "h", "Heartbeat", {}]), /currentTime/);
    await until("the new certificate", () => lastStatus("cs")?.fill === "yellow");
    const other = new WebSocket(`wss://127.0.0.1:${port}/CP2`, "ocpp1.6", { ca: authority.cert });
    note(other);
    sockets.push(other);
    await new Promise((resolve, reject) => other.once("open", resolve).once("error", reject));
    assert.notEqual(fingerprints[0], fingerprints[1]);
  });

  it("serves only charge points with a certificate of their own when clients are verified: security profile 3", async () => {
    const port = await freePort();
    const server = pem(authority.issue("localhost", LOCAL), authority.cert);
    await deploy(TYPES, flow(port), { tls: server });
    await listening();
    assert.equal(lastStatus("cs")?.fill, "green");
    await assert.rejects(dial(port));
    await assert.rejects(dial(port, new Authority("Test authority").issue("CP1")));
    await assert.rejects(dial(port, authority.issue("CP2")), { message: "HTTP 403" });
    await dial(port, authority.issue("CP1"));
  });

  it("asks for no client certificate when the tls-config does not verify", async () => {
    const port = await freePort();
    const server = pem(authority.issue("localhost", LOCAL), authority.cert);
    await deploy(TYPES, flow(port, { verifyservercert: false }), { tls: server });
    await listening();
    await dial(port);
  });

  it("refuses to go back from TLS to plain until a person allows it", async () => {
    const port = await freePort();
    const password = "0123456789abcdef";
    await deploy(TYPES, flow(port), { tls: pem(authority.issue("localhost", LOCAL)), cp: { password } });
    await listening();
    await dial(port, { password });
    await redeploy(flow(port, {}, { tls: "" }), { cp: { password } });
    const charger = new Charger("CP1");
    chargers.push(charger);
    let refusal = "";
    // The port is closed and opened again meanwhile.
    while (!refusal.includes("403")) {
      refusal = await charger.connect(port, password).then(
        () => assert.fail("it connected"),
        ({ message }: Error) => message,
      );
      assert.match(refusal, /403|ECONNREFUSED|ECONNRESET|hang up/);
    }
    const page = await get<CentralSystemPage>("central-systems/cs/security-profile", "POST", { chargePoint: "CP1" });
    assert.deepEqual(page.profiles, []);
    await charger.connect(port, password);
  });

  for (const [what, tls, credentials, message] of [
    ["has no certificate", {}, {}, /needs a certificate/],
    [
      "has a key of another certificate",
      {},
      { tls: { certdata: authority.issue("a").cert, keydata: authority.issue("b").key } },
      /^tls: /,
    ],
    ["names a file that is not there", { cert: "/nowhere.pem", key: "/nowhere.key" }, {}, /cannot be read/],
  ] as const) {
    it(`says so when the tls-config ${what}`, async () => {
      await deploy(TYPES, flow(await freePort(), tls), credentials);
      assert.equal((errorsOf("cs")[0] as { code?: string }).code, "EV_TLS_CERTIFICATE");
      assert.match(errorsOf("cs")[0]?.message ?? "", message);
    });
  }

  it("says so when the tls-config is not there, or would serve Node-RED's own port", async () => {
    await deploy(TYPES, flow(await freePort(), {}, { tls: "gone" }));
    assert.equal((errorsOf("cs")[0] as { code?: string }).code, "EV_CONFIG_MISSING");
    await redeploy(flow(0, {}, { port: "", path: "/ocpp" }), { tls: pem(authority.issue("localhost", LOCAL)) });
    assert.match(errorsOf("cs").at(-1)?.message ?? "", /^tls is "tls"; it must be empty: Node-RED's own server/);
  });

  describe("for its dialog", () => {
    const open = (port: number, more: Record<string, unknown> = {}): FlowNode[] =>
      flow(port, {}, { tls: "", ...more }).filter(({ id }) => id !== "tls");
    const connect = async (port: number, identity: string): Promise<Charger> => {
      const charger = new Charger(identity);
      chargers.push(charger);
      await charger.connect(port);
      return charger;
    };

    it("lists charge points that wait to be added, with what they say of themselves", async () => {
      const port = await freePort();
      await deploy(TYPES, open(port));
      await listening();
      await connect(port, "NEW1");
      const { parked } = await get<CentralSystemPage>("central-systems/cs");
      assert.deepEqual(
        parked.map(({ lastSeen, ...rest }) => [rest, Date.now() - Date.parse(lastSeen) < 60_000]),
        [[{ identity: "NEW1", vendor: "Maker", model: "Box", address: "127.0.0.1", asked: null }, true]],
      );
      await redeploy([...open(port), { id: "new", type: "ev-charge-point", centralSystem: "cs", identity: "NEW1" }]);
      assert.deepEqual((await get<CentralSystemPage>("central-systems/cs")).parked, []);
    });

    it("lists chargers that ask for what is not spoken here, with what they asked for, until they are set right", async () => {
      const port = await freePort();
      await deploy(TYPES, open(port));
      await listening();
      const dialAs = async (path: string, protocols: string[]): Promise<void> => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, protocols);
        socket.on("error", () => undefined);
        sockets.push(socket);
        await new Promise((closed) => socket.once("close", closed));
      };
      await dialAs("NEWER", ["ocpp2.0.1", "ocpp2.1"]);
      await dialAs("CP1", ["ocpp1.5"]);
      await dialAs("SILENT", []);
      const envelope = (identity: string) =>
        `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:cs="urn://Ocpp/Cs/2012/06/"><s:Header><cs:chargeBoxIdentity>${identity}</cs:chargeBoxIdentity></s:Header><s:Body><cs:bootNotificationRequest/></s:Body></s:Envelope>`;
      const post = (body: string, type = "application/soap+xml; charset=utf-8") =>
        fetch(`http://127.0.0.1:${port}/`, { method: "POST", body, headers: { "Content-Type": type } });
      assert.equal((await post(envelope("OLD"))).status, 426);
      assert.equal((await post("<html></html>", "text/xml")).status, 426);
      assert.equal((await post(envelope("../a\u0007b"))).status, 426);
      const asks = async () =>
        (await get<CentralSystemPage>("central-systems/cs")).parked.map(({ identity, asked }) => [identity, asked]);
      assert.deepEqual(await asks(), [
        ["NEWER", { kind: "version", protocols: "ocpp2.0.1, ocpp2.1" }],
        ["CP1", { kind: "version", protocols: "ocpp1.5" }],
        ["SILENT", { kind: "none", protocols: "" }],
        ["OLD", { kind: "soap", protocols: "OCPP 1.5 SOAP" }],
      ]);
      await connect(port, "CP1");
      await connect(port, "NEWER");
      assert.deepEqual(await asks(), [
        ["NEWER", null],
        ["SILENT", { kind: "none", protocols: "" }],
        ["OLD", { kind: "soap", protocols: "OCPP 1.5 SOAP" }],
      ]);
    });

    it("keeps chargers that ask for another version on the list while a stranger floods it with invented ones", async () => {
      const port = await freePort();
      await deploy(TYPES, open(port, { host: "" }));
      await listening();
      const dialFrom = async (localAddress: string, identity: string): Promise<void> => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, ["ocpp2.0.1"], { localAddress });
        socket.on("error", () => undefined);
        await new Promise((closed) => socket.once("close", closed));
      };
      await dialFrom("127.0.0.2", "HONEST");
      for (let n = 0; n < 150; n++) await dialFrom("127.0.0.1", `FALSE${n}`);
      const { parked } = await get<CentralSystemPage>("central-systems/cs");
      assert.ok(parked.some(({ identity }) => identity === "HONEST"));
      assert.ok(parked.length < 10, `${parked.length} entries`);
    });

    it("knows nothing of one that is not deployed", async () => {
      await deploy(TYPES, open(await freePort()));
      assert.equal(await get("central-systems/other"), null);
      assert.equal((await get<{ code: string }>("central-systems/other/messages")).code, "EV_CONFIG_MISSING");
    });

    for (const messageLog of ["memory", "store"]) {
      it(`finds messages by charger, action, id and text, without passwords: ${messageLog}`, async () => {
        const port = await freePort();
        await deploy(TYPES, open(port, { messageLog }));
        await listening();
        await connect(port, "CP2");
        const charger = await connect(port, "CP1");
        await charger.say("DataTransfer", { vendorId: "Maker", data: "https://user:hunter2@192.0.2.1/" });
        const find = (query: string) => get<MessagesPage>(`central-systems/cs/messages?${query}`);
        const { messages } = await find("chargePoint=CP1&action=DataTransfer");
        assert.deepEqual(
          messages.map(({ direction, kind, action }) => [direction, kind, action]),
          [
            ["in", "call", "DataTransfer"],
            ["out", "result", "DataTransfer"],
          ],
        );
        assert.match(messages[0]!.text, /https:\/\/\*\*\*@192/);
        assert.deepEqual((await find(`messageId=${messages[0]!.id}`)).messages, messages);
        assert.equal((await find("text=hunter2")).messages.length, 0);
        const boots = (await find("action=BootNotification")).messages.map(({ chargePoint }) => chargePoint);
        assert.deepEqual(boots, ["CP2", "CP2", "CP1", "CP1"]);
        const csv = await getText("central-systems/cs/messages?action=DataTransfer&format=csv");
        assert.match(csv, /^ts,chargePoint,direction,kind,messageId,action,frame\r\n"20\S+Z","CP1","in","call","/);
        assert.match(csv, /""vendorId"":""Maker""/);
      });
    }
  });
});

async function getText(path: string, method = "GET", body?: object): Promise<string> {
  const request = testHelper.request();
  const { text } = await (method === "POST"
    ? request.post(`/ev-charging/${path}`).send(body)
    : request.get(`/ev-charging/${path}`));
  return text;
}

import { strict as assert } from "node:assert";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import type { Health } from "../../lib/overview/health.ts";
import { Authority } from "../certificates.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const TOKEN = "a token of many letters";
const SITE = { id: "site", type: "ev-site", name: "House", dataDir: join(dataDir, "health"), language: "de" };
const ZONE = { id: "zone", type: "ev-zone", site: "site", name: "main", limitA: [32, 32, 32] };
const CHARGER = { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "zone" };
const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-alarms", "ev-overview"];

const ask = (query: string) => testHelper.request().get(`/ev-charging/health${query}`);
const partOf = (health: Health, name: string) => health.parts.find(({ part }) => part === name);

describe("ev-site: health", () => {
  afterEach(() => stop());

  async function start(more: FlowNode[] = [], token = TOKEN): Promise<void> {
    const server = { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: await freePort() };
    await deploy(TYPES, [SITE, ZONE, server, CHARGER, ...more], { site: { healthToken: token } });
  }

  it("answers 503 with a sentence for each part while a charger is away and the editor is open", async () => {
    await start();
    const { body } = await ask("").expect(503);
    const health = body as Health;
    assert.equal(health.ok, false);
    assert.match(partOf(health, "chargers")?.text ?? "", /^Nicht verbunden: CP1\/1/);
    assert.equal(partOf(health, "database")?.ok, true);
    assert.equal(partOf(health, "disk")?.ok !== undefined, true);
    assert.match(partOf(health, "editor")?.text ?? "", /adminAuth/);
    const overview = (await testHelper.request().get("/ev-charging/overview").expect(200)).body as {
      overview: { exposed: { id: string }[] };
    };
    assert.deepEqual(overview.overview.exposed, [{ id: "editor" }]);
  });

  it("takes the token of the site, and makes those who guess wait", async () => {
    await start();
    const { body } = await ask(`?token=${encodeURIComponent(TOKEN)}`).expect(503);
    assert.equal((body as Health).parts.length, 9);
    for (let n = 0; n < 5; n++) await ask("?token=wrong").expect(401);
    const { headers } = await ask(`?token=${encodeURIComponent(TOKEN)}`).expect(429);
    assert.ok(Number((headers as Record<string, string>)["retry-after"]) > 0);
  });

  it("takes neither an empty token nor a short one", async () => {
    await start([], "short");
    await ask("?token=").expect(401);
    await ask("?token=short").expect(401);
    await ask("?token=a&token=b").expect(401);
  });

  it("refuses a site that is not there", async () => {
    await start();
    await ask("?site=gone").expect(400);
  });

  it("is told as a message by ev-alarms", async () => {
    await start([
      { id: "alarms", type: "ev-alarms", site: "site", wires: [["out"]] },
      { id: "out", type: "helper", wires: [] },
    ]);
    const answer = nextMessage<{ topic?: string; payload: Health }>("out", ({ topic }) => topic === "health");
    node("alarms").receive({ topic: "health" });
    const { payload } = await answer;
    assert.equal(payload.ok, false);
    assert.equal(partOf(payload, "upstreams")?.ok, true);
  });

  it("tells how long the certificate of a server holds", async () => {
    const { cert, key } = new Authority("Test authority").issue("localhost", ["localhost"]);
    const port = await freePort();
    await deploy(
      ["tls-config", ...TYPES],
      [
        SITE,
        { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true },
        { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, tls: "tls" },
      ],
      { tls: { certdata: cert, keydata: key } },
    );
    await until("the server listens", () => lastStatus("cs")?.fill === "yellow");
    const { body } = await ask("").expect(503);
    assert.match(partOf(body as Health, "certificate")?.text ?? "", /Zertifikat von cs gilt noch 36\d Tage/);
  });
});

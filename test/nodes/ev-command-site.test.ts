import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import { signedIn } from "../rights/signed-in.ts";
import { dataDir, deploy, errorsOf, freePort, nextMessage, node, stop, until } from "./helper.ts";

interface Answer {
  ok: boolean;
  payload: Record<string, unknown>;
}

async function start(): Promise<void> {
  await deploy(
    ["ev-site", "ev-central-system", "ev-charge-point", "ev-authorization", "ev-command", "ev-alarms"],
    [
      { id: "site", type: "ev-site", dataDir: join(dataDir, "backup"), roles: [{ user: "ana", role: "operator" }] },
      { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: await freePort() },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
      { id: "badges", type: "ev-authorization", site: "site", wires: [[], ["list"]] },
      { id: "list", type: "helper" },
      { id: "command", type: "ev-command", centralSystem: "cs", wires: [["out"]] },
      { id: "alarms", type: "ev-alarms", site: "site", wires: [["audit"]] },
      { id: "audit", type: "helper" },
      { id: "out", type: "helper" },
    ],
  );
}

const command = (action: string, payload: unknown, more: object = {}): Promise<Answer> => {
  const answer = nextMessage<Answer>("out");
  node("command").receive({ action, payload, ...more } as NodeMessage);
  return answer;
};

const badges = (topic: string, payload: unknown): Promise<{ payload: { idTag: string }[] }> => {
  const answer = nextMessage<{ topic: string; payload: { idTag: string }[] }>("list", (one) => one.topic === topic);
  node("badges").receive({ topic, payload } as NodeMessage);
  return answer;
};

describe("ev-command for a whole site", () => {
  afterEach(stop);

  it("writes a backup, says what taking it over would change, and takes it over", async () => {
    await start();
    await badges("badges/add", { idTag: "04A1", comment: "Ana" });
    const written = await command("ExportSite", "pressed");
    assert.equal(written.ok, true);
    const { name } = written.payload;
    await badges("badges/remove", { idTag: "04A1" });
    const preview = await command("ImportSite", { name });
    assert.deepEqual(
      [preview.payload["applied"], preview.payload["badges"]],
      [false, { added: ["04A1"], changed: [], same: 0 }],
    );
    assert.deepEqual((await badges("badges/list", {})).payload, []);
    assert.equal((await command("ImportSite", { name, apply: true })).payload["applied"], true);
    assert.deepEqual(
      (await badges("badges/list", {})).payload.map(({ idTag }) => idTag),
      ["04A1"],
    );
  });

  it("refuses what is no backup, and leaves taking one over to an admin", async () => {
    await start();
    assert.equal((await command("ImportSite", { data: JSON.stringify({ format: "something" }) })).ok, false);
    assert.equal((await command("ImportSite", {})).ok, false);
    await command("ImportSite", { name: "any.json" }, signedIn("ana"));
    await until("three errors", () => errorsOf("command").length === 3);
    const codes = errorsOf("command").map((error) => (error as { code?: string }).code);
    assert.deepEqual(codes, ["EV_MESSAGE_INVALID", "EV_MESSAGE_INVALID", "EV_ROLE_DENIED"]);
  });

  it("notes what a user changes, and not what a user asks", async () => {
    await start();
    const ana = signedIn("ana");
    await command("ExportSite", {}, ana);
    await command("ImportSite", { name: "any.json" }, ana);
    const alarms = nextMessage<{ payload: { what: string; allowed: boolean }[] }>("audit");
    node("alarms").receive({ topic: "audit/list" } as NodeMessage);
    assert.deepEqual(
      (await alarms).payload.map(({ what, allowed }) => [what, allowed]),
      [
        ["ImportSite", false],
        ["ExportSite", true],
      ],
    );
  });
});

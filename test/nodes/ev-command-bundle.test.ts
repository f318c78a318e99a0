import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import { unzip } from "../files/unzip.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, freePort, stop } from "./helper.ts";

const SECRETS = ["hunter2-of-the-charger", "hunter2-of-the-server", "hunter2-of-the-token"];

describe("The file for support", () => {
  let charger: Charger | null = null;
  afterEach(async () => {
    charger?.close();
    await stop();
  });

  it("holds report, settings, logs and the database's check, and no password", async () => {
    const port = await freePort();
    await deploy(
      ["ev-site", "ev-central-system", "ev-charge-point", "ev-back-end", "ev-command", "ev-alarms"],
      [
        { id: "site", type: "ev-site", name: "House", dataDir: join(dataDir, "bundle") },
        { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
        { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
        { id: "be", type: "ev-back-end", site: "site", name: "Cloud", url: "ws://me:hunter2-in-address@127.0.0.1:1/" },
      ],
      { site: { healthToken: SECRETS[2]! }, cs: { sharedPassword: SECRETS[1]! } },
    );
    charger = new Charger("CP1");
    await charger.connect(port, SECRETS[1]);
    await charger.say("DataTransfer", { vendorId: "Maker", data: "https://user:hunter2-in-frame@192.0.2.1/" });
    const { body, headers } = await testHelper
      .request()
      .get("/ev-charging/bundle?site=site")
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done(null, Buffer.concat(chunks)));
      })
      .expect(200);
    assert.match(String(headers["content-disposition"]), /filename="ev-charging-[\dT-]+\.zip"/);
    const files = unzip(body as Buffer);
    const names = ["alarms", "database", "health", "log", "machine", "settings"].map((name) => `${name}.json`);
    assert.deepEqual([...files.keys()].sort(), [...names, "messages-cs.csv", "report.html"].sort());
    // A database that only one connection may open is not checked a second time.
    assert.match(JSON.parse(files.get("database.json")!).check, /^ok$|^was checked when it was opened$/);
    assert.match(files.get("messages-cs.csv")!, /BootNotification/);
    assert.match(files.get("log.json")!, /save the bundle for support/);
    assert.deepEqual((JSON.parse(files.get("settings.json")!) as { id: string }[]).map(({ id }) => id).sort(), [
      "be",
      "cp",
      "cs",
      "site",
    ]);
    for (const [name, text] of files) assert.ok(!text.includes("hunter2"), `${name} holds a password`);
    if (existsSync("/usr/bin/unzip")) {
      const folder = mkdtempSync(join(tmpdir(), "phasewise-zip-"));
      writeFileSync(join(folder, "all.zip"), body as Buffer);
      assert.match(execFileSync("/usr/bin/unzip", ["-t", join(folder, "all.zip")]).toString(), /No errors/);
      rmSync(folder, { recursive: true });
    }
  });
});

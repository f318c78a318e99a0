import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

interface Answer {
  ok: boolean;
  action: string;
  step?: string;
  payload: Record<string, unknown>;
  error?: { code: string; description: string };
}

describe("the example of maintenance", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const ask = async (
    button: string,
    where: string,
    accept: (answer: Answer) => boolean = () => true,
  ): Promise<Answer> => {
    const answer = feed.next<Answer>(`${button} is answered`, theNode(flow, "debug", where).id, accept, 30_000);
    await press(button);
    return (await answer).message;
  };

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("13 - Maintenance.json"));
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
    const car = theNode(flow, "ev-simulator").id;
    await feed.status("the charger is there", car, ({ fill }) => fill === "blue", 20_000);
  });
  after(() => nodeRed?.stop());

  it("takes the charger out of service and puts it back", async () => {
    assert.equal((await ask("Out of service", "answer")).ok, true);
    assert.equal((await ask("Back into service", "answer")).ok, true);
    assert.equal((await ask("Forget cached badges", "answer")).ok, true);
  });

  it("reserves the charger for a badge and takes that back", async () => {
    const car = theNode(flow, "ev-simulator").id;
    assert.deepEqual((await ask("Reserve for a badge", "answer")).payload, { status: "Accepted" });
    await feed.status("it is reserved", car, ({ text }) => /reserved/.test(text ?? ""));
    assert.deepEqual((await ask("Cancel the reservation", "answer")).payload, { status: "Accepted" });
    await feed.status("it is free", car, ({ text }) => /free/.test(text ?? ""));
  });

  it("brings its diagnostics here", async () => {
    const { ok, payload } = await ask("Fetch its diagnostics", "progress", ({ step }) => step === "end");
    assert.equal(ok, true);
    assert.match(readFileSync((payload["file"] as { path: string }).path, "utf8"), /nothing unusual/);
  });

  it("says where to put firmware, and brings it to the charger", async () => {
    const { error } = await ask("Update its firmware", "progress");
    const [, folder] = /in (\/\S+) there is none/.exec(error?.description ?? "") ?? [];
    assert.ok(folder && !existsSync(folder), error?.description);
    await press("Make a firmware file");
    const file = join(folder, "simulated-2.0.bin");
    await until("the file is there", () => existsSync(file) && readFileSync(file, "utf8") === "firmware");
    const { ok, payload } = await ask("Update its firmware", "progress", ({ step }) => step === "end");
    assert.deepEqual([ok, payload["status"]], [true, "Installed"]);
  });

  it("checks and changes its settings", async () => {
    const { payload } = await ask("Check its settings", "settings");
    assert.ok((payload["keys"] as unknown[]).length > 15);
    assert.equal((await ask("Read meters every 30 s", "settings")).ok, true);
  });

  it("gives it a new password, with which it comes back", async () => {
    const sinceMs = Date.now();
    assert.deepEqual((await ask("Give it a new password", "settings")).payload, { status: "Accepted" });
    const car = theNode(flow, "ev-simulator").id;
    const isBack = (): boolean => {
      const fills = feed.statusesOf(car, sinceMs).map(({ fill }) => fill);
      return fills.includes("yellow") && fills.lastIndexOf("blue") > fills.lastIndexOf("yellow");
    };
    await until("the charger has gone and is back", isBack, 20_000);
    assert.equal((await ask("Check its settings", "settings")).ok, true);
  });

  it("restarts it only when no car is charged, unless it must be", async () => {
    await press("Plug in");
    const car = theNode(flow, "ev-simulator").id;
    await feed.status("it charges", car, ({ fill }) => fill === "green", 30_000);
    const held = await ask("Restart, if no car charges", "answer");
    assert.deepEqual([held.ok, held.error?.code], [false, "EV_MAINTENANCE_REFUSED"]);
    assert.equal((await ask("Restart, whatever it does", "answer")).ok, true);
  });

  it("writes the report", async () => {
    const { payload } = await ask("Report", "report");
    // The editor shows the beginning of long texts.
    assert.match(String(payload["html"]), /<title>Maintenance report: Depot<\/title>/);
  });
});

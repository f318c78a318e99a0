import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

interface Told {
  topic: string;
  payload: Record<string, unknown>;
  count?: number;
}

describe("the example of badges and sessions", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const next = async (what: string, where: string, accept: (told: Told) => boolean, sinceMs?: number): Promise<Told> =>
    (await feed.next<Told>(what, theNode(flow, "debug", where).id, accept, 30_000, sinceMs)).message;
  /** Presses a button and waits for the answer of its topic. */
  const ask = async (button: string, topic: string, where = "badges"): Promise<Told> => {
    const answer = next(`${button} is answered`, where, (told) => told.topic === topic);
    await press(button);
    return answer;
  };
  const answered = (what: string, text: RegExp) => (told: Told) =>
    told.topic.startsWith("authorization/") && told.payload["rule"] === what && text.test(String(told.payload["text"]));
  const carOf = (identity: string) =>
    flow.find((node) => node["identity"] === identity && node.type === "ev-simulator")!;
  const charges = (identity: string) =>
    feed.status(`${identity} charges`, carOf(identity).id, ({ fill }) => fill === "green", 30_000);
  const file = (name: string) => join(nodeRed.userDir, name);

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("7 - Badges and sessions.json"));
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  it("refuses the car whose badge nobody knows, and says why", async () => {
    const refused = answered("unknown", /badge SIMLOBBY is not in the list of badges/);
    await next("the trace", "badges", refused, 0);
    const { payload } = await ask("Why was it denied?", "badges/trace");
    assert.equal((payload as unknown as { status: string }[])[0]?.status, "Invalid");
  });

  it("charges once Anna is in the list", async () => {
    await ask("Let Anna in, before others", "badges/add");
    const opened = next("the session", "sessions", ({ topic }) => topic === "session/open");
    await press("Show badge SIMLOBBY");
    await charges("LOBBY");
    assert.equal((await opened).payload["idTag"], "SIMLOBBY");
  });

  it("ends the charge when the caretaker shows the admin badge", async () => {
    await ask("An admin badge for the caretaker", "badges/add");
    const closed = next("the end", "sessions", ({ topic }) => topic === "session/close");
    await press("Show the caretaker's badge");
    const { user, stopReason, socketType } = (await closed).payload;
    assert.deepEqual([user, stopReason, socketType], ["Anna", "Remote", "T2"]);
  });

  it("shows what a table would change, imports it, and takes it back", async () => {
    const preview = (await ask("What would this table change?", "badges/import")).payload;
    assert.deepEqual([(preview["added"] as unknown[]).length, preview["preview"], preview["count"]], [2, true, 4]);
    assert.equal((await ask("Show the list", "badges/list")).count, 2);
    await ask("Import the table", "badges/import");
    assert.equal((await ask("Show the list", "badges/list")).count, 4);
    assert.equal((await ask("Undo", "badges/undo")).payload["count"], 2);
  });

  it("learns a badge that is shown", async () => {
    await ask("Learn what is shown, for 30 s", "badges/learn");
    const learnt = next("it is learnt", "badges", answered("learnt", /04A1B2C3/));
    await press("Show badge 04A1B2C3");
    await learnt;
    assert.equal((await ask("Show the list", "badges/list")).count, 3);
  });

  it("blocks a badge and says so", async () => {
    await ask("Block Anna", "badges/edit");
    const refused = next("the refusal", "badges", answered("blocked", /\(Anna\) is blocked/));
    await press("Show badge SIMLOBBY");
    await refused;
    await ask("Undo", "badges/undo");
  });

  it("brings the charger's own list up to date", async () => {
    await ask("Bring the chargers' own lists up to date", "badges/push");
    const { payload } = await ask("Are they up to date?", "badges/lists");
    const [list] = payload as unknown as { chargePoint: string; status: string; badges: number }[];
    assert.deepEqual(
      [list?.chargePoint, list?.status, list?.badges],
      ["LOBBY", "upToDate", 2],
      "the admin badge stays here",
    );
  });

  it("answers what was charged this month, by month and by user", async () => {
    const list = await ask("List of this month", "sessions/list", "sessions");
    assert.deepEqual(
      (list.payload as unknown as { idTag: string }[]).map(({ idTag }) => idTag),
      ["SIMLOBBY", "04A1B2C3"],
    );
    const { months } = (await ask("Totals by month", "sessions/totals", "sessions")).payload;
    assert.equal((months as unknown[]).length, 1);
    const { users } = (await ask("Totals by user", "sessions/totals", "sessions")).payload;
    assert.equal((users as { user: string }[])[0]?.user, "Anna");
  });

  it("writes both tables, as a spreadsheet opens them", async () => {
    const rowsOf = (name: string) => {
      const table = readFileSync(file(name), "utf8");
      return Papa.parse<Record<string, string>>(table, { header: true, delimiter: ";", skipEmptyLines: true });
    };
    await press("Save as badges.csv");
    await press("Save as sessions.csv");
    const written = (name: string) => existsSync(file(name)) && readFileSync(file(name), "utf8") !== "";
    await until("both are written", () => written("badges.csv") && written("sessions.csv"));
    assert.deepEqual(
      rowsOf("badges.csv").data.map(({ idTag, type }) => [idTag, type]),
      [
        ["04A1B2C3", "user"],
        ["0ADA0001", "admin"],
        ["SIMLOBBY", "vip"],
      ],
    );
    const { data, errors } = rowsOf("sessions.csv");
    assert.deepEqual(errors, []);
    const [row] = data;
    assert.deepEqual([row?.["Charging station"], row?.["UID"], row?.["Comment"]], ["LOBBY", "SIMLOBBY", "Anna"]);
    assert.match(row?.["Energy (kWh)"] ?? "", /^\d+(,\d+)?$/);
  });

  it("lets a flow decide, on its second tab", async () => {
    await charges("HOTEL");
    const trace = (text: RegExp) =>
      next(`the trace ${text}`, "trace", ({ payload }) => text.test(String(payload["text"])));
    const ended = feed.status("the car has left", carOf("HOTEL").id, ({ text }) => /free/.test(text ?? ""), 30_000);
    const { z } = carOf("HOTEL");
    await nodeRed.press(flow.find((node) => node["z"] === z && node["name"] === "Unplug")!.id);
    await ended;
    const refused = trace(/a flow answered Invalid for badge 04FFFFFF/);
    await press("Some other badge");
    await refused;
    const accepted = trace(/a flow answered Accepted for badge GUEST12/);
    await press("A guest's badge");
    await accepted;
  });
});

import { strict as assert } from "node:assert";
import Papa from "papaparse";
import { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { freePort } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { addModule } from "./package.ts";
import { attachmentOf, SmtpSink } from "./smtp-sink.ts";
import { tellAsStory } from "./story.ts";

interface Told {
  topic: string;
  reportId: string;
  payload: { sessions: number; error: string | null; state?: string }[] & { sessions: number; error: string | null };
}

describe("the example of a monthly report by e-mail", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  let sink: SmtpSink;
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const told = async (topic: string, accept: (one: Told) => boolean = () => true): Promise<Told> => {
    const id = theNode(flow, "debug", "what became of it").id;
    return (await feed.next<Told>(topic, id, (one) => one.topic === topic && accept(one), 30_000)).message;
  };
  const car = () => theNode(flow, "ev-simulator").id;
  const charge = async (): Promise<void> => {
    await press("Plug in");
    await feed.status("it charges", car(), ({ fill }) => fill === "green", 30_000);
    const closed = feed.next<Told>(
      "the session ends",
      theNode(flow, "debug", "sessions").id,
      ({ topic }) => topic === "session/close",
      30_000,
    );
    await press("Unplug");
    await closed;
  };

  before("deploy the shipped example with a mail server of our own", async () => {
    ({ flow } = await exampleForTest("8 - Monthly report by e-mail.json"));
    sink = new SmtpSink();
    await sink.listen(await freePort());
    const server = { server: "127.0.0.1", port: String(sink.port), secure: false };
    const credentials = { userid: "reports@example.com", password: "geheim" };
    Object.assign(theNode(flow, "e-mail"), server, { credentials });
    nodeRed = await NodeRed.start("5", { prepare: (userDir) => addModule(userDir, "node-red-node-email") });
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(async () => {
    feed?.close();
    await nodeRed?.stop();
    sink?.close();
  });

  it("sends what no report holds yet as a mail with the table, and learns that it has arrived", async () => {
    await charge();
    const sent = told("report/sent");
    await press("Send what no report holds yet");
    assert.equal((await sent).payload.sessions, 1);
    const [mail] = sink.mails;
    assert.deepEqual([mail?.user, mail?.to], ["reports@example.com", ["accounts@example.com"]]);
    assert.match(mail?.text ?? "", /^Subject: Charging sessions 20\d\d-\d\d$/m);
    const { filename, content } = attachmentOf(mail!)!;
    assert.match(filename, /^sessions-20\d\d-\d\d\.csv$/);
    const { data, errors } = Papa.parse<Record<string, string>>(content.trim(), { header: true, delimiter: ";" });
    assert.deepEqual([errors, data.length, data[0]?.["UID"]], [[], 1, "SIMCOMPANY"]);
    await feed.status("it is sent", theNode(flow, "ev-report").id, ({ text }) => text?.endsWith("sent") ?? false);
  });

  it("keeps a report that the mail server refuses, says why, and sends it when it may", async () => {
    await charge();
    sink.full = true;
    const failed = told("report/failed");
    await press("Send what no report holds yet");
    const { reportId, payload } = await failed;
    assert.match(payload.error ?? "", /mailbox full/);
    sink.full = false;
    const sent = told("report/sent");
    await press("Try again what waits");
    assert.equal((await sent).reportId, reportId);
    assert.equal(sink.mails.length, 2);
    const listed = told("report/list");
    await press("What became of the last ones?");
    assert.deepEqual(
      (await listed).payload.map(({ state }) => state),
      ["sent", "sent"],
    );
  });

  it("shows why a test did not arrive", async () => {
    sink.full = true;
    const failed = told("report/test", ({ payload }) => payload.error !== null);
    await press("Try it: the last ten sessions");
    assert.match((await failed).payload.error ?? "", /mailbox full/);
  });

  it("sends what waited over a kill -9 once, and nothing twice", async () => {
    await charge();
    const failed = told("report/failed");
    await press("Send what no report holds yet");
    const { reportId } = await failed;
    sink.full = false;
    const before = sink.mails.length;
    await nodeRed.kill("SIGKILL");
    await nodeRed.restart();
    feed.close();
    feed = await EditorFeed.open(nodeRed.url);
    const sent = told("report/sent", (one) => one.reportId === reportId);
    await press("Try again what waits");
    await sent;
    await nodeRed.kill("SIGKILL");
    await nodeRed.restart();
    feed.close();
    feed = await EditorFeed.open(nodeRed.url);
    const listed = told("report/list");
    await press("Try again what waits");
    await press("What became of the last ones?");
    assert.deepEqual(
      (await listed).payload.map(({ state }) => state),
      ["sent", "sent", "sent"],
    );
    assert.equal(sink.mails.length, before + 1);
  });
});

import { strict as assert } from "node:assert";
import type { AlarmView, EmailMessage } from "../../lib/alarm/wording.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

interface Told<Payload = AlarmView> {
  topic: string;
  payload: Payload;
}

describe("the example of alarms", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const debug = (name: string) => theNode(flow, "debug", name).id;
  const alarm = async (key: string, state: string): Promise<AlarmView> => {
    const accept = ({ topic, payload }: Told) => topic === `alarm/${key}` && payload.state === state;
    return (await feed.next(`${key} is ${state}`, debug("alarms"), accept, 60_000)).message.payload;
  };
  const mail = async (subject: RegExp): Promise<string> => {
    const accept = ({ topic }: EmailMessage) => subject.test(topic);
    return (await feed.next<EmailMessage>(`mail ${subject}`, debug("mail"), accept, 60_000)).message.payload;
  };
  const ask = async <T>(button: string, topic: string): Promise<T> => {
    const answer = feed.next<Told<T>>(button, debug("alarms"), (told) => told.topic === topic);
    await press(button);
    return (await answer).message.payload;
  };

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("9 - Alarms.json"));
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
    const car = theNode(flow, "ev-simulator").id;
    await feed.status("the car charges", car, ({ fill }) => fill === "green", 30_000);
  });
  after(() => nodeRed?.stop());

  it("tells of a dead meter, what to do about it, and mails the same", async () => {
    const raised = alarm("meterStale/garage", "raised");
    const mailed = mail(/^\[alarm\] Main street 1, .*garage/);
    await press("The meter dies");
    const { text, action, severity } = await raised;
    assert.equal(severity, "alarm");
    assert.match(text, /garage/);
    assert.match(action, /Check the meter's supply/);
    assert.match(await mailed, /What to do: .*Check the meter's supply/s);
    assert.ok(
      (await ask<AlarmView[]>("What is wrong now?", "alarms/list")).some(({ key }) => key === "meterStale/garage"),
    );
  });

  it("notes who takes it on", async () => {
    const { acknowledged } = await ask<AlarmView>("Anna looks after the meter", "alarms/ack");
    assert.deepEqual([acknowledged?.by, acknowledged?.comment], ["Anna", "on my way"]);
    const [entry] = await ask<{ what: string; reason: string }[]>("Who did what?", "audit/list");
    assert.deepEqual([entry?.what, entry?.reason], ["acknowledge the alarm meterStale/garage", "on my way"]);
  });

  it("tells the end, also by mail", async () => {
    const cleared = alarm("meterStale/garage", "cleared");
    const mailed = mail(/^\[resolved\] Main street 1, .*garage/);
    await press("The meter is well");
    await cleared;
    await mailed;
    const history = await ask<AlarmView[]>("What was wrong lately?", "alarms/history");
    assert.equal(history.find(({ key }) => key === "meterStale/garage")?.state, "cleared");
  });

  it("explains a fault of the charger, and says its state in plain words", async () => {
    const words = feed.next<{ words?: { driver: string }; payload?: { words?: { driver: string } } }>(
      "the words for the driver",
      debug("in words"),
      (told) => /fault|out of order|does not work/i.test(JSON.stringify(told)),
      30_000,
    );
    const raised = alarm("chargerFault/STREET/1", "raised");
    await press("Its contactor is welded");
    const { severity, action } = await raised;
    assert.equal(severity, "alarm");
    assert.ok(action.length > 20, action);
    await words;
    const cleared = alarm("chargerFault/STREET/1", "cleared");
    await press("The charger is well");
    await cleared;
  });

  it("takes alarms of other flows, and lets the way be tried", async () => {
    const raised = alarm("door/cabinet", "raised");
    await press("The cabinet is open");
    assert.equal((await raised).action, "Close it.");
    const cleared = alarm("door/cabinet", "cleared");
    await press("The cabinet is shut");
    await cleared;
    const mailed = mail(/^\[alarm\] Main street 1: this is a test/);
    await press("Try the way to people");
    await mailed;
  });
});

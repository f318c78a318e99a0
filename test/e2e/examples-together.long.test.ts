import { strict as assert } from "node:assert";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, examples, type FlowNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { addModule } from "./package.ts";

/** A meter that does not follow the chargers behind it is called wrong within a minute of a steady charge, ms. */
const LOOKED_AT_MS = 90_000;
const FOREIGN = ["node-red-node-email", "@flowfuse/node-red-dashboard"];

/** All examples as they are, in one Node-RED, as somebody has them who imports one after the other. */
describe("all examples beside each other", () => {
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const of = (type: string) => flow.filter((node) => node.type === type);

  before("deploy them", async () => {
    const flows = [];
    for (const file of examples()) flows.push((await exampleForTest(file)).flow);
    // The editor takes what two of them share, a dashboard, once.
    flow = [...new Map(flows.flat().map((node) => [node.id, node])).values()];
    const prepare = async (userDir: string) => {
      for (const name of FOREIGN) await addModule(userDir, name);
    };
    nodeRed = await NodeRed.start("5", { prepare });
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  it("connects every simulated charger and reads every meter", async () => {
    const fill = ({ id }: FlowNode): string => feed.statuses.get(id)?.fill ?? "";
    const missing = () => [
      ...of("ev-simulator").filter((node) => !["green", "blue"].includes(fill(node))),
      ...of("ev-meter").filter((node) => fill(node) !== "green"),
    ];
    await until("all are there", () => missing().length === 0, 60_000).catch((error: Error) => {
      const found = missing().map((node) => `${node.type} ${node["identity"] ?? node["meter"]}: ${fill(node)}`);
      throw new Error(`${error.message}; ${found.join(", ")}`);
    });
  });

  it("raises no alarm and has nothing to complain about", async () => {
    const sinceMs = Date.now();
    const zones = of("ev-dlm").length;
    assert.ok(zones > 5);
    await until("they ran for a while", () => Date.now() - sinceMs > LOOKED_AT_MS, LOOKED_AT_MS + 15_000);
    const alarms = flow.filter(({ type, name }) => type === "debug" && name === "alarms");
    const raised = alarms.flatMap(({ id }) => feed.of<{ payload: { text?: string } }>(id));
    assert.deepEqual(
      raised.map(({ message }) => message.payload.text),
      [],
    );
    const red = [...feed.statuses].filter(([, { fill }]) => fill === "red");
    assert.deepEqual(
      red.map(([id, { text }]) => `${flow.find((node) => node.id === id)?.type}: ${text}`),
      [],
    );
    // The mail node wants the account that the first line of its example asks for.
    const complaints = nodeRed.log
      .split("\n")
      .filter((line) => /\[error\]|uncaught|unhandled/i.test(line) && !line.includes("[e-mail:"));
    assert.deepEqual(complaints, []);
  });
});

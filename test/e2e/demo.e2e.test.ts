import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Editor, launch, needsBrowser } from "./browser.ts";
import { EditorFeed } from "./editor-feed.ts";
import { type FlowNode, readExample, theNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { ROOT } from "./package.ts";

/** A first start on a busy machine, ms. */
const STARTS_MS = 60_000;

/** What `npm start` runs once everything is installed and built, in a user directory of its own. */
class Demo {
  log = "";
  readonly #process: ChildProcess;

  constructor(env: Record<string, string>) {
    this.#process = spawn(process.execPath, [join(ROOT, "scripts/start.ts")], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.log += chunk.toString();
      });
  }

  async runs(): Promise<void> {
    const ended = () => this.log.includes("The car park is running") || this.#process.exitCode !== null;
    await until("the car park is running", ended, STARTS_MS).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await ended;
  }
}

/** The buttons of each step of the tour: what is done, and what undoes it. */
function steps(flow: readonly FlowNode[]): { comment: string; buttons: string[] }[] {
  const tour = flow.filter(({ type, name }) => type === "comment" && /^[1-6] Press /.test(String(name)));
  return tour.map(({ name }) => ({
    comment: String(name),
    buttons: [...String(name).matchAll(/“([^”]+)”/g)].map(([, button]) => button!),
  }));
}

describe("the demo of npm start", function () {
  needsBrowser(this);
  const flow = readExample("2 - Car park.json");
  let userDir: string;
  let env: Record<string, string>;
  let demo: Demo;
  let browser: Browser;
  let editor: Editor;
  let feed: EditorFeed;

  before("start it for the first time", async () => {
    userDir = mkdtempSync(join(tmpdir(), "phasewise-demo-"));
    const [PORT, OCPP_PORT] = [String(await freePort()), String(await freePort())];
    env = { USER_DIR: userDir, PORT, OCPP_PORT, HOST: "127.0.0.1" };
    demo = new Demo(env);
    [browser] = await Promise.all([launch(), demo.runs()]);
    editor = await Editor.open(browser, `http://127.0.0.1:${PORT}`);
    feed = await EditorFeed.open(`http://127.0.0.1:${PORT}`);
  });
  after(async () => {
    feed?.close();
    await browser?.close();
    await demo?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  it("opens on the flow, with its sidebar above the debug messages", async () => {
    const { page } = editor;
    await page.locator(".ev-ov-row", { hasText: "G1/1" }).first().waitFor();
    assert.ok(await page.locator(".red-ui-debug-content-list").isVisible());
    const label = await page.evaluate("RED.nodes.workspace(RED.workspaces.active()).label");
    assert.equal(label, "Car park");
    await editor.picture("demo");
  });

  it("names in each step a button that is there, beside another one that puts everything back", () => {
    const tour = steps(flow);
    assert.equal(tour.length, 6);
    for (const { comment, buttons } of tour) {
      assert.equal(buttons.length, 1, comment);
      const { id, wires } = theNode(flow, "inject", buttons[0]);
      const target = (wires as string[][])[0]![0]!;
      const near = theNode(flow, "comment", comment);
      assert.ok(String(near["info"]).length > 80, `${comment} says more when it is clicked`);
      const named = [...String(near["info"]).matchAll(/“([^”]+)”/g)].map(([, button]) => button!);
      const back = flow.filter((one) => one.type === "inject" && one.id !== id && named.includes(String(one["name"])));
      assert.ok(back.length > 0, `${comment} is put back by a button that its text names`);
      const isCommand = flow.some((one) => one.id === target && one.type === "ev-command");
      const undoes = ({ wires: to }: FlowNode) => (to as string[][])[0]!.includes(target);
      assert.ok(isCommand || back.some(undoes), comment);
    }
  });

  it("says in the debug sidebar why a car gets what it gets, and nothing twice in a row", async () => {
    const why = theNode(flow, "debug", "why").id;
    await until("five cars have their reason", () => feed.of(why).length >= 5, 60_000);
    const last = new Map<string, string>();
    for (const { message } of feed.of<{ topic: string; payload: string }>(why)) {
      const reason = message.payload.replace(/^[\d.]+ A: /, "");
      assert.notEqual(reason, last.get(message.topic) ?? "", message.topic);
      last.set(message.topic, reason);
    }
  });

  it("is handed over with a report that the browser prints, a proof of the wiring with its curve included", async () => {
    const url = `http://127.0.0.1:${env["PORT"]}/ev-charging`;
    const prove = async (name: string) => {
      const body = JSON.stringify({ name, target: "G1/1", field: "right" });
      const headers = { "Content-Type": "application/json" };
      return (await fetch(`${url}/commissioning`, { method: "POST", headers, body })).status;
    };
    await until("a proof begins", async () => (await prove("start")) === 200, 30_000);
    // Some samples of the meter.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await prove("abort");
    const saved = editor.page.waitForEvent("download");
    await editor.page.locator(".ev-ov-handover").click();
    const file = await saved;
    assert.match(file.suggestedFilename(), /^commissioning-\d{4}-\d\d-\d\d\.html$/);
    const report = await browser.newPage({ viewport: { width: 1000, height: 1400 } });
    await report.setContent(readFileSync(await file.path(), "utf8"));
    const text = await report.locator("body").innerText();
    for (const part of ["Garage", "Visitors", "G3/1", "G1/1: not sure – Stopped by hand", "SHA-256"])
      assert.ok(text.includes(part), part);
    assert.equal(await report.locator("svg.curve").count(), 1);
    const isTooWide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert.equal(await report.evaluate(isTooWide), false);
    assert.match(await report.locator("figcaption").innerText(), /^G1\/1 – /);
    // No page ends within a proof, a curve, a row, or the place to sign.
    await report.emulateMedia({ media: "print" });
    const whole = `[...document.querySelectorAll("article, figure, tr, .photos, .sign")].map((one) => getComputedStyle(one).breakInside)`;
    assert.deepEqual([...new Set((await report.evaluate(whole)) as string[])], ["avoid"]);
    const folder = process.env["E2E_SCREENSHOTS"];
    if (folder) await report.screenshot({ path: join(folder, "commissioning-report.png"), fullPage: true });
    const pdf = await report.pdf({ preferCSSPageSize: true, ...(folder && { path: join(folder, "report.pdf") }) });
    assert.match(pdf.subarray(0, 8).toString("latin1"), /^%PDF-1/);
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages >= 2 && pages <= 12, `${pages} pages`);
    await report.close();
  });

  it("plays days with a table as spreadsheets save it, and says what is wrong with one", async () => {
    const planner = editor.page.locator(".ev-ov-planner");
    await planner.locator("summary").click();
    const file = join(userDir, "cars.csv");
    const plays = async (says: RegExp) => {
      await planner.locator("input[type=file]").setInputFiles(file);
      await planner.getByRole("button", { name: "Play" }).click();
      await planner.locator(".ev-ov-note, li", { hasText: says }).first().waitFor();
    };
    writeFileSync(file, "7:45;16:30;12\n9:00;noon;5");
    await plays(/^Line 2, departure: "noon" is no time of day/);
    truncateSync(file, 100_000_000);
    await plays(/^This file is too large/);
    writeFileSync(file, Buffer.from("\uFEFFarrival;departure;kWh\r\n7:45;16:30;12\r\n", "utf16le"));
    await plays(/^1 of 1 car leaves with all it wanted/);
  });

  it("starts again as the user left it, with the port for chargers that was chosen", async () => {
    await demo.stop();
    const before = readFileSync(join(userDir, "flows.json"), "utf8");
    const { OCPP_PORT: _, ...rest } = env;
    demo = new Demo(rest);
    await demo.runs();
    assert.equal(readFileSync(join(userDir, "flows.json"), "utf8"), before);
    assert.match(demo.log, new RegExp(`Chargers dial +ws://<this machine>:${env["OCPP_PORT"]}/`));
  });
});

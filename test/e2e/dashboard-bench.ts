/** An example with a dashboard in a real Node-RED, and a real browser on its pages. */
import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { CLICK_MS, OPEN_MS } from "./browser.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { type Major, NodeRed } from "./node-red.ts";
import { addModule, sharedFolder } from "./package.ts";
import { inTurn } from "./turns.ts";
import { addUsers, type Users } from "./users.ts";

const CARS = "cars";

/** Every size that the pages are made for. */
export const SIZES = { phone: [390, 844], desktop: [1280, 800], wall: [1920, 1080] } as const;

export class DashboardBench {
  readonly nodeRed: NodeRed;
  readonly flow: readonly FlowNode[];
  readonly #browser: Browser;
  readonly #problems: string[] = [];
  /** Addresses that the pages asked for, without those of the dashboard. */
  readonly #elsewhere: string[] = [];

  private constructor(nodeRed: NodeRed, flow: readonly FlowNode[], browser: Browser) {
    this.nodeRed = nodeRed;
    this.flow = flow;
    this.#browser = browser;
  }

  /**
   * Starts Node-RED with an example; a debug node named `cars` shows what the simulated ones say.
   * @param users of the editor; the first of them deploys
   */
  static async start(major: Major, file: string, browser: Browser, users: Users = {}): Promise<DashboardBench> {
    const { flow } = await exampleForTest(file);
    const [owner] = Object.keys(users);
    const nodeRed = await NodeRed.start(major, {
      prepare: async (userDir) => {
        await addModule(userDir, "@flowfuse/node-red-dashboard");
        if (owner) addUsers(userDir, users);
      },
    });
    if (owner) await nodeRed.logIn(owner);
    const tab = theNode(flow, "tab").id;
    const cars = { id: CARS, type: "debug", z: tab, name: CARS, x: 1000, y: 700, wires: [] };
    const shown = { ...cars, active: true, tosidebar: true, complete: "true", targetType: "full" };
    const wired = flow.map((node) => (node.type === "ev-simulator" ? { ...node, wires: [[CARS]] } : node));
    await nodeRed.deploy([...wired, shown]);
    await nodeRed.feed();
    return new DashboardBench(nodeRed, flow, browser);
  }

  /** A page of the dashboard, open and drawn. */
  async open(path: string, size: keyof typeof SIZES = "desktop"): Promise<Page> {
    const [width, height] = SIZES[size];
    const context: BrowserContext = await this.#browser.newContext({
      viewport: { width, height },
      serviceWorkers: "block",
      locale: "en-US",
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("console", (message) => {
      if (message.type() === "error") this.#problems.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.#problems.push(`page: ${error.message}`));
    page.on("request", (request) => {
      const { pathname, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && !pathname.startsWith("/dashboard")) this.#elsewhere.push(pathname);
    });
    await inTurn(sharedFolder(), async () => {
      await page.goto(`${this.nodeRed.url}/dashboard${path}`, { timeout: OPEN_MS });
      await page.locator(".nrdb-ui-group").first().waitFor({ timeout: OPEN_MS });
    });
    page.setDefaultTimeout(CLICK_MS);
    return page;
  }

  /** A widget, by the type and name (or label) of its node. */
  widget(page: Page, type: string, name: string): Locator {
    const node = this.flow.find((one) => one.type === type && [one["name"], one["label"]].includes(name));
    assert.ok(node, `the example has no ${type} "${name}"`);
    return page.locator(`#nrdb-ui-widget-${node.id}`);
  }

  /** Presses an inject node of the example; with a payload, it sends that in place of its own. */
  press(name: string, payload?: unknown): Promise<void> {
    return this.nodeRed.press(theNode(this.flow, "inject", name).id, payload === undefined ? undefined : { payload });
  }

  /** Waits until a simulated car says something that is wanted. */
  async car(what: string, accept: (message: CarMessage) => boolean, withinMs = 30_000): Promise<void> {
    const feed = await this.nodeRed.feed();
    await feed.next<CarMessage>(what, CARS, accept, withinMs);
  }

  /** Saves a picture when E2E_SCREENSHOTS names a folder. */
  async picture(page: Page, name: string): Promise<void> {
    const folder = process.env["E2E_SCREENSHOTS"];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** Fails when a page is wider than one of the screens that it is made for. @param drawn selects what must stand on it first */
  async assertFits(path: string, drawn: string): Promise<void> {
    const page = await this.open(path, "wall");
    await page.locator(drawn).first().waitFor();
    for (const size of ["wall", "desktop", "phone"] as const) {
      await this.resize(page, size);
      // Charts are drawn anew a moment after their window has changed.
      const fits = `document.documentElement.scrollWidth <= ${SIZES[size][0]}`;
      await page.waitForFunction(fits).catch(async () => {
        const widthPx = (await page.evaluate("document.documentElement.scrollWidth")) as number;
        assert.fail(`${path} on a ${size}: ${widthPx} px wide`);
      });
    }
    await page.context().close();
  }

  /** The same page in a window of another size: quicker than another page. */
  async resize(page: Page, size: keyof typeof SIZES): Promise<void> {
    const [width, height] = SIZES[size];
    await page.setViewportSize({ width, height });
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))");
  }

  /** What axe finds wrong in a page, without the bar, menu and tooltips that are the dashboard's own. */
  async foundByAxe(page: Page): Promise<string[]> {
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
    return (await page.evaluate(`axe
      .run({ include: [["html"]], exclude: [[".v-app-bar"], [".v-navigation-drawer"], [".v-overlay-container"], [".v-tooltip"]] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`)) as string[];
  }

  /** Fails when something went wrong in a browser, or when a page asked for anything outside the dashboard. */
  assertQuiet(): void {
    assert.deepEqual(this.#problems, []);
    assert.deepEqual(this.#elsewhere, []);
  }

  /** Fails when Node-RED has complained of anything. */
  assertNoComplaint(): void {
    const complaints = this.nodeRed.log
      .split("\n")
      .filter((line) => line.includes("[error]") || /uncaught|unhandled/i.test(line));
    assert.deepEqual(complaints, []);
  }

  async stop(): Promise<void> {
    await this.nodeRed.stop();
  }
}

export interface CarMessage {
  chargePoint: string;
  payload: { currentA: number[]; limitA: number | null; status: string };
}

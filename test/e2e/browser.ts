/** A real browser on a real editor. */
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Suite } from "mocha";
import type { Browser, Page } from "playwright-core";
import { sharedFolder } from "./package.ts";
import { inTurn, takeTurn } from "./turns.ts";

/** The shell starts in a fifth of the time, as it has no windows of its own to draw; without it the browser itself will do. */
const CHROMIUM = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-quic",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
];

/** Drawing the editor is two seconds of work for a core, which may have seven other stories to run, ms. */
export const OPEN_MS = 60_000;

/** What is clicked or read may wait for the same core, ms. */
export const CLICK_MS = 60_000;

/** Gives the turn back that this process has, for a browser; it has one at most. */
let endTurn: (() => void) | null = null;

/**
 * For a suite that launches a browser: skips it where there is none, and waits, before all else and as long as it takes, until there is
 * a core for one more. A browser on Node-RED keeps a core busy; the time limits of tests are for tests, not for waiting.
 */
export function needsBrowser(suite: Suite): void {
  const limitMs = suite.timeout();
  // A hook is judged by the limit that it begins with.
  suite.timeout(0);
  suite.beforeAll("wait for a core", async function () {
    if (CHROMIUM === undefined) this.skip();
    // More than half of the time each of them waits for Node-RED.
    endTurn ??= await takeTurn(sharedFolder(), "browser", 2 * availableParallelism());
  });
  suite.timeout(limitMs);
}

/** Once no browser of this process runs any more, or none that a test knows of. */
export function endBrowserTurn(): void {
  endTurn?.();
  endTurn = null;
}

export async function launch(): Promise<Browser> {
  // Half a second of work to load, which files without a browser are spared.
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: QUIET });
  browser.once("disconnected", endBrowserTurn);
  return browser;
}

/**
 * On a busy machine, Node-RED sets its code editor up before that has loaded all its languages; and one that is left at once hears its
 * own workers only after it has gone (what we do to it then is not said twice in the message).
 */
const EDITORS_OWN: readonly string[] = [
  "Cannot read properties of undefined (reading 'html')",
  "Model is disposed!\n\nError: Model is disposed!",
];

/**
 * Lets nothing slide or fade, until the page is loaded anew: half of what a dialog costs is drawing it on its way. For stories about
 * where things end up.
 */
export async function still(page: Page): Promise<void> {
  await page.evaluate("$.fx.off = true");
  const content = "*, *::before, *::after { transition: none !important; animation: none !important; }";
  await page.addStyleTag({ content });
}

/** An open editor and everything that went wrong in it. */
export class Editor {
  readonly page: Page;
  #problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.#problems.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => {
      if (!EDITORS_OWN.includes(error.message)) this.#problems.push(`page: ${error.message}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.#problems.push(`${response.status()} ${response.url()}`);
    });
  }

  /** Opens the editor, in its turn, and waits until the flow is drawn. */
  static async open(browser: Browser, url: string, locale = "en-US"): Promise<Editor> {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale });
    // How long Node-RED's scripts take to load is not what is tested; the hook that opens an editor has its own limit.
    page.setDefaultTimeout(0);
    const editor = new Editor(page);
    await inTurn(sharedFolder(), async () => {
      await page.goto(url, { timeout: OPEN_MS });
      await page.waitForSelector("#red-ui-palette-container .red-ui-palette-node", { timeout: OPEN_MS });
      await page.waitForSelector("#red-ui-loading-progress", { state: "hidden", timeout: OPEN_MS });
    });
    page.setDefaultTimeout(CLICK_MS);
    return editor;
  }

  /** Fails when something went wrong in the browser since the last call. */
  assertQuiet(): void {
    const problems = this.#problems;
    this.#problems = [];
    assert.deepEqual(problems, []);
  }

  /** Nodes whose red triangle shows, with what the editor says about them; all, or those of one type. */
  async invalid(type = ""): Promise<string[]> {
    const all = await this.page.evaluate(() => {
      const found: string[] = [];
      const check = (node: EditorNode) => {
        if (node.valid === false) found.push(`${node.type} ${node.id}: ${JSON.stringify(node.validationErrors)}`);
      };
      RED.nodes.eachNode(check);
      RED.nodes.eachConfig(check);
      return found;
    });
    return all.filter((text) => type === "" || text.startsWith(`${type} `));
  }

  /** Waits until an opening dialog has come to rest: last of all the editor puts the cursor into its first field. */
  async dialogAtRest(): Promise<void> {
    await this.page.waitForFunction("document.activeElement?.closest('.red-ui-tray-body') !== null");
  }

  /** Clicks on *Deploy* once the editor has something to deploy: until then the button is grey, and a click on it is lost. */
  async clickDeploy(): Promise<void> {
    await this.page.locator("#red-ui-header-button-deploy:not(.disabled)").click();
  }

  /** Saves a picture when E2E_SCREENSHOTS names a folder. */
  async picture(name: string): Promise<void> {
    const folder = process.env["E2E_SCREENSHOTS"];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** The part of the editor's own interface that these tests use. */
export interface EditorNode {
  id: string;
  type: string;
  valid?: boolean;
  validationErrors?: string[];
  [property: string]: unknown;
}

declare const RED: {
  nodes: {
    eachNode(visit: (node: EditorNode) => void): void;
    eachConfig(visit: (node: EditorNode) => void): void;
  };
};

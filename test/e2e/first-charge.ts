/** The README's way to the first charge, followed literally: an empty user directory, a real editor, a charger that dials from outside. */
import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Locator, Page } from "playwright-core";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import { Editor, launch, needsBrowser } from "./browser.ts";
import { freePort, until } from "./net.ts";
import { type Major, NodeRed } from "./node-red.ts";
import { changeInstalled, ROOT } from "./package.ts";
import { type Action, readmeActions } from "./readme-steps.ts";

const MOST_ACTIONS = 8;
const IDENTITY = "WALLBOX-7";
/** So long somebody looks for what to click on, and waits until it can be clicked. */
const SEEN_MS = 20_000;

/** How much of the height of all sidebars this one has. */
const SHARE_OF_HEIGHT = `document.querySelector(".ev-ov").parentElement.offsetHeight / document.querySelector("#red-ui-sidebar").offsetHeight`;

/** Ports that the example and the README name, and others in their place: tests run side by side. */
type Ports = ReadonlyMap<string, string>;

async function freePorts(): Promise<Ports> {
  return new Map([
    ["9000", String(await freePort())],
    ["15020", String(await freePort())],
  ]);
}

const inPlace = (text: string, ports: Ports): string =>
  text.replace(/\b(9000|15020)\b/g, (port) => ports.get(port) ?? port);

/** Gives the installed example the ports of the test. */
function changePorts(userDir: string, ports: Ports): void {
  changeInstalled(userDir, "examples/1 - First charger.json", (text) => inPlace(text, ports));
}

/** A charger of a maker's, in a process of its own, with a car that is plugged in. */
class OutsideCharger {
  state: SimulatedState | undefined;
  readonly #process: ChildProcess;

  /** @param url as its owner typed it */
  constructor(url: string) {
    const simulate = join(ROOT, "scripts/simulate.ts");
    const args = [simulate, "--url", url, "--identities", IDENTITY, "--json", "--every-ms", "200"];
    this.#process = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#process.stdout! }).on("line", (line) => {
      const { chargePoints } = JSON.parse(line) as { chargePoints: Record<string, SimulatedState> };
      this.state = chargePoints[IDENTITY];
    });
  }

  get drawA(): number {
    return Math.max(0, ...(this.state?.currentA ?? []));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await ended;
  }
}

/** What a reader finds under a name: in the dialog that is open, else in the window. */
async function named(page: Page, name: string): Promise<Locator> {
  const dialog = page.getByRole("dialog").filter({ visible: true });
  const place = (await dialog.count()) > 0 ? dialog.last() : page.locator("body");
  const exact = { name, exact: true };
  const ways = [
    place.getByRole("button", exact),
    place.getByRole("button", { name: new RegExp(`^${name}(: |$)`) }),
    place.getByRole("link", exact),
    place.getByText(name, { exact: true }),
  ];
  for (const way of ways) {
    const seen = way.filter({ visible: true });
    if ((await seen.count()) > 0) return seen.first();
  }
  return ways.at(-1)!.filter({ visible: true }).first();
}

/** The story on one major of Node-RED. */
export function describeFirstCharge(major: Major): void {
  describe(`the first charge by the README on Node-RED ${major}`, function () {
    needsBrowser(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;
    let ports: Ports;
    let charger: OutsideCharger | undefined;
    let taken = 0;

    before("start Node-RED on an empty user directory", async () => {
      ports = await freePorts();
      const prepare = (userDir: string) => changePorts(userDir, ports);
      [nodeRed, browser] = await Promise.all([NodeRed.start(major, { prepare }), launch()]);
      editor = await Editor.open(browser, nodeRed.url);
    });
    after(async () => {
      await charger?.stop();
      await browser?.close();
      await nodeRed?.stop();
    });

    const click = async (name: string): Promise<void> => {
      const { page } = editor;
      await until(`"${name}" can be seen`, async () => (await named(page, name)).isVisible(), SEEN_MS);
      const target = await named(page, name);
      if (name === "Deploy") await nodeRed.deployedBy(() => editor.clickDeploy());
      else await target.click({ timeout: SEEN_MS });
    };
    /** @param keys as they are named to people: `Ctrl-G A` */
    const press = async (keys: string): Promise<void> => {
      for (const key of keys.toLowerCase().split(" "))
        await editor.page.keyboard.press(key.replace("ctrl-", "Control+"));
    };
    const act = async ({ does, text }: Action): Promise<void> => {
      taken++;
      if (does === "click") await click(text);
      else if (text.startsWith("ws://"))
        charger = new OutsideCharger(inPlace(text, ports).replace("<this machine>", "127.0.0.1"));
      else await press(text);
    };

    it(`takes ${MOST_ACTIONS} clicks and inputs at most, and then a car charges`, async () => {
      const actions = readmeActions();
      for (const action of actions)
        await act(action).catch((error: Error) => {
          throw new Error(`step ${action.step}, ${action.does} "${action.text}": ${error.message}`);
        });
      assert.ok(charger, "the README says what to enter in the charger");
      await until(`a car charges at ${IDENTITY}`, () => (charger?.drawA ?? 0) > 5.9, 60_000);
      assert.ok(taken <= MOST_ACTIONS, `${taken} actions`);
      const tabs = await editor.page.evaluate(
        "RED.nodes.getWorkspaceOrder().map((id) => RED.nodes.workspace(id).label)",
      );
      assert.deepEqual(tabs, ["First charger"], "Node-RED's own empty flow is gone");
      const share = await editor.page.evaluate(SHARE_OF_HEIGHT);
      assert.ok((share as number) > 0.6, `the sidebar has ${share} of the height`);
      editor.assertQuiet();
    });

    it("lets people choose other keys for the sidebar in the editor's settings", async () => {
      const { page } = editor;
      const sidebar = page.locator(".ev-ov");
      await press("Ctrl-G C");
      await sidebar.waitFor({ state: "hidden" });
      await press("Ctrl-,");
      await page.locator('.red-ui-tray-body a[href="#red-ui-settings-tab-keyboard"]').click();
      // Node-RED's own, 200 ms after the click: later it would take the focus from the field that is filled in.
      await page.locator("#red-ui-settings-tab-keyboard-filter:focus").waitFor();
      const entry = page.locator(".keyboard-shortcut-entry", { hasText: "Show EV charging" });
      assert.match((await entry.locator(".keyboard-shortcut-entry-key").textContent()) ?? "", /ctrl-g\s*a/i);
      await entry.click();
      await entry.locator(".keyboard-shortcut-entry-key input").fill("ctrl-g z");
      await page.keyboard.press("Enter");
      await entry.locator(".keyboard-shortcut-entry-key", { hasText: /ctrl-g\s*z/i }).waitFor();
      await page.click("#node-dialog-ok");
      await page.locator(".red-ui-tray").waitFor({ state: "detached" });
      await press("Ctrl-G A");
      assert.ok(await sidebar.isHidden());
      await press("Ctrl-G Z");
      await sidebar.waitFor();
    });

    it("leaves a flow with which nothing is wrong", async () => {
      assert.deepEqual(await editor.invalid(), []);
      assert.doesNotMatch(nodeRed.log, /\[error\]|unhandled/i);
    });
  });
}

/** The first hour of a newcomer: the demo, a charger of their own, the sun, and the page for staff. Ends with false alarms. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { Editor } from "../../test/e2e/browser.ts";
import { NodeRed } from "../../test/e2e/node-red.ts";
import { addModule, ROOT } from "../../test/e2e/package.ts";
import { mustBeFree } from "./ports.ts";
import type { Shelf } from "./shelf.ts";

/** Those of the examples that are imported. */
const PORTS = [9000, 9002, 9004, 9010];
const MOST_ACTIONS = 8;
const CALM_MS = 600_000;
const WAIT = { timeout: 120_000 };

/** Node-RED's own words for what a newcomer presses, and those of this package. */
const LABELS = {
  "en-US": { examples: "Import an example", import: "Import", adopt: "Adopt" },
  de: { examples: "Beispiel importieren", import: "Import", adopt: "Aufnehmen" },
  fr: { examples: "Importer un exemple", import: "Importer", adopt: "Adopter" },
  nl: { examples: "Een voorbeeld importeren", import: "Import", adopt: "Opnemen" },
};
type Locale = keyof typeof LABELS;

export async function lookAtFirstHour(browser: Browser, shelf: Shelf, language: string): Promise<string[]> {
  for (const port of PORTS) await mustBeFree(port);
  const nodeRed = await NodeRed.start("5", {
    prepare: (userDir) => addModule(userDir, "@flowfuse/node-red-dashboard"),
  });
  const charger = spawn(process.execPath, [
    join(ROOT, "scripts/simulate.ts"),
    ...["--url", `ws://127.0.0.1:${PORTS[0]}`, "--identities", "WALLBOX-7", "--model", "alfen"],
  ]);
  try {
    const visit = new Visit(nodeRed, await Editor.open(browser, nodeRed.url, language), shelf, language as Locale);
    const startedMs = Date.now();
    for (const step of [visit.ownCharger, visit.demo, visit.sun, () => visit.staffPage(browser)])
      await step.call(visit).catch(async (error: Error) => {
        await visit.picture("failed");
        throw error;
      });
    await visit.editor.page.waitForTimeout(Math.max(0, startedMs + CALM_MS - Date.now()));
    await visit.alarms();
    return visit.found;
  } finally {
    charger.kill();
    await nodeRed.stop();
  }
}

class Visit {
  readonly found: string[] = [];
  readonly editor: Editor;
  readonly #nodeRed: NodeRed;
  readonly #shelf: Shelf;
  readonly #language: Locale;
  #pictures = 0;
  #actions = 0;

  constructor(nodeRed: NodeRed, editor: Editor, shelf: Shelf, language: Locale) {
    this.#nodeRed = nodeRed;
    this.editor = editor;
    this.#shelf = shelf;
    this.#language = language;
  }

  /** As the README tells it, from the empty editor to the first charge of a charger that is not simulated here. */
  async ownCharger(): Promise<void> {
    const { page } = this.editor;
    const { examples, import: imports, adopt } = LABELS[this.#language];
    await page.setViewportSize({ width: 1366, height: 900 });
    await this.#act(async () => {
      await page.keyboard.press("Control+g");
      await page.keyboard.press("a");
    });
    await this.picture("empty");
    await this.#act(() => page.getByRole("button", { name: examples }).click());
    const dialog = page.getByRole("dialog").filter({ visible: true }).last();
    await dialog.locator(".selected", { hasText: "1 - First charger" }).waitFor();
    await this.picture("import");
    await this.#act(() => dialog.getByRole("button", { name: imports, exact: true }).click());
    await this.#act(() => this.#deploy());
    const panel = page.locator(".ev-ov");
    // The address that was typed into the charger.
    this.#actions++;
    await panel.getByRole("button", { name: adopt }).waitFor(WAIT);
    await this.picture("waiting");
    await this.#act(() => panel.getByRole("button", { name: adopt }).click());
    await this.#act(() => this.#deploy());
    await panel.locator('.ev-ov-row[data-kind="charging"]', { hasText: "WALLBOX-7" }).waitFor(WAIT);
    await this.picture("charges");
    if (this.#actions > MOST_ACTIONS) this.found.push(`first charge: ${this.#actions} actions`);
    console.log(`${this.#actions} actions to the first charge`);
  }

  async demo(): Promise<void> {
    await this.#import("2 - Car park");
    await this.editor.page.waitForTimeout(40_000);
    await this.picture("demo");
  }

  async sun(): Promise<void> {
    await this.#import("4 - PV home");
    await this.#press("Sunny noon", "PV home");
    await this.editor.page.waitForTimeout(90_000);
    await this.#site("PV home");
    await this.picture("sun");
  }

  async staffPage(browser: Browser): Promise<void> {
    await this.#import("10 - Facility dashboard");
    const page = await browser.newPage({ viewport: { width: 1366, height: 900 }, locale: this.#language });
    await page.goto(`${this.#nodeRed.url}/dashboard/now`);
    await page.waitForTimeout(30_000);
    await this.picture("staff", page);
    await page.close();
  }

  /** Nothing was done that should raise one. */
  async alarms(): Promise<void> {
    const { page } = this.editor;
    const sites = page.locator(".ev-ov-sites option");
    for (const name of await sites.allTextContents()) {
      await this.#site(name);
      await this.picture(`after-ten-minutes-${name.replaceAll(" ", "-")}`);
      for (const text of await page.locator(".ev-ov-card").allInnerTexts()) this.found.push(`${name}: ${text}`);
    }
    for (const problem of await this.editor.invalid()) this.found.push(problem);
  }

  async #site(name: string): Promise<void> {
    await this.editor.page.locator(".ev-ov-sites").selectOption({ label: name });
    await this.editor.page.waitForTimeout(2000);
  }

  /** As with the menu *Import*, *Examples*, of an editor that has a flow. */
  async #import(example: string): Promise<void> {
    const { page } = this.editor;
    await page.evaluate('RED.actions.invoke("core:show-examples-import-dialog")');
    const dialog = page.getByRole("dialog").filter({ visible: true }).last();
    // Until then Node-RED itself chooses the top of the list.
    await page.waitForTimeout(500);
    await dialog.getByText("@phasewise/node-red-ev-charging").click();
    await dialog.getByText(example, { exact: true }).click();
    await dialog.getByRole("button", { name: LABELS[this.#language].import, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await this.#deploy();
  }

  /** Presses the button of an inject node on a tab. */
  async #press(name: string, tab: string): Promise<void> {
    const id = await this.editor.page.evaluate(
      `(() => { const { id } = RED.nodes.getWorkspaceOrder().map((z) => RED.nodes.workspace(z)).find(({ label }) => label === ${JSON.stringify(tab)});
        return RED.nodes.filterNodes({ z: id, type: "inject" }).find((node) => node.name === ${JSON.stringify(name)}).id; })()`,
    );
    await this.#nodeRed.press(String(id));
  }

  #deploy(): Promise<void> {
    return this.#nodeRed.deployedBy(() => this.editor.page.click("#red-ui-header-button-deploy"));
  }

  async #act(action: () => Promise<unknown>): Promise<void> {
    this.#actions++;
    await action();
  }

  /** Of the editor, or of another page. */
  async picture(name: string, page: Page = this.editor.page): Promise<void> {
    this.#pictures++;
    await this.#shelf.take(`${this.#language}-first-hour-${String(this.#pictures).padStart(2, "0")}-${name}`, page);
  }
}

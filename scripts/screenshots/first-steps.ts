/** Pictures of the first hour of an integrator: import, adopt, describe, charge. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { Editor } from "../../test/e2e/browser.ts";
import { NodeRed } from "../../test/e2e/node-red.ts";
import { ROOT } from "../../test/e2e/package.ts";
import { mustBeFree } from "./ports.ts";
import type { Shelf } from "./shelf.ts";
import { widenSidebar } from "./sidebar-size.ts";

/** The example's port for chargers, and that of its simulated meter. */
const PORTS = [9000, 15020];
const IDENTITY = "WALLBOX-7";
/** Widths of what the pictures show, px. */
const SIDEBAR_PX = 400;
const DIALOG_PX = 640;
const WAIT = { timeout: 120_000 };

/** The steps of the README, each as it looks when it is done. */
export async function firstStepPictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (!shelf.wants("step-")) return;
  for (const port of PORTS) await mustBeFree(port);
  const nodeRed = await NodeRed.start("5");
  const charger = spawn(process.execPath, [
    join(ROOT, "scripts/simulate.ts"),
    ...["--url", `ws://127.0.0.1:${PORTS[0]}`, "--identities", IDENTITY, "--model", "alfen"],
  ]);
  try {
    const editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await page.setViewportSize({ width: 1400, height: 1000 });
    await page.evaluate('RED.actions.invoke("core:toggle-show-tips", false)');
    await page.keyboard.press("Control+g");
    await page.keyboard.press("a");
    await importExample(page, shelf);
    const deploy = () => nodeRed.deployedBy(() => page.click("#red-ui-header-button-deploy"));
    await deploy();
    await widenSidebar(page, SIDEBAR_PX);
    const panel = page.locator(".ev-ov");
    const adopt = panel.getByRole("button", { name: "Adopt" });
    await adopt.waitFor(WAIT);
    await takePart(page, panel, "step-2-adopt", SIDEBAR_PX, shelf);
    await adopt.click();
    await deploy();
    const line = panel.locator(".ev-ov-row", { hasText: IDENTITY });
    await panel.locator('.ev-ov-row[data-kind="charging"]', { hasText: IDENTITY }).waitFor(WAIT);
    await line.getByText(IDENTITY).first().click();
    await editor.dialogAtRest();
    await takePart(page, page.locator(".red-ui-tray").last(), "step-3-describe", DIALOG_PX, shelf);
    await page.click("#node-config-dialog-cancel");
    await line.getByText(/lease until .+ · verified/).waitFor(WAIT);
    await panel
      .locator(".ev-ov-row")
      .first()
      .evaluate((row) => row.scrollIntoView({ block: "start" }));
    await takePart(page, panel, "step-4-charge", SIDEBAR_PX, shelf);
    await editor.close();
  } finally {
    charger.kill();
    await nodeRed.stop();
  }
}

async function importExample(page: Page, shelf: Shelf): Promise<void> {
  await page.getByRole("button", { name: "Import an example" }).click();
  const dialog = page.getByRole("dialog").filter({ visible: true }).last();
  await dialog.locator(".selected", { hasText: "1 - First charger" }).waitFor();
  const tree = dialog.locator(".red-ui-treeList").filter({ visible: true }).first();
  await takePart(page, tree, "step-1-import", SIDEBAR_PX, shelf);
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** What is shown and what stands to its right and below it, four to five; `width` in pixels of the page. */
async function takePart(page: Page, shown: Locator, name: string, width: number, shelf: Shelf): Promise<void> {
  const { x, y } = (await shown.boundingBox())!;
  await shelf.take(name, page, { x, y, width, height: width * 1.25 });
}

/** Pictures of the editor: the car park, its sidebar in both themes, a dialog. */
import type { Browser, Page } from "playwright-core";
import { Editor } from "../../test/e2e/browser.ts";
import { type FlowNode, readExample, theNode } from "../../test/e2e/flows.ts";
import { NodeRed } from "../../test/e2e/node-red.ts";
import { RawCharger } from "../../test/e2e/raw-charger.ts";
import { mustBeFree } from "./ports.ts";
import type { Shelf } from "./shelf.ts";
import { widenSidebar } from "./sidebar-size.ts";

/** Width of the sidebar in its pictures. */
const SIDEBAR_PX = 400;

/** Of the example "2 - Car park", with cars that charge. */
export async function editorPictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (!["car-park", "sidebar", "meter-dialog"].some((name) => shelf.wants(name))) return;
  const flow = readExample("2 - Car park.json");
  for (const type of ["ev-central-system", "ev-meter-simulator"]) await mustBeFree(Number(theNode(flow, type)["port"]));
  const nodeRed = await NodeRed.start("5");
  try {
    await nodeRed.deploy(flow);
    const press = (name: string, payload?: object) =>
      nodeRed.press(theNode(flow, "inject", name).id, payload && { payload });
    await press("Sunny noon");
    const editor = await Editor.open(browser, nodeRed.url);
    await carPark(editor, shelf);
    await meterDialog(editor, theNode(flow, "ev-meter"), shelf);
    await sidebars(editor.page, press, Number(theNode(flow, "ev-central-system")["port"]), shelf);
    await editor.close();
  } finally {
    await nodeRed.stop();
  }
}

async function carPark({ page }: Editor, shelf: Shelf): Promise<void> {
  await page.setViewportSize({ width: 1500, height: 900 });
  await page.evaluate(ONLY_OURS);
  await page.evaluate('RED.actions.invoke("core:toggle-show-tips", false)');
  for (let step = 0; step < 2; step++) await page.evaluate('RED.actions.invoke("core:zoom-out")');
  await page.evaluate('RED.sidebar.show("debug")');
  await page.waitForFunction(ALL_CHARGE, undefined, WAIT);
  await page.evaluate(NEWEST);
  await shelf.take("car-park", page);
}

async function sidebars(
  page: Page,
  press: (name: string, payload?: object) => Promise<void>,
  ocppPort: number,
  shelf: Shelf,
): Promise<void> {
  if (!shelf.wants("sidebar")) return;
  await page.setViewportSize({ width: 1500, height: 1400 });
  // It is drawn down to the bottom here, so it need not give itself height.
  await page.evaluate('localStorage.setItem("ev-charging-sidebar-height", "yes")');
  await page.evaluate('RED.sidebar.show("ev-charging")');
  await widenSidebar(page, SIDEBAR_PX);
  const panel = page.locator(".ev-ov");
  const charging = page.locator('.ev-ov-row[data-kind="charging"]');
  await charging.nth(4).waitFor({ timeout: 60_000 });
  await page.locator(".ev-ov-note", { hasText: "verified" }).nth(3).waitFor({ timeout: 60_000 });
  await shelf.take("sidebar-light", panel);

  const guest = await RawCharger.dial(ocppPort, "WALLBOX-7");
  await guest.call("BootNotification", { chargePointVendor: "Alfen BV", chargePointModel: "NG910-60023" });
  await press("V2 ignores its limit");
  await page.locator('.ev-ov-row[data-kind="trouble"]').waitFor(WAIT);
  await press("The meter dies");
  await page.locator('.ev-ov-card[data-severity="alarm"]', { hasText: "meter building" }).waitFor(WAIT);
  await page.waitForFunction(ONE_ABOVE, undefined, WAIT);
  await page.evaluate('document.documentElement.classList.add("nr-theme-dark")');
  await shelf.take("sidebar-dark", panel);
  await page.evaluate('document.documentElement.classList.remove("nr-theme-dark")');
  guest.close();
}

async function meterDialog(editor: Editor, meter: FlowNode, shelf: Shelf): Promise<void> {
  if (!shelf.wants("meter-dialog")) return;
  const { page } = editor;
  await page.setViewportSize({ width: 1500, height: 1250 });
  await page.locator(`[id="${meter.id}"]`).dblclick();
  await editor.dialogAtRest();
  await page.getByRole("button", { name: "Read now" }).click();
  const tray = page.locator(".red-ui-tray").last();
  await tray.getByText("plausible").waitFor();
  await shelf.take("meter-dialog", tray);
  await page.click("#node-dialog-cancel");
  await tray.waitFor({ state: "detached" });
}

const WAIT = { timeout: 180_000 };
/** All six simulated cars charge, and no slower than they must. */
const ALL_CHARGE = `[...document.querySelectorAll(".red-ui-flow-node-status-label")].filter((one) => /^([6-9]|1\\d)\\.\\d A · charging/.test(one.textContent)).length === 6`;
/** All but one draw no more than they may. */
const ONE_ABOVE = `document.querySelectorAll(".ev-ov-leaf text[data-over]").length === 1`;
/** Folds every category of the palette but that of this package. */
const ONLY_OURS = `for (const head of document.querySelectorAll(".red-ui-palette-header[aria-expanded=true]")) if (!/EV_charging/.test(head.id)) head.click()`;
const NEWEST = `for (const list of document.querySelectorAll(".red-ui-debug-content")) list.scrollTop = list.scrollHeight`;

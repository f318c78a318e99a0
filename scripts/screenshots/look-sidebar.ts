/** The sidebar in one language: while all is well, and with a silent meter, a disobedient charger and a waiting one. */
import type { Browser } from "playwright-core";
import { Editor } from "../../test/e2e/browser.ts";
import { exampleForTest, theNode } from "../../test/e2e/flows.ts";
import { NodeRed } from "../../test/e2e/node-red.ts";
import { RawCharger } from "../../test/e2e/raw-charger.ts";
import type { Shelf } from "./shelf.ts";
import { widenSidebar } from "./sidebar-size.ts";

const WAIT = { timeout: 180_000 };
/** The second one is drawn on from the first. */
const WIDTHS_PX = [320, 440];
/** A word that is wider than its place. */
const CUT_OFF = `[...document.querySelectorAll(".ev-ov *")]
  .filter((one) => one.children.length === 0 && one.getClientRects().length > 0 && !one.closest("svg"))
  .filter((one) => one.getBoundingClientRect().right > document.querySelector(".ev-ov").getBoundingClientRect().right + 1)
  .map((one) => one.textContent.slice(0, 60))`;

export async function lookAtSidebar(browser: Browser, shelf: Shelf, language: string): Promise<string[]> {
  const { flow, ports } = await exampleForTest("2 - Car park.json");
  const nodeRed = await NodeRed.start("5");
  const found: string[] = [];
  try {
    await nodeRed.deploy(flow.map((node) => (node.type === "ev-site" ? { ...node, language } : node)));
    const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
    await press("Sunny noon");
    const editor = await Editor.open(browser, nodeRed.url, language);
    const { page } = editor;
    const panel = page.locator(".ev-ov");
    const take = async (name: string) => {
      for (const widthPx of WIDTHS_PX) {
        await widenSidebar(page, widthPx);
        for (const text of (await page.evaluate(CUT_OFF)) as string[])
          found.push(`${language} sidebar ${name}, ${widthPx} px: cut off: ${text}`);
        await shelf.take(`${language}-sidebar-${name}-${widthPx}-light`, panel);
      }
      await page.evaluate('document.documentElement.classList.add("nr-theme-dark")');
      await shelf.take(`${language}-sidebar-${name}-dark`, panel);
      await page.evaluate('document.documentElement.classList.remove("nr-theme-dark")');
    };
    await page.setViewportSize({ width: 1500, height: 1700 });
    await page.evaluate('localStorage.setItem("ev-charging-sidebar-height", "yes")');
    await page.evaluate('RED.sidebar.show("ev-charging")');
    await page.locator('.ev-ov-row[data-kind="charging"]').nth(4).waitFor(WAIT);
    await take("well");
    const guest = await RawCharger.dial(ports.ocpp, "WALLBOX-7");
    await guest.call("BootNotification", { chargePointVendor: "Alfen BV", chargePointModel: "NG910-60023" });
    await press("V2 ignores its limit");
    await page.locator('.ev-ov-row[data-kind="trouble"]').waitFor(WAIT);
    await press("The meter dies");
    await page.locator('.ev-ov-card[data-severity="alarm"]').first().waitFor(WAIT);
    await page.waitForTimeout(5000);
    await take("trouble");
    guest.close();
  } finally {
    await nodeRed.stop();
  }
  return found;
}

/** Every dialog in one language, with all that is folded open, beside its help. */
import type { Browser } from "playwright-core";
import { DialogBench } from "../../test/e2e/dialogs.ts";
import { idOf, oneOfEach } from "../../test/e2e/one-of-each.ts";
import type { Shelf } from "./shelf.ts";

/** Texts that are wider than their place, and fields that stick out of the dialog. */
const CUT_OFF = `(() => {
  const body = [...document.querySelectorAll(".red-ui-tray-body")].at(-1);
  const right = body.getBoundingClientRect().right;
  const seen = (one) => one.getClientRects().length > 0;
  const named = (one) => one.id || one.textContent.trim().slice(0, 40);
  const sticks = (one) => one.getBoundingClientRect().right > right + 1;
  const cut = (one) => one.scrollWidth > one.clientWidth + 1;
  return [
    ...[...body.querySelectorAll("input, select, button, table")].filter((one) => seen(one) && sticks(one)),
    ...[...body.querySelectorAll("label, button, summary, select")].filter((one) => seen(one) && cut(one)),
  ].map(named);
})()`;
const UNFOLD = `for (const group of document.querySelectorAll(".red-ui-tray-body details")) group.open = true`;
const TALL = { width: 1366, height: 1900 };

export async function lookAtDialogs(_browser: Browser, shelf: Shelf, language: string): Promise<string[]> {
  const bench = await DialogBench.start("5", await oneOfEach(), language);
  const { editor } = bench;
  const { page } = editor;
  const found: string[] = [];
  try {
    await page.setViewportSize(TALL);
    await page.evaluate(`document.documentElement.classList.remove("nr-theme-dark")`);
    const types = (await page.evaluate(TYPES)) as string[];
    for (const type of types) {
      await bench.open(idOf(type));
      await page.evaluate(UNFOLD);
      await page.evaluate(`RED.sidebar.help.show(${JSON.stringify(type)})`);
      await page.waitForTimeout(400);
      for (const name of (await page.evaluate(CUT_OFF)) as string[])
        found.push(`${language} ${type}: cut off: ${name}`);
      const tray = page.locator(".red-ui-tray").last();
      await shelf.take(`${language}-dialog-${type}-light`, tray);
      await page.evaluate(`document.documentElement.classList.add("nr-theme-dark")`);
      await shelf.take(`${language}-dialog-${type}-dark`, tray);
      await page.evaluate(`document.documentElement.classList.remove("nr-theme-dark")`);
      await bench.leave("cancel");
    }
  } finally {
    await bench.stop();
  }
  return found;
}

/** Types of this package that the flow has. */
const TYPES = `(() => {
  const types = new Set();
  RED.nodes.eachConfig(({ type }) => { types.add(type); });
  RED.nodes.eachNode(({ type }) => { types.add(type); });
  return [...types].filter((type) => type.startsWith("ev-"));
})()`;

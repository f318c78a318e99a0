import type { Locator, Page } from "playwright-core";

/** Draws the sidebar wider, and its upper half down to the bottom, as a user does. */
export async function widenSidebar(page: Page, widthPx: number): Promise<void> {
  const drag = async (separator: Locator, byX: number, byY: number) => {
    const { x, y, width, height } = (await separator.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + byX, y + height / 2 + byY, { steps: 5 });
    await page.mouse.up();
  };
  await drag(page.locator("#red-ui-sidebar-separator"), 300 - widthPx, 0);
  await drag(page.locator("#red-ui-sidebar .red-ui-sidebar-section-separator"), 0, 2000);
}

/** Opens, fills and leaves the dialogs of a real editor. */
import type { Browser, Locator } from "playwright-core";
import { Editor, launch, still } from "./browser.ts";
import type { FlowNode } from "./flows.ts";
import { type Major, NodeRed } from "./node-red.ts";

export const CONFIG_TYPES: readonly string[] = [
  "ev-site",
  "ev-central-system",
  "ev-zone",
  "ev-charge-point",
  "ev-back-end",
  "ev-modbus",
];

export const isConfig = (type: string): boolean => CONFIG_TYPES.includes(type);

/** A field of a node's dialog. */
export const field = (type: string, property: string): string =>
  `#${isConfig(type) ? "node-config-input" : "node-input"}-${property}`;

/** An editor on a deployed flow, for tests of dialogs. */
export class DialogBench {
  readonly nodeRed: NodeRed;
  readonly editor: Editor;
  readonly #browser: Browser;

  private constructor(nodeRed: NodeRed, browser: Browser, editor: Editor) {
    this.nodeRed = nodeRed;
    this.#browser = browser;
    this.editor = editor;
  }

  static async start(major: Major, flow: readonly FlowNode[], locale?: string): Promise<DialogBench> {
    const [nodeRed, browser] = await Promise.all([NodeRed.start(major), launch()]);
    await nodeRed.deploy(flow);
    const editor = await Editor.open(browser, nodeRed.url, locale);
    await still(editor.page);
    return new DialogBench(nodeRed, browser, editor);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.nodeRed.stop();
  }

  /** Opens the dialog of a node of the deployed flow. */
  async open(id: string): Promise<void> {
    const { page } = this.editor;
    const type = String(await page.evaluate(`RED.nodes.node(${JSON.stringify(id)}).type`));
    await page.evaluate(
      isConfig(type)
        ? `RED.editor.editConfig("", ${JSON.stringify(type)}, ${JSON.stringify(id)})`
        : `RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`,
    );
    await page.locator(".red-ui-tray-footer, .red-ui-tray-toolbar").last().waitFor();
    await settled(page);
    await this.editor.dialogAtRest();
  }

  /** A new node, as from the palette. @returns its id */
  async add(type: string): Promise<string> {
    const place = isConfig(type) ? {} : { z: "tab", x: 400, y: 40, wires: [] };
    const node = JSON.stringify({ id: `new-${type}`, type, ...place });
    await this.editor.page.evaluate(`RED.nodes.import([${node}], { applyNodeDefaults: true, markChanged: true })`);
    return `new-${type}`;
  }

  leave(button: "ok" | "cancel"): Promise<void> {
    return leaveDialog(this.editor, button);
  }

  /** A property as the editor holds it. */
  value(id: string, property: string): Promise<unknown> {
    const node = `RED.nodes.node(${JSON.stringify(id)})`;
    return this.editor.page.evaluate(`JSON.parse(JSON.stringify(${node}[${JSON.stringify(property)}] ?? null))`);
  }

  /** What the editor finds wrong with a node. */
  async errors(id: string): Promise<string[]> {
    const node = `RED.nodes.node(${JSON.stringify(id)})`;
    return (await this.editor.page.evaluate(`${node}.validationErrors ?? []`)) as string[];
  }

  /** Sets a field at once, whether it is in view or not. */
  async put(selector: string, value: string): Promise<void> {
    const found = await this.editor.page.evaluate(
      `(() => { const field = $(${JSON.stringify(selector)}).first(); field.val(${JSON.stringify(value)}).trigger("input").trigger("change"); return field.length; })()`,
    );
    if (found === 0) throw new Error(`the dialog has no ${selector}`);
  }

  /** Types into a field and leaves it, as the editor looks at it then. */
  async type(selector: string, text: string): Promise<void> {
    const place: Locator = this.editor.page.locator(selector).first();
    await place.fill(text);
    await place.press("Tab");
  }
}

export async function openDialog({ page }: Editor, { id, type, z }: FlowNode): Promise<void> {
  if (z) await page.evaluate(`RED.workspaces.show(${JSON.stringify(z)})`);
  if (isConfig(type)) await page.evaluate(`RED.editor.editConfig("", ${JSON.stringify(type)}, ${JSON.stringify(id)})`);
  // A double click counts only when both clicks come within a moment: on a busy machine they may not.
  else await page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`);
  await page.locator(".red-ui-tray.ui-draggable, .red-ui-tray").last().waitFor();
  await page.locator(".red-ui-tray-footer, .red-ui-tray-toolbar").last().waitFor();
  await settled(page);
}

/** A tray slides in once all of it is there, credentials included: what is clicked before it stands still is missed, or not saved. */
export async function settled(page: Editor["page"]): Promise<void> {
  await page.waitForFunction(
    "$('.red-ui-tray').last().get().every((tray) => tray.style.right === '0px' && tray.getAnimations().length === 0)",
  );
}

export async function leaveDialog({ page }: Editor, button: "ok" | "cancel"): Promise<void> {
  await page.locator(`#node-dialog-${button}:visible, #node-config-dialog-${button}:visible`).click();
  await page.locator(".red-ui-tray").waitFor({ state: "detached" });
  await settled(page);
}

/** Properties whose value or type differs from the flow file. */
export async function changed({ page }: Editor, node: FlowNode): Promise<string[]> {
  const { id, type: _type, x: _x, y: _y, z: _z, wires: _wires, ...properties } = node;
  const names = Object.keys(properties);
  const after = (await page.evaluate(
    `(() => { const node = RED.nodes.node(${JSON.stringify(id)}); return JSON.parse(JSON.stringify(${JSON.stringify(names)}.map((name) => node[name]))); })()`,
  )) as unknown[];
  return names
    .map((name, index) => ({ name, before: properties[name], now: after[index] }))
    .filter(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now))
    .map(({ name, before, now }) => `${name}: ${JSON.stringify(before)} → ${JSON.stringify(now)}`);
}

/** Where pictures go, and which are wanted. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

export class Shelf {
  readonly taken: string[] = [];
  readonly #folder: string;
  readonly #wanted: readonly string[];

  /** @param wanted how the names of wanted pictures begin; none = all */
  constructor(folder: string, wanted: readonly string[]) {
    this.#folder = folder;
    this.#wanted = wanted;
  }

  /** Whether any picture is wanted whose name begins so, or says no more than is wanted. */
  wants(start: string): boolean {
    return this.#wanted.length === 0 || this.#wanted.some((one) => one.startsWith(start) || start.startsWith(one));
  }

  /** Saves a picture of a page, or of a part of it, as `<name>.png`. */
  async take(name: string, shown: Page | Locator): Promise<void> {
    if (!this.wants(name)) return;
    await shown.screenshot({ path: join(this.#folder, `${name}.png`), animations: "disabled" });
    this.taken.push(name);
    console.log(`docs/images/${name}.png`);
  }
}

/** Where pictures go, and which are wanted. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

interface Clip {
  x: number;
  y: number;
  width: number;
  height: number;
}

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

  /** Saves a picture of a page, of a rectangle of it, or of an element, as `<name>.png`. */
  async take(name: string, shown: Page | Locator, clip?: Clip): Promise<void> {
    if (!this.wants(name)) return;
    const path = join(this.#folder, `${name}.png`);
    await shown.screenshot({ path, animations: "disabled", ...(clip && { clip }) });
    this.taken.push(name);
    console.log(path);
  }
}

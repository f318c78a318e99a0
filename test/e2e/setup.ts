/** Runs once before and after all end-to-end tests, whatever number of processes they run in. */
import { endBrowserTurn } from "./browser.ts";
import { isPacked, packOnce } from "./package.ts";

let removeTarball: () => void = () => {};

export async function mochaGlobalSetup(): Promise<void> {
  if (!isPacked()) removeTarball = await packOnce();
}

export function mochaGlobalTeardown(): void {
  removeTarball();
}

/** After each file: a suite that failed before it had its browser must not keep others from theirs. */
export const mochaHooks = { afterAll: endBrowserTurn };

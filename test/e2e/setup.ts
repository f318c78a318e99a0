/** Runs once before and after all end-to-end tests, whatever number of processes they run in. */
import { packOnce } from "./package.ts";

let removeTarball: () => void = () => {};

export async function mochaGlobalSetup(): Promise<void> {
  removeTarball = await packOnce();
}

export function mochaGlobalTeardown(): void {
  removeTarball();
}

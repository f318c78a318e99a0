import { createRequire } from "node:module";
import { join } from "node:path";

/** `require` of this package. What is built is CommonJS and has it; the source has not, and looks from the working directory. */
export const ownRequire: NodeJS.Require =
  typeof require === "function" ? require : createRequire(join(process.cwd(), "package.json"));

/** The version of this package. */
export function packageVersion(): string {
  // What is built lies in dist/lib.
  const path = typeof require === "function" ? "../../package.json" : "./package.json";
  return (ownRequire(path) as { version: string }).version;
}

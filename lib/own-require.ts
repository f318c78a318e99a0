import { createRequire } from "node:module";
import { join } from "node:path";

/** `require` of this package. What is built is CommonJS and has it; the source has not, and looks from the working directory. */
export const ownRequire: NodeJS.Require =
  typeof require === "function" ? require : createRequire(join(process.cwd(), "package.json"));

/** Runs the drills in their long form: `npm run drills [-- words of a title]`. `SEED` repeats a run. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const words = process.argv.slice(2).join(" ");
const args = [
  "--config",
  ".mocharc.drills.json",
  "--no-parallel",
  "--timeout",
  "0",
  ...(words ? ["--fgrep", words] : []),
];
const child = spawn(process.execPath, [join(root, "node_modules/mocha/bin/mocha.js"), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, DRILLS: "long" },
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

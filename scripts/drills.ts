/**
 * Runs the drills in their long form, three files at a time: `npm run drills [-- words of a title]`. It prints its seed; `SEED` repeats
 * a run, `PACE=5` lets it run five times as fast.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const words = process.argv.slice(2).join(" ");
const { SEED = String(Date.now() % 2 ** 31) } = process.env;
const args = ["--config", ".mocharc.drills.json", "--timeout", "0", ...(words ? ["--fgrep", words] : [])];
console.log(`seed ${SEED}`);
const child = spawn(process.execPath, [join(root, "node_modules/mocha/bin/mocha.js"), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, DRILLS: "long", SEED },
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

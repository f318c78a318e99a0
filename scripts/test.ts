/** Runs every suite — library, nodes on both Node-RED majors, end to end — and ends with one line `N passed, M failed`. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Totals {
  passes: number;
  failures: number;
  pending: number;
  skipped: string[];
}

const root = join(import.meta.dirname, "..");
const totalsDir = mkdtempSync(join(tmpdir(), "phasewise-test-"));
const SUITES: { name: string; config: string; env?: Record<string, string> }[] = [
  { name: "library", config: ".mocharc.json" },
  { name: "nodes on Node-RED 5", config: ".mocharc.nodes.json", env: { NODE_RED: "node-red" } },
  { name: "nodes on Node-RED 4.1", config: ".mocharc.nodes.json", env: { NODE_RED: "node-red-4" } },
  { name: "end to end", config: ".mocharc.e2e.json" },
];

const sum: Totals = { passes: 0, failures: 0, pending: 0, skipped: [] };
for (const [index, suite] of SUITES.entries()) {
  console.log(`\n── ${suite.name} ──`);
  const totals = await run(suite.config, suite.env ?? {}, join(totalsDir, `${index}.json`));
  sum.passes += totals.passes;
  sum.failures += totals.failures;
  sum.pending += totals.pending;
  sum.skipped.push(...totals.skipped);
}
rmSync(totalsDir, { recursive: true, force: true });
for (const title of sum.skipped) console.log(`skipped: ${title}`);
console.log(`${sum.passes} passed, ${sum.failures} failed${sum.pending ? `, ${sum.pending} skipped` : ""}`);
process.exitCode = sum.failures ? 1 : 0;

/** One mocha process. A process that dies without totals counts as one failure. */
function run(config: string, env: Record<string, string>, totalsFile: string): Promise<Totals> {
  const args = [
    join(root, "node_modules/mocha/bin/mocha.js"),
    "--config",
    config,
    "--reporter",
    join(root, "scripts/mocha-reporter.cjs"),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env, TEST_TOTALS: totalsFile },
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      try {
        const totals = JSON.parse(readFileSync(totalsFile, "utf8")) as Totals;
        if (code && !totals.failures) totals.failures = 1;
        resolve(totals);
      } catch {
        resolve({ passes: 0, failures: 1, pending: 0, skipped: [] });
      }
    });
  });
}

/** Runs every benchmark of bench/ and prints one JSON line per figure, each with the ratio to a baseline of the same run. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchFigure } from "../bench/figure.ts";

const folder = join(import.meta.dirname, "../bench");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
  const module = (await import(join(folder, file))) as { bench?: () => Promise<BenchFigure[]> };
  for (const figure of (await module.bench?.()) ?? []) console.log(JSON.stringify(figure));
}

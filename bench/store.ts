import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BenchFigure, figure } from "./figure.ts";

export interface StoreBenchOptions {
  rounds?: number;
  roundMs?: number;
}

interface Rates {
  driver: string;
  crowdOf: number;
  plain: number;
  alone: number;
  crowd: number;
}

const run = promisify(execFile);

/** Durable commits a second with each SQLite that the store knows, beside a page that is written into a file and brought to the disk. */
export async function bench({ rounds = 5, roundMs = 1000 }: StoreBenchOptions = {}): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const choice of ["", "node-sqlite3-wasm"]) {
    const script = join(import.meta.dirname, "store/commits.ts");
    const args = [script, "--rounds", String(rounds), "--round-ms", String(roundMs)];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, PHASEWISE_SQLITE: choice } });
    const { driver, crowdOf, plain, alone, crowd } = JSON.parse(stdout) as Rates;
    const detail = { baseline: "4 kB written into a file, and fdatasync", rounds };
    figures.push(
      figure(`durable commits, ${driver}, one after the other`, alone, "1/s", plain, "at least 0.3", detail),
      figure(`durable commits, ${driver}, ${crowdOf} at once`, crowd, "1/s", plain, "at least 1.5", detail),
    );
  }
  return figures.map((one) => ({
    ...one,
    value: Math.round(one.value),
    baseline: Math.round(one.baseline),
    ratio: Math.round(one.ratio * 100) / 100,
  }));
}

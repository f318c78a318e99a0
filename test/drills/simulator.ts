/** Talks to a simulated building that runs in a process of its own, as chargers on the wall and cars do. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { BreakerRecord } from "../../lib/simulator/site/breaker-tree.ts";
import type { SitePlan } from "../../lib/simulator/site/plan.ts";
import type { ChargerBooks } from "../../lib/simulator/site/simulated-site.ts";
import { until } from "../e2e/net.ts";
import { ROOT } from "../e2e/package.ts";

export interface Truth {
  chargePoints: Record<string, SimulatedState>;
  breakers: Record<string, BreakerRecord>;
}

/** Simulated time between two looks, ms. */
const EVERY_MS = 500;

export class SimulatorProcess {
  /** As it was a moment ago. */
  truth: Truth = { chargePoints: {}, breakers: {} };
  /** What it said to lines it did not understand. */
  complaints = "";
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #answers = new Map<number, Record<string, unknown>>();
  #asked = 0;

  /**
   * @param env pace of its time, as `probe.ts` reads it
   * @param wrapper a command that runs the one that follows it
   */
  constructor(plan: SitePlan, env: Readonly<Record<string, string>>, wrapper: readonly string[] = []) {
    this.#folder = mkdtempSync(join(tmpdir(), "phasewise-drill-"));
    const file = join(this.#folder, "site.json");
    writeFileSync(file, JSON.stringify(plan));
    const probe = join(import.meta.dirname, "probe.ts");
    const script = join(ROOT, "scripts/simulate.ts");
    const run = ["--import", probe, script, "--site", file, "--json", "--every-ms", String(EVERY_MS)];
    const [command, ...args] = [...wrapper, process.execPath, ...run];
    this.#child = spawn(command!, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.complaints += chunk.toString();
    });
    this.#child.stdin!.on("error", () => {});
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#read(line));
  }

  /** Resolves when everything is powered up. */
  async started(): Promise<void> {
    await until("the simulator runs", () => Object.keys(this.truth.breakers).length > 0 || this.#ended, 30_000);
    if (this.#ended) throw new Error(`the simulator ended: ${this.complaints}`);
  }

  /** Sends one line of the control interface and waits until it is obeyed. */
  async tell(line: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    this.#child.stdin!.write(`${JSON.stringify({ ...line, id })}\n`);
    const before = this.complaints;
    const settled = () => this.#answers.has(id) || this.complaints !== before || this.#ended;
    await until(`the simulator obeys ${JSON.stringify(line)}`, settled);
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (!answer) throw new Error(`the simulator refuses ${JSON.stringify(line)}: ${this.complaints}`);
    return answer;
  }

  async breakers(): Promise<Record<string, BreakerRecord>> {
    return (await this.tell({ ask: "breakers" }))["breakers"] as Record<string, BreakerRecord>;
  }

  async books(): Promise<Record<string, ChargerBooks>> {
    return (await this.tell({ ask: "books" }))["books"] as Record<string, ChargerBooks>;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (!this.#ended) {
      this.#child.kill("SIGTERM");
      const hard = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(hard);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Of the process; null once it has ended. */
  get pid(): number | null {
    return this.#ended ? null : (this.#child.pid ?? null);
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #read(line: string): void {
    const said = JSON.parse(line) as Record<string, unknown>;
    if (typeof said["answer"] === "number") this.#answers.set(said["answer"], said);
    else this.truth = said as unknown as Truth;
  }
}

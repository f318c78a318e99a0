/** A disk that answers late: whoever has what was written brought to it, by `fsync` or `fdatasync`, waits. For processes of their own. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Who waited for it, and how often. */
export interface Waits {
  /** On the main threads of processes, where the event loop runs. */
  main: number;
  other: number;
}

export class SlowDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), "phasewise-slow-disk-"));
  readonly #switch = join(this.#folder, "slow");
  readonly #log = join(this.#folder, "log");
  readonly #ms: number;

  /** Why there can be none here; null when there can. */
  static missing(): string | null {
    if (process.platform !== "linux") return "it takes Linux";
    try {
      execFileSync("cc", ["--version"], { stdio: "ignore" });
      return null;
    } catch {
      return "it takes a C compiler";
    }
  }

  /** Quick, until it is made slow. @param ms time of each answer then */
  constructor(ms = 500) {
    this.#ms = ms;
    const source = join(import.meta.dirname, "slow-disk.c");
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", join(this.#folder, "slow-disk.so"), source, "-ldl"]);
  }

  /** For the environment of a process that is to use it. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: join(this.#folder, "slow-disk.so"),
      SLOW_DISK_MS: String(this.#ms),
      SLOW_DISK_SWITCH: this.#switch,
      SLOW_DISK_LOG: this.#log,
    };
  }

  makeSlow(): void {
    writeFileSync(this.#switch, "");
  }

  makeQuick(): void {
    rmSync(this.#switch, { force: true });
  }

  /** While it was slow. */
  get waits(): Waits {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, "utf8").trim().split("\n") : [];
    const main = lines.filter((line) => line.includes(" main ")).length;
    return { main, other: lines.filter((line) => line.includes(" other ")).length };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

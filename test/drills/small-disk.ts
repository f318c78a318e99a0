/** A disk of its own for what must fail without harm to the machine. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Unless another is asked for. */
const SIZE_MB = 4;

export class SmallDisk {
  /** Where to write. */
  readonly data: string;
  readonly #sizeMB: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "phasewise-disk-"));

  /** Why there can be none here; null when there can. */
  static missing(): string | null {
    try {
      new SmallDisk().remove();
      return null;
    } catch {
      return "only root can mount a disk";
    }
  }

  /** @throws Error where mounting is not allowed */
  constructor(sizeMB = SIZE_MB) {
    this.#sizeMB = sizeMB;
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMB}m`, "tmpfs", this.#folder], { stdio: "ignore" });
    this.data = join(this.#folder, "data");
    mkdirSync(this.data);
  }

  /** Not a byte is left. */
  fill(): void {
    for (const size of [2 ** 16, 2 ** 12]) {
      for (let piece = 0; piece < (this.#sizeMB * 2 ** 20) / size; piece++) {
        try {
          writeFileSync(join(this.#folder, `rubbish-${size}-${piece}`), Buffer.alloc(size));
        } catch {
          break;
        }
      }
    }
  }

  /** Everything but the data goes. */
  clean(): void {
    execFileSync("find", [this.#folder, "-name", "rubbish-*", "-delete"]);
  }

  remount(mode: "ro" | "rw"): void {
    execFileSync("mount", ["-o", `remount,${mode}`, this.#folder]);
  }

  remove(): void {
    execFileSync("umount", ["-l", this.#folder]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

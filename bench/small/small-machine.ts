/** A part of this machine that is as slow and as small as the computers in meter cupboards. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of one core. */
const SHARE = 0.25;
const MEMORY_MB = 512;
/** Time is given in slices of so long: long ones would be a fast core that pauses, not a slow one, µs. */
const PERIOD_US = 10_000;
const GROUPS = "/sys/fs/cgroup";
const NAME = `phasewise-small-${process.pid}`;

export interface SmallMachine {
  /** How it is made small, in words. */
  how: string;
  /** A command that runs the one that follows it on the small machine. */
  wrapper: readonly string[];
  /** To be called with each process that was started by it. */
  adopt(pid: number): void;
  close(): void;
}

/** Files of a control group, with what is written to them. */
interface Group {
  folder: string;
  limits: Readonly<Record<string, string>>;
}

const SLICE_US = SHARE * PERIOD_US;
const BYTES = String(MEMORY_MB * 2 ** 20);
const VERSION_2: readonly Group[] = [
  { folder: GROUPS, limits: { "cpu.max": `${SLICE_US} ${PERIOD_US}`, "memory.max": BYTES } },
];
const VERSION_1: readonly Group[] = [
  {
    folder: join(GROUPS, "cpu"),
    limits: { "cpu.cfs_period_us": String(PERIOD_US), "cpu.cfs_quota_us": String(SLICE_US) },
  },
  { folder: join(GROUPS, "memory"), limits: { "memory.limit_in_bytes": BYTES } },
];

/** By control groups, which want root, else by stopping the process for three quarters of the time. */
export function smallMachine(): SmallMachine {
  const isVersion2 = existsSync(join(GROUPS, "cgroup.controllers"));
  const pin = onOneCore();
  try {
    return byGroups(isVersion2 ? VERSION_2 : VERSION_1, isVersion2 ? 2 : 1, pin);
  } catch {
    return byPauses(pin);
  }
}

function byGroups(groups: readonly Group[], version: number, pin: readonly string[]): SmallMachine {
  const made: string[] = [];
  const close = (): void => {
    for (const folder of made) rmdirSync(folder);
  };
  try {
    for (const { folder, limits } of groups) {
      const own = join(folder, NAME);
      mkdirSync(own);
      made.push(own);
      for (const [file, value] of Object.entries(limits)) writeFileSync(join(own, file), value);
    }
  } catch (error) {
    close();
    throw error;
  }
  const enter = made.map((folder) => `echo $$ > ${folder}/cgroup.procs`).join(" && ");
  const how = `cgroup v${version}: ${SLICE_US / 1000} ms of each ${PERIOD_US / 1000} ms, ${MEMORY_MB} MB`;
  return {
    how: pin.length > 0 ? `${how}, one core` : how,
    wrapper: ["sh", "-c", `${enter} && exec "$@"`, "sh", ...pin],
    adopt: () => {},
    close,
  };
}

function byPauses(pin: readonly string[]): SmallMachine {
  const runMs = SLICE_US / 1000;
  const restMs = PERIOD_US / 1000 - runMs;
  let pid: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const turn = (isRunning: boolean): void => {
    try {
      if (pid !== null) process.kill(pid, isRunning ? "SIGCONT" : "SIGSTOP");
    } catch {
      // It has ended.
      pid = null;
    }
    timer = setTimeout(() => turn(!isRunning), isRunning ? runMs : restMs);
  };
  turn(true);
  return {
    how: `stopped by signals for ${restMs} ms of each ${PERIOD_US / 1000} ms, memory not limited`,
    wrapper: pin,
    adopt: (next) => {
      pid = next;
    },
    close: () => {
      clearTimeout(timer);
      pid = null;
    },
  };
}

function onOneCore(): readonly string[] {
  try {
    execFileSync("taskset", ["-c", "0", "true"], { stdio: "ignore" });
    return ["taskset", "-c", "0"];
  } catch {
    return [];
  }
}

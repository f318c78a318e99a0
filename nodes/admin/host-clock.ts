import { execFile } from "node:child_process";
import type { Clock } from "../../lib/clock.ts";

/** An answer holds for so long, ms: asking starts a program. */
const HOLDS_MS = 60_000;
/** A machine that has not answered by then does not tell, ms. */
const PATIENCE_MS = 2_000;

let known: { answer: Promise<boolean | null>; atMs: number } | null = null;

/** Whether NTP sets the clock of this machine, as systemd tells; null where it does not, as in most containers. Never rejects. */
export function clockIsSet({ nowMs }: Pick<Clock, "nowMs">): Promise<boolean | null> {
  const atMs = nowMs();
  if (!known || atMs - known.atMs > HOLDS_MS) known = { answer: ask(), atMs };
  return known.answer;
}

function ask(): Promise<boolean | null> {
  if (process.platform !== "linux") return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, env: { ...process.env, LC_ALL: "C" } };
    execFile("timedatectl", ["show", "--property=NTPSynchronized", "--value"], options, (error, said) => {
      const answer = said?.toString().trim();
      resolve(!error && (answer === "yes" || answer === "no") ? answer === "yes" : null);
    });
  });
}

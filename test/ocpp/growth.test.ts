/** What is done with a frame takes time in proportion to its length, whatever stands in it. */
import { strict as assert } from "node:assert";
import { headOf } from "../../lib/ocpp/log/message-search.ts";
import { redactFrame } from "../../lib/ocpp/log/redact.ts";
import { parseFrame } from "../../lib/ocpp/rpc/frame.ts";
import { checkInbound, printable } from "../../lib/ocpp/rpc/validate.ts";
import { LONGEST_FRAME } from "../../lib/ocpp/server/visitors.ts";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { BOMBS } from "./bombs.ts";

const WORK: Readonly<Record<string, (text: string) => unknown>> = {
  "is read": parseFrame,
  "is told by its head": headOf,
  "loses its secrets": redactFrame,
  "is put on one line": printable,
  "is checked": (text) => {
    const frame = parseFrame(text);
    const spec = frame.type === "call" ? ACTIONS.get(frame.action) : undefined;
    return spec && frame.type === "call" && checkInbound(spec.request, frame.payload);
  },
};

/** Less than this, ms, holds up nobody; what takes longer must grow in proportion. */
const SHORT_MS = 20;
const LONGEST_MS = 400;
/** One frame takes as long as its parts one after the other: as long in proportion, so many times as long by the square. */
const PARTS = 16;
/** Far from both: a large frame leaves more to sweep, and a busy machine makes either time longer by chance. */
const MOST_GROWTH = 5;
/** The quickest of so many at most: what else the process does by chance, as sweeping, is in the others. */
const ROUNDS = 24;

/** Of the processor, in this thread, ms. User and system together: which is which is told by the tick, far too coarse for this. */
function timeMs(work: (text: string) => unknown, text: string, times = 1): number {
  const before = process.threadCpuUsage();
  for (let time = 0; time < times; time++) work(text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

for (const [what, work] of Object.entries(WORK)) {
  describe(`A frame that ${what}`, () => {
    for (const [bomb, textOf] of Object.entries(BOMBS)) {
      it(`holds up nobody with ${bomb}`, () => {
        const [short, long] = [textOf(LONGEST_FRAME / PARTS), textOf(LONGEST_FRAME)];
        const isFine = (): boolean => wholeMs < LONGEST_MS && (wholeMs < SHORT_MS || wholeMs < MOST_GROWTH * partsMs);
        let [partsMs, wholeMs] = [timeMs(work, short, PARTS), timeMs(work, long)];
        // In turn, so that both are compiled as far when they are compared.
        for (let round = 1; round < ROUNDS && (round < 3 || !isFine()); round++) {
          partsMs = Math.min(partsMs, timeMs(work, short, PARTS));
          wholeMs = Math.min(wholeMs, timeMs(work, long));
        }
        assert.ok(isFine(), `${wholeMs} ms, its parts ${partsMs} ms`);
      });
    }
  });
}

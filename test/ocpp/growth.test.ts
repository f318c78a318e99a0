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
const SHORT_MS = 100;
const LONGEST_MS = 400;
/** At four times the length: 4 in proportion, 16 by the square. A busy machine makes either time longer by chance. */
const MOST_GROWTH = 8;
/** The quickest of so many at most: what else the process does by chance, as sweeping, is in the others. */
const ROUNDS = 24;

/** Of the processor, in this thread, ms. User and system together: which is which is told by the tick, far too coarse for this. */
function timeMs(work: (text: string) => unknown, text: string): number {
  const before = process.threadCpuUsage();
  work(text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

for (const [what, work] of Object.entries(WORK)) {
  describe(`A frame that ${what}`, () => {
    for (const [bomb, textOf] of Object.entries(BOMBS)) {
      it(`holds up nobody with ${bomb}`, () => {
        const [short, long] = [textOf(LONGEST_FRAME / 4), textOf(LONGEST_FRAME)];
        const isFine = (): boolean => wholeMs < LONGEST_MS && (wholeMs < SHORT_MS || wholeMs < MOST_GROWTH * quarterMs);
        let [quarterMs, wholeMs] = [timeMs(work, short), timeMs(work, long)];
        // In turn, so that both are compiled as far when they are compared.
        for (let round = 1; round < ROUNDS && (round < 3 || !isFine()); round++) {
          quarterMs = Math.min(quarterMs, timeMs(work, short));
          wholeMs = Math.min(wholeMs, timeMs(work, long));
        }
        assert.ok(isFine(), `${quarterMs} ms, ${wholeMs} ms at four times the length`);
      });
    }
  });
}

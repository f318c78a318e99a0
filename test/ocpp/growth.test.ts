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
/** At four times the length: 4 in proportion, 16 by the square. A busy machine makes either time longer by chance. */
const MOST_GROWTH = 8;

/** Of the processor, the quickest of some, ms. */
function timeMs(work: (text: string) => unknown, text: string): number {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12 && quickestMs > SHORT_MS / 2; round++) {
    const before = process.cpuUsage();
    work(text);
    quickestMs = Math.min(quickestMs, process.cpuUsage(before).user / 1000);
  }
  return quickestMs;
}

for (const [what, work] of Object.entries(WORK)) {
  describe(`A frame that ${what}`, () => {
    for (const [bomb, textOf] of Object.entries(BOMBS)) {
      it(`holds up nobody with ${bomb}`, () => {
        const [quarter, whole] = [timeMs(work, textOf(LONGEST_FRAME / 4)), timeMs(work, textOf(LONGEST_FRAME))];
        assert.ok(whole < LONGEST_MS, `${whole} ms`);
        assert.ok(
          whole < SHORT_MS || whole < MOST_GROWTH * quarter,
          `${quarter} ms, ${whole} ms at four times the length`,
        );
      });
    }
  });
}

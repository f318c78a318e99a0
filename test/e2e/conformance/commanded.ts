/** Rows in which the flow commands and the charge point answers. */
import { strict as assert } from "node:assert";
import type { Bench, Commanded } from "./product.ts";
import { at, type Row } from "./row.ts";
import { takeAll } from "./wire.ts";

/** Sends a command to a charge point that gives this answer. @returns what it was asked, and what the flow got */
export async function commanded(
  bench: Bench,
  action: string,
  payload: object,
  answer?: (id: string) => unknown,
): Promise<{ asked: Record<string, unknown>; got: Commanded }> {
  const wire = await bench.booted({
    reply: (call) => (call.action === action && answer ? answer(call.id) : takeAll(call)),
  });
  const asked = wire.nextCall(action, (call) => JSON.stringify(call.payload) === JSON.stringify(payload));
  asked.catch(() => undefined);
  const got = await bench.command(action, payload);
  const sent = (await asked).payload;
  await wire.close();
  return { asked: sent, got };
}

/** A command with an answer that means the charge point took it (or not), which the flow gets as it is. */
export function exchange(id: string, rule: string, action: string, payload: object, answer: object, ok = true): Row {
  return {
    id,
    rule: `${action}: ${rule}`,
    async run(bench) {
      const { asked, got } = await commanded(bench, action, payload, () => answer);
      assert.deepEqual(asked, payload);
      assert.equal(got.ok, ok, JSON.stringify(got));
      assert.deepEqual(got.payload, answer);
      if (!ok) assert.equal(got.error?.kind, "rejected");
    },
  };
}

/** A command that the charge point answers with a CALLERROR. */
export function refused(id: string, action: string, payload: object, code: string): Row {
  return {
    id,
    rule: `${action}: ${code} reaches the flow`,
    async run(bench) {
      const { got } = await commanded(bench, action, payload, (callId) => [4, callId, code, "", {}]);
      assert.deepEqual([got.ok, got.error?.kind, got.error?.code], [false, "callError", code]);
    },
  };
}

/** A command that never leaves. */
export function withheld(id: string, what: string, action: string, payload: object): Row {
  return {
    id,
    rule: `${action} with ${what} is not sent`,
    async run(bench) {
      const wire = await bench.booted();
      const { ok, error } = await bench.command(action, payload);
      assert.deepEqual([ok, error?.kind], [false, "invalid"]);
      await wire.settled();
      assert.ok(!wire.calls.some((call) => JSON.stringify(call.payload) === JSON.stringify(payload)));
    },
  };
}

/** An answer that is but a word. */
export const status = (word: string) => ({ status: word });
/** In an hour. */
export const later = at(Date.now() + 3_600_000);

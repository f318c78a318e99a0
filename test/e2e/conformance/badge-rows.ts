/** OCPP 1.6 §4.1, §4.8 and §7.2: badges that the site's list decides about. */
import { strict as assert } from "node:assert";
import type { Bench } from "./product.ts";
import type { Row } from "./row.ts";
import { starting, statusOf, stopping } from "./said.ts";

const ON = ["badges"] as const;

const STATUSES: Row[] = (
  [
    ["TC_023_1", "unknown", "STRANGER-1", "Invalid"],
    ["TC_023_2", "expired", "EXPIRED-1", "Expired"],
    ["TC_023_3", "blocked", "BLOCKED-1", "Blocked"],
    ["4.1", "for other places", "ELSEWHERE-1", "Invalid"],
    ["4.1", "listed", "USER-1", "Accepted"],
    ["7.28", "listed and sent in other letters", "uSeR-1", "Accepted"],
  ] as const
).map(([id, what, idTag, word]) => ({
  id,
  rule: `a badge that is ${what} is ${word}, when it is shown and when a transaction begins with it, which gets an id all the same`,
  on: ON,
  async run(bench: Bench) {
    const wire = await bench.booted();
    assert.equal(statusOf(await wire.confirmed("Authorize", { idTag })), word);
    const confirmed = await wire.confirmed("StartTransaction", starting({ idTag }));
    assert.equal(statusOf(confirmed), word);
    assert.ok(Number(confirmed["transactionId"]) > 0);
    await wire.confirmed("StopTransaction", stopping(confirmed["transactionId"] as number, { idTag }));
  },
}));

const REST: Row[] = [
  {
    id: "TC_053, 7.28",
    rule: "the answer names the parent of a badge",
    on: ON,
    async run(bench) {
      const wire = await bench.booted();
      const { idTagInfo } = await wire.confirmed("Authorize", { idTag: "USER-1" });
      assert.equal((idTagInfo as { parentIdTag?: string }).parentIdTag, "FAMILY");
    },
  },
  {
    id: "7.2",
    rule: "a badge that charges begins no second charge: ConcurrentTx, and a start that is sent again gets its first answer",
    on: ON,
    async run(bench) {
      const wire = await bench.booted();
      const first = starting({ idTag: "ONCE-1" });
      const given = await wire.confirmed("StartTransaction", first);
      assert.equal(statusOf(given), "Accepted");
      const second = await wire.confirmed("StartTransaction", starting({ idTag: "ONCE-1", connectorId: 2 }));
      assert.equal(statusOf(second), "ConcurrentTx");
      const again = await wire.confirmed("StartTransaction", first, "again");
      assert.deepEqual([again["transactionId"], statusOf(again)], [given["transactionId"], "Accepted"]);
      for (const { transactionId } of [given, second])
        await wire.confirmed("StopTransaction", stopping(transactionId as number));
    },
  },
];

export const BADGES: readonly Row[] = [...STATUSES, ...REST];

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { AlarmList } from "../../lib/alarm/alarm-list.ts";
import { type Notice, Notices } from "../../lib/alarm/notices.ts";
import type { AlarmSeverity } from "../../lib/alarm-types.ts";
import { FakeClock } from "../fake-clock.ts";

const NO_BOOK = { save: () => {}, open: () => [], find: () => [], prune: () => {} };

function bench(minSeverity: AlarmSeverity = "warning") {
  const clock = new FakeClock();
  const list = new AlarmList(NO_BOOK, clock);
  const told: Notice[] = [];
  const notices = new Notices(clock, minSeverity, (notice) => told.push({ ...notice, alarms: [...notice.alarms] }));
  list.onChange((kind, alarm) => notices.take(kind, alarm));
  const source = list.source("test");
  const raise = (key: string, severity: AlarmSeverity = "warning"): void =>
    source.raise({ key, severity, text: key, action: "look" });
  const words = (): string[] =>
    told.map(({ state, kind, alarms }) => `${state} ${kind ?? alarms[0]?.key}${kind ? ` ×${alarms.length}` : ""}`);
  return { clock, list, source, raise, told, words };
}

describe("what people are told of alarms", () => {
  it("tells a single alarm, and when it is over", () => {
    const { clock, source, raise, words } = bench();
    raise("chargerOffline/CP1");
    clock.advance(2_000);
    source.clear("chargerOffline/CP1");
    assert.deepEqual(words(), ["raised chargerOffline/CP1", "cleared chargerOffline/CP1"]);
  });

  it("makes one notice of forty chargers that go at once, and one when the last is back", () => {
    const { clock, source, raise, words } = bench();
    for (let n = 1; n <= 40; n++) raise(`chargerOffline/CP${n}`);
    clock.advance(2_000);
    for (let n = 1; n <= 40; n++) source.clear(`chargerOffline/CP${n}`);
    assert.deepEqual(words(), ["raised chargerOffline ×40", "cleared chargerOffline ×1"]);
  });

  it("tells of those that join a group at most once a minute", () => {
    const { clock, raise, words } = bench();
    for (let n = 1; n <= 10; n++) raise(`chargerOffline/CP${n}`);
    clock.advance(2_000);
    for (let n = 11; n <= 20; n++) {
      raise(`chargerOffline/CP${n}`);
      clock.advance(3_000);
    }
    assert.deepEqual(words(), ["raised chargerOffline ×10"]);
    clock.advance(60_000);
    assert.deepEqual(words(), ["raised chargerOffline ×10", "raised chargerOffline ×20"]);
  });

  it("says nothing of what blinked, unless it was severe", () => {
    const { clock, source, raise, words } = bench();
    raise("chargerOffline/CP1");
    raise("guard/main", "alarm");
    clock.advance(500);
    source.clear("chargerOffline/CP1");
    source.clear("guard/main");
    clock.advance(5_000);
    assert.deepEqual(words(), ["raised guard/main", "cleared guard/main"]);
  });

  it("leaves out what weighs less than wanted, until it weighs more", () => {
    const { clock, raise, words } = bench("alarm");
    raise("meterUnread/pv");
    clock.advance(5_000);
    assert.deepEqual(words(), []);
    raise("meterUnread/pv", "alarm");
    clock.advance(5_000);
    assert.deepEqual(words(), ["raised meterUnread/pv"]);
  });

  it("tells that somebody took it on", () => {
    const { clock, list, raise, words } = bench();
    raise("chargerOffline/CP1");
    clock.advance(2_000);
    list.acknowledge("chargerOffline/CP1", "Ana", "on my way");
    assert.deepEqual(words(), ["raised chargerOffline/CP1", "acknowledged chargerOffline/CP1"]);
  });

  it("ends every alarm it told of, and sends fewer notices than alarms, whatever comes in whatever order", () => {
    const step = fc.record({
      n: fc.integer({ min: 0, max: 30 }),
      up: fc.boolean(),
      waitMs: fc.constantFrom(0, 100, 3_000, 61_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { clock, source, raise, told } = bench();
        for (const { n, up, waitMs } of steps) {
          if (up) raise(`chargerOffline/CP${n}`);
          else source.clear(`chargerOffline/CP${n}`);
          clock.advance(waitMs);
        }
        source.close();
        clock.advance(700_000);
        const open = new Set<string>();
        for (const { state, kind, alarms } of told) {
          const name = kind ?? alarms[0]?.key ?? "";
          if (state === "raised") open.add(name);
          if (state === "cleared") assert.ok(open.delete(name), `cleared ${name} that was not raised`);
        }
        assert.deepEqual([...open], []);
      }),
    );
  });
});

import { strict as assert } from "node:assert";
import { createAlarms } from "../../../lib/dlm/runtime/alarms.ts";
import type { AlarmMessage } from "../../../lib/messages.ts";
import { sentence } from "../../../lib/words/sentence.ts";
import type { Language } from "../../../lib/words/types.ts";

const STALE = { kind: "meterStale", subject: "main", text: "meter main: no value for 12 s" } as const;
const WALL_MS = Date.parse("2026-06-01T12:00:00Z");

describe("alarms", () => {
  it("raises a condition once, with severity, text and what to do", () => {
    const sent: AlarmMessage[] = [];
    const alarms = createAlarms((message) => sent.push(message));
    alarms.update([STALE], WALL_MS);
    alarms.update([{ ...STALE, text: "meter main: no value for 13 s" }], WALL_MS + 1000);
    assert.equal(sent.length, 1);
    assert.equal(sent[0]!.topic, "alarm/meterStale/main");
    assert.deepEqual(sent[0]!.payload, {
      key: "meterStale/main",
      state: "raised",
      severity: "alarm",
      since: "2026-06-01T12:00:00.000Z",
      text: "meter main: no value for 12 s",
      action: sentence("en-US", "action.meterStale"),
    });
  });

  it("clears it once when it is gone, with the time it began", () => {
    const sent: AlarmMessage[] = [];
    const alarms = createAlarms((message) => sent.push(message));
    alarms.update([STALE], WALL_MS);
    alarms.update([], WALL_MS + 5000);
    alarms.update([], WALL_MS + 6000);
    assert.deepEqual(
      sent.map(({ payload }) => [payload.state, payload.since]),
      [
        ["raised", "2026-06-01T12:00:00.000Z"],
        ["cleared", "2026-06-01T12:00:00.000Z"],
      ],
    );
    assert.equal(alarms.active.length, 0);
  });

  it("keeps conditions of one kind apart by their subject", () => {
    const sent: AlarmMessage[] = [];
    const alarms = createAlarms((message) => sent.push(message));
    alarms.update([STALE, { ...STALE, subject: "garage" }], WALL_MS);
    alarms.update([{ ...STALE, subject: "garage" }], WALL_MS + 1000);
    assert.deepEqual(
      sent.map(({ topic, payload }) => `${payload.state} ${topic}`),
      ["raised alarm/meterStale/main", "raised alarm/meterStale/garage", "cleared alarm/meterStale/main"],
    );
    assert.deepEqual(
      alarms.active.map(({ topic }) => topic),
      ["alarm/meterStale/garage"],
    );
  });

  it("tells what is raised anew in another language, with the time it began", () => {
    const sent: AlarmMessage[] = [];
    let language: Language = "en-US";
    const alarms = createAlarms(
      (message) => sent.push(message),
      () => language,
    );
    alarms.update([STALE], WALL_MS);
    language = "de";
    alarms.update([{ ...STALE, text: "Zähler main: seit 14 s kein guter Wert" }], WALL_MS + 2000);
    alarms.update([STALE], WALL_MS + 3000);
    assert.equal(sent.length, 2);
    const { state, since, text, action } = sent[1]!.payload;
    assert.deepEqual([state, since], ["raised", "2026-06-01T12:00:00.000Z"]);
    assert.equal(text, "Zähler main: seit 14 s kein guter Wert");
    assert.equal(action, sentence("de", "action.meterStale"));
  });
});

import { strict as assert } from "node:assert";
import type { Notice } from "../../lib/alarm/notices.ts";
import { emailMessage, noticeMessage } from "../../lib/alarm/wording.ts";
import type { Alarm } from "../../lib/alarm-types.ts";

const SINCE_MS = Date.parse("2026-06-01T12:00:00Z");

const alarm = (more: Partial<Alarm> = {}): Alarm => ({
  key: "meterStale/grid",
  source: "load management main",
  severity: "alarm",
  text: "Zähler grid: seit 12 s kein guter Wert",
  action: "Stromversorgung prüfen.",
  location: "main",
  sinceWallMs: SINCE_MS,
  times: 1,
  flapping: false,
  acknowledged: null,
  ...more,
});
const notice = (more: Partial<Notice> = {}): Notice => ({
  state: "raised",
  kind: null,
  severity: "alarm",
  alarms: [alarm()],
  ...more,
});

describe("an alarm by e-mail", () => {
  it("is in the language and on the clock of the site", () => {
    const { topic, payload } = emailMessage(notice(), "Hauptstraße 1", "Europe/Berlin", "de");
    assert.equal(topic, "[Alarm] Hauptstraße 1, main: Zähler grid: seit 12 s kein guter Wert");
    assert.deepEqual(payload.split("\n"), [
      "Zähler grid: seit 12 s kein guter Wert",
      "",
      "Wo: main",
      "Seit: 01.06.2026, 14:00:00",
      "Was zu tun ist: Stromversorgung prüfen.",
    ]);
  });

  it("says when it is over, and who had seen it", () => {
    const acknowledged = { by: "Ana", comment: "", wallMs: SINCE_MS };
    const over = { ...alarm({ acknowledged }), clearedWallMs: SINCE_MS + 60_000 };
    const { topic, payload } = emailMessage(notice({ state: "cleared", alarms: [over] }), "", "UTC", "fr");
    assert.match(topic, /^\[résolu\] main: /);
    assert.match(payload, /^Résolu : 1 juin 2026, 12:01:00$/m);
    assert.match(payload, /^Vu par Ana : sans commentaire$/m);
    assert.doesNotMatch(payload, /Que faire/);
  });

  it("keeps a line break in a text out of its subject", () => {
    const text = "first\r\nBcc: everybody@example.org";
    const { topic } = emailMessage(notice({ alarms: [alarm({ text: text.replace("\n", "") })] }), "A\nB", "UTC");
    assert.doesNotMatch(topic, /[\r\n]/);
  });
});

describe("many alarms of one kind", () => {
  const alarms = Array.from({ length: 12 }, (_, index) =>
    alarm({ key: `meterStale/${index}`, text: `Zähler ${index}` }),
  );

  it("are one message that names ten and counts the rest", () => {
    const { topic, payload } = noticeMessage(notice({ kind: "meterStale", alarms }), "de");
    assert.equal(topic, "alarm/meterStale");
    const lines = payload.text.split("\n");
    assert.equal(lines[0], "12 Alarme auf einmal: Zähler 0, und andere");
    assert.deepEqual([lines.length, lines.at(-1)], [12, "- und 2 weitere"]);
  });

  it("are over by what people call them, and by their name where a flow made the kind", () => {
    const over = (kind: string) => noticeMessage(notice({ state: "cleared", kind }), "de").payload.text;
    assert.equal(over("meterStale"), "Alles vorbei: Zähler ohne Werte");
    assert.equal(over("oven"), "Alles vorbei: oven");
    assert.equal(over("constructor"), "Alles vorbei: constructor");
  });
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type CalendarEvent, escaped, folded, icsOf } from "../../lib/reservations/ics.ts";

const EVENT: CalendarEvent = {
  uid: "reservation-100001@site",
  stampWallMs: Date.parse("2026-06-01T08:00:00Z"),
  fromWallMs: Date.parse("2026-06-01T12:00:00Z"),
  untilWallMs: Date.parse("2026-06-01T14:30:00Z"),
  summary: "Bay 3; level 1, left: Anna",
  location: "Bay 3",
  description: "to come\nvisitor",
  isCancelled: false,
};

/** A text as a calendar reads it: lines unfolded, escapes undone. */
const unfolded = (text: string): string => text.replaceAll("\r\n ", "");
const plain = (text: string): string =>
  text.replace(/\\([\\;,nN])/g, (_, one: string) => (/n/i.test(one) ? "\n" : one));

describe("A calendar of reservations", () => {
  it("is an iCalendar file as RFC 5545 has it", () => {
    assert.equal(
      icsOf("Reservations", [EVENT, { ...EVENT, uid: "2", location: "", description: "", isCancelled: true }]),
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Phasewise//Reservations//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Reservations",
        "BEGIN:VEVENT",
        "UID:reservation-100001@site",
        "DTSTAMP:20260601T080000Z",
        "DTSTART:20260601T120000Z",
        "DTEND:20260601T143000Z",
        "SUMMARY:Bay 3\\; level 1\\, left: Anna",
        "LOCATION:Bay 3",
        "DESCRIPTION:to come\\nvisitor",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:2",
        "DTSTAMP:20260601T080000Z",
        "DTSTART:20260601T120000Z",
        "DTEND:20260601T143000Z",
        "SUMMARY:Bay 3\\; level 1\\, left: Anna",
        "STATUS:CANCELLED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ].join("\r\n"),
    );
  });

  it("has lines of at most 75 bytes, cuts no character, and gives back what was put in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const lines = folded(`SUMMARY:${escaped(text)}`).split("\r\n");
        assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75));
        assert.ok(lines.slice(1).every((line) => line.startsWith(" ")));
        const said = text.replace(/\r\n|\r/g, "\n").replace(/[^\P{Cc}\t\n]/gu, "");
        assert.equal(plain(unfolded(lines.join("\r\n")).slice("SUMMARY:".length)), said);
      }),
    );
  });
});

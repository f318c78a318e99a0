/** Reservations as an iCalendar file (RFC 5545), for calendars that subscribe to it. Pure. */

/** One event. Times are ms since 1970. */
export interface CalendarEvent {
  /** Unique for ever. */
  uid: string;
  stampWallMs: number;
  fromWallMs: number;
  untilWallMs: number;
  summary: string;
  location: string;
  description: string;
  isCancelled: boolean;
}

/** Longest line without its end, bytes (§3.1). */
const LONGEST_LINE = 75;

/** A calendar with these events; lines end with CRLF. @param name as calendars show it */
export function icsOf(name: string, events: readonly CalendarEvent[]): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Phasewise//Reservations//EN",
    "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:${escaped(name)}`,
    ...events.flatMap(eventLines),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function eventLines(event: CalendarEvent): string[] {
  const { uid, summary, location, description, isCancelled } = event;
  return [
    "BEGIN:VEVENT",
    `UID:${escaped(uid)}`,
    `DTSTAMP:${timeOf(event.stampWallMs)}`,
    `DTSTART:${timeOf(event.fromWallMs)}`,
    `DTEND:${timeOf(event.untilWallMs)}`,
    `SUMMARY:${escaped(summary)}`,
    ...(location ? [`LOCATION:${escaped(location)}`] : []),
    ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
    `STATUS:${isCancelled ? "CANCELLED" : "CONFIRMED"}`,
    "END:VEVENT",
  ];
}

/** `20260601T120000Z` (§3.3.5, form 2). */
function timeOf(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** A text value (§3.3.11); what no text may hold is left out. */
export function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\r|\n/g, "\\n")
    .replace(/[^\P{Cc}\t]/gu, "");
}

/** A long line in several, each of the others begins with a blank; no character is cut in two (§3.1). */
export function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LONGEST_LINE) {
      parts.push(part);
      part = " ";
      bytes = 1;
    }
    part += character;
    bytes += size;
  }
  return [...parts, part].join("\r\n");
}

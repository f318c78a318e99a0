/** SidebarWords and figures as the sidebar writes them. */

import type { ChargerKind } from "../../../lib/overview/types.ts";
import { numberText } from "../numbers.ts";

/** A text of the sidebar's catalogue. What comes from outside is never a value in it: the catalogue's own marks would count in it. */
export type SidebarWords = (key: string, values?: Record<string, number | string>) => string;

/** `10.4`; `–` for what is unknown. */
export function amps(value: number | null): string {
  return value === null ? "–" : numberText(value, 1);
}

/** `850 W`, `6.8 kW`. */
export function watts(value: number): string {
  return Math.abs(value) < 1000 ? `${Math.round(value)} W` : `${numberText(value / 1000, 1, 1)} kW`;
}

/** `3 s`, `4 min`, `2 h`. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}

/** `14:03:22`, on the reader's clock. */
export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour12: false });
}

/** `22/11/2026, 14:03`, on the reader's clock and in the reader's way. */
export function dayAndTime(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: "short", timeStyle: "short", hour12: false });
}

/** The sign in the symbol of a charger, so that colour is not all that tells states apart; charging and waiting have drawn ones. */
export const GLYPHS: Readonly<Record<ChargerKind, string>> = {
  faulted: "!",
  trouble: "!",
  offline: "×",
  waiting: "",
  charging: "",
  idle: "–",
  free: "",
  unknown: "?",
};

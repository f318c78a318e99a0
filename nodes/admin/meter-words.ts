import type { MeasurementMessage, MeasurementPayload } from "../../lib/messages.ts";

/** A reading as it leaves a node. */
export function measurementMessage(meter: string, payload: MeasurementPayload): MeasurementMessage {
  return { topic: `meter/${meter}`, meter, payload };
}

/** `12.3 kW · 18 A`: the power and the largest current; `0.0 kW · asleep`. */
export function readingInWords({ powerW, currentA, socPercent, asleep }: MeasurementPayload): string {
  const known = currentA.filter((amps) => amps !== null).map(Math.abs);
  const power = powerW === null ? [] : [`${(powerW / 1000).toFixed(1)} kW`];
  const current = known.length === 0 ? [] : [`${Math.round(Math.max(...known))} A`];
  const soc = socPercent === null ? [] : [`${Math.round(socPercent)} %`];
  return [...power, ...current, ...soc, ...(asleep ? ["asleep"] : [])].join(" · ");
}

/** A doubt in short: `word order?` */
export function doubtInShort(text: string): string {
  return /^[^?]+\?/.exec(text)?.[0] ?? text;
}

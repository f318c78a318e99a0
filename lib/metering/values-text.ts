import type { MeterProfile } from "./profile-schema.ts";

/** Which values a device gives, in short: `I, U, P per phase, P, E, f, PF`; null where they are found on the device only. */
export function valuesInWords({ registers, computed = {}, sunspec, phases }: MeterProfile): string | null {
  if (sunspec) return null;
  const names = [...Object.keys(registers), ...Object.keys(computed)];
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const energies = ["energyImport", "energyExport"].filter((name) => names.includes(name));
  const energy = energies.length === 2 ? "E" : energies[0] === "energyImport" ? "E import" : "E export";
  const parts = [
    has(/^currentL/) && "I",
    has(/^voltageL/) && "U",
    phases === 3 && has(/^powerL/) && "P per phase",
    (has(/^power$/) || (phases === 1 && has(/^powerL/))) && "P",
    energies.length > 0 && energy,
    has(/^frequency$/) && "f",
    has(/^powerFactor/) && "PF",
    has(/^soc$/) && "SoC",
  ];
  const known = parts.filter((part) => part !== false).join(", ");
  return phases === 1 ? `${known} (1 phase)` : known;
}

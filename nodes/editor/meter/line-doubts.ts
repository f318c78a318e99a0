import type { ProfilePage } from "../../admin/types/meter-page-types.ts";
import { meterWord } from "../words.ts";
import { formatOf } from "./profile-info.ts";

/** Where a connection differs from what is usual for a device, in sentences. */
export function doubtsAboutLine(profile: ProfilePage, line: EditorNode | null): string[] {
  if (!line) return [];
  const { defaults, transports } = profile;
  const isSerial = line["transport"] === "rtu" || line["transport"] === "rtu-over-tcp";
  if (isSerial) {
    const now = serialFormat(line);
    const usual = defaults.baudRate === null ? null : formatOf(defaults);
    return usual === null || now.startsWith(usual.replace(" baud", " "))
      ? []
      : [meterWord("info.format", { now, usual })];
  }
  const isNetworked = transports.some((name) => name === "tcp" || name === "udp");
  if (!isNetworked) return [meterWord("info.gateway")];
  if (line["transport"] === "tcp" && !transports.includes("tcp")) return [meterWord("info.udp")];
  const port = defaults.port;
  return port === null || String(line["port"]) === String(port) || port === 502
    ? []
    : [meterWord("info.otherPort", { now: line["port"], usual: port })];
}

/** `19200 8N1` as a connection is set. */
export function serialFormat(line: Record<string, unknown>): string {
  const parity = String(line["parity"] ?? "none")
    .charAt(0)
    .toUpperCase();
  return `${line["baudRate"] ?? 19200} 8${parity}${line["stopBits"] ?? 1}`;
}

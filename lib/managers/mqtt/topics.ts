import { createHash } from "node:crypto";

/** What is under the base topic for a connector or a zone. */
export interface DeviceTopics {
  /** JSON, retained. */
  state: string;
  /** `online` or `offline`, retained. */
  available: string;
  /** Commands end in `set`. */
  command(name: CommandName): string;
}

export const COMMANDS = ["limit", "mode", "permit", "release"] as const;
export type CommandName = (typeof COMMANDS)[number];
export type DeviceKind = "charger" | "zone";

/** A part of a topic and an id for Home Assistant: letters, digits, `_` and `-`, and no two names have the same. */
export function slugOf(name: string): string {
  const [, chargePoint, number] = /^([A-Za-z0-9-]+)\/(\d+)$/.exec(name) ?? [];
  if (chargePoint !== undefined) return `${chargePoint}_${number}`;
  if (/^[A-Za-z0-9-]+$/.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${name.replace(/[^A-Za-z0-9-]+/g, "-")}-${hash}`;
}

export function topicsOf(base: string, kind: DeviceKind, slug: string): DeviceTopics {
  const own = `${base}/${kind}/${slug}`;
  return { state: `${own}/state`, available: `${own}/available`, command: (name) => `${own}/${name}/set` };
}

/** A command among the topics; `alive` renews all that was asked. null = no command. */
export function readCommand(
  base: string,
  topic: string,
): { kind: DeviceKind; slug: string; name: CommandName } | "alive" | null {
  if (topic === `${base}/alive/set`) return "alive";
  if (!topic.startsWith(`${base}/`)) return null;
  const [kind, slug, name, end, ...more] = topic.slice(base.length + 1).split("/");
  if ((kind !== "charger" && kind !== "zone") || !slug || end !== "set" || more.length > 0) return null;
  return COMMANDS.some((one) => one === name) ? { kind, slug, name: name as CommandName } : null;
}

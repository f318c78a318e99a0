import { invalid } from "../errors.ts";
import { record, text } from "../fields.ts";
import type { RotatingField } from "./result.ts";

/** What somebody wants of the commissioning: a run at a connector, its end, or what is known. */
export type CommissioningRequest =
  | { name: "start"; target: string; field: RotatingField | null }
  | { name: "abort" }
  /** `target`: only of this connector; null = of all. */
  | { name: "list"; target: string | null };

const TOPIC = "commissioning/";
const FIELDS: Readonly<Record<string, RotatingField>> = { right: "right", left: "left" };

/** Whether a message is about commissioning. */
export function isCommissioning({ topic }: { topic?: unknown }): boolean {
  return typeof topic === "string" && topic.startsWith(TOPIC);
}

/** @throws EvError EV_MESSAGE_INVALID naming the field */
export function readCommissioning({ topic, payload }: { topic?: unknown; payload?: unknown }): CommissioningRequest {
  const name = String(topic).slice(TOPIC.length);
  const given = record(payload);
  switch (name) {
    case "abort":
      return { name };
    case "list":
      return { name, target: text(given["target"]) ?? null };
    case "start": {
      const target = text(given["target"]) ?? text(payload);
      if (!target) throw invalid("payload.target", "a connector such as CP1/1", given["target"]);
      const said = given["field"] ?? "";
      const field = typeof said === "string" ? FIELDS[said] : undefined;
      if (!field && said !== "") throw invalid("payload.field", `"right", "left" or left out`, said);
      return { name, target, field: field ?? null };
    }
    default:
      throw invalid("topic", "commissioning/start, commissioning/abort or commissioning/list", topic);
  }
}

import type { Node, NodeAPI, NodeMessage } from "node-red";
import { EvError, messageOf } from "../../lib/errors.ts";
import { OWN_ACTIONS } from "../../lib/maintenance/own-actions.ts";
import { type Field, problemsOf, problemText } from "../../lib/ocpp/rpc/field.ts";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { ruleProblems } from "../../lib/ocpp/v16/rules.ts";
import { withTransactionNumbers } from "../../lib/ocpp/v16/transaction-id.ts";
import { badMessage } from "./input.ts";

/** What the dialog of an ev-command says; what it leaves empty comes from the message. */
export interface CommandSettings {
  centralSystem: string;
  chargePoint: string;
  action: string;
  payload: string;
  payloadType: "msg" | "json" | "jsonata";
}

/** A command that may be sent. */
export interface CommandRequest {
  /** Identity; null for a command to the whole site. */
  chargePoint: string | null;
  action: string;
  payload: Record<string, unknown>;
  force: boolean;
  file: string | null;
}

export type CommandMessage = NodeMessage & Record<string, unknown>;

/** Whether a command of this name goes to a charge point, by OCPP or as one of ours. */
export function isCommand(action: string): boolean {
  const initiator = ACTIONS.get(action)?.initiator;
  return OWN_ACTIONS.has(action) || (initiator !== undefined && initiator !== "chargePoint");
}

/** @throws EvError EV_MESSAGE_INVALID | EV_OCPP_INVALID naming the field */
export async function readCommand(
  RED: NodeAPI,
  node: Node,
  settings: CommandSettings,
  message: CommandMessage,
): Promise<CommandRequest> {
  const action = settings.action || message["action"];
  const known = typeof action === "string" && isCommand(action);
  const chargePoint = settings.chargePoint || message["chargePoint"];
  const ofSite = known && OWN_ACTIONS.get(action)?.ofSite === true;
  if (!ofSite && (typeof chargePoint !== "string" || !chargePoint))
    throw badMessage("chargePoint", "the identity of a charge point", chargePoint);
  if (!known) throw badMessage("action", "an OCPP 1.6 action that goes to a charge point", action);
  const { force = false, file } = message;
  if (typeof force !== "boolean") throw badMessage("force", "true or false", force);
  const evaluated = ofSite && isNothing(message.payload, settings) ? {} : await evaluate(RED, node, settings, message);
  const payload = asSent(action, evaluated ?? {});
  if (typeof payload !== "object" || payload === null || Array.isArray(payload))
    throw badMessage("payload", "an object", payload);
  const problem = problemOf(action, payload);
  if (problem !== null) throw new EvError("EV_OCPP_INVALID", `${action}: ${problem}`);
  return {
    chargePoint: typeof chargePoint === "string" && chargePoint ? chargePoint : null,
    action,
    payload: payload as Record<string, unknown>,
    force,
    file: typeof file === "string" && file ? file : null,
  };
}

/** A command to the whole site may come without a payload, from a button, say. */
function isNothing(payload: unknown, { payloadType, payload: path }: CommandSettings): boolean {
  return payloadType === "msg" && path === "payload" && (typeof payload !== "object" || payload === null);
}

/** The payload as it goes to the charge point: with our own location where none is named, and ids of transactions as numbers. */
function asSent(action: string, payload: unknown): unknown {
  return withTransactionNumbers(action, withOwnLocation(action, payload));
}

/** Where no location is named, it is ours: the same as an empty one. */
function withOwnLocation(action: string, payload: unknown): unknown {
  const within = (value: unknown, field: string): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? { [field]: "", ...value } : value;
  switch (action) {
    case "GetDiagnostics":
    case "UpdateFirmware":
      return within(payload, "location");
    case "GetLog":
    case "SignedUpdateFirmware": {
      const part = action === "GetLog" ? "log" : "firmware";
      const field = action === "GetLog" ? "remoteLocation" : "location";
      if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return payload;
      const { [part]: inner = {} } = payload as Record<string, unknown>;
      return { ...payload, [part]: within(inner, field) };
    }
    default:
      return payload;
  }
}

/** What is wrong with a payload, with path and fix; null when it may be sent. */
export function problemOf(action: string, payload: unknown): string | null {
  const request = (OWN_ACTIONS.get(action) ?? ACTIONS.get(action))?.request as Field | undefined;
  const shape = request ? problemsOf(request, payload) : [];
  const problems = shape.length > 0 ? shape : ruleProblems(action, payload);
  if (problems.length === 0) return null;
  const worded = problems.slice(0, 3).map((problem) => problemText(problem, payload));
  const more = problems.length - worded.length;
  return worded.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** JSON in the dialog is the same for every message: what is wrong with it is told at once. @throws EvError EV_CONFIG_INVALID */
export function checkFixed({ action, payload }: Pick<CommandSettings, "action" | "payload">): void {
  let value: unknown;
  try {
    value = JSON.parse(payload || "{}");
  } catch (error) {
    throw new EvError("EV_CONFIG_INVALID", `payload is no JSON: ${messageOf(error)}`);
  }
  const problem = action ? problemOf(action, asSent(action, value)) : null;
  if (problem !== null) throw new EvError("EV_CONFIG_INVALID", `payload of ${action}: ${problem}`);
}

function evaluate(
  RED: NodeAPI,
  node: Node,
  { payload, payloadType }: CommandSettings,
  message: NodeMessage,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(new EvError("EV_MESSAGE_INVALID", `payload: ${messageOf(error)}`, { cause: error }));
    try {
      RED.util.evaluateNodeProperty(payload, payloadType, node, message, (error, value) => {
        if (error) fail(error);
        else resolve(value);
      });
    } catch (error) {
      fail(error);
    }
  });
}

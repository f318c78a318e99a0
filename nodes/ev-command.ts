import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { EvError, messageOf } from "../lib/errors.ts";
import { OcppCallError } from "../lib/ocpp/call-error.ts";
import { type Field, problemsOf, problemText } from "../lib/ocpp/field.ts";
import { CALL_PRIORITY } from "../lib/ocpp/port.ts";
import { ACTIONS } from "../lib/ocpp/v16/index.ts";
import { ruleProblems } from "../lib/ocpp/v16/rules.ts";
import type { EvCentralSystemNode } from "./ev-central-system.ts";
import { ChargePoints, onDeploy, type Place, requireCentralSystem } from "./shared/charge-points.ts";
import { serveCommands } from "./shared/command-pages.ts";
import { badMessage, onInput, type Send } from "./shared/input.ts";
import { Properties } from "./shared/properties.ts";
import { start } from "./shared/start.ts";
import { StatusLine } from "./shared/status.ts";

/** Answers that mean the charge point took the command; an answer without a status does, too. */
const TAKEN: ReadonlySet<unknown> = new Set([
  undefined,
  "Accepted",
  "AcceptedCanceled",
  "RebootRequired",
  "Scheduled",
  "Unlocked",
]);

/** To a question, "there are none" is an answer. */
const NONE_IS_AN_ANSWER: ReadonlyMap<string, string> = new Map([["GetInstalledCertificateIds", "NotFound"]]);

/** After these the charge point's profiles may not be ours any more. */
const TOUCHES_PROFILES: ReadonlySet<string> = new Set(["SetChargingProfile", "ClearChargingProfile"]);

type Kind = "timeout" | "offline" | "callError" | "rejected" | "superseded" | "invalid";

interface Settings {
  centralSystem: string;
  chargePoint: string;
  action: string;
  payload: string;
  payloadType: "msg" | "json" | "jsonata";
}

interface Command {
  chargePoint: string;
  action: string;
  payload: unknown;
}

type Message = NodeMessage & Record<string, unknown>;

/** Sends one OCPP command and gives the answer. */
export default function register(RED: NodeAPI): void {
  function EvCommand(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    const status = new StatusLine(this);
    const chargePoints = new ChargePoints(RED);
    let settings: Settings | null = null;
    onInput(this, async (message, send) => {
      if (!settings)
        throw new EvError("EV_CONFIG_INVALID", "this node has an error in its properties and sends nothing");
      await run(message as Message, send, async () => {
        const command = await readCommand(RED, this, settings!, message as Message);
        return execute(find(RED, chargePoints, settings!, command.chargePoint), command);
      });
    });
    start(this, status, () => {
      const read = readSettings(new Properties(def));
      requireCentralSystem(RED, read.centralSystem);
      settings = read;
      const stop = onDeploy(RED, () => chargePoints.forget());
      this.on("close", stop);
    });
  }
  RED.nodes.registerType("ev-command", EvCommand);
  serveCommands(RED);
}

/** Sends the message on with the answer, or with the error, which is raised as well. */
async function run(message: Message, send: Send, answer: () => Promise<Record<string, unknown>>): Promise<void> {
  try {
    const payload = await answer();
    delete message["error"];
    send(Object.assign(message, { payload, ok: true }));
  } catch (error) {
    const { kind, code, description } = describe(error);
    if (error instanceof Refusal) message.payload = error.answer;
    send(Object.assign(message, { ok: false, error: { kind, code, description } }));
    throw error;
  }
}

/** The charge point answered, and its answer means no. */
class Refusal extends EvError {
  readonly answer: Record<string, unknown>;

  constructor(chargePoint: string, action: string, answer: Record<string, unknown>) {
    super("EV_OCPP_REJECTED", `${chargePoint} answered ${action} with ${String(answer["status"])}`);
    this.answer = answer;
  }
}

async function execute({ site, station }: Place, { action, payload }: Command): Promise<Record<string, unknown>> {
  const answer = await station.call(action, payload, { priority: CALL_PRIORITY.command });
  if (!TAKEN.has(answer["status"]) && answer["status"] !== NONE_IS_AN_ANSWER.get(action))
    throw new Refusal(station.identity, action, answer);
  if (TOUCHES_PROFILES.has(action)) site.limiter.rearm(station.identity);
  return answer;
}

function find(RED: NodeAPI, chargePoints: ChargePoints, settings: Settings, identity: string): Place {
  if (!settings.centralSystem) {
    const place = chargePoints.find(identity);
    if (place) return place;
    throw badMessage("chargePoint", "the identity of a charge point that is known", identity);
  }
  const { site } = (RED.nodes.getNode(settings.centralSystem) ?? {}) as Partial<EvCentralSystemNode>;
  const station = site?.stations.get(identity);
  if (site && station) return { site, station };
  throw badMessage("chargePoint", "the identity of a charge point of the chosen central system", identity);
}

/** What the dialog leaves empty comes from the message. */
async function readCommand(RED: NodeAPI, node: Node, settings: Settings, message: Message): Promise<Command> {
  const chargePoint = settings.chargePoint || message["chargePoint"];
  if (typeof chargePoint !== "string" || !chargePoint) {
    throw badMessage("chargePoint", "the identity of a charge point", chargePoint);
  }
  const action = settings.action || message["action"];
  const initiator = typeof action === "string" ? ACTIONS.get(action)?.initiator : undefined;
  if (typeof action !== "string" || initiator === undefined || initiator === "chargePoint") {
    throw badMessage("action", "an OCPP 1.6 action that goes to a charge point", action);
  }
  const payload = (await evaluate(RED, node, settings, message)) ?? {};
  if (typeof payload !== "object" || Array.isArray(payload)) throw badMessage("payload", "an object", payload);
  const problem = problemOf(action, payload);
  if (problem !== null) throw new EvError("EV_OCPP_INVALID", `${action}: ${problem}`);
  return { chargePoint, action, payload };
}

/** What is wrong with a payload, with path and fix; null when it may be sent. */
function problemOf(action: string, payload: unknown): string | null {
  const request = ACTIONS.get(action)?.request as Field | undefined;
  const shape = request ? problemsOf(request, payload) : [];
  const problems = shape.length > 0 ? shape : ruleProblems(action, payload);
  if (problems.length === 0) return null;
  const worded = problems.slice(0, 3).map((problem) => problemText(problem, payload));
  const more = problems.length - worded.length;
  return worded.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function evaluate(RED: NodeAPI, node: Node, { payload, payloadType }: Settings, message: Message): Promise<unknown> {
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

function describe(error: unknown): { kind: Kind; code: string; description: string } {
  if (error instanceof OcppCallError) {
    return { kind: "callError", code: error.ocppCode, description: error.ocppDescription };
  }
  const code = error instanceof EvError ? error.code : "EV_MESSAGE_INVALID";
  return { kind: KINDS[code] ?? "invalid", code, description: messageOf(error) };
}

const KINDS: Partial<Record<EvError["code"], Kind>> = {
  EV_OCPP_TIMEOUT: "timeout",
  EV_OCPP_OFFLINE: "offline",
  EV_OCPP_REJECTED: "rejected",
  EV_OCPP_BUSY: "rejected",
  EV_OCPP_SUPERSEDED: "superseded",
};

function readSettings(read: Properties): Settings {
  const payloadType = read.choice("payloadType", ["msg", "json", "jsonata"]);
  const settings: Settings = {
    centralSystem: read.text("centralSystem"),
    chargePoint: read.text("chargePoint"),
    action: read.text("action"),
    payload: payloadType === "json" ? read.json("payload") : read.text("payload", "payload"),
    payloadType,
  };
  const { initiator } = ACTIONS.get(settings.action) ?? {};
  if (settings.action && (initiator === undefined || initiator === "chargePoint")) {
    throw read.wrong("action", "an OCPP 1.6 action that goes to a charge point, or empty");
  }
  if (settings.payloadType === "json") checkFixed(settings);
  return settings;
}

/** JSON in the dialog is the same for every message: what is wrong with it is told at once. */
function checkFixed({ action, payload }: Settings): void {
  let value: unknown;
  try {
    value = JSON.parse(payload || "{}");
  } catch (error) {
    throw new EvError("EV_CONFIG_INVALID", `payload is no JSON: ${messageOf(error)}`);
  }
  const problem = action ? problemOf(action, value) : null;
  if (problem !== null) throw new EvError("EV_CONFIG_INVALID", `payload of ${action}: ${problem}`);
}

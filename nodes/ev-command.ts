import type { Node, NodeAPI, NodeMessage } from "node-red";
import { EvError, messageOf } from "../lib/errors.ts";
import { record } from "../lib/fields.ts";
import { chargePointOf, operationOf } from "../lib/maintenance/operation-request.ts";
import { isSettingsAct, settingsNameOf, settingsPointOf } from "../lib/maintenance/settings/request.ts";
import type { MaintenanceStep } from "../lib/maintenance/types.ts";
import { OcppCallError } from "../lib/ocpp/rpc/call-error.ts";
import { commandRole, commandText, OPERATION_ROLE, SETTINGS_ROLE } from "../lib/rights/command-roles.ts";
import { senderOf } from "../lib/rights/roles.ts";
import type { Site } from "../lib/site/site.ts";
import type { Language } from "../lib/words/types.ts";
import { serveBundle } from "./admin/bundle-pages.ts";
import { serveCommands } from "./admin/command-pages.ts";
import { madeReport, serveCommissioningReport } from "./admin/commissioning-report-pages.ts";
import { serveMaintenance, siteReport } from "./admin/maintenance-pages.ts";
import { doerOf, permit, permitQuestion } from "./admin/rights.ts";
import { StaffFiles } from "./admin/staff-files.ts";
import {
  ChargePoints,
  onDeploy,
  requireCentralSystem,
  type ServedChargePoint,
  sitesOf,
} from "./runtime/charge-points.ts";
import {
  type CommandMessage,
  type CommandRequest,
  type CommandSettings,
  checkFixed,
  isCommand,
  readCommand,
} from "./runtime/command-message.ts";
import { badMessage, type Send } from "./runtime/input.ts";
import type { EvCentralSystemNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply } from "./runtime/send.ts";
import { exportOf, importOf } from "./runtime/site-backup.ts";
import { shorten } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

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

/** All that may be sent to a charge point that waits to be added (OCPP 1.6 §4.2: its boot is answered with Pending). */
const WHILE_PARKED: ReadonlySet<string> = new Set(["ChangeConfiguration", "GetConfiguration", "TriggerMessage"]);

type Kind = "timeout" | "offline" | "callError" | "rejected" | "superseded" | "invalid";

/** Sends one command and gives the answer, and what follows it. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-command", {
    idle: "this node has an error in its properties and sends nothing",
    setUp: (node, read, status) => {
      const settings = readSettings(read);
      requireCentralSystem(RED, settings.centralSystem);
      const chargePoints = new ChargePoints(RED);
      const files = new StaffFiles(RED, node);
      const stop = onDeploy(RED, () => chargePoints.forget());
      let open = true;
      const carryOut = async (message: NodeMessage, original: CommandMessage) => {
        const command = await readCommand(RED, node, settings, original);
        const site = findSite(RED, chargePoints, settings, command.chargePoint);
        allow(site, node, message, command);
        if (command.action === "ExportSite") return exportOf(site, command.payload);
        if (command.action === "ImportSite") return importOf(site, command.payload, nameOf(node));
        if (command.action === "MaintenanceReport") return siteReport(RED, site);
        if (command.action === "CommissioningReport") return { ...(await madeReport(RED, site)) };
        const place = find(RED, chargePoints, settings, command.chargePoint ?? "");
        const answer = await execute(place, command, (step) => {
          if (open) tellStep(RED, node, status, { original, command, step });
        });
        if (answer["status"] === "RebootRequired")
          status.set("degraded", shorten(RED._("ev-command.status.restart", { chargePoint: place.station.identity })));
        return answer;
      };
      const answerOperation = async (message: NodeMessage, send: Send) => {
        const { topic, payload } = message;
        const site = findSite(RED, chargePoints, settings, settings.chargePoint || chargePointOf(payload));
        if (topic === LIST) {
          permitQuestion(site, message);
          const mayOperate = site.rights.may(message, OPERATION_ROLE);
          send(reply(message, { payload: { ...site.operations.view(mayOperate), mayOperate } }));
          return;
        }
        if (topic === RESERVATIONS) {
          permitQuestion(site, message);
          send(reply(message, reservationsOf(site, payload, site.rights.may(message, OPERATION_ROLE))));
          return;
        }
        const name = operationOf(topic);
        if (!name) throw badMessage("topic", `${LIST}, or operations/ and what is to be done`, topic);
        const { text, reservation } = await site.operations.ask(name, payload, doerOf(message), (what) =>
          permit(site, node, message, OPERATION_ROLE, what),
        );
        const { target } = record(payload);
        const answer = { ...(target !== undefined && { target }), ...(reservation && { reservation }) };
        send(reply(message, { payload: answer, text, ok: true }));
      };
      const answerSettings = async (message: NodeMessage, send: Send) => {
        const { topic, payload } = message;
        const name = settingsNameOf(topic);
        if (!name) throw badMessage("topic", "settings/ and what is to be done", topic);
        const named = settings.chargePoint || settingsPointOf(payload);
        const site = findSite(RED, chargePoints, settings, named || null);
        if (!isSettingsAct(name)) permitQuestion(site, message);
        const { user, by, reason } = senderOf(message);
        const doer = { user, by: by ?? (user === null ? nameOf(node) : null), reason };
        const asked = settings.chargePoint ? { ...record(payload), chargePoint: settings.chargePoint } : payload;
        const answer = await site.settings.ask(name, asked, doer, (what) =>
          permit(site, node, message, SETTINGS_ROLE, what),
        );
        const mayChange = site.rights.may(message, SETTINGS_ROLE);
        const told = name === "list" ? { ...record(answer.payload), mayChange } : answer.payload;
        send(reply(message, { payload: told, ...(answer.text !== undefined && { text: answer.text }), ok: true }));
      };
      const answerFiles = (message: NodeMessage, send: Send) => {
        const named = settings.chargePoint || record(message.payload)["chargePoint"];
        const identity = typeof named === "string" && named !== "" ? named : null;
        return files.answer(findSite(RED, chargePoints, settings, identity), message, send);
      };
      return {
        language: () => languageOf(RED, settings),
        // The answer leaves in the message, which is the flow's from then on.
        input: (message, send) => {
          if (isAbout(settings, message, "operations/")) return answerOperation(message, send);
          if (isAbout(settings, message, "settings/")) return answerSettings(message, send);
          if (isAbout(settings, message, "files/")) return answerFiles(message, send);
          const original = RED.util.cloneMessage(message) as CommandMessage;
          return run(message as CommandMessage, send, () => carryOut(message, original));
        },
        close: () => {
          open = false;
          files.close();
          stop();
        },
      };
    },
  });
  serveCommands(RED);
  serveMaintenance(RED);
  serveCommissioningReport(RED);
  serveBundle(RED);
}

/** Asks what can be done. */
const LIST = "operations/list";

/** Asks what is, was and will be reserved. */
const RESERVATIONS = "operations/reservations";

/** As a list, or as a calendar. @throws EvError EV_MESSAGE_INVALID | EV_STORE_OPEN */
function reservationsOf(site: Site, payload: unknown, showsWho: boolean): Record<string, unknown> {
  const { format = "list" } = record(payload);
  if (format === "list") return { payload: site.operations.reservations(payload, showsWho) };
  if (format !== "ics") throw badMessage("payload.format", "list or ics", format);
  return { payload: site.operations.calendar(payload, showsWho), filename: "reservations.ics" };
}

/** What staff do, also with files, or whoever sets chargers up; a node that has a command of its own sends that alone. */
function isAbout(
  { action }: CommandSettings,
  { topic }: NodeMessage,
  topics: "operations/" | "settings/" | "files/",
): boolean {
  return action === "" && typeof topic === "string" && topic.startsWith(topics);
}

/** That of the site that is meant, as far as one is; else of the first. */
function languageOf(RED: NodeAPI, { centralSystem }: CommandSettings): Language {
  const { site } = (RED.nodes.getNode(centralSystem) ?? {}) as Partial<EvCentralSystemNode>;
  return (site ?? [...sitesOf(RED)][0])?.language ?? "en-US";
}

const nameOf = ({ type, name, id }: Node): string => `${type} "${name || id}"`;

/** Commands that change nothing are questions: they are not noted, unless they are refused. @throws EvError EV_ROLE_DENIED */
function allow(site: Site, node: Node, message: NodeMessage, { action, chargePoint, payload }: CommandRequest): void {
  const role = commandRole(action, payload);
  const what = commandText(action, chargePoint, payload);
  if (role === "viewer") permitQuestion(site, message, what);
  else permit(site, node, message, role, what);
}

/** Sends the message on with the answer, or with the error, which is raised as well. */
async function run(message: CommandMessage, send: Send, answer: () => Promise<Record<string, unknown>>): Promise<void> {
  try {
    const payload = await answer();
    delete message["error"];
    send(reply(message, { payload, ok: true }));
  } catch (error) {
    const answered = error instanceof CommandRefused ? { payload: error.answer } : {};
    send(reply(message, { ...answered, ok: false, error: describe(error) }));
    throw error;
  }
}

/** What follows an answer leaves as a message of its own: as the command came, with `step`. */
function tellStep(
  RED: NodeAPI,
  node: Node,
  status: StatusLine,
  { original, command, step }: { original: CommandMessage; command: CommandRequest; step: MaintenanceStep },
): void {
  const { chargePoint, action } = command;
  const error = step.kind === "end" ? step.error : null;
  const message = RED.util.cloneMessage({
    ...original,
    chargePoint,
    action,
    payload: step.payload,
    step: step.kind,
    ok: error === null,
    ...(error && { error: describe(error) }),
  }) as NodeMessage;
  const mood = step.kind === "progress" ? "working" : error ? "wrong" : "good";
  status.set(mood, shorten(`${chargePoint}: ${String(step.payload["status"] ?? action)}`));
  node.send(message);
  if (error) node.error(error, message);
}

/** The charge point answered, and its answer means no. */
class CommandRefused extends EvError {
  readonly answer: Record<string, unknown>;

  constructor(chargePoint: string, action: string, answer: Record<string, unknown>) {
    super("EV_OCPP_REJECTED", `${chargePoint} answered ${action} with ${String(answer["status"])}`);
    this.answer = answer;
  }
}

async function execute(
  { site, station }: ServedChargePoint,
  { action, payload, force, file }: CommandRequest,
  follow: (step: MaintenanceStep) => void,
): Promise<Record<string, unknown>> {
  if (station.state === "parked" && !WHILE_PARKED.has(action))
    throw badMessage("chargePoint", `a charge point that is configured, for ${action}`, station.identity);
  const answer = await site.maintenance.send({ station, action, payload, force, file }, follow);
  if (!TAKEN.has(answer["status"]) && answer["status"] !== NONE_IS_AN_ANSWER.get(action))
    throw new CommandRefused(station.identity, action, answer);
  if (TOUCHES_PROFILES.has(action)) site.limiter.rearm(station.identity);
  return answer;
}

function find(
  RED: NodeAPI,
  chargePoints: ChargePoints,
  settings: CommandSettings,
  identity: string,
): ServedChargePoint {
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

/** The site of the central system or of the charge point that is named, else the only one. */
function findSite(RED: NodeAPI, chargePoints: ChargePoints, settings: CommandSettings, identity: string | null): Site {
  if (identity !== null) return find(RED, chargePoints, settings, identity).site;
  const { site } = (RED.nodes.getNode(settings.centralSystem) ?? {}) as Partial<EvCentralSystemNode>;
  const [only, ...others] = sitesOf(RED);
  const found = site ?? (others.length === 0 ? only : undefined);
  if (found) return found;
  throw badMessage("chargePoint", "a charge point of the site that is meant, because there are several", identity);
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
  EV_MAINTENANCE_REFUSED: "rejected",
  EV_MAINTENANCE_FAILED: "rejected",
};

function readSettings(read: Properties): CommandSettings {
  const payloadType = read.choice("payloadType", ["msg", "json", "jsonata"]);
  const settings: CommandSettings = {
    centralSystem: read.text("centralSystem"),
    chargePoint: read.text("chargePoint"),
    action: read.text("action"),
    payload: payloadType === "json" ? read.json("payload") : read.text("payload", "payload"),
    payloadType,
  };
  if (settings.action && !isCommand(settings.action))
    throw read.wrong("action", "an OCPP 1.6 action that goes to a charge point, or empty");
  if (settings.payloadType === "json") checkFixed(settings);
  return settings;
}

/**
 * What staff do with files by message, because users of a dashboard have no login to the editor: they see what chargers have sent, save
 * it, ask for more, make the report and the bundle, bring firmware in pieces and send it to a charger.
 */
import { readFile } from "node:fs/promises";
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { type ErrorCode, EvError, messageOf } from "../../lib/errors.ts";
import { record, text } from "../../lib/fields.ts";
import { Pieces } from "../../lib/files/pieces.ts";
import type { MaintenanceStep } from "../../lib/maintenance/types.ts";
import { FILE_ROLES } from "../../lib/rights/command-roles.ts";
import { type Role, senderOf } from "../../lib/rights/roles.ts";
import type { Site } from "../../lib/site/site.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import { sentence } from "../../lib/words/sentence.ts";
import { badMessage, type Send } from "../runtime/input.ts";
import { replyFresh, sendOut } from "../runtime/send.ts";
import { bundleOf } from "./bundle-pages.ts";
import { madeReport } from "./commissioning-report-pages.ts";
import { MOST_FIRMWARE_BYTES, pageOf, reportOf } from "./maintenance-pages.ts";
import { isFromPeople, permit, permitQuestion } from "./rights.ts";
import type { StaffFilesView } from "./types/staff-file-types.ts";

/** A file that is larger does not go into a message. */
const MOST_BYTES = 16 * 1024 ** 2;

/** What may stand behind `files/`. */
const TOPICS = "list, get, report, commissioning, bundle, diagnostics, upload or install";

/** Answers that mean the charge point does it. */
const TAKEN: ReadonlySet<unknown> = new Set([undefined, "Accepted"]);

/** What is sent to a charge point, what people are told of a refusal, and what they are told at the end. */
const ORDERS = {
  diagnostics: { action: "GetDiagnostics", refusal: "filesDiagnostics", role: FILE_ROLES.fetch },
  install: { action: "UpdateFirmware", refusal: "filesInstall", role: FILE_ROLES.firmware },
} as const;
type OrderName = keyof typeof ORDERS;

/** An answer to a message about files; `text` is shown to people. */
interface Answer {
  payload: unknown;
  text?: string;
}

/** What was asked of a charge point about files. */
export interface FileOrder {
  name: OrderName;
  payload: unknown;
  /** @throws EvError where whoever asks may not */
  permit(role: (typeof ORDERS)[OrderName]["role"], what: string): void;
  /** It is over: what people are told, or why it failed. */
  ended(outcome: { text: string } | { error: EvError }): void;
}

/** The order of a name; null = none. */
export function fileOrderOf(name: unknown): OrderName | null {
  return name === "diagnostics" || name === "install" ? name : null;
}

export class StaffFiles {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  /** Firmware on its way, by site. */
  readonly #pieces = new Map<Site, Pieces>();
  #isOpen = true;

  constructor(RED: NodeAPI, node: Node) {
    this.#RED = RED;
    this.#node = node;
  }

  close(): void {
    this.#isOpen = false;
    for (const pieces of this.#pieces.values()) pieces.close();
  }

  /** @throws EvError that says in `field` what people are told */
  async answer(site: Site, message: NodeMessage, send: Send): Promise<void> {
    const { payload, text: said } = await this.#answer(site, message);
    send(replyFresh(message, { payload, ...(said !== undefined && { text: said }), ok: true }));
  }

  async #answer(site: Site, message: NodeMessage): Promise<Answer> {
    const { topic, payload } = message;
    switch (topic) {
      case "files/list":
        permitQuestion(site, message);
        return { payload: await filesView(site, (role) => site.rights.may(message, role)) };
      case "files/report": {
        permitQuestion(site, message);
        const { name, html } = reportOf(this.#RED, site);
        return fileAnswer(site, name, Buffer.from(html));
      }
      case "files/commissioning": {
        permitQuestion(site, message);
        const { name, html } = await madeReport(this.#RED, site);
        return fileAnswer(site, name, Buffer.from(html));
      }
      case "files/bundle": {
        permit(site, this.#node, message, FILE_ROLES.bundle, "save the bundle for support");
        const { name, archive } = await bundleOf(this.#RED, site);
        return fileAnswer(site, name, archive);
      }
      case "files/get":
        return this.#received(site, message);
      case "files/upload":
        return this.#upload(site, message);
      default: {
        const name = fileOrderOf(typeof topic === "string" ? topic.slice("files/".length) : "");
        if (!name) throw badMessage("topic", `files/ and ${TOPICS}`, topic);
        const original = this.#RED.util.cloneMessage(message);
        const said = await orderFile(site, {
          ...{ name, payload },
          permit: (role, what) => permit(site, this.#node, message, role, what),
          ended: (outcome) => this.#tellEnd(site, original, outcome),
        });
        return { payload: {}, text: said };
      }
    }
  }

  async #received(site: Site, message: NodeMessage): Promise<Answer> {
    const fields = record(message.payload);
    const [chargePoint, name] = [String(fields["chargePoint"] ?? ""), String(fields["name"] ?? "")];
    permit(site, this.#node, message, FILE_ROLES.fetch, `save the file ${name} of ${chargePoint}`);
    const file = await site.files.shelf.receivedFile(chargePoint, name);
    if (!file) throw badMessage("payload.name", "a file that is here", name, "filesGone");
    requireSmall(file.bytes);
    return fileAnswer(site, name, await readFile(file.path));
  }

  /** Who began is in the log; each further piece only needs the right. */
  async #upload(site: Site, message: NodeMessage): Promise<Answer> {
    const fields = record(message.payload);
    const { at, total, data } = fields;
    const name = text(fields["name"]) ?? "";
    const what = `add the firmware ${name}`;
    if (at === 0 || !site.rights.may(message, FILE_ROLES.firmware))
      permit(site, this.#node, message, FILE_ROLES.firmware, what);
    const bytes = typeof data === "string" ? Buffer.from(data, "base64") : Buffer.alloc(0);
    if (name === "" || bytes.length === 0)
      throw badMessage("payload.data", "a piece of a file in Base64", data, "filesName");
    if (!isCount(at)) throw badMessage("payload.at", "a number of bytes", at, "filesPiece");
    if (!isCount(total)) throw badMessage("payload.total", "a number of bytes", total, "filesPiece");
    const pieces = this.#pieces.get(site) ?? new Pieces(site.files.shelf, systemClock, MOST_FIRMWARE_BYTES);
    this.#pieces.set(site, pieces);
    const file = await pieces.take(socketOf(message), { name, at, total, bytes });
    if (!file) return { payload: { name, at: at + bytes.length, total, done: false } };
    const done = { name: file.name, at: total, total, done: true };
    return { payload: done, text: sentence(site.language, "file.kept", { file: file.name }) };
  }

  /** In a message of its own, to whoever asked; a failure goes to Catch nodes. */
  #tellEnd(site: Site, original: NodeMessage, outcome: { text: string } | { error: EvError }): void {
    if (!this.#isOpen) return;
    const message = this.#RED.util.cloneMessage(original);
    if ("text" in outcome) {
      sendOut(this.#node, { ...message, payload: {}, text: outcome.text, step: "end", ok: true });
      return;
    }
    const { error } = outcome;
    if (isFromPeople(message)) Object.assign(message, { refusal: refusalText(site.language, error) });
    this.#node.error(error, message);
  }
}

/**
 * Asks a charge point for its diagnostics, or sends it firmware. @returns what was done, in a sentence
 * @throws EvError that says in `field` what people are told
 */
export async function orderFile(site: Site, order: FileOrder): Promise<string> {
  const { name } = order;
  const { action, refusal, role } = ORDERS[name];
  const fields = record(order.payload);
  const wanted = text(fields["chargePoint"]) ?? "";
  const file = name === "install" ? (text(fields["file"]) ?? "") : null;
  order.permit(role, [action, `to ${wanted}`, file && `(file: ${file})`].filter(Boolean).join(" "));
  const station = site.stations.get(wanted);
  if (!station?.definition?.ocpp)
    throw badMessage("payload.chargePoint", "a charge point that is described", wanted, "operationTarget");
  const follow = (step: MaintenanceStep): void => {
    if (step.kind === "end") order.ended(outcomeOf(site, station, name, step));
  };
  const payload = name === "install" ? { location: "", retrieveDate: new Date(0).toISOString() } : { location: "" };
  try {
    const answer = await site.maintenance.send({ station, action, payload, force: false, file }, follow);
    if (!TAKEN.has(answer["status"]))
      throw new EvError("EV_OCPP_REJECTED", `${wanted} answered ${action} with ${String(answer["status"])}`);
  } catch (error) {
    throw forPeople(error, refusal);
  }
  const values = { charger: site.names.called(wanted), file: file ?? "" };
  return sentence(site.language, name === "install" ? "file.sent" : "file.asked", values);
}

function outcomeOf(
  site: Site,
  { identity }: Station,
  name: OrderName,
  { payload, error }: MaintenanceStep & { kind: "end" },
): { text: string } | { error: EvError } {
  if (error) return { error: forPeople(error, ORDERS[name].refusal) };
  const values = { charger: site.names.called(identity), file: String(record(payload["file"])["name"] ?? "") };
  return { text: sentence(site.language, name === "install" ? "file.installed" : "file.came", values) };
}

/** The same error, with what people are told of it. */
function forPeople(error: unknown, field: string): EvError {
  const code: ErrorCode = error instanceof EvError ? error.code : "EV_OCPP_REJECTED";
  return new EvError(code, messageOf(error), { field, cause: error });
}

/** What there is, and what may be done with it. @param may whether whoever asks has a role */
export async function filesView(site: Site, may: (role: Role) => boolean): Promise<StaffFilesView> {
  const { shelf } = site.files;
  const [mayFetch, maySave, mayInstall] = [may(FILE_ROLES.fetch), may(FILE_ROLES.bundle), may(FILE_ROLES.firmware)];
  const chargers = site.stations
    .list()
    .filter(({ online, definition }) => online && definition?.ocpp)
    .map(({ identity }) => ({ chargePoint: identity, name: site.names.called(identity) }));
  return {
    received: mayFetch ? (await shelf.receivedFiles()).map(pageOf) : [],
    firmware: mayInstall ? (await shelf.firmwareFiles()).map(pageOf) : [],
    chargers: mayFetch ? chargers : [],
    ...{ mayFetch, maySave, mayInstall },
  };
}

function fileAnswer(site: Site, name: string, content: Buffer): Answer {
  requireSmall(content.length);
  const payload = { name, bytes: content.length, data: content.toString("base64") };
  return { payload, text: sentence(site.language, "file.ready", { file: name }) };
}

function requireSmall(bytes: number): void {
  if (bytes > MOST_BYTES) throw badMessage("the file", `at most ${MOST_BYTES} bytes`, bytes, "filesTooLarge");
}

const isCount = (one: unknown): one is number => Number.isSafeInteger(one) && (one as number) >= 0;

/** Two browsers that send a file of one name at once do not mix their pieces. */
function socketOf(message: NodeMessage): string {
  const { socketId } = record(record(message)["_client"]);
  return text(socketId) ?? senderOf(message).user ?? "";
}

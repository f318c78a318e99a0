import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { isoTime } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { rotateKey } from "../../lib/maintenance/rotate-key.ts";
import type { LoggedMessage, MessageQuery } from "../../lib/ocpp/log/message-search.ts";
import type { CentralSystem } from "../../lib/site/central-system.ts";
import { sentence } from "../../lib/words/sentence.ts";
import type { Language } from "../../lib/words/types.ts";
import type { EvCentralSystemNode } from "../runtime/node-types.ts";
import { answering, bodyOf, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";
import type { CentralSystemPage, MessagesPage } from "./types/central-system-page-types.ts";

/** So many messages are shown, and exported. */
const MOST_SHOWN = 200;
const MOST_EXPORTED = 100_000;
const DAY_MS = 86_400_000;

/**
 * Serves the dialog of a central system: `GET /ev-charging/central-systems/:id` (parked charge points, security profiles seen),
 * `GET …/:id/messages?chargePoint=&action=&messageId=&text=&format=json|csv` (what crossed the wire, without passwords; with a
 * format as a file), and with `{chargePoint}` `POST …/:id/security-profile` (it may connect with a lower one again), `…/rotate-key` (it
 * gets a new password over OCPP) and `…/forget-key` (its configured password counts again).
 */
export function serveCentralSystems(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  const mayWrite = needs(RED, "ev-charging.write");
  const path = "/ev-charging/central-systems/:id";
  const find = (request: Request) =>
    (RED.nodes.getNode(String(request.params["id"])) as Partial<EvCentralSystemNode> | null)?.centralSystem ?? null;
  const siteOf = (request: Request) =>
    (RED.nodes.getNode(String(request.params["id"])) as Partial<EvCentralSystemNode> | null)?.site;
  const require = (request: Request): CentralSystem => {
    const system = find(request);
    if (system) return system;
    throw new EvError("EV_CONFIG_MISSING", "this central system is not deployed");
  };

  RED.httpAdmin.get(
    path,
    mayRead,
    answering((request): CentralSystemPage | null => {
      const system = find(request);
      return system && pageOf(system, siteOf(request)?.language);
    }),
  );
  RED.httpAdmin.get(`${path}/messages`, mayRead, (request, response) => {
    Promise.resolve()
      .then(() => require(request).messages(queryOf(request)))
      .then((messages) => {
        const { format } = request.query;
        if (format) response.attachment(`ocpp-messages.${format === "csv" ? "csv" : "json"}`);
        if (format === "csv") response.type("text/csv").send(csvOf(messages));
        else response.json({ messages: messages.map(shown) } satisfies MessagesPage);
      })
      .catch((error: unknown) => void response.status(502).json(failurePage(error)));
  });
  const change = (name: string, act: (system: CentralSystem, identity: string) => unknown): void => {
    RED.httpAdmin.post(
      `${path}/${name}`,
      mayWrite,
      answering(async (request) => {
        const chargePoint = String(bodyOf(request.body)["chargePoint"] ?? "");
        const system = require(request);
        const identity = system.stations.get(chargePoint)?.identity ?? chargePoint;
        const site = siteOf(request);
        if (site) noteEditor(site, request, `${name} of ${identity}`);
        await act(system, identity);
        return pageOf(system, site?.language);
      }),
    );
  };
  change("security-profile", (system, identity) => system.profiles.allowLower(identity));
  change("rotate-key", rotate);
  change("renew-certificate", (system, identity) => withStation(system, identity, "renew"));
  change("install-root", (system, identity) => withStation(system, identity, "installRoot"));
  change("remove-certificate", ({ certificates }, identity) => certificates.remove(identity));
  change("forget-key", ({ keys }, identity) => keys.forget(identity));
}

/** @throws EvError EV_OCPP_REJECTED with the charge point's word for it */
async function rotate({ stations, keys }: CentralSystem, identity: string): Promise<void> {
  const station = stations.get(identity);
  if (!station) throw new EvError("EV_CONFIG_INVALID", `there is no charge point ${identity}`);
  const { status } = await rotateKey(station, keys);
  if (status !== "Accepted" && status !== "RebootRequired")
    throw new EvError("EV_OCPP_REJECTED", `${identity} answered ${String(status)}; its password stays as it was`);
}

/** @throws EvError EV_OCPP_REJECTED with the charge point's word for it */
async function withStation(
  { stations, certificates }: CentralSystem,
  identity: string,
  act: "renew" | "installRoot",
): Promise<void> {
  const station = stations.get(identity);
  if (!station) throw new EvError("EV_CONFIG_INVALID", `there is no charge point ${identity}`);
  const { status } = await certificates[act](station);
  if (status !== "Accepted") throw new EvError("EV_OCPP_REJECTED", `${identity} answered ${String(status)}`);
}

function certificatesOf(
  { stations, certificates, certificateMode, key }: CentralSystem,
  language: Language,
): CentralSystemPage["certificates"] {
  if (certificateMode === "none") return null;
  const own = stations.list().filter(({ identity, definition }) => {
    return definition?.ocpp && stations.get(identity)?.origin === key;
  });
  return certificates
    .views(own.map(({ identity }) => identity))
    .map(({ identity, online, untilWallMs, state, waits, problem }) => ({
      ...{ identity, online, state, waits },
      until: untilWallMs === null ? null : isoTime(untilWallMs),
      daysLeft: untilWallMs === null ? null : Math.floor((untilWallMs - stations.clock.wallMs()) / DAY_MS),
      problem: problem && sentence(language, problem.code, problem.values),
    }));
}

function keysOf({ stations, keys, policy, key: origin }: CentralSystem): CentralSystemPage["keys"] {
  const own = stations.list().filter(({ identity, definition }) => {
    const last = stations.get(identity)?.origin;
    return definition?.ocpp !== false && (last === origin || last === "");
  });
  return own.map(({ identity, online, definition }) => {
    const given = keys.state(identity);
    const configured = definition?.password ? "configured" : policy?.sharedPassword ? "shared" : "none";
    return { identity, online, state: given?.state ?? configured, since: given && isoTime(given.changedWallMs) };
  });
}

/** Who waits to be added, then who asks for what is not spoken here. */
function waitingAt({ stations, key }: CentralSystem): CentralSystemPage["parked"] {
  const parked = stations.parked().filter(({ identity }) => stations.get(identity)?.origin === key);
  const unserved = stations.unserved.list().filter(({ origin }) => origin === key);
  return [
    ...parked.map((one) => ({ ...one, asked: null })),
    ...unserved.map(({ identity, address, lastSeenWallMs, kind, protocols }) => ({
      ...{ identity, address, vendor: null, model: null },
      lastSeen: isoTime(lastSeenWallMs),
      asked: { kind, protocols },
    })),
  ];
}

function pageOf(system: CentralSystem, language: Language = "en-US"): CentralSystemPage {
  const { stations, profiles, key, messageFailure, state } = system;
  const known = new Set([...stations.list(), ...stations.parked()].map(({ identity }) => identity));
  const online = [...known].filter((identity) => {
    const station = stations.get(identity);
    return station?.online && station.origin === key;
  });
  return {
    state: state.kind === "failed" ? { kind: state.kind, message: state.error.message } : state,
    online: online.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })),
    parked: waitingAt(system),
    profiles: stations
      .list()
      .filter(({ definition }) => definition !== null)
      .map(({ identity }) => ({ identity, highest: profiles.highest(identity) }))
      .filter(({ highest }) => highest > 0),
    keys: keysOf(system),
    certificates: certificatesOf(system, language),
    messageFailure: messageFailure?.message ?? null,
  };
}

function queryOf({ query }: Request): MessageQuery {
  const text = (name: string) => (typeof query[name] === "string" && query[name].trim()) || null;
  return {
    chargePoint: text("chargePoint"),
    action: text("action"),
    id: text("messageId"),
    text: text("text"),
    most: query["format"] ? MOST_EXPORTED : MOST_SHOWN,
  };
}

function shown({ wallMs, ...message }: LoggedMessage): MessagesPage["messages"][number] {
  return { ts: isoTime(wallMs), ...message };
}

/** Frames as a table. */
export function csvOf(messages: readonly LoggedMessage[]): string {
  const lines = messages.map(({ wallMs, chargePoint, direction, kind, id, action, text }) =>
    [isoTime(wallMs), chargePoint, direction, kind, id, action, text].map(cell).join(","),
  );
  return `${["ts,chargePoint,direction,kind,messageId,action,frame", ...lines].join("\r\n")}\r\n`;
}

/** In quotes; what a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(text: string): string {
  return `"${/^[=+\-@\t\r]/.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
}

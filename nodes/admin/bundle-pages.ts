import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { alarmView } from "../../lib/alarm/wording.ts";
import { isoTime, systemClock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/errors.ts";
import { type ZipEntry, zipOf } from "../../lib/files/zip.ts";
import { redactFrame } from "../../lib/ocpp/log/redact.ts";
import type { Site } from "../../lib/site/site.ts";
import { listCopies } from "../../lib/store/disk/copies.ts";
import { lengthyThread } from "../../lib/store/disk/disk-thread.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { csvOf } from "./central-system-pages.ts";
import { centralSystemsOf, siteHealth } from "./health-pages.ts";
import { chosenSite, idOf, reportOf } from "./maintenance-pages.ts";
import { failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";

const DAY_MS = 86_400_000;
/** So many days of alarms and of the log are in it. */
const DAYS = 7;
/** Most entries of a list, and most frames of one server. */
const MOST_ENTRIES = 5_000;
const MOST_FRAMES = 20_000;

/**
 * Serves `GET /ev-charging/bundle?site=<node id>`: all that whoever helps from afar wants to see, as one ZIP file. It holds no passwords,
 * but names, badges and settings, so it takes the permission to change.
 */
export function serveBundle(RED: NodeAPI): void {
  RED.httpAdmin.get("/ev-charging/bundle", needs(RED, "ev-charging.write"), (request, response) => {
    Promise.resolve()
      .then(async () => {
        const site = chosenSite(RED, request);
        noteEditor(site, request, "save the bundle for support");
        const { name, archive } = await bundleOf(RED, site);
        response.attachment(name);
        response.type("application/zip").send(archive);
      })
      .catch((error: unknown) => void response.status(400).json(failurePage(error)))
      .catch(() => {});
  });
}

/** The archive, and what its file is called. */
export async function bundleOf(RED: NodeAPI, site: Site): Promise<{ name: string; archive: Buffer }> {
  const wallMs = systemClock.wallMs();
  const name = `ev-charging-${isoTime(wallMs).slice(0, 16).replaceAll(":", "")}.zip`;
  return { name, archive: zipOf(await contentOf(RED, site, wallMs), wallMs) };
}

/** What cannot be read is in it as the reason why not. */
async function contentOf(RED: NodeAPI, site: Site, wallMs: number): Promise<ZipEntry[]> {
  const range = { fromWallMs: wallMs - DAYS * DAY_MS, toWallMs: wallMs, most: MOST_ENTRIES };
  const json = (what: unknown) => redactFrame(JSON.stringify(what, null, 1));
  const { list } = site.alarms;
  const files: [string, () => string | Promise<string>][] = [
    ["report.html", () => reportOf(RED, site).html],
    ["health.json", async () => json(await siteHealth(RED, idOf(site), site))],
    ["settings.json", () => json(settingsOf(RED))],
    ["database.json", async () => json(await databaseOf(site))],
    ["machine.json", () => json(machineOf(RED))],
    ["alarms.json", () => json({ now: list.list().map(alarmView), before: list.history(range).map(alarmView) })],
    [
      "log.json",
      async () =>
        json((await site.rights.entries(range)).map(({ wallMs: atMs, ...one }) => ({ ts: isoTime(atMs), ...one }))),
    ],
    ...centralSystemsOf(RED, site).map(({ system }): [string, () => Promise<string>] => [
      `messages-${system.key}.csv`,
      async () =>
        csvOf(await system.messages({ chargePoint: null, action: null, id: null, text: null, most: MOST_FRAMES })),
    ]),
  ];
  return Promise.all(
    files.map(async ([name, read]) => {
      try {
        return { name, content: await read() };
      } catch (error) {
        return { name: `${name}.failed.txt`, content: messageOf(error) };
      }
    }),
  );
}

/** Our nodes as they are deployed; Node-RED keeps passwords apart from them. */
function settingsOf(RED: NodeAPI): object[] {
  const nodes: object[] = [];
  RED.nodes.eachNode((node) => {
    if (node.type.startsWith("ev-")) nodes.push(node);
  });
  return nodes;
}

/** How the database is, checked whole where that can be done beside everything else. */
async function databaseOf({ dataDir, store, copies }: Site): Promise<object> {
  const path = join(dataDir, "ev-charging.sqlite");
  const { name, alone } = sqlDriver();
  const damage = alone ? "was checked when it was opened" : await lengthyThread.check(path).catch(messageOf);
  return {
    driver: name,
    check: damage ?? "ok",
    failure: store.failure?.message ?? null,
    recovery: store.recovery,
    bytes: existsSync(path) ? statSync(path).size : null,
    copies: listCopies(path).map(({ wallMs }) => isoTime(wallMs)),
    copyFailure: copies.failure,
  };
}

function machineOf({ settings }: NodeAPI): object {
  const { platform, arch, version } = process;
  const [uptimeS, memory] = [Math.round(process.uptime()), process.memoryUsage()];
  return {
    node: version,
    nodeRed: (settings as { version?: string }).version ?? null,
    platform,
    arch,
    uptimeS,
    memory,
  };
}

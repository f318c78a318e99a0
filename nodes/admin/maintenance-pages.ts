import { createReadStream } from "node:fs";
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { isoTime } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import type { ShelfFile } from "../../lib/files/shelf.ts";
import { reportData } from "../../lib/maintenance/report-data.ts";
import { reportHtml } from "../../lib/maintenance/report-html.ts";
import type { Site } from "../../lib/site/site.ts";
import { sitesOf } from "../runtime/charge-points.ts";
import { answering, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";
import type { FilePage, FilesPage } from "./types/maintenance-page-types.ts";

/** Largest firmware that is taken. */
export const MOST_FIRMWARE_BYTES = 1024 ** 3;

/**
 * Serves files and reports: `GET /ev-charging/maintenance-report?site=` (HTML), `GET /ev-charging/files` (what there is),
 * `GET …/files/received?site=&chargePoint=&name=` (one uploaded file), `PUT …/files/firmware/:name?site=` (the body becomes a
 * firmware file) and `DELETE` of the same. `site` may be left out where there is one.
 */
export function serveMaintenance(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  const mayWrite = needs(RED, "ev-charging.write");
  RED.httpAdmin.get("/ev-charging/maintenance-report", mayRead, (request, response) => {
    attempt(response, () => {
      const site = chosenSite(RED, request);
      response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
      response.type("html").send(reportOf(RED, site).html);
    });
  });
  RED.httpAdmin.get(
    "/ev-charging/files",
    mayRead,
    answering(async (): Promise<FilesPage> => {
      const sites = [...sitesOf(RED)].map(async (site) => ({
        site: idOf(site),
        received: (await site.files.shelf.receivedFiles()).map(pageOf),
        firmware: (await site.files.shelf.firmwareFiles()).map(pageOf),
        firmwareFolder: site.files.shelf.firmware,
      }));
      return { sites: await Promise.all(sites) };
    }),
  );
  RED.httpAdmin.get("/ev-charging/files/received", mayRead, (request, response) => {
    attempt(response, async () => {
      const { chargePoint, name } = request.query;
      const { shelf } = chosenSite(RED, request).files;
      const file = await shelf.receivedFile(String(chargePoint ?? ""), String(name ?? ""));
      if (!file) throw new EvError("EV_CONFIG_MISSING", "there is no such file");
      response.attachment(file.name).type("application/octet-stream").setHeader("Content-Length", file.bytes);
      createReadStream(file.path)
        .on("error", () => response.destroy())
        .pipe(response);
    });
  });
  RED.httpAdmin.put(
    "/ev-charging/files/firmware/:name",
    mayWrite,
    answering(async (request): Promise<FilePage> => {
      // A form on a foreign web page can neither PUT nor send this type.
      if (!request.is("application/octet-stream"))
        throw new EvError("EV_CONFIG_INVALID", "the body must be application/octet-stream");
      const site = chosenSite(RED, request);
      const name = String(request.params["name"]);
      noteEditor(site, request, `add the firmware ${name}`);
      return pageOf(await site.files.shelf.addFirmware(request, name, MOST_FIRMWARE_BYTES));
    }),
  );
  RED.httpAdmin.delete(
    "/ev-charging/files/firmware/:name",
    mayWrite,
    answering(async (request) => {
      const site = chosenSite(RED, request);
      const name = String(request.params["name"]);
      noteEditor(site, request, `remove the firmware ${name}`);
      return { removed: await site.files.shelf.removeFirmware(name) };
    }),
  );
}

/** The report of a site as a command gives it. */
export function siteReport(RED: NodeAPI, site: Site): Record<string, unknown> {
  return { ...reportOf(RED, site) };
}

/** The report of a site as HTML. */
export function reportOf(RED: NodeAPI, site: Site): { name: string; ts: string; html: string } {
  const data = reportData(site, nameOf(RED, site));
  const ts = isoTime(data.madeWallMs);
  return { name: `maintenance-${ts.slice(0, 10)}.html`, ts, html: reportHtml(data) };
}

/** A site's key begins with the id of its node. */
export const idOf = (site: Site): string => site.key.split(" ", 1)[0] ?? "";

/** What a site is called. */
export function nameOf(RED: NodeAPI, site: Site): string {
  return RED.nodes.getNode(idOf(site))?.name || "Site";
}

/** The site that a request names, or the only one. @throws EvError EV_CONFIG_MISSING */
export function chosenSite(RED: NodeAPI, { query }: Request): Site {
  const sites = [...sitesOf(RED)];
  const wanted = query["site"] === undefined ? null : String(query["site"]);
  const found = wanted === null && sites.length === 1 ? sites[0] : sites.find((site) => idOf(site) === wanted);
  if (found) return found;
  throw new EvError("EV_CONFIG_MISSING", `site: name one of ${sites.map(idOf).join(", ") || "(none is deployed)"}`);
}

/** A file as the editor and messages are told of it. */
export function pageOf({ chargePoint, name, bytes, changedWallMs }: ShelfFile): FilePage {
  return { chargePoint, name, bytes, changed: isoTime(changedWallMs) };
}

function attempt(response: Response, answer: () => unknown): void {
  Promise.resolve()
    .then(answer)
    .catch((error: unknown) => void response.status(400).json(failurePage(error)))
    // The page was closed meanwhile.
    .catch(() => {});
}

import type { NodeAPI } from "node-red";
import { earlierReport, type MadeReport, makeReport, type Shown } from "../../lib/commissioning/handover/handover.ts";
import { keptReports } from "../../lib/commissioning/handover/kept.ts";
import { packageVersion } from "../../lib/own-require.ts";
import type { Site } from "../../lib/site/site.ts";
import { exposed } from "./exposure.ts";
import { chosenSite, nameOf } from "./maintenance-pages.ts";
import { answering, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";

/**
 * Serves `GET /ev-charging/commissioning-report?site=` (HTML; with `ts=` one that was made before) and
 * `GET /ev-charging/commissioning-reports?site=` (which ones are kept). `site` may be left out where there is one.
 */
export function serveCommissioningReport(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  RED.httpAdmin.get("/ev-charging/commissioning-report", mayRead, (request, response) => {
    Promise.resolve()
      .then(async () => {
        const site = chosenSite(RED, request);
        const { ts } = request.query;
        const { name, html } =
          ts === undefined ? await madeReport(RED, site) : earlierReport(site, String(ts), shownAt(RED, site));
        response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        response.setHeader("Content-Disposition", `inline; filename="${name}"`);
        response.type("html").send(html);
      })
      .catch((error: unknown) => void response.status(400).json(failurePage(error)))
      // The page was closed meanwhile.
      .catch(() => {});
  });
  RED.httpAdmin.get(
    "/ev-charging/commissioning-reports",
    mayRead,
    answering(async (request) => ({
      reports: keptReports(chosenSite(RED, request).store).map(({ ts, sha256 }) => ({ ts, sha256 })),
    })),
  );
}

/** The report of a site as it is now, as a command gives it; it is kept. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export function madeReport(RED: NodeAPI, site: Site): Promise<MadeReport> {
  const around = {
    name: nameOf(RED, site),
    exposed: exposed(RED, site).map(({ id }) => id),
    findings: site.upstreams.findings,
    nodeName: (id: string) => calledIn(RED, id),
  };
  return makeReport(site, around, shownAt(RED, site));
}

function shownAt({ settings }: NodeAPI, { language, timeZone }: Site): Shown {
  const nodeRed = (settings as { version?: string }).version ?? "?";
  return { language, timeZone, versions: { version: packageVersion(), nodeRed, node: process.versions.node } };
}

/** What a node is called in the flow; its id where it has no name. */
function calledIn(RED: NodeAPI, id: string): string {
  const node = RED.nodes.getNode(id) as { name?: string; zoneName?: string; identity?: string } | null;
  return node?.zoneName || node?.identity || node?.name || id;
}

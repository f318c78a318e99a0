import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import type { EvReportNode } from "../runtime/node-types.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";
import type { ReportTestPage } from "./types/dialog-page-types.ts";

/**
 * Serves the dialog of a report: `POST /ev-charging/reports/:id/test` with `destination`, `url`, `user`, `password`, `fieldName` and
 * `timeoutS` as they stand in it sends the last sessions there, marked as a test. A `password` left out is the deployed one, which goes to the deployed
 * `url` alone.
 */
export function serveReports(RED: NodeAPI): void {
  RED.httpAdmin.post(
    "/ev-charging/reports/:id/test",
    needs(RED, "ev-charging.write"),
    answering(async (request): Promise<ReportTestPage> => {
      const node = RED.nodes.getNode(String(request.params["id"])) as Partial<EvReportNode> | null;
      if (!node?.tryOut || !node.site)
        throw new EvError("EV_CONFIG_MISSING", "this report is not deployed, or has an error; deploy it first");
      noteEditor(node.site, request, `test of the report "${node.name || node.id}"`);
      return node.tryOut(bodyOf(request.body));
    }),
  );
}

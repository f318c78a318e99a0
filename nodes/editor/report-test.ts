/** "Send a test" in the dialog of a report. */
import type { ReportTestPage } from "../admin/types/dialog-page-types.ts";
import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { reveal } from "./looks.ts";
import { ask } from "./requests.ts";

const FIELDS = ["destination", "url", "user", "fieldName", "timeoutS"] as const;
/** What the editor shows in place of a password that it does not know. */
const UNSEEN = "__PWRD__";

const word = (key: string, values?: Record<string, unknown>): string =>
  RED._(`@phasewise/node-red-ev-charging/ev-report:ev-report.test.${key}`, values);

/** Sends the last sessions to the destination that stands in the dialog, and shows what came of it. */
export async function testReport(box: JQuery, node: EditorNode): Promise<void> {
  box.empty().append($("<p>").append($("<i>").addClass("fa fa-spinner fa-spin"), ` ${word("running")}`));
  const typed = Object.fromEntries(FIELDS.map((name) => [name, String($(`#node-input-${name}`).val() ?? "").trim()]));
  const password = String($("#node-input-password").val() ?? "");
  const body = { ...typed, ...(password !== UNSEEN && { password }) };
  try {
    const page = await ask<ReportTestPage>("POST", `reports/${encodeURIComponent(node.id)}/test`, body);
    const text = word(page.state, { sessions: page.sessions });
    box.empty().append($("<p>").addClass("ev-fine").text(text));
  } catch (failure) {
    const { message, code } = failure as FailurePage;
    const hint = code === "EV_REPORT_DELIVERY" ? word("hint") : "";
    box.empty().append($("<p>").addClass("ev-wrong").text(message), $("<p>").text(hint));
  }
  reveal(box);
}

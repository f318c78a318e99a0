/** "Send a test" in the dialog of a report. */
import type { ReportTestPage } from "../admin/types/dialog-page-types.ts";
import { textIn } from "./fields.ts";
import { ask, showWork } from "./requests.ts";
import { wordsOf } from "./words.ts";

const FIELDS = ["destination", "url", "user", "fieldName", "timeoutS"] as const;
/** What the editor shows in place of a password that it does not know. */
const UNSEEN = "__PWRD__";

const word = wordsOf("ev-report", "ev-report.test");

/** Sends the last sessions to the destination that stands in the dialog, and shows what came of it. */
export async function testReport(box: JQuery, node: EditorNode): Promise<void> {
  const typed = Object.fromEntries(FIELDS.map((name) => [name, textIn(`#node-input-${name}`)]));
  const password = String($("#node-input-password").val() ?? "");
  const body = { ...typed, ...(password !== UNSEEN && { password }) };
  const hintOf = (code: string) => (code === "EV_REPORT_DELIVERY" ? word("hint") : "");
  await showWork(box, word("running"), hintOf, async () => {
    const page = await ask<ReportTestPage>("POST", `reports/${encodeURIComponent(node.id)}/test`, body);
    const text = word(page.state, { sessions: page.sessions });
    box.empty().append($("<p>").addClass("ev-fine").text(text));
  });
}

import type { ReportTestPage } from "./admin/types/dialog-page-types.ts";
import { onlyOne } from "./editor/candidates.ts";
import { prepareDialog, saveNumbers, textIn } from "./editor/fields.ts";
import { ask, showWork } from "./editor/requests.ts";
import { answer, isAddress, isEmpty, labelOf, numberRule, siteRule, textRule, word } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvReport {
  name: string;
  site: string;
  period: string;
  at: string;
  destination: string;
  url: string;
  fieldName: string;
  timeoutS: number | string;
  separator: string;
  decimal: string;
  columns: string;
  subject: string;
  consumption: boolean;
}

const text = wordsOf("ev-report");

RED.nodes.registerType<EvReport>("ev-report", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-report.svg",
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    period: { value: "daily" },
    at: { value: "00:01", validate: textRule("at", "timeOfDay", isTimeOfDay) },
    destination: { value: "http" },
    url: { value: "", validate: urlRule },
    fieldName: { value: "" },
    timeoutS: { value: 30, validate: numberRule("timeoutS", { min: 1, max: 600 }) },
    separator: { value: ";" },
    decimal: { value: "," },
    columns: { value: "all" },
    subject: { value: "" },
    consumption: { value: false },
  },
  credentials: { user: { type: "text" }, password: { type: "password" } },
  ...paletteWords("ev-report", "name"),
  outputLabels: (index: number) => text(index === 0 ? "port.report" : "port.events"),
  oneditprepare() {
    prepareDialog(this);
    const destination = $("#node-input-destination");
    const showRows = () => {
      const isHttp = String(destination.val() ?? "") === "http";
      $(".ev-report-http").toggle(isHttp);
      $(".ev-report-wired").toggle(!isHttp);
    };
    destination.on("change", showRows);
    showRows();
    $("#ev-report-test").on("click", () => void testReport($("#ev-report-tested"), this));
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["timeoutS"]);
  },
});

function isTimeOfDay(text: string): boolean {
  return /^([01]?\d|2[0-3]):[0-5]\d$/.test(text);
}

/** Where reports are posted to, when they are. */
function urlRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (this["destination"] !== "http") return true;
  if (isEmpty(value)) return answer(options, word("required", { field: labelOf(this, "url") }));
  return textRule("url", "url", (url) => isAddress(url, "http", "https")).call(this, value, options);
}

/** "Send a test" in the dialog of a report. */

const FIELDS = ["destination", "url", "user", "fieldName", "timeoutS"] as const;
/** What the editor shows in place of a password that it does not know. */
const UNSEEN = "__PWRD__";

/** Sends the last sessions to the destination that stands in the dialog, and shows what came of it. */
async function testReport(box: JQuery, node: EditorNode): Promise<void> {
  const typed = Object.fromEntries(FIELDS.map((name) => [name, textIn(`#node-input-${name}`)]));
  const password = String($("#node-input-password").val() ?? "");
  const body = { ...typed, ...(password !== UNSEEN && { password }) };
  const hintOf = (code: string) => (code === "EV_REPORT_DELIVERY" ? text("test.hint") : "");
  await showWork(box, text("test.running"), hintOf, async () => {
    const page = await ask<ReportTestPage>("POST", `reports/${encodeURIComponent(node.id)}/test`, body);
    const sentence = text(`test.${page.state}`, { sessions: page.sessions });
    box.empty().append($("<p>").addClass("ev-fine").text(sentence));
  });
}

/** "Test connection" in the dialog of a Modbus connection: whether the line is there, and each meter on it. */
import type { LineTestPage } from "../../admin/types/dialog-page-types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import { reveal } from "../looks.ts";
import { ask } from "../requests.ts";
import { LINE_PROPERTIES } from "./dialog-line.ts";
import { meterWord } from "./meter-words.ts";

const word = (key: string, values?: Record<string, unknown>): string =>
  RED._(`@phasewise/node-red-ev-charging/ev-modbus:ev-modbus.test.${key}`, values);

/** Tests the connection as it stands in the dialog; the deployed one while nothing was changed. Shows what came of it. */
export async function testLine(box: JQuery, node: EditorNode): Promise<void> {
  box.empty().append($("<p>").append($("<i>").addClass("fa fa-spinner fa-spin"), ` ${word("running")}`));
  const meters = metersOn(node.id);
  const unitIds = [...new Set(meters.map(({ unitId }) => unitId))];
  try {
    show(box, await ask<LineTestPage>("POST", "modbus-tests", { ...reference(node), unitIds }), meters);
  } catch (failure) {
    const { message, code } = failure as FailurePage;
    box.empty().append($("<p>").addClass("ev-wrong").text(message));
    const hint = code ? meterWord(`hint.${code}`) : "";
    if (hint && !hint.endsWith(`hint.${code}`)) box.append($("<p>").text(hint));
  }
  reveal(box);
}

function reference(node: EditorNode): object {
  const typed = Object.fromEntries(
    LINE_PROPERTIES.map((name) => [name, String($(`#node-config-input-${name}`).val() ?? "").trim()]),
  );
  const isAsDeployed =
    !node["changed"] && LINE_PROPERTIES.every((name) => typed[name] === String(node[name] ?? typed[name]));
  return isAsDeployed ? { bus: node.id } : { line: typed };
}

interface OnLine {
  unitId: number;
  name: string;
}

function metersOn(id: string): OnLine[] {
  const found: OnLine[] = [];
  RED.nodes.eachNode((node) => {
    if (node.type === "ev-meter" && node["bus"] === id)
      found.push({ unitId: Number(node["unitId"] ?? 1), name: String(node["meter"] ?? "") });
  });
  return found;
}

function show(box: JQuery, { units, tookMs }: LineTestPage, meters: readonly OnLine[]): void {
  const isHeard = units.some(({ state }) => state === "answers");
  box.empty().append(
    $("<p>")
      .addClass(isHeard ? "ev-fine" : "ev-doubt")
      .text(isHeard ? word("connected", { ms: tookMs }) : word("noUnit")),
  );
  const list = $("<ul>").appendTo(box);
  for (const { unitId, state, tookMs: ms, text } of units) {
    const names = meters.filter((meter) => meter.unitId === unitId).map(({ name }) => name);
    const unit = names.length > 0 ? word("unitOf", { unitId, names: names.join(", ") }) : word("unit", { unitId });
    const line = $("<li>")
      .text(`${unit}: ${word(`state.${state}`, { ms })}`)
      .appendTo(list);
    if (text) line.attr("title", text);
    if (state !== "answers") line.addClass("ev-doubt");
  }
  if (meters.length === 0) box.append($("<p>").addClass("ev-quiet").text(word("noMeter")));
}

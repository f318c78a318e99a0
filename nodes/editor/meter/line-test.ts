/** "Test connection" in the dialog of a Modbus connection: whether the line is there, and each meter on it. */
import type { LineTestPage } from "../../admin/types/dialog-page-types.ts";
import { textIn } from "../fields.ts";
import { ask, showWork } from "../requests.ts";
import { meterHint, wordsOf } from "../words.ts";
import { LINE_PROPERTIES } from "./dialog-line.ts";

const word = wordsOf("ev-modbus", "ev-modbus.test");

/** Tests the connection as it stands in the dialog; the deployed one while nothing was changed. Shows what came of it. */
export async function testLine(box: JQuery, node: EditorNode): Promise<void> {
  const meters = metersOn(node.id);
  const unitIds = [...new Set(meters.map(({ unitId }) => unitId))];
  await showWork(box, word("running"), meterHint, async () => {
    show(box, await ask<LineTestPage>("POST", "modbus-tests", { ...reference(node), unitIds }), meters);
  });
}

function reference(node: EditorNode): object {
  const typed = Object.fromEntries(LINE_PROPERTIES.map((name) => [name, textIn(`#node-config-input-${name}`)]));
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

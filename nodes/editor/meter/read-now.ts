/** "Read now" in a meter's dialog: what the device says, raw and decoded. */

import type { InspectedValuePage, InspectionPage } from "../../admin/types/meter-page-types.ts";
import { numberText } from "../numbers.ts";
import { ask, showWork } from "../requests.ts";
import { meterHint, meterWord } from "../words.ts";
import { list } from "./profile-info.ts";

/** @param request what names the line, the device and its unit id; may throw an Error in words */
export async function readNow(box: JQuery, request: () => object): Promise<void> {
  await showWork(box, meterWord("read.reading"), meterHint, async () => {
    show(box.empty(), await ask<InspectionPage>("POST", "meter-readings", request()));
  });
}

function show(box: JQuery, inspection: InspectionPage): void {
  const { measurement, found, suspicions, disagreements, values } = inspection;
  const wrong = values.filter(({ problem }) => problem !== null);
  const summary = $("<p>").append(
    $("<span>")
      .addClass(`ev-pill ev-${measurement.quality}`)
      .text(meterWord(`quality.${measurement.quality}`)),
    document.createTextNode(` ${inWords(inspection)}${found ? ` · ${found}` : ""}`),
  );
  box.append(summary);
  for (const text of suspicions) box.append($("<div>").addClass("ev-warn").text(text));
  if (wrong.length > 0 && wrong.length < values.length)
    box.append(
      $("<p>")
        .addClass("ev-quiet")
        .text(meterWord("read.some", { count: wrong.length, total: values.length })),
    );
  box.append(valueTable(values));
  box.append($("<p>").addClass("ev-quiet").text(meterWord("read.compare")));
  if (disagreements.length > 0)
    box.append($("<div>").addClass("ev-warn").text(meterWord("info.disagreements")).append(list(disagreements)));
  box.append(words(inspection));
}

function inWords({ measurement: { powerW, currentA, voltageV } }: InspectionPage): string {
  const row = (values: readonly (number | null)[], unit: string, digits: number) =>
    values.some((value) => value !== null)
      ? [`${values.map((value) => (value === null ? "–" : numberText(value, digits, digits))).join(" / ")} ${unit}`]
      : [];
  const power = powerW === null ? [] : [`${numberText(powerW / 1000, 2, 2)} kW`];
  return [...power, ...row(currentA, "A", 1), ...row(voltageV, "V", 0)].join(" · ");
}

function valueTable(values: readonly InspectedValuePage[]): JQuery {
  const head = ["name", "value", "raw", "address"].map((key) => $("<th>").text(meterWord(`read.${key}`)));
  const table = $("<table>").addClass("ev-table").append($("<tr>").append(head));
  for (const value of values) table.append(valueRow(value));
  return table;
}

function valueRow({ name, value, unit, raw, address, type, problem, note }: InspectedValuePage): JQuery {
  const shown = value === null ? "–" : `${numberText(Number(value.toPrecision(7)), 7)} ${unit}`;
  const second = $("<td>").text(shown);
  if (problem) second.append($("<div>").text(problem));
  return $("<tr>")
    .toggleClass("ev-wrong", problem !== null)
    .attr("title", note ?? "")
    .append(
      $("<td>").text(name),
      second,
      $("<td>").append($("<code>").text(raw ?? "–")),
      $("<td>").append($("<code>").text(`${address} ${type}`)),
    );
}

/** The replies as they came, for a report or a manual. */
function words({ blocks }: InspectionPage): JQuery {
  const rows = blocks.map(({ functionCode, address, count, words: read, error }) =>
    $("<tr>")
      .toggleClass("ev-wrong", error !== null)
      .append(
        $("<td>").append($("<code>").text(`${functionCode}: ${address}–${address + count - 1}`)),
        $("<td>").append($("<code>").text(read ? read.join(" ") : (error ?? ""))),
      ),
  );
  return $("<details>").append(
    $("<summary>").text(meterWord("read.words", { count: blocks.length })),
    $("<table>").addClass("ev-table").append(rows),
  );
}

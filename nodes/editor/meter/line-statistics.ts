/** How a deployed connection does, live while a dialog is open. */

import type { LinePage } from "../../admin/types/meter-page-types.ts";
import { reveal } from "../looks.ts";
import { numberText } from "../numbers.ts";
import { ask } from "../requests.ts";
import { meterWord } from "../words.ts";

const REFRESH_MS = 1000;

/** Shows the statistics of an `ev-modbus` in a box until `close`. */
export class LineStatistics {
  readonly #box: JQuery;
  readonly #id: string;
  #timer: number | undefined;
  #isNew = true;
  #isClosed = false;

  constructor(box: JQuery, id: string) {
    this.#box = box;
    this.#id = id;
    this.#refresh();
    this.#timer = window.setInterval(() => this.#refresh(), REFRESH_MS);
  }

  close(): void {
    window.clearInterval(this.#timer);
    this.#isClosed = true;
  }

  #refresh(): void {
    ask<LinePage | null>("GET", `modbus/${encodeURIComponent(this.#id)}`).then(
      (page) => {
        // The box may show something else by now.
        if (this.#isClosed) return;
        if (page) show(this.#box, page);
        else this.#say(meterWord("line.undeployed"));
        if (this.#isNew) reveal(this.#box);
        this.#isNew = false;
      },
      ({ message }) => this.#say(message),
    );
  }

  #say(text: string): void {
    this.#box.empty().append($("<p>").addClass("ev-quiet").text(text));
  }
}

function show(box: JQuery, { text, statistics }: LinePage): void {
  const { isConnected, utilisationPercent, cycleMs, idealCycleMs, latencyP50Ms, latencyP99Ms } = statistics;
  const ideal = idealCycleMs === null ? "" : ` (${meterWord("line.ideal", { ms: rounded(idealCycleMs) })})`;
  const rows: [string, string][] = [
    ["utilisation", `${numberText(utilisationPercent, utilisationPercent < 10 ? 1 : 0)} %`],
    ["cycle", cycleMs === null ? "–" : `${rounded(cycleMs)} ms${ideal}`],
    ["latency", latencyP50Ms === null ? "–" : `${rounded(latencyP50Ms)} / ${rounded(latencyP99Ms ?? 0)} ms`],
    ["requests", `${statistics.requests} · ${statistics.retries}`],
    ["silence", `${statistics.timeouts} · ${statistics.exceptions}`],
    ["broken", `${statistics.crcErrors} · ${statistics.lateFrames}`],
    ["left", `${statistics.skipped} · ${statistics.drops + statistics.refused}`],
    ["connects", String(statistics.connects)],
  ];
  const table = $("<table>").addClass("ev-table");
  for (const [key, value] of rows)
    table.append($("<tr>").append($("<td>").text(meterWord(`line.${key}`)), $("<td>").text(value)));
  const isUsed = statistics.requests > 0;
  const state = isConnected ? "good" : isUsed ? "bad" : "idle";
  const head = $("<p>").append(
    $("<span>")
      .addClass(`ev-pill ev-${state}`)
      .text(meterWord(`line.${state}`)),
    document.createTextNode(` ${text}`),
  );
  box.empty().append(head, table, unitTable(statistics));
}

function unitTable({ units }: LinePage["statistics"]): JQuery {
  if (units.length === 0) return $();
  const head = ["unit", "answers", "takes", "rests"].map((key) => $("<th>").text(meterWord(`line.${key}`)));
  const table = $("<table>").addClass("ev-table").append($("<tr>").append(head));
  for (const { unitId, latencyP50Ms, latencyP99Ms, turnaroundMs, failures, restMs } of units) {
    const resting = restMs > 0 ? meterWord("line.restS", { count: failures, seconds: Math.ceil(restMs / 1000) }) : "";
    table.append(
      $("<tr>")
        .toggleClass("ev-wrong", failures > 0)
        .append(
          $("<td>").text(String(unitId)),
          $("<td>").text(latencyP50Ms === null ? "–" : `${rounded(latencyP50Ms)} / ${rounded(latencyP99Ms ?? 0)} ms`),
          $("<td>").text(turnaroundMs === null ? "–" : `${rounded(turnaroundMs)} ms`),
          $("<td>").text(resting || (failures > 0 ? meterWord("line.failures", { count: failures }) : "")),
        ),
    );
  }
  return table;
}

function rounded(ms: number): string {
  return numberText(ms, ms < 10 ? 1 : 0);
}

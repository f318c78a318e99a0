/** The list of connectors in a charge point's dialog: values, how each is wired, and what does not fit together. */
import { type Column, fillList, markWrong, offerNames, readList } from "../fields.ts";
import { readNumber } from "../numbers.ts";
import { drawPhases } from "../phase-drawing.ts";
import { isEmpty, type NumberFieldRule, numberProblem, rowsRule, word } from "../rules.ts";
import { wordsOf } from "../words.ts";

const words = wordsOf("ev-charge-point");

type Row = Record<string, unknown>;

const LIST = "#ev-charge-point-connectors";
const ROTATIONS = ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"];
const MODES = ["fast", "pv", "minpv", "off"];
const NUMBERS = {
  number: { min: 1, max: 99, integer: true },
  maxA: { min: 1, max: 1000 },
  minA: { min: 1, max: 80 },
  minA3p: { min: 1, max: 80, optional: true },
  priorityClass: { min: 0, max: 99, integer: true, optional: true },
} satisfies Record<string, NumberFieldRule>;

export const NEW_CONNECTOR = {
  number: 1,
  phases: 3,
  rotation: "RST",
  maxA: 32,
  minA: 6,
  priorityClass: 1,
  mode: "fast",
};

/** What the runtime takes, cell by cell, and that the values of a line fit together. */
export const connectorsRule = rowsRule("connectors", "connector", (row, place, _index, rows) => {
  for (const [name, rule] of Object.entries(NUMBERS)) {
    const problem = numberProblem(place(name), row[name], rule);
    if (problem !== null) return problem;
  }
  if (rows.filter((other) => String(other["number"]) === String(row["number"])).length > 1)
    return word("duplicateLine", { field: place("number"), value: row["number"] });
  if (Number(row["minA"]) > Number(row["maxA"])) return word("notAbove", { field: place("minA"), limit: row["maxA"] });
  if (!isEmpty(row["minA3p"]) && Number(row["minA3p"]) < Number(row["minA"]))
    return word("notBelow", { field: place("minA3p"), limit: row["minA"] });
  return null;
});

/** One open list. */
export class ConnectorList {
  readonly #columns: Column[];
  readonly #onChange: () => void;

  /** @param onChange called at first and whenever something in the list changed */
  constructor(rows: readonly Row[], onChange: () => void) {
    this.#columns = columns();
    offerNames("#ev-charge-point-meters", "meter", "ev-meter", "ev-meter-input");
    this.#onChange = onChange;
    fillList(LIST, this.#columns, rows, {
      ifEmpty: NEW_CONNECTOR,
      cells: true,
      onRow: (container) => this.#prepare(container),
      onRemove: () => this.#changed(),
    });
    $("#ev-charge-point-minimum").on("change", function () {
      takeMinimum(String($(this).val() ?? ""));
    });
    this.#changed();
  }

  /** The rows as typed; what older flows do not have stays away while it is empty. */
  get rows(): Row[] {
    return readList(LIST, this.#columns).map(({ minA3p, name, socketType, sessionMeter, ...row }) => ({
      ...row,
      ...(name ? { name } : {}),
      ...(!isEmpty(minA3p) && { minA3p }),
      ...(socketType ? { socketType } : {}),
      ...(sessionMeter ? { sessionMeter } : {}),
    }));
  }

  /** Sets the rotation of a connector. */
  /** @returns false where no such connector is in the list */
  setRotation(number: number, rotation: string): boolean {
    const isIts = (field: HTMLElement) => Number($(field).val()) === number;
    const fields = $(`${LIST} [data-column="number"]`).toArray().filter(isIts);
    for (const field of fields) $(field).closest("li").find('[data-column="rotation"]').val(rotation).trigger("change");
    return fields.length > 0;
  }

  #prepare(container: JQuery): void {
    const drawing = $("<div>").appendTo(container);
    const cell = (name: string) => String(container.find(`[data-column="${name}"]`).val() ?? "");
    const draw = () => drawing.empty().append(drawPhases(cell("rotation"), Number(cell("phases")), words));
    container.find('[data-column="rotation"], [data-column="phases"]').on("change", draw);
    container.on("input change", () => this.#changed());
    draw();
    this.#mark(container, cell);
    container.find('[data-column="sessionMeter"]').attr("list", "ev-charge-point-meters");
    // The row is not in the list yet.
    window.setTimeout(() => this.#changed(), 0);
  }

  #mark(container: JQuery, cell: (name: string) => string): void {
    const numbersOf = () =>
      $(`${LIST} [data-column="number"]`)
        .toArray()
        .map((field) => String($(field).val()));
    const alsoHolds: Record<string, (value: number) => boolean> = {
      number: (value) => numbersOf().filter((number) => number === String(value)).length < 2,
      minA: (value) => !(value > readNumber(cell("maxA"))),
      minA3p: (value) => !(value < readNumber(cell("minA"))),
    };
    for (const [name, rule] of Object.entries(NUMBERS)) {
      const fits = (text: string) => numberProblem("", text, rule) === null;
      const field = container.find(`[data-column="${name}"]`);
      markWrong(field, (text) => fits(text) && (text === "" || (alsoHolds[name]?.(readNumber(text)) ?? true)));
    }
  }

  /** What is wrong with one line may depend on the others. */
  #changed(): void {
    $(`${LIST} [data-column]`).trigger("input.wrong");
    this.#onChange();
  }
}

/** A preset of minimums fills them in on every line. */
function takeMinimum(preset: string): void {
  const [minA, minA3p = ""] = preset.split("/");
  if (!minA) return;
  $(`${LIST} [data-column="minA3p"]`).val(minA3p);
  $(`${LIST} [data-column="minA"]`).val(minA).trigger("change");
}

function columns(): Column[] {
  const label = (name: string) => words(`connector.${name}`);
  const named = (section: string, choices: readonly string[]) =>
    Object.fromEntries(choices.map((choice) => [choice, words(`${section}.${choice}`)]));
  const numbers = (name: keyof typeof NUMBERS, width: string, initial: string | number): Column => {
    return { name, label: label(name), kind: "number", width, initial };
  };
  return [
    numbers("number", "44px", "next"),
    { name: "name", label: label("name"), kind: "text", width: "110px", initial: "" },
    { name: "phases", label: label("phases"), kind: ["3", "1", "2"], width: "62px", initial: 3 },
    {
      name: "rotation",
      label: label("rotation"),
      kind: ROTATIONS,
      words: { Unknown: words("phases.notKnown") },
      width: "104px",
      initial: "RST",
    },
    numbers("maxA", "58px", 32),
    numbers("minA", "58px", 6),
    numbers("minA3p", "66px", ""),
    numbers("priorityClass", "118px", 1),
    { name: "mode", label: label("mode"), kind: MODES, words: named("modes", MODES), width: "130px", initial: "fast" },
    { name: "socketType", label: label("socketType"), kind: "text", width: "90px", initial: "" },
    { name: "sessionMeter", label: label("sessionMeter"), kind: "text", width: "130px", initial: "" },
  ];
}

/** What the numbers of a zone come to: the breaker in words, and what it leaves for the chargers. */
import { breakerBounds } from "../../lib/breaker-curve.ts";
import { fillTriple, readTriple } from "./fields.ts";
import { numberText, readNumber } from "./numbers.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-zone");

type Triple = [number, number, number];

/** Usual sizes, A, and the cross-section of the copper that usually goes with each, mm². */
const SIZES: readonly (readonly [number, string])[] = [
  [16, "2.5"],
  [20, "4"],
  [25, "4"],
  [32, "6"],
  [35, "10"],
  [40, "10"],
  [50, "10"],
  [63, "16"],
  [80, "25"],
  [100, "35"],
  [125, "50"],
  [160, "70"],
  [200, "95"],
  [250, "120"],
  [315, "185"],
  [400, "240"],
  [630, "2 × 185"],
];
/** Wired phases by the value of the field. */
const FORMS: Readonly<Record<string, readonly boolean[]>> = {
  "3": [true, true, true],
  L1: [true, false, false],
  L2: [false, true, false],
  L3: [false, false, true],
};
const FIELD = "#node-config-input-";
/** What a limit or a load of a zone may be. */
export const AMPS = { min: 0, max: 100_000 } as const;

/** Fills a zone's limits from a breaker, and says what they mean. */
export class BreakerFields {
  constructor() {
    const size = $("#ev-zone-size");
    for (const [amps] of SIZES) size.append($("<option>").val(amps).text(`${amps} A`));
    // Before the event comes to what shows the result, which would set the choice back.
    $("#ev-zone-size, #ev-zone-form").on("input change", () => this.#take());
    $("#ev-zone-tenth, #ev-zone-fifth").on("click", (event) => this.#keepFree(event.target.id));
    $("#ev-zone-limits").on("input change", () => this.show());
    $(`${FIELD}site`).on("change", () => this.show());
    this.show();
  }

  /** Says what the fields come to now. */
  show(): void {
    const limits = numbers("limitA");
    const wired = Object.entries(FORMS).find(
      ([, phases]) =>
        new Set(limits.filter((_, at) => phases[at])).size === 1 && limits.every((a, at) => phases[at] || a === 0),
    );
    const amps = wired ? (limits.find((limit) => limit > 0) ?? 0) : 0;
    const known = SIZES.find(([size]) => size === amps);
    $("#ev-zone-size").val(known ? String(amps) : "");
    if (wired && amps > 0) $("#ev-zone-form").val(wired[0]);
    const box = $("#ev-zone-breaker").empty();
    if (known) box.append($("<p>").addClass("ev-quiet").text(this.#meaning(amps, known[1])));
    box.append(this.#result(limits));
  }

  #take(): void {
    const amps = Number($("#ev-zone-size").val());
    if (!amps) return;
    const phases = FORMS[String($("#ev-zone-form").val())] ?? FORMS["3"]!;
    fillTriple(
      "ev-zone",
      "limitA",
      phases.map((isWired) => (isWired ? amps : 0)),
      AMPS,
    );
    this.show();
  }

  #keepFree(button: string): void {
    const part = button === "ev-zone-tenth" ? 0.1 : 0.2;
    fillTriple(
      "ev-zone",
      "headroomA",
      numbers("limitA").map((limit) => Math.round(limit * part * 10) / 10),
      AMPS,
    );
    this.show();
  }

  /** What it must hold, and what opens it within its conventional time. */
  #meaning(amps: number, cable: string): string {
    const { holds, opens, hours } = breakerBounds(amps);
    return words("breaker.meaning", {
      amps,
      holdsA: Math.round(amps * holds),
      opensA: Math.round(amps * opens),
      hours,
      cable,
    });
  }

  #result(limits: Triple): JQuery {
    // Half filled in it is wrong, which validation says; what is empty lowers nothing meanwhile.
    const operator = readTriple("ev-zone", "operatorLimitA", null)?.map((value) =>
      value === "" ? Infinity : Number(value),
    );
    const headroom = numbers("headroomA");
    const assumed = numbers("assumedLoadA");
    const free = limits.map((limit, at) => Math.min(limit, operator?.[at] ?? limit) - headroom[at]!) as Triple;
    const left = free.map((amps, at) => amps - assumed[at]!) as Triple;
    const lines = [words("breaker.left", { amps: inWords(free), kW: this.#kW(free) })];
    if (operator?.some((limit, at) => limit < limits[at]!)) lines.push(words("breaker.operator"));
    if (assumed.some((amps) => amps !== 0)) lines.push(words("breaker.assumed", { amps: inWords(left) }));
    const power = readNumber($(`${FIELD}maxPowerW`).val());
    const carried = this.#watts(free);
    if (power > 0 && power < carried) {
      const phases = Math.max(1, free.filter((amps) => amps > 0).length);
      const each = rounded(power / this.#voltageV / phases);
      lines.push(words("breaker.power", { kW: rounded(power / 1000), amps: each }));
    }
    const isNothing = limits.some((limit, at) => limit > 0 && left[at]! <= 0);
    if (isNothing) lines.push(words("breaker.nothing"));
    return $("<p>").toggleClass("ev-wrong", isNothing).attr("id", "ev-zone-left").text(lines.join(" "));
  }

  get #voltageV(): number {
    const site = RED.nodes.node(String($(`${FIELD}site`).val() ?? ""));
    return Number(site?.["voltageV"]) || 230;
  }

  #watts(amps: Triple): number {
    return amps.reduce((sum, one) => sum + Math.max(0, one) * this.#voltageV, 0);
  }

  #kW(amps: Triple): number {
    return rounded(this.#watts(amps) / 1000);
  }
}

function numbers(name: string): Triple {
  return readTriple<Triple>("ev-zone", name, [0, 0, 0]).map((value) => Number(value) || 0) as Triple;
}

/** `60 A` where all phases are alike, else `60 / 50 / 60 A`. */
function inWords(amps: Triple): string {
  const shown = amps.map((one) => numberText(rounded(one)));
  return new Set(shown).size === 1 ? `${shown[0]} A` : `${shown.join(" / ")} A`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What is known of the chosen device, below the field in which it is chosen. */
import type { ProfilePage } from "../../admin/types/meter-page-types.ts";
import { button } from "../looks.ts";
import { meterWord } from "../words.ts";

/** A button in the box that takes over what is usual. */
export interface UsualOffer {
  text: string;
  take: () => void;
}

/** Shows a device; null empties the box. `doubts` are sentences about how it fits the rest of the dialog. */
export function showProfile(
  box: JQuery,
  profile: ProfilePage | null,
  offers: UsualOffer[],
  doubts: string[] = [],
): void {
  box.empty();
  if (!profile) return;
  $("<p>").text(usualInWords(profile)).appendTo(box);
  $("<p>")
    .text(`${meterWord("info.values")}: ${givenInWords(profile)} `)
    .append(confidencePill(profile))
    .appendTo(box);
  for (const { text, take } of offers) button(text).on("click", take).appendTo(box);
  const hasCurrents =
    profile.values === null || /^I\b/.test(profile.values) || ["pv", "battery"].includes(profile.kind);
  for (const doubt of [...doubts, ...(hasCurrents ? [] : [meterWord("info.noCurrents")])])
    $("<div>").addClass("ev-warn").text(doubt).appendTo(box);
  if (profile.disagreements.length > 0) {
    const warning = $("<div>").addClass("ev-warn").text(meterWord("info.disagreements")).appendTo(box);
    list(profile.disagreements).appendTo(warning);
  }
  if (profile.notes.length > 0) {
    const details = $("<details>").append(
      $("<summary>").text(meterWord("info.notes", { count: profile.notes.length })),
    );
    details.append(list(profile.notes).addClass("ev-quiet")).appendTo(box);
  }
}

/** `I, U, P per phase, P, E, f, PF`, the words in it in the language of the editor. */
function givenInWords({ values }: ProfilePage): string {
  if (values === null) return meterWord("info.discovered");
  return values.replace(/per phase|1 phase|import|export/g, (word) => meterWord(`info.${WORDS[word]}`));
}

const WORDS: Readonly<Record<string, string>> = {
  "per phase": "perPhase",
  "1 phase": "onePhase",
  import: "import",
  export: "export",
};

/** `RTU · usually unit 1, 9600 8N1` */
function usualInWords({ transports, defaults, kind }: ProfilePage): string {
  const { unitId, port } = defaults;
  const usual = [
    ...(unitId === null ? [] : [meterWord("info.unit", { unitId })]),
    ...(port === null || port === 502 ? [] : [meterWord("info.port", { port })]),
    ...(defaults.baudRate === null ? [] : [formatOf(defaults)]),
  ];
  const parts = [meterWord(`kind.${kind}`), transports.map((name) => name.toUpperCase()).join(", ")];
  return [...parts, ...(usual.length > 0 ? [meterWord("info.usually", { usual: usual.join(", ") })] : [])].join(" · ");
}

/** `9600 8N1`; only the speed where the rest is not known. */
export function formatOf({ baudRate, parity, stopBits }: ProfilePage["defaults"]): string {
  return parity && stopBits ? `${baudRate} 8${parity}${stopBits}` : `${baudRate} baud`;
}

function confidencePill({ confidence }: ProfilePage): JQuery {
  return $("<span>")
    .addClass(`ev-pill ev-${confidence.toLowerCase()}`)
    .attr("title", meterWord(`confidence.${confidence}`))
    .text(meterWord("info.confidence", { confidence }));
}

export function list(texts: readonly string[]): JQuery {
  return $("<ul>").append(texts.map((text) => $("<li>").text(text)));
}

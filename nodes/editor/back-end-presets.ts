/** A choice of known back ends that fills in the fields of the dialog, says what is peculiar, and where it is stated. */
import { type BackEndPreset, PRESETS } from "../../lib/upstream/presets.ts";
import { wordsOf } from "./words.ts";

const text = wordsOf("ev-back-end", "ev-back-end.preset");

/** @param select empty `<select>` @param box where the note stands */
export function offerPresets(select: JQuery, box: JQuery): void {
  select.empty().append($("<option>").val("").text(text("none")));
  for (const { id, name } of PRESETS) select.append($("<option>").val(id).text(name));
  box.empty().hide();
  select.on("change", () => {
    const chosen = PRESETS.find(({ id }) => id === select.val());
    box.empty().toggle(chosen !== undefined);
    // The dialog of a charge point may be open below, with a name of its own.
    if (chosen) fill(chosen, select.closest("form"), box);
  });
}

function fill({ id, name, url, identity, password, source }: BackEndPreset, form: JQuery, box: JQuery): void {
  const field = (property: string) => form.find(`[id="node-config-input-${property}"]`);
  const named = field("name");
  if (named.val() === "" || PRESETS.some((one) => one.name === named.val())) named.val(name);
  if (url !== "") field("url").val(url).trigger("change");
  if (identity !== "") field("identity").val(identity).trigger("change");
  const replaced = /[A-Z]{4,}/.exec(url)?.[0];
  const notes = [
    url === "" ? text("unknown") : replaced === undefined ? "" : text("replace", { word: replaced }),
    password === null ? "" : text(`password.${password}`),
    text(`note.${id}`),
  ];
  box.append($("<span>").text(`${notes.filter(Boolean).join(" ")} `));
  box.append($("<a>").attr({ href: source, target: "_blank", rel: "noreferrer" }).text(text("source")));
}

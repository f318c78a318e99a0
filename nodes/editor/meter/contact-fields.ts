/** The digital input of a meter: those that its maker describes, or any other by its address. */
import { DIGITAL_INPUTS } from "../../../lib/metering/digital-inputs.ts";
import { answer, isEmpty, type NumberFieldRule, numberRule, type Rule } from "../rules.ts";
import { wordsOf } from "../words.ts";

const text = wordsOf("ev-meter", "ev-meter.contact");
const CONTACT = "#node-input-contact";
const FUNCTION = "#node-input-contactFunction";

/** How many inputs of a device are known. */
function knownInputs(profile: unknown): number {
  return DIGITAL_INPUTS[String(profile)]?.inputs.length ?? 0;
}

/** The device has the chosen input. */
export function contactRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const number = Number(value);
  const isRight = isEmpty(value) || value === "own" || (number >= 1 && number <= knownInputs(this["profile"]));
  return answer(options, isRight ? null : text("gone", { number: String(value) }));
}

/** A number that counts only while an input is chosen; with `isOwn` only while that one is at an address. */
export function contactNumberRule(field: string, rule: NumberFieldRule, isOwn = true): Rule {
  return function (value, options) {
    const contact = this["contact"];
    const counts = isOwn ? contact === "own" : !isEmpty(contact);
    return counts ? numberRule(field, rule).call(this, value, options) : true;
  };
}

/** Offers the inputs of a device, and keeps what is chosen, also where this device has no such input. */
export function offerInputs(profile: string, chosen = String($(CONTACT).val() ?? "")): void {
  const known = Array.from({ length: knownInputs(profile) }, (_, index) => String(index + 1));
  const select = $(CONTACT).empty();
  const add = (value: string, label: string) =>
    select.append(
      $("<option>")
        .val(value)
        .text(label)
        .attr("title", DIGITAL_INPUTS[profile]?.source ?? ""),
    );
  add("", text("none"));
  for (const number of known) add(number, text("input", { number }));
  if (!["", "own", ...known].includes(chosen)) add(chosen, text("gone", { number: chosen }));
  add("own", text("own"));
  select.val(chosen).trigger("change");
}

/** Shows the fields that the chosen input needs, from now on. */
export function followContact(): void {
  $(`${CONTACT}, ${FUNCTION}`).on("change", showContactFields);
  showContactFields();
}

function showContactFields(): void {
  const contact = String($(CONTACT).val() ?? "");
  $(".ev-meter-contact").toggle(contact !== "");
  $(".ev-meter-contact-own").toggle(contact === "own");
  $("#ev-meter-contact-bit").toggle(contact === "own" && Number($(FUNCTION).val()) > 2);
}

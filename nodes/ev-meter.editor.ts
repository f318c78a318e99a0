import type { ProfilePage } from "./admin/types/meter-page-types.ts";
import { onlyOne } from "./editor/candidates.ts";
import { chosenNode, OpenDialog, prepareDialog, saveNumbers } from "./editor/fields.ts";
import { contactNumberRule, contactRule, followContact, offerInputs } from "./editor/meter/contact-fields.ts";
import { lineReference } from "./editor/meter/dialog-line.ts";
import { FindDevices } from "./editor/meter/find-devices.ts";
import { doubtsAboutLine } from "./editor/meter/line-doubts.ts";
import { LineStatistics } from "./editor/meter/line-statistics.ts";
import { OwnProfile, ownProfileRule } from "./editor/meter/own-profile.ts";
import { showProfile } from "./editor/meter/profile-info.ts";
import { allProfiles, ProfilePicker } from "./editor/meter/profile-picker.ts";
import { readNow } from "./editor/meter/read-now.ts";
import { readNumber } from "./editor/numbers.ts";
import { answer, labelOf, meterNameRule, nodeRule, numberRule, requiredRule } from "./editor/rules.ts";
import { meterWord, paletteWords, wordsOf } from "./editor/words.ts";

interface EvMeter {
  meter: string;
  bus: string;
  profile: string;
  customProfile: string;
  unitId: number | string;
  intervalMs: number | string;
  invert: boolean;
  phaseMap: (number | null)[];
  role: string;
  statistics: boolean;
  contact: string;
  contactFunction: number | string;
  contactAddress: number | string;
  contactBit: number | string | null;
  contactDebounceMs: number | string;
}

const text = wordsOf("ev-meter");
const BUS = "#node-input-bus";

/** Each site phase at most once, at least one wired. */
function phaseMapRule(value: unknown, options?: object): boolean | string {
  if (value === undefined) return true;
  const wired = (Array.isArray(value) ? value : []).filter((phase) => phase !== null);
  if (wired.length > 0 && new Set(wired).size === wired.length) return true;
  return options ? text("error.phaseMap") : false;
}

/** Nothing between 0, which is on input only, and what a line bears. */
function intervalRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const number = numberRule("intervalMs", { min: 0, max: 86400000 }).call(this, value, options);
  if (number !== true || !(readNumber(value) > 0 && readNumber(value) < 100)) return number;
  return answer(options, text("error.interval", { field: labelOf(this, "intervalMs") }));
}

/** One open dialog, with everything in it that has to be ended. */
class Dialog {
  readonly #picker: ProfilePicker;
  readonly #own: OwnProfile;
  #statistics: LineStatistics | null = null;
  #search: FindDevices | null = null;

  constructor(node: EvMeter) {
    this.#own = new OwnProfile("ev-meter", node.customProfile ?? "");
    this.#picker = new ProfilePicker({
      prefix: "ev-meter-profile",
      field: "#node-input-profile",
      onChange: () => this.#show(),
    });
    $("#node-input-unitId").on("input", () => this.#show());
    $(BUS).on("change", () => this.#show());
    $("#ev-meter-read").on("click", () => void readNow(this.#openResult(), () => this.#request()));
    $("#ev-meter-find").on("click", () => $("#ev-meter-find-row").toggle());
    $("#ev-meter-find-start").on("click", () => this.#find());
    $("#ev-meter-line").on("click", () => this.#toggleStatistics());
    this.#show();
  }

  get customProfile(): string {
    return this.#own.value;
  }

  close(): void {
    this.#own.close();
    this.#search?.close();
    this.#statistics?.close();
  }

  #show(): void {
    const { profile, id } = this.#picker ?? { profile: null, id: "" };
    const unitId = profile?.defaults.unitId ?? null;
    const offers =
      unitId === null || String(unitId) === String($("#node-input-unitId").val())
        ? []
        : [{ text: meterWord("info.takeUnit", { unitId }), take: () => this.#takeUnit(unitId) }];
    showProfile($("#ev-meter-profile-info"), profile, offers, profile ? doubtsAboutLine(profile, chosenNode(BUS)) : []);
    this.#own.show(id === "custom");
    offerInputs(id);
  }

  #takeUnit(unitId: number): void {
    $("#node-input-unitId").val(unitId).trigger("change");
    this.#show();
  }

  /** What a reading is asked for with: the dialog as it stands. */
  #request(): object {
    return {
      ...lineReference(BUS),
      profile: this.#picker.id,
      customProfile: this.customProfile,
      unitId: $("#node-input-unitId").val(),
    };
  }

  #openResult(): JQuery {
    this.#search?.close();
    this.#statistics?.close();
    this.#statistics = null;
    return $("#ev-meter-result").show();
  }

  #find(): void {
    const box = this.#openResult();
    void allProfiles().then((profiles: ProfilePage[]) => {
      this.#search = new FindDevices({
        box,
        profiles,
        request: () => this.#request(),
        onTake: (unitId, profile) => {
          this.#picker.choose(profile);
          this.#takeUnit(unitId);
        },
      });
      void this.#search.run(String($("#ev-meter-find-from").val()), String($("#ev-meter-find-to").val()));
    });
  }

  #toggleStatistics(): void {
    const wasOpen = this.#statistics !== null;
    const box = this.#openResult().empty();
    const line = chosenNode(BUS);
    if (wasOpen) box.hide();
    else if (line) this.#statistics = new LineStatistics(box, line.id);
    else box.append($("<p>").addClass("ev-wrong").text(meterWord("error.noLine")));
  }
}

/** As it stands in the dialog. */
function phaseMap(): (number | null)[] {
  return [1, 2, 3].map((phase) => Number($(`#ev-meter-phase-${phase}`).val()) || null);
}

const dialog = new OpenDialog<Dialog>();

RED.nodes.registerType<EvMeter>("ev-meter", {
  category: "EV charging",
  color: "#C0DEED",
  icon: "ev-meter.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    meter: { value: "", validate: meterNameRule("meter") },
    bus: onlyOne({ type: "ev-modbus", validate: nodeRule("bus") }),
    profile: { value: "eastron-sdm630", validate: requiredRule("profile") },
    customProfile: { value: "", validate: ownProfileRule },
    unitId: { value: 1, validate: numberRule("unitId", { min: 0, max: 255, integer: true }) },
    intervalMs: { value: 1000, validate: intervalRule },
    invert: { value: false },
    phaseMap: { value: [1, 2, 3], validate: phaseMapRule },
    role: { value: "dlm" },
    statistics: { value: false },
    contact: { value: "", validate: contactRule },
    contactFunction: { value: 2 },
    contactAddress: { value: 0, validate: contactNumberRule("contactAddress", { min: 0, max: 65535, integer: true }) },
    contactBit: {
      value: null,
      validate: contactNumberRule("contactBit", { min: 0, max: 15, integer: true, optional: true }),
    },
    contactDebounceMs: {
      value: 200,
      validate: contactNumberRule("contactDebounceMs", { min: 0, max: 60000 }, false),
    },
  },
  ...paletteWords("ev-meter", "meter"),
  oneditprepare() {
    offerInputs(this.profile, this.contact ?? "");
    prepareDialog(this, {
      phaseMap: { at: [1, 2, 3].map((at) => `#ev-meter-phase-${at}`).join(", "), value: phaseMap },
    });
    for (const phase of [0, 1, 2])
      $(`#ev-meter-phase-${phase + 1}`).val(String((this.phaseMap ?? [1, 2, 3])[phase] ?? ""));
    followContact();
    dialog.open(new Dialog(this));
  },
  oneditsave() {
    saveNumbers(this, "node-input", [
      ...["unitId", "intervalMs", "contactFunction", "contactAddress", "contactBit", "contactDebounceMs"],
    ]);
    this.phaseMap = phaseMap();
    this.customProfile = dialog.current?.customProfile ?? this.customProfile;
    dialog.close();
  },
  oneditcancel: dialog.close,
  oneditdelete: dialog.close,
});

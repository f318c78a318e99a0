import type { ProfilePage } from "./admin/types/meter-page-types.ts";
import { onlyOne } from "./editor/candidates.ts";
import {
  type Column,
  fillList,
  fillTriple,
  OpenDialog,
  prepareDialog,
  readList,
  readTriple,
  saveNumbers,
  textsIn,
  tripleFields,
} from "./editor/fields.ts";
import { OwnProfile, ownProfileRule } from "./editor/meter/own-profile.ts";
import { showProfile } from "./editor/meter/profile-info.ts";
import { ProfilePicker } from "./editor/meter/profile-picker.ts";
import {
  isHost,
  nodeRule,
  numberProblem,
  numberRule,
  requiredRule,
  rowsRule,
  textRule,
  tripleRule,
  word,
} from "./editor/rules.ts";
import { meterWord, paletteWords, wordsOf } from "./editor/words.ts";

interface EvMeterSimulator {
  host: string;
  port: number | string;
  unitId: number | string;
  transport: string;
  profile: string;
  customProfile: string;
  loadA: unknown;
  dayMinutes: number | string;
  zone: string;
  includes: string[];
}

interface Point {
  at: string;
  loadA: (number | string)[];
}

const text = wordsOf("ev-meter-simulator");
const MAX_A = 6300;
const AMPS = { min: -MAX_A, max: MAX_A };
const amps = tripleRule("load", AMPS);

function hostRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const given = requiredRule("host").call(this, value, options);
  return given === true ? textRule("host", "host", isHost).call(this, value, options) : given;
}

/** Three numbers, or points of a day curve. */
function loadRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  return isCurve(value) ? curveRule.call(this, value, options) : amps.call(this, value, options);
}

const curveRule = rowsRule("load", "label", (row, place) => {
  const { at, loadA } = row as unknown as Point;
  if (!/^([01]?\d|2[0-3]):[0-5]\d$/.test(at)) return word("timeOfDay", { field: place("at") });
  const problems = [loadA].flat().map((load, phase) => numberProblem(place(`L${phase + 1}`), load, AMPS));
  return problems.find((problem) => problem !== null) ?? null;
});

function isCurve(value: unknown): value is Point[] {
  return Array.isArray(value) && typeof value[0] === "object" && value[0] !== null;
}

const own = new OpenDialog<OwnProfile>();

RED.nodes.registerType<EvMeterSimulator>("ev-meter-simulator", {
  category: "EV charging",
  color: "#C0DEED",
  icon: "ev-meter-simulator.svg",
  inputs: 1,
  outputs: 0,
  align: "right",
  defaults: {
    host: { value: "127.0.0.1", validate: hostRule },
    port: { value: 1502, validate: numberRule("port", { min: 1, max: 65535, integer: true }) },
    unitId: { value: 1, validate: numberRule("unitId", { min: 0, max: 255, integer: true }) },
    transport: { value: "tcp" },
    profile: { value: "eastron-sdm630", validate: requiredRule("profile") },
    customProfile: { value: "", validate: ownProfileRule },
    loadA: { value: [5, 5, 5], validate: loadRule },
    dayMinutes: { value: 1440, validate: numberRule("dayMinutes", { min: 1, max: 1440 }) },
    zone: onlyOne({ type: "ev-zone", validate: nodeRule("zone", { optional: true }) }),
    includes: { value: ["*"] },
  },
  ...paletteWords("ev-meter-simulator", "name"),
  label() {
    return `${text("label.default")} :${this.port}`;
  },
  labelStyle: () => "",
  oneditprepare() {
    const isConstant = () => $("#ev-meter-simulator-kind").val() === "constant";
    prepareDialog(this, {
      loadA: {
        at: `${tripleFields("ev-meter-simulator", "load")}, #ev-meter-simulator-curve`,
        value: () =>
          isConstant()
            ? readTriple("ev-meter-simulator", "load", [0, 0, 0])
            : readList("#ev-meter-simulator-curve", columns(this)).map(toPoint),
      },
    });
    const made = new OwnProfile("ev-meter-simulator", this.customProfile ?? "");
    own.open(made);
    new ProfilePicker({
      prefix: "ev-meter-simulator-profile",
      field: "#node-input-profile",
      onChange: (profile, id) => {
        showDevice(profile);
        made.show(id === "custom");
      },
    });
    const curve = isCurve(this.loadA) ? this.loadA : [];
    fillTriple("ev-meter-simulator", "load", curve.length > 0 ? [0, 0, 0] : (this.loadA ?? [5, 5, 5]), AMPS);
    fillList("#ev-meter-simulator-curve", columns(this), curve.map(toRow));
    $("#ev-meter-simulator-kind")
      .val(curve.length > 0 ? "curve" : "constant")
      .on("change", showKind);
    showKind();
    $("#ev-meter-simulator-includes").val((this.includes ?? []).join(", "));
    $("#node-input-zone").on("change", showIncludes);
    showIncludes();
  },
  oneditsave() {
    this.customProfile = own.current?.value ?? this.customProfile;
    own.close();
    saveNumbers(this, "node-input", ["port", "unitId", "dayMinutes"]);
    const constant = $("#ev-meter-simulator-kind").val() === "constant";
    const rows = readList("#ev-meter-simulator-curve", columns(this));
    this.loadA =
      constant || rows.length === 0 ? readTriple("ev-meter-simulator", "load", [0, 0, 0]) : rows.map(toPoint);
    this.includes = textsIn("#ev-meter-simulator-includes");
  },
  oneditcancel: own.close,
  oneditdelete: own.close,
});

/** The device, with an offer to take its usual unit id. */
function showDevice(profile: ProfilePage | null): void {
  const unitId = profile?.defaults.unitId ?? null;
  const take = () => {
    $("#node-input-unitId")
      .val(unitId ?? "")
      .trigger("change");
    showDevice(profile);
  };
  const isUsual = unitId === null || String($("#node-input-unitId").val()) === String(unitId);
  const offers = isUsual ? [] : [{ text: meterWord("info.takeUnit", { unitId }), take }];
  showProfile($("#ev-meter-simulator-profile-info"), profile, offers);
}

function showKind(): void {
  const constant = $("#ev-meter-simulator-kind").val() === "constant";
  $("#ev-meter-simulator-constant-row").toggle(constant);
  $("#ev-meter-simulator-curve-row").toggle(!constant);
}

/** Cars are named only where no zone names them. */
function showIncludes(): void {
  const zone = String($("#node-input-zone").val() ?? "");
  $("#ev-meter-simulator-includes-row").toggle(zone === "" || zone === "_ADD_");
}

function columns(node: Localised): Column[] {
  const phase = (name: string): Column => ({
    name,
    label: `${name.toUpperCase()} A`,
    kind: "number",
    width: "22%",
    initial: 5,
    ...AMPS,
  });
  return [
    { name: "at", label: node._("ev-meter-simulator.label.at"), kind: "text", width: "25%", initial: "00:00" },
    phase("l1"),
    phase("l2"),
    phase("l3"),
  ];
}

function toRow({ at, loadA }: Point): Record<string, unknown> {
  const [l1, l2, l3] = Array.isArray(loadA) ? loadA : [loadA, loadA, loadA];
  return { at, l1, l2, l3 };
}

function toPoint(row: Record<string, unknown>): Point {
  return { at: String(row["at"]), loadA: ["l1", "l2", "l3"].map((name) => (row[name] ?? "") as number | string) };
}

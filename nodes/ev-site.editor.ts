import { isTimeZone } from "../lib/local-time.ts";
import { isCurrency, PRICE } from "../lib/session/statistics/site-tariff.ts";
import { watchDataFolder } from "./editor/data-folder.ts";
import { type Column, fillFlag, fillList, prepareDialog, readFlag, readList, saveNumbers } from "./editor/fields.ts";
import { fieldText, readNumber } from "./editor/numbers.ts";
import {
  answer,
  isEmpty,
  isEnvironment,
  labelOf,
  numberProblem,
  numberRule,
  type Rule,
  rowsRule,
  textRule,
  word,
} from "./editor/rules.ts";
import { titleWord } from "./editor/words.ts";

interface EvSite {
  name: string;
  dataDir: string;
  voltageV: number | string;
  country: string;
  itNetwork: boolean | undefined;
  language: string;
  /** The editor keeps the nodes that use a config node in its `users`, so a property cannot be called that. */
  roles: Record<string, unknown>[] | undefined;
  otherUsers: string;
  flows: string;
  timeZone: string;
  tariff: TariffFields | null | undefined;
}

/** As typed. */
interface TariffFields {
  perKWh: number | string;
  perHour: number | string;
  currency: string;
}

/** Prices are empty or numbers, the currency has three letters. */
const tariffRule: Rule = function (value, options) {
  const { perKWh, perHour, currency } = { ...(value as TariffFields | null) };
  const price = { ...PRICE, optional: true };
  const isWrong = !isEmpty(currency) && !isEnvironment(currency) && !isCurrency(String(currency));
  const problem =
    numberProblem(labelOf(this, "perKWh"), perKWh, price) ??
    numberProblem(labelOf(this, "perHour"), perHour, price) ??
    (isWrong ? word("currency", { field: labelOf(this, "currency") }) : null);
  return answer(options, problem);
};

const ROLES = ["viewer", "operator", "admin", "holder", "none"];

/** Each line names another user. */
const rolesRule = rowsRule("roles", "user", ({ user }, place, _index, rows) => {
  if (isEmpty(user)) return word("required", { field: place("user") });
  const same = rows.filter((row) => String(row["user"]).toLowerCase() === String(user).toLowerCase());
  return same.length > 1 ? word("duplicateLine", { field: place("user"), value: user }) : null;
});

RED.nodes.registerType<EvSite>("ev-site", {
  category: "config",
  paletteLabel: titleWord("ev-site"),
  // Nodes that name no site belong to the only one.
  hasUsers: false,
  defaults: {
    name: { value: "" },
    dataDir: { value: "" },
    voltageV: { value: 230, validate: numberRule("voltageV", { min: 100, max: 300 }) },
    country: { value: "DE" },
    itNetwork: { value: false },
    language: { value: "" },
    roles: { value: [], validate: rolesRule },
    otherUsers: { value: "operator" },
    flows: { value: "admin" },
    tariff: { value: null, validate: tariffRule },
    timeZone: { value: "", validate: textRule("timeZone", "timeZone", isTimeZone) },
  },
  credentials: { healthToken: { type: "password" } },
  label() {
    return this.name || this._("ev-site.label.default");
  },
  oneditprepare() {
    prepareDialog(this, {
      roles: { at: "#ev-site-roles", value: () => readList("#ev-site-roles", columns(this)) },
      tariff: { at: "#ev-site-tariff", value: readTariff },
    });
    for (const name of ["perKWh", "perHour", "currency"] as const)
      $(`#ev-site-${name}`).val(fieldText(this.tariff?.[name] ?? ""));
    fillFlag("#ev-site-itNetwork", this.itNetwork);
    fillList("#ev-site-roles", columns(this), this.roles ?? []);
    watchDataFolder($("#ev-site-folder"), this.id);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["voltageV"]);
    const roles = readList("#ev-site-roles", columns(this));
    if (this.roles || roles.length > 0) this.roles = roles;
    const tariff = readTariff();
    if (this.tariff || tariff) this.tariff = tariff;
    this.itNetwork = readFlag("#ev-site-itNetwork", this.itNetwork);
  },
});

/** null where all fields are empty. */
function readTariff(): TariffFields | null {
  const text = (name: string) => String($(`#ev-site-${name}`).val() ?? "").trim();
  const price = (name: string) => {
    const number = readNumber(text(name));
    return Number.isNaN(number) ? text(name) : number;
  };
  const tariff = { perKWh: price("perKWh"), perHour: price("perHour"), currency: text("currency") };
  return Object.values(tariff).some((value) => value !== "") ? tariff : null;
}

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-site.user.${name}`);
  return [
    { name: "user", label: label("user"), kind: "text", width: "60%", initial: "" },
    {
      name: "role",
      label: label("role"),
      kind: ROLES,
      words: Object.fromEntries(ROLES.map((role) => [role, node._(`ev-site.role.${role}`)])),
      width: "38%",
      initial: "operator",
    },
  ];
}

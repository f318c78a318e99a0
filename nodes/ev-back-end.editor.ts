import { offerPresets } from "./editor/back-end-presets.ts";
import { onlyOne } from "./editor/candidates.ts";
import { type Column, fillList, prepareDialog, readList, saveNumbers, textsIn } from "./editor/fields.ts";
import { ask } from "./editor/requests.ts";
import {
  answer,
  isAddress,
  isEmpty,
  nodeRule,
  numberRule,
  requiredRule,
  rowsRule,
  siteRule,
  word,
} from "./editor/rules.ts";
import { titleWord, wordsOf } from "./editor/words.ts";

interface EvBackEnd {
  name: string;
  site: string;
  url: string;
  identity: string;
  role: string;
  authorization: string | undefined;
  lateInvalid: string | undefined;
  allowFirmware: boolean | undefined;
  allowDiagnostics: boolean | undefined;
  allowHardReset: boolean | undefined;
  dataTransferVendors: string[] | undefined;
  identities: Record<string, unknown>[] | undefined;
  tls: string;
  reportingTag: string;
  forgetAfterH: number | string;
}

const text = wordsOf("ev-back-end");
const FIELD = "#node-config-input-";

/** An address that chargers dial. */
function urlRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const given = requiredRule("url").call(this, value, options);
  if (given !== true || String(value).startsWith("${")) return given;
  return answer(options, isAddress(String(value), "ws", "wss") && !/\s/.test(String(value)) ? null : text("rule.url"));
}

function identityRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  return answer(options, /^[^/\s]+$/.test(String(value)) ? null : text("rule.identity"));
}

function tagRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  return answer(options, String(value ?? "").length <= 20 ? null : text("rule.reportingTag"));
}

/** Each line names another charger. */
const identitiesRule = rowsRule("identities", "known", ({ identity, upstreamIdentity }, place, _index, rows) => {
  if (isEmpty(identity)) return word("required", { field: place("identity") });
  if (isEmpty(upstreamIdentity)) return word("required", { field: place("upstreamIdentity") });
  const same = rows.filter((row) => row["identity"] === identity);
  return same.length > 1 ? word("duplicateLine", { field: place("identity"), value: identity }) : null;
});

/** Who may charge is asked of a back end that bills and can tell badges apart. */
function showBadges(): void {
  const [role, authorization, tag] = ["role", "authorization", "reportingTag"].map((name) =>
    $(`${FIELD}${name}`).val(),
  );
  const isBilling = role === "billing" && tag === "";
  $(".ev-back-end-billing").toggle(isBilling);
  $(".ev-back-end-commanding").toggle(role === "billing");
  $(".ev-back-end-judging").toggle(isBilling && authorization !== "local");
}

/** A back end was deleted that has not been told everything: it can be put back before anything else goes on. */
async function askBack({ id, name }: EditorNode): Promise<void> {
  const { waiting } = await ask<{ waiting: number }>("GET", `back-ends/${id}`).catch(() => ({ waiting: 0 }));
  if (waiting === 0) return;
  const question = $("<p>").text(text("removal.question", { name: name || id, waiting }));
  const message = RED.notify(question, {
    ...{ type: "warning", modal: true, fixed: true },
    buttons: [
      {
        text: text("removal.delete"),
        click: () => message.close(),
      },
      {
        text: text("removal.keep"),
        class: "primary",
        click: () => {
          message.close();
          RED.actions.invoke("core:undo");
        },
      },
    ],
  });
}

RED.events.on("nodes:remove", (removed) => {
  const node = removed as EditorNode;
  if (node.type === "ev-back-end") void askBack(node);
});

RED.nodes.registerType<EvBackEnd>("ev-back-end", {
  category: "config",
  paletteLabel: titleWord("ev-back-end"),
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    url: { value: "", validate: urlRule },
    identity: { value: "{identity}", validate: identityRule },
    role: { value: "reporting" },
    authorization: { value: "cloudFirst" },
    lateInvalid: { value: "limit0" },
    allowFirmware: { value: false },
    allowDiagnostics: { value: false },
    allowHardReset: { value: false },
    dataTransferVendors: { value: [] },
    identities: { value: [], validate: identitiesRule },
    tls: { value: "", type: "tls-config", validate: nodeRule("tls", { optional: true }) },
    reportingTag: { value: "", validate: tagRule },
    forgetAfterH: { value: 24, validate: numberRule("forgetAfterH", { min: 1, max: 8760 }) },
  },
  credentials: { password: { type: "password" } },
  label() {
    return this.name || this.url || this._("ev-back-end.label.default");
  },
  oneditprepare() {
    prepareDialog(this, {
      dataTransferVendors: {
        at: "#ev-back-end-dataTransferVendors",
        value: () => textsIn("#ev-back-end-dataTransferVendors"),
      },
      identities: { at: "#ev-back-end-identities", value: () => readList("#ev-back-end-identities", columns(this)) },
    });
    fillList("#ev-back-end-identities", columns(this), this.identities ?? []);
    offerPresets($("#ev-back-end-preset"), $("#ev-back-end-preset-note"));
    $("#ev-back-end-dataTransferVendors").val((this.dataTransferVendors ?? []).join(", "));
    // Nodes of earlier versions do not have them.
    for (const [name, usual] of [
      ["authorization", "cloudFirst"],
      ["lateInvalid", "limit0"],
    ] as const)
      $(`${FIELD}${name}`).val(this[name] ?? usual);
    for (const name of ["role", "authorization", "reportingTag"]) $(`${FIELD}${name}`).on("change", showBadges);
    showBadges();
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["forgetAfterH"]);
    const identities = readList("#ev-back-end-identities", columns(this));
    const vendors = textsIn("#ev-back-end-dataTransferVendors");
    if (this.dataTransferVendors || vendors.length > 0) this.dataTransferVendors = vendors;
    if (this.identities || identities.length > 0) this.identities = identities;
  },
});

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-back-end.known.${name}`);
  return [
    { name: "identity", label: label("identity"), kind: "text", width: "50%", initial: "" },
    { name: "upstreamIdentity", label: label("upstreamIdentity"), kind: "text", width: "50%", initial: "" },
  ];
}

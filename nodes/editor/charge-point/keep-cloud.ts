/** Asks a charger for the back end that it was given before, and sets that up: in the dialog of a new back end, filled in. */
import type { FormerBackEnd } from "../../../lib/upstream/former/former-back-end.ts";
import type { FormerBackEndPage } from "../../admin/types/charge-point-page-types.ts";
import type { BackEndList } from "../back-ends.ts";
import { button } from "../looks.ts";
import { ask, showWork } from "../requests.ts";
import { wordsOf } from "../words.ts";

const text = wordsOf("ev-back-end", "ev-back-end.cloud");
const FIELD = "node-config-input-";
/** A dialog that has not opened by then does not open, ms. */
const OPENS_MS = 5000;

export interface CloudOptions {
  /** Identity of the charge point, as it stands in the dialog. */
  identity(): string;
  /** Id of its site; empty = not known. */
  site(): string;
  list: BackEndList;
}

/** @param box empty; button and answer stand there */
export function offerCloud(box: JQuery, options: CloudOptions): void {
  const answer = $("<div>").attr("role", "status");
  const press = button(text("ask"), "fa-cloud").on("click", () => {
    press.prop("disabled", true);
    const asked = showWork(
      answer,
      text("asking"),
      () => "",
      async () => {
        const { state, found } = await askCharger(options.identity());
        // The dialog was closed meanwhile.
        if (!answer.get(0)?.isConnected) return;
        if (state === "found") answer.empty().append(found.map((one) => lineOf(one, options)));
        else answer.empty().append($("<p>").text(text(state)));
        const [only] = found;
        if (only && found.length === 1) take(only, options);
      },
    );
    void asked.finally(() => press.prop("disabled", false));
  });
  box.empty().append($("<p>").append(press), answer);
}

function askCharger(identity: string): Promise<FormerBackEndPage> {
  if (identity === "") return Promise.resolve({ state: "offline", found: [] });
  return ask<FormerBackEndPage>("POST", `charge-points/${encodeURIComponent(identity)}/former-back-end`);
}

/** What the charger tells of one, and what to do with it. */
function lineOf(found: FormerBackEnd, options: CloudOptions): JQuery {
  const { url, identity, key } = found;
  const told = identity === null ? text("found", { url, key }) : text("foundAs", { url, key, identity });
  const there = setUp(found, options.site());
  const parts = [told, there === null ? text("password") : text("isThere", { name: nameOf(there) })];
  const other = there === null ? null : missingIdentity(found, there, options.identity());
  if (other !== null) parts.push(text("otherIdentity", { identity: other }));
  const act = button(text(there === null ? "setUp" : "choose")).on("click", () => take(found, options));
  return $("<p>").append(document.createTextNode(`${parts.join(" ")} `), act);
}

/** Chooses the one that is set up already; else opens the dialog of a new one, which is chosen when it is kept. */
function take(found: FormerBackEnd, { identity, site, list }: CloudOptions): void {
  const there = setUp(found, site());
  if (there) list.choose(there.id);
  else fillIn(found, identity(), site());
}

function setUp({ url }: FormerBackEnd, site: string): EditorNode | null {
  const same: EditorNode[] = [];
  RED.nodes.eachConfig((node) => {
    const isSame = node.type === "ev-back-end" && String(node["url"]).replace(/\/+$/, "") === url;
    if (isSame && (site === "" || node["site"] === site)) same.push(node);
  });
  return same[0] ?? null;
}

/** The identity that one which is set up already would have to know. @returns null where it knows it, or none is told */
function missingIdentity({ identity }: FormerBackEnd, node: EditorNode, here: string): string | null {
  if (identity === null) return null;
  const rows = (node["identities"] ?? []) as { identity?: string; upstreamIdentity?: string }[];
  const own = rows.find((row) => row.identity?.toLowerCase() === here.toLowerCase())?.upstreamIdentity;
  const known =
    own ??
    String(node["identity"] ?? "")
      .split("{identity}")
      .join(here);
  return known === identity ? null : identity;
}

function nameOf(node: EditorNode): string {
  return String(node["name"] || node["url"] || node.id);
}

function fillIn({ url, identity, preset }: FormerBackEnd, here: string, site: string): void {
  RED.editor.editConfig("", "ev-back-end", "_ADD_");
  whenOpen((select) => {
    const form = select.closest("form");
    const put = (name: string, value: string) => form.find(`[id="${FIELD}${name}"]`).val(value).trigger("change");
    if (preset !== null) select.val(preset).trigger("change");
    else put("name", URL.parse(url)?.hostname ?? "");
    put("url", url);
    if (site !== "") put("site", site);
    if (identity !== null && identity !== here)
      form.find("#ev-back-end-identities").editableList("addItem", { identity: here, upstreamIdentity: identity });
  });
}

/** @param then is given the choice of known back ends, once the dialog has filled it */
function whenOpen(then: (select: JQuery) => void): void {
  const endMs = Date.now() + OPENS_MS;
  const waiting = setInterval(() => {
    const select = $("#ev-back-end-preset");
    const isOpen = select.find("option").length > 0;
    if (!isOpen && Date.now() < endMs) return;
    clearInterval(waiting);
    if (isOpen) then(select);
  }, 50);
}

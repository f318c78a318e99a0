/** How the dialogs look, in the editor's own colours so that they fit every theme. */

const STYLE = `
.form-row > label:has(> [data-i18n^="@phasewise/"]) { vertical-align: middle; }
.ev-group { margin: 0 0 10px; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 4px; padding: 0 10px; position: relative; }
.ev-group[open] { padding-bottom: 8px; }
.ev-group > summary { cursor: pointer; padding: 7px 0; font-weight: 500; display: list-item; }
.ev-box { margin: -4px 0 12px 105px; padding: 6px 10px; border-left: 3px solid var(--red-ui-secondary-border-color); background: var(--red-ui-secondary-background); line-height: 1.5; overflow-wrap: anywhere; }
.ev-box:empty { display: none; }
.ev-box p { margin: 0; }
.ev-box ul { margin: 2px 0 2px 18px; }
.ev-box code { background: none; border: none; padding: 0; color: inherit; white-space: normal; }
.ev-box summary { cursor: pointer; display: list-item; }
.ev-quiet, .ev-note { color: var(--red-ui-secondary-text-color); font-size: 12px; font-weight: normal; overflow-wrap: anywhere; }
.ev-wrong, .ev-problem { color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.ev-said { margin: -8px 0 12px 105px; color: var(--red-ui-text-color-error); font-size: 12px; line-height: 1.4; overflow-wrap: anywhere; }
.ev-fine { color: var(--red-ui-text-color-success); }
.ev-doubt { color: var(--red-ui-text-color-warning); }
.ev-warn { margin: 4px 0; padding: 4px 8px; border-left: 3px solid var(--red-ui-text-color-warning); overflow-wrap: anywhere; }
.ev-warn ul { margin: 2px 0 2px 16px; }
.ev-pill, .ev-source { display: inline-block; min-width: 8px; border: 1px solid currentColor; border-radius: 3px; padding: 0 6px; font-size: 11px; line-height: 16px; color: var(--red-ui-secondary-text-color); text-align: center; }
.ev-pill.ev-a, .ev-pill.ev-good, .ev-source.ev-learnt { color: var(--red-ui-text-color-success); }
.ev-pill.ev-b, .ev-source.ev-model { color: var(--red-ui-primary-text-color); }
.ev-pill.ev-c, .ev-pill.ev-stale, .ev-source.ev-user { color: var(--red-ui-text-color-warning); }
.ev-pill.ev-bad { color: var(--red-ui-text-color-error); }
.ev-picker { position: relative; display: inline-block; width: 70%; }
.ev-picker > input[type="text"] { width: 100%; box-sizing: border-box; }
.ev-picker-list { display: none; position: absolute; z-index: 20; left: 0; right: 0; top: 100%; max-height: 290px; overflow-y: auto; background: var(--red-ui-form-input-background); border: 1px solid var(--red-ui-form-input-border-color); border-radius: 0 0 4px 4px; box-shadow: 0 4px 10px rgba(0, 0, 0, 0.25); }
.ev-picker-list.ev-open { display: block; }
.ev-picker-list > div { padding: 4px 8px; cursor: pointer; line-height: 1.35; border-top: 1px solid var(--red-ui-secondary-border-color); }
.ev-picker-list > div.ev-at, .ev-picker-list > div:hover { background: var(--red-ui-list-item-background-hover); }
.ev-picker-list b { font-weight: 600; }
.ev-table { width: 100%; border-collapse: collapse; font-size: 12px; }
.ev-table th { text-align: left; font-weight: 500; color: var(--red-ui-secondary-text-color); padding: 2px 8px 2px 0; }
.ev-table td { vertical-align: top; padding: 2px 8px 2px 0; border-top: 1px solid var(--red-ui-secondary-border-color); overflow-wrap: anywhere; }
.ev-table code { font-size: 11px; background: none; border: none; padding: 0; color: inherit; white-space: normal; }
.ev-table tr.ev-wrong td { color: var(--red-ui-text-color-error); }
.ev-bar { height: 6px; margin: 6px 0; border-radius: 3px; background: var(--red-ui-secondary-border-color); overflow: hidden; }
.ev-bar > div { height: 100%; width: 0; background: var(--red-ui-text-color-success); }
.ev-result { margin-top: 8px; max-height: 420px; overflow-y: auto; }
.ev-number { width: 60px !important; }
.ev-cells { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: flex-end; }
.ev-cells > label { display: block; width: auto; margin: 0; }
.ev-cells > label > span { display: block; font-size: 11px; line-height: 15px; color: var(--red-ui-secondary-text-color); white-space: nowrap; }
.ev-cells > label > input, .ev-cells > label > select { width: 100% !important; box-sizing: border-box; margin: 0; }
ul.ev-addresses.ev-addresses { margin: 0; padding: 0; list-style: none; }
.ev-addresses li { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; padding: 2px 0; }
.ev-addresses code { background: none; border: none; padding: 0; color: var(--red-ui-primary-text-color); white-space: normal; overflow-wrap: anywhere; user-select: all; }
.ev-phases { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin-top: 6px; }
.ev-phases svg { flex: none; color: var(--red-ui-primary-text-color); }
.ev-phases text { fill: currentColor; font-size: 11px; }
.ev-phases .ev-wire { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; }
.ev-phases .ev-wire.ev-2 { stroke-dasharray: 7 4; }
.ev-phases .ev-wire.ev-3 { stroke-dasharray: 1.5 4.5; }
.ev-phases .ev-unused { opacity: 0.3; }
.ev-phases .ev-caption { flex: 1; min-width: 160px; font-size: 12px; line-height: 1.4; color: var(--red-ui-secondary-text-color); }
ol.ev-steps.ev-steps { margin: 0; padding: 0; list-style: none; }
.ev-steps li { padding: 4px 0; border-top: 1px solid var(--red-ui-secondary-border-color); }
.ev-steps label { display: flex; width: auto; gap: 8px; align-items: baseline; margin: 0; cursor: pointer; }
.ev-steps label > input { width: auto; margin: 0; flex: none; }
.ev-steps label > span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.ev-steps .ev-note { display: block; margin-left: 21px; }
.ev-steps code { background: none; border: none; padding: 0; white-space: normal; }
.ev-done { text-decoration: line-through; opacity: 0.65; }
`;

/** Puts the looks of the dialogs into the page, once. */
export function style(): void {
  if ($("#ev-dialog-style").length === 0) $("<style>").attr("id", "ev-dialog-style").text(STYLE).appendTo("head");
}

/** Brings a box into view that has grown: results stand at the bottom of a dialog. */
export function reveal(box: JQuery): void {
  box.get(0)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** What stands between backticks is a word of the charger's own pages. */
export function marked(text: string): (Text | JQuery)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? $("<code>").text(part) : document.createTextNode(part)));
}

/** A small button, as the editor has them. */
export function button(text: string, icon = ""): JQuery {
  const made = $("<button>").attr("type", "button").addClass("red-ui-button red-ui-button-small");
  if (icon) made.append($("<i>").addClass(`fa ${icon}`), " ");
  return made.append(document.createTextNode(text));
}

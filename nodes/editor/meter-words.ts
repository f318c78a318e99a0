/** Words of the dialogs about meters; they all stand in the catalogue of ev-meter. */
export function meterWord(key: string, values: Record<string, unknown> = {}): string {
  return RED._(`@phasewise/node-red-ev-charging/ev-meter:ev-meter.${key}`, values);
}

const STYLE = `
.ev-box { margin: -4px 0 12px 105px; padding: 6px 10px; border-left: 3px solid var(--red-ui-secondary-border-color, #ccc); background: var(--red-ui-secondary-background, #f7f7f7); line-height: 1.5; overflow-wrap: anywhere; }
.ev-box:empty { display: none; }
.ev-box p { margin: 0; }
.ev-box ul { margin: 2px 0 2px 18px; }
.ev-box summary { cursor: pointer; display: list-item; }
.ev-quiet { color: var(--red-ui-secondary-text-color, #777); font-size: 12px; }
.ev-wrong { color: var(--red-ui-text-color-error, #d00); overflow-wrap: anywhere; }
.ev-warn { margin: 4px 0; padding: 4px 8px; border-left: 3px solid #e0b000; background: rgba(224, 176, 0, 0.12); overflow-wrap: anywhere; }
.ev-warn ul { margin: 2px 0 2px 16px; }
.ev-pill { display: inline-block; min-width: 8px; border-radius: 3px; padding: 0 6px; font-size: 11px; line-height: 17px; color: #fff; background: #8a8a8a; text-align: center; }
.ev-pill.ev-a, .ev-pill.ev-good { background: #3f8a4d; }
.ev-pill.ev-b { background: #3c78a8; }
.ev-pill.ev-c, .ev-pill.ev-stale { background: #b0722a; }
.ev-pill.ev-bad { background: #b33; }
.ev-picker { position: relative; display: inline-block; width: 70%; }
.ev-picker > input[type="text"] { width: 100%; box-sizing: border-box; }
.ev-picker-list { display: none; position: absolute; z-index: 20; left: 0; right: 0; top: 100%; max-height: 290px; overflow-y: auto; background: var(--red-ui-form-input-background, #fff); border: 1px solid var(--red-ui-form-input-border-color, #ccc); border-radius: 0 0 4px 4px; box-shadow: 0 4px 10px rgba(0, 0, 0, 0.25); }
.ev-picker-list.ev-open { display: block; }
.ev-picker-list > div { padding: 4px 8px; cursor: pointer; line-height: 1.35; border-top: 1px solid var(--red-ui-secondary-border-color, #eee); }
.ev-picker-list > div.ev-at, .ev-picker-list > div:hover { background: var(--red-ui-list-item-background-hover, #eee); }
.ev-picker-list b { font-weight: 600; }
.ev-table { width: 100%; border-collapse: collapse; font-size: 12px; }
.ev-table th { text-align: left; font-weight: 500; color: var(--red-ui-secondary-text-color, #777); padding: 2px 8px 2px 0; }
.ev-table td { vertical-align: top; padding: 2px 8px 2px 0; border-top: 1px solid var(--red-ui-secondary-border-color, #ddd); overflow-wrap: anywhere; }
.ev-table code { font-size: 11px; background: none; border: none; padding: 0; color: inherit; white-space: normal; }
.ev-table tr.ev-wrong td { color: var(--red-ui-text-color-error, #d00); }
.ev-bar { height: 6px; margin: 6px 0; border-radius: 3px; background: var(--red-ui-secondary-border-color, #ddd); overflow: hidden; }
.ev-bar > div { height: 100%; width: 0; background: #3f8a4d; }
.ev-result { margin-top: 8px; max-height: 420px; overflow-y: auto; }
.ev-number { width: 60px !important; }
`;

/** Puts the looks of these dialogs into the page, once. */
export function styleMeters(): void {
  if ($("#ev-meter-style").length === 0) $("<style>").attr("id", "ev-meter-style").text(STYLE).appendTo("head");
}

/** Brings a box into view that has grown: results stand at the bottom of a dialog. */
export function reveal(box: JQuery): void {
  box.get(0)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

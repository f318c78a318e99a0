import { STATION_EVENTS } from "../lib/messages.ts";
import { onlyOne } from "./editor/candidates.ts";
import { offerNames, prepareDialog } from "./editor/fields.ts";
import { nodeRule } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvEvent {
  name: string;
  centralSystem: string;
  chargePoint: string;
  events: string[];
  raw: boolean;
}

const text = wordsOf("ev-event");
/** Frames have a tick of their own. */
const EVENTS = STATION_EVENTS.filter((event) => event !== "raw");

RED.nodes.registerType<EvEvent>("ev-event", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-event.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    centralSystem: onlyOne({
      type: "ev-central-system",
      validate: nodeRule("centralSystem", { optional: true }),
    }),
    chargePoint: { value: "" },
    events: { value: [] },
    raw: { value: false },
  },
  ...paletteWords("ev-event", "name", "chargePoint"),
  oneditprepare() {
    prepareDialog(this);
    const chosen = new Set(this.events ?? []);
    const box = $("#ev-event-list").empty();
    for (const event of EVENTS) {
      const field = $("<input>").attr({ type: "checkbox", value: event }).prop("checked", chosen.has(event));
      const meaning = this._(`ev-event.event.${event.replace(".", "-")}`);
      const name = $("<code>").text(event);
      box.append($("<label>").attr("title", meaning).append(field, name, $("<span>").text(meaning)));
    }
    box.off("change").on("change", showTold);
    showTold();
    offerNames("#ev-event-charge-points", "identity", "ev-charge-point");
  },
  oneditsave() {
    const events: string[] = [];
    $("#ev-event-list input:checked").each((_index, field) => {
      events.push(String($(field).val()));
    });
    this.events = events;
  },
});

/** Nothing ticked means everything, which nobody would guess. */
function showTold(): void {
  const chosen = $("#ev-event-list input:checked").length;
  $("#ev-event-told").text(chosen === 0 ? text("told.all") : text("told.some", { chosen, all: EVENTS.length }));
}

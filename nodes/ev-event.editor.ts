interface EvEvent {
  name: string;
  centralSystem: string;
  chargePoint: string;
  events: string[];
  raw: boolean;
}

const EVENTS = [
  "online",
  "offline",
  "boot",
  "status",
  "meter",
  "transaction.start",
  "transaction.stop",
  "authorize",
  "limit",
  "security",
  "unknown",
];

RED.nodes.registerType<EvEvent>("ev-event", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-event.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    centralSystem: { value: "", type: "ev-central-system", required: false },
    chargePoint: { value: "" },
    events: { value: [] },
    raw: { value: false },
  },
  paletteLabel: "charger event",
  outputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-event:ev-event.port.output"),
  label() {
    return this.name || this.chargePoint || this._("ev-event.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const chosen = new Set(this.events ?? []);
    const box = $("#ev-event-list").empty();
    for (const event of EVENTS) {
      const field = $("<input>")
        .attr({ type: "checkbox", value: event })
        .css({ width: "auto", margin: "0 5px 0 0" })
        .prop("checked", chosen.has(event));
      box.append(
        $("<label>").css({ width: "45%", marginRight: "5px" }).append(field).append(document.createTextNode(event)),
      );
    }
    const names = $("#ev-event-charge-points").empty();
    RED.nodes.eachConfig((node) => {
      if (node.type === "ev-charge-point") names.append($("<option>").val(String(node["identity"] ?? "")));
    });
  },
  oneditsave() {
    const events: string[] = [];
    $("#ev-event-list input:checked").each((_index, field) => {
      events.push(String($(field).val()));
    });
    this.events = events;
  },
});

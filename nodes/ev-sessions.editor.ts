import { fillFlag, prepareDialog, readFlag } from "./editor/fields.ts";
import { nodeRule } from "./editor/rules.ts";

interface EvSessions {
  name: string;
  site: string;
  updates: boolean | undefined;
}

/** Fields of the request for a file. */
const ASKED = ["month", "separator", "decimal", "columns"] as const;

RED.nodes.registerType<EvSessions>("ev-sessions", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-sessions.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", validate: nodeRule("site", { optional: true }) },
    updates: { value: true },
  },
  paletteLabel: () => RED._("@phasewise/node-red-ev-charging/ev-sessions:ev-sessions.label.default"),
  inputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-sessions:ev-sessions.port.input"),
  outputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-sessions:ev-sessions.port.output"),
  label() {
    return this.name || this._("ev-sessions.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    prepareDialog(this);
    fillFlag("#ev-sessions-updates", this.updates ?? true);
    $("#ev-sessions-csv").on("click", () => save(this.id, "csv"));
    $("#ev-sessions-json").on("click", () => save(this.id, "json"));
  },
  oneditsave() {
    this.updates = readFlag("#ev-sessions-updates", this.updates);
  },
});

/** Through a request of the editor: a link would not carry the user's token. */
function save(id: string, format: string): void {
  const query = new URLSearchParams(ASKED.map((name) => [name, String($(`#ev-sessions-${name}`).val() ?? "")]));
  query.set("format", format);
  if (format === "csv") query.set("bom", "true");
  const told = $("#ev-sessions-told").text("");
  $.ajax({ url: `ev-charging/sessions/${encodeURIComponent(id)}?${query.toString()}`, dataType: "text" }).then(
    (text: string) => {
      const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
      const link = $("<a>").attr({ href: url, download: `sessions.${format}` });
      link.get(0)?.click();
      window.setTimeout(() => URL.revokeObjectURL(url), 1000);
    },
    ({ responseText, statusText }: JQuery.jqXHR) => told.text(messageIn(responseText) ?? statusText),
  );
}

function messageIn(text: string | undefined): string | null {
  try {
    return (JSON.parse(text ?? "") as { message?: string }).message ?? null;
  } catch {
    return null;
  }
}

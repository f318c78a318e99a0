import type { FailurePage } from "./admin/types/meter-page-types.ts";
import { onlyOne } from "./editor/candidates.ts";
import { fillFlag, prepareDialog, readFlag } from "./editor/fields.ts";
import { saveFile } from "./editor/requests.ts";
import { siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

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
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    updates: { value: true },
  },
  ...paletteWords("ev-sessions", "name"),
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

function save(id: string, format: string): void {
  const query = new URLSearchParams(ASKED.map((name) => [name, String($(`#ev-sessions-${name}`).val() ?? "")]));
  query.set("format", format);
  if (format === "csv") query.set("bom", "true");
  const told = $("#ev-sessions-told").text("");
  saveFile(`sessions/${encodeURIComponent(id)}?${query.toString()}`, `sessions.${format}`).catch(
    ({ message }: FailurePage) => told.text(message),
  );
}

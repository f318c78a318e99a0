import { onlyOne } from "./editor/candidates.ts";
import { fillFlag, prepareDialog, readFlag, saveNumbers, textsIn } from "./editor/fields.ts";
import { isHost, numberRule, siteRule, textRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvSemp {
  name: string;
  site: string;
  host: string;
  port: number | string;
  writable: boolean | undefined;
  writers: string[];
  leaseS: number | string;
  fallbackA: number | string | null;
  announce: boolean | undefined;
}

RED.nodes.registerType<EvSemp>("ev-semp", {
  category: "EV charging",
  color: "#E9967A",
  icon: "ev-semp.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    host: { value: "", validate: textRule("host", "host", isHost) },
    port: { value: 8899, validate: numberRule("port", { min: 1, max: 65535, integer: true }) },
    writable: { value: false },
    writers: { value: [] },
    leaseS: { value: 120, validate: numberRule("leaseS", { min: 10, max: 900, integer: true }) },
    fallbackA: { value: null, validate: numberRule("fallbackA", { min: 0, max: 1000, optional: true }) },
    announce: { value: true },
  },
  ...paletteWords("ev-semp", "name"),
  oneditprepare() {
    prepareDialog(this);
    fillFlag("#ev-semp-writable", this.writable ?? false);
    fillFlag("#ev-semp-announce", this.announce ?? true);
    $("#ev-semp-writers").val((this.writers ?? []).join(", "));
    $("#ev-semp-writable").on("change", showWriting);
    showWriting();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["port", "leaseS", "fallbackA"]);
    this.writable = readFlag("#ev-semp-writable", this.writable);
    this.announce = readFlag("#ev-semp-announce", this.announce);
    this.writers = textsIn("#ev-semp-writers");
  },
});

function showWriting(): void {
  $("#ev-semp-writing").toggle($("#ev-semp-writable").prop("checked") === true);
}

import { saveNumbers } from "./editor/fields.ts";
import { numberRule } from "./editor/rules.ts";

interface EvReport {
  name: string;
  site: string;
  period: string;
  at: string;
  destination: string;
  url: string;
  fieldName: string;
  timeoutS: number | string;
  separator: string;
  decimal: string;
  columns: string;
  subject: string;
}

RED.nodes.registerType<EvReport>("ev-report", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-report.svg",
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", required: false },
    period: { value: "daily" },
    at: { value: "00:01", validate: isTimeOfDay },
    destination: { value: "http" },
    url: {
      value: "",
      validate(value: unknown) {
        return this.destination !== "http" || isAddress(value);
      },
    },
    fieldName: { value: "" },
    timeoutS: { value: 30, validate: numberRule("timeoutS", { min: 1, max: 600 }) },
    separator: { value: ";" },
    decimal: { value: "," },
    columns: { value: "all" },
    subject: { value: "" },
  },
  credentials: { user: { type: "text" }, password: { type: "password" } },
  paletteLabel: () => RED._("@phasewise/node-red-ev-charging/ev-report:ev-report.label.default"),
  inputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-report:ev-report.port.input"),
  outputLabels: (index: number) =>
    RED._(`@phasewise/node-red-ev-charging/ev-report:ev-report.port.${index === 0 ? "report" : "events"}`),
  label() {
    return this.name || this._("ev-report.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const destination = $("#node-input-destination");
    const showRows = () => {
      const isHttp = String(destination.val() ?? "") === "http";
      $(".ev-report-http").toggle(isHttp);
      $(".ev-report-wired").toggle(!isHttp);
    };
    destination.on("change", showRows);
    showRows();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["timeoutS"]);
  },
});

function isTimeOfDay(value: unknown): boolean {
  const text = String(value ?? "");
  return /^\$\{/.test(text) || /^([01]?\d|2[0-3]):[0-5]\d$/.test(text);
}

function isAddress(value: unknown): boolean {
  const text = String(value ?? "");
  return /^\$\{/.test(text) || /^https?:\/\/[^\s/]/.test(text);
}

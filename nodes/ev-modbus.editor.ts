import type { FailurePage, ProfilePage, SerialPortPage } from "./admin/types/meter-page-types.ts";
import { OpenDialog, prepareDialog, saveNumbers } from "./editor/fields.ts";
import { button } from "./editor/looks.ts";
import { LineStatistics } from "./editor/meter/line-statistics.ts";
import { testLine } from "./editor/meter/line-test.ts";
import { formatOf } from "./editor/meter/profile-info.ts";
import { allProfiles, nameOf } from "./editor/meter/profile-picker.ts";
import { ask } from "./editor/requests.ts";
import { isHost, numberRule, type Rule, requiredRule, textRule } from "./editor/rules.ts";
import { meterWord, titleWord, wordsOf } from "./editor/words.ts";

interface EvModbus {
  transport: string;
  host: string;
  port: number | string;
  serialPort: string;
  baudRate: number | string;
  parity: string;
  stopBits: number | string;
  timeoutMs: number | string;
  inFlight: number | string;
  writable: boolean;
}

const FIELD = "#node-config-input-";
/** Rows of the dialog, and the transports that they matter to. */
const ROWS: Record<string, readonly string[]> = {
  host: ["tcp", "rtu-over-tcp", "udp"],
  port: ["tcp", "rtu-over-tcp", "udp"],
  serialPort: ["rtu"],
  format: ["rtu", "rtu-over-tcp"],
  inFlight: ["tcp"],
};
const PARITIES: Record<string, string> = { N: "none", E: "even", O: "odd" };
const text = wordsOf("ev-modbus");

/** A rule that holds only where the property matters. */
function where(row: string, rule: Rule): Rule {
  return function (value, options) {
    return ROWS[row]?.includes(String(this["transport"])) ? rule.call(this, value, options) : true;
  };
}

function hostRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const given = requiredRule("host").call(this, value, options);
  return given === true ? textRule("host", "host", isHost).call(this, value, options) : given;
}

const statistics = new OpenDialog<LineStatistics>();

RED.nodes.registerType<EvModbus>("ev-modbus", {
  category: "config",
  paletteLabel: titleWord("ev-modbus"),
  defaults: {
    transport: { value: "tcp" },
    host: { value: "", validate: where("host", hostRule) },
    port: { value: 502, validate: where("port", numberRule("port", { min: 1, max: 65535, integer: true })) },
    serialPort: { value: "", validate: where("serialPort", requiredRule("serialPort")) },
    baudRate: {
      value: 19200,
      validate: where("format", numberRule("baudRate", { min: 300, max: 1000000, integer: true })),
    },
    parity: { value: "none" },
    stopBits: { value: 1 },
    timeoutMs: { value: 1000, validate: numberRule("timeoutMs", { min: 50, max: 30000 }) },
    inFlight: {
      value: 1,
      validate: where("inFlight", numberRule("inFlight", { min: 1, max: 4, integer: true, optional: true })),
    },
    writable: { value: false },
  },
  label() {
    const { transport, host, port, serialPort } = this;
    const place = transport === "rtu" ? serialPort : host && `${host}:${port}`;
    return place ? `Modbus ${place}` : this._("ev-modbus.label.default");
  },
  oneditprepare() {
    prepareDialog(this);
    $(`${FIELD}transport`).on("change", showRows);
    showRows();
    offerSerialPorts();
    offerUsual(this.id);
    $("#ev-modbus-test").on("click", () => void testLine($("#ev-modbus-tested"), this));
    $("#ev-modbus-more").on("toggle", () => {
      statistics.close();
      if ($("#ev-modbus-more").prop("open")) statistics.open(new LineStatistics($("#ev-modbus-statistics"), this.id));
    });
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["port", "baudRate", "stopBits", "timeoutMs", "inFlight"]);
    statistics.close();
  },
  oneditcancel: statistics.close,
  oneditdelete: statistics.close,
});

function showRows(): void {
  const transport = String($(`${FIELD}transport`).val() ?? "tcp");
  for (const [row, transports] of Object.entries(ROWS))
    $(`#ev-modbus-${row}-row`).toggle(transports.includes(transport));
  $("#ev-modbus-behind").toggle(transport === "rtu-over-tcp");
}

function offerSerialPorts(): void {
  const hint = $("#ev-modbus-ports").empty();
  const names = $("#ev-modbus-port-names").empty();
  ask<SerialPortPage[]>("GET", "serial-ports").then(
    (ports) => {
      for (const { path, text } of ports) names.append($("<option>").val(path).text(text));
      hint.text(text(`ports.${ports.length > 0 ? "some" : "none"}`, { count: ports.length }));
    },
    ({ message }: FailurePage) => hint.addClass("ev-wrong").text(message),
  );
}

/** What the devices on this connection are usually set to, with a button to take it over. */
function offerUsual(id: string): void {
  const box = $("#ev-modbus-usual").empty();
  const chosen = new Set<string>();
  RED.nodes.eachNode((node) => {
    if (node.type === "ev-meter" && node["bus"] === id) chosen.add(String(node["profile"]));
  });
  void allProfiles().then((profiles) => {
    for (const profile of profiles.filter((one) => chosen.has(one.id))) {
      if (profile.defaults.baudRate !== null || profile.defaults.port !== null) box.append(usualLine(profile));
    }
  });
}

function usualLine(profile: ProfilePage): JQuery {
  const { baudRate, port } = profile.defaults;
  const usual = [
    ...(baudRate === null ? [] : [formatOf(profile.defaults)]),
    ...(port === null ? [] : [meterWord("info.port", { port })]),
  ];
  const sentence = text("usual.text", { name: nameOf(profile), usual: usual.join(", ") });
  const take = button(text("usual.take")).on("click", () => takeUsual(profile.defaults));
  return $("<p>").append(document.createTextNode(`${sentence} `), take);
}

function takeUsual({ baudRate, parity, stopBits, port }: ProfilePage["defaults"]): void {
  const isSerial = ROWS["format"]?.includes(String($(`${FIELD}transport`).val()));
  const values = isSerial ? { baudRate, parity: parity && PARITIES[parity], stopBits } : { port };
  for (const [name, value] of Object.entries(values))
    if (value !== null) $(`${FIELD}${name}`).val(String(value)).trigger("change");
}

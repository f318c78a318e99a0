import { saveNumbers } from "./editor/fields.ts";
import { numberRule, requiredRule } from "./editor/rules.ts";

interface EvModbus {
  transport: string;
  host: string;
  port: number | string;
  serialPort: string;
  baudRate: number | string;
  parity: string;
  stopBits: number | string;
  timeoutMs: number | string;
}

RED.nodes.registerType<EvModbus>("ev-modbus", {
  category: "config",
  defaults: {
    transport: { value: "tcp" },
    host: { value: "", validate: requiredRule("host") },
    port: { value: 502, validate: numberRule("port", { min: 1, max: 65535, integer: true }) },
    serialPort: { value: "" },
    baudRate: { value: 19200 },
    parity: { value: "none" },
    stopBits: { value: 1 },
    timeoutMs: { value: 1000, validate: numberRule("timeoutMs", { min: 50, max: 30000 }) },
  },
  label() {
    return this.host ? `Modbus ${this.host}:${this.port}` : this._("ev-modbus.label.default");
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["port", "timeoutMs"]);
  },
});

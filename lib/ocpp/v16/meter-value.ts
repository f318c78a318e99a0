import type { Static } from "typebox";
import { anyText, dateTime, list, object, openChoice, optional } from "./schema.ts";

/** Defaults where a member is absent (§7.43): Sample.Periodic, Raw, Energy.Active.Import.Register, Outlet, Wh. */
export const sampledValue = object("One measured value.", {
  value: anyText("The value as text; a number, or signed data."),
  context: optional(
    openChoice("Why it was measured; Sample.Periodic without it.", [
      "Interruption.Begin",
      "Interruption.End",
      "Other",
      "Sample.Clock",
      "Sample.Periodic",
      "Transaction.Begin",
      "Transaction.End",
      "Trigger",
    ]),
  ),
  format: optional(openChoice("Raw number or signed data; Raw without it.", ["Raw", "SignedData"])),
  measurand: optional(
    openChoice("What was measured; Energy.Active.Import.Register without it.", [
      "Current.Export",
      "Current.Import",
      "Current.Offered",
      "Energy.Active.Export.Register",
      "Energy.Active.Import.Register",
      "Energy.Reactive.Export.Register",
      "Energy.Reactive.Import.Register",
      "Energy.Active.Export.Interval",
      "Energy.Active.Import.Interval",
      "Energy.Reactive.Export.Interval",
      "Energy.Reactive.Import.Interval",
      "Frequency",
      "Power.Active.Export",
      "Power.Active.Import",
      "Power.Factor",
      "Power.Offered",
      "Power.Reactive.Export",
      "Power.Reactive.Import",
      "RPM",
      "SoC",
      "Temperature",
      "Voltage",
    ]),
  ),
  phase: optional(
    openChoice("Where on the phases it was measured; without it, the value stands for all of them.", [
      "L1",
      "L2",
      "L3",
      "N",
      "L1-N",
      "L2-N",
      "L3-N",
      "L1-L2",
      "L2-L3",
      "L3-L1",
    ]),
  ),
  location: optional(
    openChoice("Where in the installation it was measured; Outlet without it.", [
      "Body",
      "Cable",
      "EV",
      "Inlet",
      "Outlet",
    ]),
  ),
  // "Celcius" is the specification's own slip; both spellings are in the field (errata J 2.1).
  unit: optional(
    openChoice("Unit of the value; Wh for energy without it.", [
      "Wh",
      "kWh",
      "varh",
      "kvarh",
      "W",
      "kW",
      "VA",
      "kVA",
      "var",
      "kvar",
      "A",
      "V",
      "Celsius",
      "Celcius",
      "Fahrenheit",
      "K",
      "Percent",
    ]),
  ),
});

/** Samples of one moment (§7.33). */
export const meterValue = object("Values measured at one moment.", {
  timestamp: dateTime("When they were measured."),
  sampledValue: list("The values.", sampledValue, 1),
});

/** One sample; words outside the specification's lists pass as they came, so do values that are no number. */
export type SampledValue = Static<typeof sampledValue>;

/** Samples of one moment. */
export type MeterValue = Static<typeof meterValue>;

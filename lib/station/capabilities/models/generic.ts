import { holdsAlone, type ModelSheet } from "./notation.ts";
import type { TraitPatch } from "./types.ts";

const QUIRKS = "OCPP 1.6 and its errata sheet";

/** Kinds of behaviour for charge points without a model of their own; chosen by hand. */
export const GENERIC: readonly ModelSheet[] = [
  kind("generic", "Any charge point that keeps to OCPP 1.6", {}, null, [QUIRKS]),
  kind(
    "generic-next-transaction",
    "Any: a changed TxDefaultProfile holds for the next charge only",
    { smart: { txDefaultAppliesToRunningTx: false } },
    "Start charges with a transaction (badge or remote start): only a profile of the transaction itself changes a running charge.",
    [QUIRKS, "ConnectorIO/connectorio-addons#160: TxDefaultProfile for the next transaction only"],
  ),
  kind("generic-flash", "Any: every profile is written to flash memory", { smart: { wearsFlash: true } }, null, [
    QUIRKS,
    "EVerest/libocpp#543: one write in five minutes is more than 100,000 a year",
  ]),
  kind(
    "generic-refuses-zero",
    "Any: refuses a limit of 0 A",
    { smart: { zero: "min" } },
    "It refuses 0 A and cannot be paused; its safe current stays reserved.",
    [QUIRKS, "evcc#16768: a limit of 0 A is refused"],
  ),
  kind(
    "generic-no-tail",
    "Any: keeps its last limit for ever",
    { smart: { lease: "none", maxPeriods: 1 } },
    "It takes one period only, so it cannot fall back by itself; its maximum stays reserved while it is offline.",
    [QUIRKS],
  ),
  kind(
    "generic-no-profiles",
    "Any: takes no charging profiles",
    { smart: { supported: "no", lease: "none", composite: "no" } },
    "It takes no limits over OCPP; set its own maximum current to what the breaker can carry always.",
    [QUIRKS],
  ),
];

function kind(
  id: string,
  name: string,
  traits: TraitPatch,
  hintOnRefusal: string | null,
  sources: readonly string[],
): ModelSheet {
  return {
    id,
    name,
    match: [],
    traits,
    hintOnRefusal,
    commissioning: [holdsAlone("Set the charge point's own maximum current to what cable and breaker carry.")],
    sources,
    confidence: "guess",
  };
}

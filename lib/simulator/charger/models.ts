import type { BehaviourName } from "./presets.ts";

/** A charge point on the market, as far as the simulator can act it out. */
export interface SimulatedModel {
  /** The id of its model profile (`lib/station/capabilities/models`). */
  id: string;
  /** What it says of itself in BootNotification (at most 20 characters each). */
  vendor: string;
  model: string;
  firmware: string;
  /** How it departs from a good one, after what its users and makers report; applied in this order. */
  behaviours: readonly BehaviourName[];
}

const row = (
  id: string,
  vendor: string,
  model: string,
  firmware: string,
  ...behaviours: BehaviourName[]
): SimulatedModel => ({
  id,
  vendor,
  model,
  firmware,
  behaviours,
});

/** The simulated models: one for each model profile. */
export const SIMULATED_MODELS: readonly SimulatedModel[] = [
  row("abb-terra-ac", "ABB", "TAC-W22-T-RD-MC-0", "1.8.32", "stackZeroUnsaid", "needsTransactionId", "restartsOnQuery"),
  row("alfen", "Alfen BV", "NG910-60023", "6.5.0-4169", "switchesPhasesPaused"),
  row("heidelberg-amperfied", "Amperfied", "connect.home", "1.3.5", "ignoresLimits"),
  row("autel", "Autel", "MaxiCharger AC", "V1.51.00"),
  row("bender-cc", "Bender GmbH Co. KG", "CC613", "5.12.2-16422", "freeCharging"),
  row("webasto-live", "Webasto", "Live", "5.22.1-19024"),
  row("mennekes-chargecontrol", "MENNEKES", "ChargeControl", "5.33.3-22301"),
  row("juice-charger-me", "Juice Technology AG", "Charger me 3", "5.22.4-20212"),
  row("garo-ls4", "GARO AB", "LS4", "5.12.2-16422"),
  row("ensto-chago", "Ensto", "Chago", "4.40-8622", "clockAhead"),
  row("compleo-solo", "Compleo", "SOLO", "5.12.2-16422"),
  row("innogy-ebox", "innogy SE", "eBox professional", "1.3.26"),
  row("powerstation-two", "Powerstation", "TWO", "5.12.2-16422", "freeCharging"),
  row("mennekes-acu", "MENNEKES", "AMTRON 4You", "1.2.3", "metersEvery60s"),
  row("zj-beny", "ZJ BENY", "BCP-AT1N-L", "1.26"),
  row("charge-amps", "Charge Amps AB", "HALO", "151.1", "switchesPhases"),
  row("easee", "Easee", "Charge", "330", "metersEvery30s", "noCurrentOffered", "slow"),
  row("en-plus", "EN+", "AC011K-AE-25", "1.1.27", "keysByName"),
  row("solax", "SolaX", "X3-EVC", "1.1.27", "keysByName"),
  row("entratek-power-dot", "Entratek", "Power Dot", "2.0.1", "keysByName", "fourKeys"),
  row("vestel-evc04", "Vestel", "EVC04-AC22SL", "3.187.0", "oneKey"),
  row("etrel-inch", "Etrel", "G/INCH", "4.8", "pausesBelowSix", "ownTransactionIds"),
  row("evbox-elvi", "EV-BOX", "G3-M7500E-F2", "G3P0610", "stackZeroOnly", "noChargePointMax", "noCurrentOffered"),
  row(
    "go-e",
    "go-e",
    "go-eCharger V3",
    "56.2",
    "switchesPhases",
    "ampsOnly",
    "forgetsAfterPause",
    "dropsOffline",
    "fullSpeedOffline",
  ),
  row("fronius-wattpilot", "Fronius", "Wattpilot", "40.7", "ampsOnly", "forgetsAfterPause", "dropsOnReconnect"),
  row("grizzl-e", "United Chargers", "Grizzl-E Smart", "03.09", "ampsOnly", "ignoresChargePointMax"),
  row("growatt-thor", "Growatt", "THOR-11AS-S", "2.1.0", "ampsOnly", "clockAhead"),
  row("huawei", "HUAWEI", "SCharger-22KT-S0", "FusionCharge V100", "wattsOnly"),
  row("keba", "KEBA AG", "KC-P30-ES24001", "1.13.1", "ampsOnly"),
  row("necharge", "NEcharge", "NEcharge Pro", "1.0.4", "ampsOnly", "fixedSteps"),
  row("libocpp", "Pionix", "Yeti", "0.19", "needsStartSchedule", "needsTransactionId", "twoSlotsNoReplacement"),
  row("micro-ocpp", "OpenEVSE", "openevse_wifi_v1", "5.1.2", "relativeFromTransaction"),
  row("enelion-lumina", "Enelion", "Lumina", "1.0", "switchesPhasesPaused"),
  row("foxess-a", "FOXESS", "A011KP1", "1.20"),
  row("ocular", "Ocular", "BS-AC-7W", "1.4"),
  row("sigenergy", "Sigenergy", "SigenStor EVAC 11", "V100R001"),
  row("delta", "DELTA", "EVPE3222MUN", "1.05"),
  row("injet", "Injet", "Swift", "2.3.1"),
  row(
    "schneider-evlink",
    "Schneider Electric",
    "EVlink Smart Wallbox",
    "3.3.0.15",
    "ampsOnly",
    "plainPeriodsOnly",
    "compositeConnectorOnly",
    "triggerWhileCharging",
  ),
  row("schneider-evlink-r5", "Schneider Electric", "EVlink Smart Wallbox", "3.1.0.5", "notImplemented", "noTrigger"),
  row("schneider-evlink-pro-ac", "Schneider Electric", "EVlink Pro AC", "1.2.0", "ampsOnly"),
  row("wallbox", "Wall Box Chargers", "PLP1-0-2-4", "", "stackZeroOnly", "noChargePointMax"),
  row("wallbox-fw5", "Wall Box Chargers", "PLP1-0-2-4", "5.17.77", "stackZeroOnly", "noChargePointMax"),
  row(
    "wallbox-fw6",
    "Wall Box Chargers",
    "PLP1-0-2-4",
    "6.4.18",
    "stackZeroOnly",
    "noChargePointMax",
    "relativeOnly",
    "relativeFromReceipt",
    "bootLoop",
  ),
  row("zaptec", "Zaptec", "Zaptec Go 2", "3.2.1.0", "zeroIsMinimum"),
  row("generic", "Maker", "Box", "1.0"),
  row("generic-next-transaction", "Maker", "Box", "1.0", "defaultNextTransaction"),
  row("generic-flash", "Maker", "Box", "1.0"),
  row("generic-refuses-zero", "Maker", "Box", "1.0", "rejectsZero"),
  row("generic-no-tail", "Maker", "Box", "1.0", "onePeriodOnly"),
  row("generic-no-profiles", "Maker", "Box", "1.0", "notSupported"),
];

/** The simulated model with this id; undefined when there is none. */
export function simulatedModel(id: string): SimulatedModel | undefined {
  return SIMULATED_MODELS.find((model) => model.id === id);
}

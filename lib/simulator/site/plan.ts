import type { Triple } from "../../units.ts";
import type { SimulatorOptions } from "../charger/options.ts";
import type { Load } from "../meter/meter-load.ts";
import type { MeterTransport } from "../meter/meter-wire.ts";
import type { CURVES } from "./breaker.ts";

/** A building as it is, whatever anybody was told of it. Plain JSON. */
export interface SitePlan {
  zones?: ZonePlan[];
  chargePoints: ChargePointPlan[];
  meters?: MeterPlan[];
}

/** A breaker with what hangs on it besides chargers and the breakers below. */
export interface ZonePlan {
  name: string;
  /** Name of the breaker above; absent = the grid. */
  parent?: string;
  /** A, on each phase. */
  limitA: number | Triple;
  /** Default B. */
  curve?: keyof typeof CURVES;
  /** Default 0 A. */
  loadA?: Load;
}

export interface ChargePointPlan extends Omit<SimulatorOptions, "clock" | "line" | "onChange"> {
  /** The breaker it hangs on; absent = one that nobody looks at. */
  zone?: string;
}

export interface MeterPlan {
  name: string;
  /** The breaker whose current it measures. */
  zone: string;
  /** `excluding`: only what is not a charger. Default including. */
  location?: "including" | "excluding";
  /** Default eastron-sdm630. */
  profile?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0: any free one. */
  port: number;
  /** Default 1. */
  unitId?: number;
  transport?: MeterTransport;
}

import type { AlarmSeverity } from "../../alarm-types.ts";
import type { ERROR_CODES } from "../../ocpp/status-words.ts";

/** A word of ChargePointErrorCode. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What a fault means for load management. `mayBeLive`: the outlet may carry current whatever is commanded, so all of it stays
 * reserved; `readingsWrong`: what the charge point measures says nothing; `phasesWrong`: its wiring or rotation is not what is
 * configured; `disobeys`: the car or the charge point draws more than it was offered.
 */
export type FaultEffect = "mayBeLive" | "readingsWrong" | "phasesWrong" | "disobeys";

/** A fault that charge points report, in plain words. */
export interface Fault {
  /** Stable name, unique: `<vendor>/<fault>`, or `ocpp/<code>`. */
  key: string;
  /** Whose code it is, as in {@link vendorOf}; null = OCPP's own. */
  vendor: "bender" | "schneider" | null;
  errorCode: ErrorCode;
  /** The vendor's code, without leading zeros or prefix. */
  vendorErrorCode?: string;
  /** Regular expression, letter case ignored, that the free text matches. */
  info?: string;
  severity: AlarmSeverity;
  /** Whether charging stops with it; null = not known. */
  stopsCharging: boolean | null;
  effect?: FaultEffect;
  name: string;
  /** What happened; null where the name says it all. */
  text: string | null;
  cause: string | null;
  action: string;
}

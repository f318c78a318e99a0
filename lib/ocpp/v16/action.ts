import type { TSchema } from "typebox";

/** Who may send the CALL. */
export type Initiator = "chargePoint" | "centralSystem" | "both";

/** Feature profile that an action belongs to (OCPP 1.6 §3.3); `Security` is the extension of the security white paper. */
export type Feature =
  | "Core"
  | "FirmwareManagement"
  | "LocalAuthListManagement"
  | "Reservation"
  | "SmartCharging"
  | "RemoteTrigger"
  | "Security";

/** One action of OCPP 1.6: the strict schemas of its two messages and a sentence for a person. */
export interface ActionSpec {
  action: string;
  initiator: Initiator;
  feature: Feature;
  description: string;
  request: TSchema;
  response: TSchema;
  /** A valid request to start from, for the actions that go to a charge point. */
  sample?: Readonly<Record<string, unknown>>;
}

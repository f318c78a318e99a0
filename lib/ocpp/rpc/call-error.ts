import { EvError } from "../../errors.ts";

/**
 * Codes of a CALLERROR as OCPP-J 1.6 spells them (table 7), slips included: its errata 5.1 and 5.2 forbid correcting them.
 */
export type CallErrorCode =
  | "NotImplemented"
  | "NotSupported"
  | "InternalError"
  | "ProtocolError"
  | "SecurityError"
  | "FormationViolation"
  | "PropertyConstraintViolation"
  | "OccurenceConstraintViolation"
  | "TypeConstraintViolation"
  | "GenericError";

/**
 * The peer answered a CALL with a CALLERROR, or with a CALLRESULT that is not one. Thrown by a handler, it is the
 * CALLERROR that is sent.
 */
export class OcppCallError extends EvError {
  /** As received: a peer may use the 2.x spellings or words of its own. */
  readonly ocppCode: string;
  readonly ocppDescription: string;
  readonly details: Record<string, unknown>;

  constructor(ocppCode: CallErrorCode | (string & {}), ocppDescription: string, details: Record<string, unknown> = {}) {
    super("EV_OCPP_CALL_ERROR", ocppDescription === "" ? ocppCode : `${ocppCode}: ${ocppDescription}`);
    this.name = "OcppCallError";
    this.ocppCode = ocppCode;
    this.ocppDescription = ocppDescription;
    this.details = details;
  }
}

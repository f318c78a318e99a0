/** What a finding is about; stable, for tests and for links into the help. */
export type FindingCode =
  | "BROKEN"
  | "VALUE"
  | "DUPLICATE_ZONE"
  | "DUPLICATE_IDENTITY"
  | "DUPLICATE_CONNECTOR"
  | "PARENT_MISSING"
  | "OTHER_SITE"
  | "CYCLE"
  | "METER_MISSING"
  | "METER_TWICE"
  | "METER_ROLE"
  | "METER_SHARED"
  | "TWO_INCLUDING"
  | "NO_ZONE"
  | "ZONE_MISSING"
  | "SAFE_BELOW_MIN"
  | "SAFE_ABOVE_MAX"
  | "FAIL_SAFE_BELOW_MIN"
  | "OPERATOR_ABOVE_LIMIT"
  | "NO_RATING"
  | "MIN_NEVER_FITS"
  | "ROTATIONS_ALIKE"
  | "NOTHING_ASSUMED"
  | "SAFE_SUM"
  | "SAFE_POWER"
  | "DLM_TWICE"
  | "DLM_NOT_ROOT"
  | "DLM_ZONE_MISSING"
  | "NO_DLM";

/** One remark of the deploy check, for the node it concerns. An error refuses the tree, a warning does not. */
export interface Finding {
  nodeId: string;
  severity: "error" | "warning";
  code: FindingCode;
  /** One sentence for a person, with the numbers. */
  text: string;
}

export type ReportFinding = (severity: Finding["severity"], nodeId: string, code: FindingCode, text: string) => void;

import type { Bench, Extra, Protection } from "./product.ts";

/** One rule that a central system keeps, and how it is shown at the product. */
export interface Row {
  /** Test case of the OCPP compliance tool (TC_…), clause of OCPP-J 1.6 (J-…), erratum, or clause of the white paper. */
  id: string;
  rule: string;
  /** Where it is shown; everywhere when missing. */
  on?: readonly (Protection | Extra)[];
  run(bench: Bench): Promise<void>;
}

/** A rule that only time shows: kept by a test on a clock of its own. */
export interface TimedRow {
  id: string;
  rule: string;
  file: string;
  /** Of the test, as it stands in the file. */
  title: string;
}

/** A time stamp without fractions, as charge points write it. */
export const at = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

import type { Dialect } from "./dialect.ts";
import { OCPP16 } from "./v16/dialect.ts";

/** What is spoken with a charge point that does not say, and has not yet been here. */
export const USUAL_DIALECT: Dialect = OCPP16;

const DIALECTS: readonly Dialect[] = [OCPP16];

/** The dialect of a subprotocol, whatever its letter case; undefined = none of ours. */
export function dialectOf(subprotocol: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.subprotocol === subprotocol.toLowerCase());
}

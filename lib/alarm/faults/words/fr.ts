import { FRENCH_BENDER } from "./fr-bender.ts";
import { FRENCH_EVLINK } from "./fr-evlink.ts";
import { FRENCH_EVLINK_OUTLET } from "./fr-evlink-outlets.ts";
import { FRENCH_OCPP } from "./fr-ocpp.ts";
import type { FaultWords } from "./types.ts";

/** Every fault in French. */
export const FRENCH_FAULTS: FaultWords = {
  ...FRENCH_OCPP,
  ...FRENCH_BENDER,
  ...FRENCH_EVLINK,
  ...FRENCH_EVLINK_OUTLET,
};

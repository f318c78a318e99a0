import { GERMAN_BENDER } from "./de-bender.ts";
import { GERMAN_EVLINK } from "./de-evlink.ts";
import { GERMAN_EVLINK_OUTLET } from "./de-evlink-outlets.ts";
import { GERMAN_OCPP } from "./de-ocpp.ts";
import type { FaultWords } from "./types.ts";

/** Every fault in German. */
export const GERMAN_FAULTS: FaultWords = {
  ...GERMAN_OCPP,
  ...GERMAN_BENDER,
  ...GERMAN_EVLINK,
  ...GERMAN_EVLINK_OUTLET,
};

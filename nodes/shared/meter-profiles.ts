import type { NodeAPI } from "node-red";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import type { Properties } from "./properties.ts";

/** Taken when a flow file names none; the dialogs name it. */
const DEFAULT_PROFILE = "eastron-sdm630";

/**
 * The device that a node's `profile` names.
 * @throws EvError EV_CONFIG_INVALID when there is none of that id
 */
export function readProfile(read: Properties): MeterProfile {
  const profile = meterProfile(read.text("profile", DEFAULT_PROFILE));
  if (!profile)
    throw read.wrong(
      "profile",
      `one of ${meterProfiles()
        .map(({ id }) => id)
        .join(", ")}`,
    );
  return profile;
}

/** Serves the list of devices to the dialogs: id, vendor, models and usual unit id of each. */
export function serveProfiles(RED: NodeAPI): void {
  RED.httpAdmin.get(
    "/ev-charging/meter-profiles",
    RED.auth.needsPermission("ev-charging.read"),
    (_request, response) => {
      response.json(
        meterProfiles().map(({ id, vendor, models, phases, defaults }) => ({
          id,
          vendor,
          models,
          phases,
          unitId: defaults.unitId,
        })),
      );
    },
  );
}

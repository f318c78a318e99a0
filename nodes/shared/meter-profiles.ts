import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NodeAPI } from "node-red";
import { EvError, messageOf } from "../../lib/errors.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { parseUserProfile } from "../../lib/metering/user-profile.ts";
import { valuesInWords } from "../../lib/metering/values-text.ts";
import type { ProfileCheckPage, ProfilePage } from "./meter-page-types.ts";
import { answering, bodyOf, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import type { Properties } from "./properties.ts";

/** Taken when a flow file names none; the dialogs name it. */
const DEFAULT_PROFILE = "eastron-sdm630";
/** `profile` of a node that brings its own device in `customProfile`. */
const OWN_PROFILE = "custom";

/**
 * The device that a node's `profile` names; for `custom` the one that `customProfile` describes: JSON, or the path of a file with it,
 * relative to Node-RED's user folder.
 * @throws EvError EV_CONFIG_INVALID when there is none of that id, EV_METER_PROFILE naming what is wrong with the user's own
 */
export function readProfile(RED: NodeAPI, read: Properties): MeterProfile {
  const id = read.text("profile", DEFAULT_PROFILE);
  if (id === OWN_PROFILE) return ownProfile(RED, read.json("customProfile"));
  const profile = meterProfile(id);
  if (!profile)
    throw read.wrong(
      "profile",
      `the id of a device, such as ${DEFAULT_PROFILE} (docs/meters.md lists them), or ${OWN_PROFILE}`,
    );
  return profile;
}

function ownProfile(RED: NodeAPI, written: string): MeterProfile {
  if (!written)
    throw new EvError("EV_METER_PROFILE", "customProfile is empty; describe the device, or name a file that does");
  return parseUserProfile(written.startsWith("{") ? written : fileText(resolve(RED.settings.userDir ?? ".", written)));
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new EvError("EV_METER_PROFILE", `customProfile: the file cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Serves the dialogs: `GET /ev-charging/meter-profiles` (every device), `POST /ev-charging/meter-profile-checks` with `customProfile`
 * (what the user's own comes to, or what is wrong with it).
 */
export function serveProfiles(RED: NodeAPI): void {
  RED.httpAdmin.get(
    "/ev-charging/meter-profiles",
    needs(RED, "ev-charging.read"),
    answering((): ProfilePage[] => meterProfiles().map(profilePage)),
  );
  RED.httpAdmin.post(
    "/ev-charging/meter-profile-checks",
    needs(RED, "ev-charging.write"),
    answering(({ body }): ProfileCheckPage => {
      try {
        return {
          ok: true,
          profile: profilePage(ownProfile(RED, String(bodyOf(body)["customProfile"] ?? "").trim())),
        };
      } catch (error) {
        return { ok: false, error: failurePage(error) };
      }
    }),
  );
}

function profilePage(profile: MeterProfile): ProfilePage {
  const { id, kind, vendor, models, phases, transports, defaults, confidence, disagreements, notes } = profile;
  const values = valuesInWords(profile);
  return { id, kind, vendor, models, phases, transports, defaults, confidence, disagreements, notes, values };
}

import { readFileSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import type { NodeAPI } from "node-red";
import { EvError, messageOf } from "../../lib/errors.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { parseUserProfile } from "../../lib/metering/user-profile.ts";
import { valuesInWords } from "../../lib/metering/values-text.ts";
import { answering, bodyOf, failurePage } from "../admin/pages.ts";
import { needs } from "../admin/permission.ts";
import type { ProfileCheckPage, ProfilePage } from "../admin/types/meter-page-types.ts";
import type { Properties } from "./properties.ts";

/** Taken when a flow file names none; the dialogs name it. */
const DEFAULT_PROFILE = "eastron-sdm630";
/** `profile` of a node that brings its own device in `customProfile`. */
const OWN_PROFILE = "custom";

/**
 * The device that a node's `profile` names; for `custom` the one that `customProfile` describes: JSON, or the path of a file with it,
 * relative to Node-RED's user folder.
 * @param isTrial a dialog asks: of files it may name those in the user folder alone
 * @throws EvError EV_CONFIG_INVALID when there is none of that id, EV_METER_PROFILE naming what is wrong with the user's own
 */
export function readProfile(RED: NodeAPI, read: Properties, isTrial = false): MeterProfile {
  const id = read.text("profile", DEFAULT_PROFILE);
  if (id === OWN_PROFILE) return ownProfile(RED, read.json("customProfile"), isTrial);
  const profile = meterProfile(id);
  if (!profile)
    throw read.wrong(
      "profile",
      `the id of a device, such as ${DEFAULT_PROFILE} (docs/meters.md lists them), or ${OWN_PROFILE}`,
    );
  return profile;
}

function ownProfile(RED: NodeAPI, written: string, isTrial: boolean): MeterProfile {
  if (!written)
    throw new EvError("EV_METER_PROFILE", "customProfile is empty; describe the device, or name a file that does");
  if (written.startsWith("{")) return parseUserProfile(written);
  const folder = resolve(RED.settings.userDir ?? ".");
  const path = resolve(folder, written);
  if (isTrial && !isOpenToTrials(folder, path))
    throw new EvError(
      "EV_METER_PROFILE",
      "customProfile: from the dialog a file is looked at only where it lies in Node-RED's user folder and ends in .json; deploy to use another one",
    );
  const text = fileText(path);
  // What is wrong with it must not show what stands in it: it may be another kind of file.
  if (!isJson(text)) throw new EvError("EV_METER_PROFILE", "customProfile: the file is not JSON");
  return parseUserProfile(text);
}

/** Files of Node-RED itself, with its secrets, are none. */
function isOpenToTrials(folder: string, path: string): boolean {
  const [real, root] = [realPath(path), realPath(folder)];
  if (real === null || root === null || !real.startsWith(root + sep) || !real.endsWith(".json")) return false;
  const inside = real.slice(root.length + 1).split(sep);
  return inside.every((part) => !part.startsWith(".")) && !/(?:_cred|^flows.*)\.json$/.test(inside.at(-1) ?? "");
}

/** null = there is none. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
          profile: profilePage(ownProfile(RED, String(bodyOf(body)["customProfile"] ?? "").trim(), true)),
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

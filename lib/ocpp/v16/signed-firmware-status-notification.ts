import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, empty, integer, message, optional } from "./schema.ts";

/** SignedFirmwareStatusNotification.req (security white paper §5.19–5.20). */
export const signedFirmwareStatusNotificationRequest = message({
  status: choice("How far the update is, or why it failed.", [
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
  ]),
  requestId: optional(integer("Number of the SignedUpdateFirmware that it belongs to.")),
});

/** SignedFirmwareStatusNotification.conf (security white paper §5.19–5.20). */
export const signedFirmwareStatusNotificationResponse = empty();

export const signedFirmwareStatusNotification: ActionSpec = {
  action: "SignedFirmwareStatusNotification",
  initiator: "chargePoint",
  feature: "Security",
  description: "Reports how a signed firmware update goes.",
  request: signedFirmwareStatusNotificationRequest,
  response: signedFirmwareStatusNotificationResponse,
};

export type SignedFirmwareStatusNotificationRequest = Static<typeof signedFirmwareStatusNotificationRequest>;
export type SignedFirmwareStatusNotificationResponse = Static<typeof signedFirmwareStatusNotificationResponse>;

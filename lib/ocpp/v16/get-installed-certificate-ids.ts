import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { certificateHashData, certificateUse } from "./certificate.ts";
import { choice, list, message, optional } from "./schema.ts";

/** GetInstalledCertificateIds.req (security white paper §5.7–5.8). */
export const getInstalledCertificateIdsRequest = message({
  certificateType: certificateUse("Which roots: those that it trusts a central system by, or firmware by."),
});

/** GetInstalledCertificateIds.conf (security white paper §5.7–5.8). */
export const getInstalledCertificateIdsResponse = message({
  status: choice("NotFound: it has none.", ["Accepted", "NotFound"]),
  certificateHashData: optional(list("The certificates.", certificateHashData, 1)),
});

export const getInstalledCertificateIds: ActionSpec = {
  action: "GetInstalledCertificateIds",
  initiator: "centralSystem",
  feature: "Security",
  description: "Lists the root certificates that the charge point has.",
  request: getInstalledCertificateIdsRequest,
  response: getInstalledCertificateIdsResponse,
  sample: { certificateType: "CentralSystemRootCertificate" },
};

export type GetInstalledCertificateIdsRequest = Static<typeof getInstalledCertificateIdsRequest>;
export type GetInstalledCertificateIdsResponse = Static<typeof getInstalledCertificateIdsResponse>;

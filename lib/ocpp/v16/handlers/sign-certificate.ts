import type { SignCertificateRequest, SignCertificateResponse } from "../sign-certificate.ts";
import type { Handler } from "./handler.ts";

/** Security white paper A02.FR.12, A03.FR.12: rejected, because there is no certificate authority to hand the request to. */
export const signCertificate: Handler<SignCertificateRequest, SignCertificateResponse> = (
  request,
  station,
  context,
) => {
  station.notification("SignCertificate", request, context);
  return { status: "Rejected" };
};

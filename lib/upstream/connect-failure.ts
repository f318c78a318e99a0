/** Why no connection to a back end comes about, in plain words, with what to do. Pure. */
import { messageOf } from "../errors.ts";
import { OcppRefusedError } from "../ocpp/client.ts";

const UNTRUSTED =
  "its certificate is not trusted here; choose a tls-config with the CA certificate that the operator gives";

/** By the code of the error. */
const WORDS: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: "its certificate has expired; tell the operator, or look at the clock of this computer",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; look at the clock of this computer",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name; look at the host in the address",
  ENOTFOUND: "its host is not found; look at the address, or at the name server of this network",
  EAI_AGAIN: "its host is not found now; look at the connection to the internet",
};

/** By what the TLS library says, which has no codes of its own. */
const TLS_WORDS: readonly (readonly [says: RegExp, words: string])[] = [
  [
    /wrong version number|packet length too long/i,
    "it answers without encryption; its address begins with ws, or has another port",
  ],
  [/certificate required/i, "it wants a certificate of the charger; choose a tls-config with one"],
];

/** By the status with which it refuses the connection. */
const STATUSES: Readonly<Record<number, string>> = {
  401: "the password or the identity is wrong",
  403: "it does not admit this identity",
  404: "the address is wrong, or it does not know this identity",
};

/** @param error with which the connection ended */
export function connectFailure(error: unknown): string {
  if (error instanceof OcppRefusedError) {
    const words = STATUSES[error.httpStatus];
    return `refuses the connection with HTTP ${error.httpStatus}${words === undefined ? "" : `: ${words}`}`;
  }
  const message = messageOf(error);
  return WORDS[codeOf(error)] ?? TLS_WORDS.find(([says]) => says.test(message))?.[1] ?? message;
}

/** Of the error, or of what it came from. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

/** Why no connection to a back end comes about, in plain words, with what to do. Pure. */
import { messageOf } from "../errors.ts";
import { OcppRefusedError } from "../ocpp/client.ts";
import { sentence } from "../words/sentence.ts";
import type { CodeOf, Language } from "../words/types.ts";

type Word = CodeOf<"backEnd">;

/** By the code of the error. */
const CODES: Readonly<Record<string, Word>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "backEnd.untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "backEnd.untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "backEnd.untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "backEnd.untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "backEnd.untrusted",
  CERT_SIGNATURE_FAILURE: "backEnd.untrusted",
  CERT_HAS_EXPIRED: "backEnd.expired",
  CERT_NOT_YET_VALID: "backEnd.notYetValid",
  ERR_TLS_CERT_ALTNAME_INVALID: "backEnd.otherName",
  ENOTFOUND: "backEnd.notFound",
  EAI_AGAIN: "backEnd.notFoundNow",
};

/** By what the TLS library says, which has no codes of its own. */
const TLS_SAYS: readonly (readonly [says: RegExp, word: Word])[] = [
  [/wrong version number|packet length too long/i, "backEnd.noEncryption"],
  [/certificate required/i, "backEnd.wantsCertificate"],
];

/** By the status with which it refuses the connection. */
const STATUSES: Readonly<Record<number, Word>> = {
  401: "backEnd.refuses401",
  403: "backEnd.refuses403",
  404: "backEnd.refuses404",
};

/** @param error with which the connection ended */
export function connectFailure(error: unknown, language: Language): string {
  if (error instanceof OcppRefusedError) {
    const { httpStatus: status } = error;
    return sentence(language, STATUSES[status] ?? "backEnd.refuses", { status: String(status) });
  }
  const message = messageOf(error);
  const word = CODES[codeOf(error)] ?? TLS_SAYS.find(([says]) => says.test(message))?.[1];
  return word === undefined ? message : sentence(language, word);
}

/** Of the error, or of what it came from. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

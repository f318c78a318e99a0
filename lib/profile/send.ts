import { EvError } from "../errors.ts";
import type { ProfileOrder } from "../ocpp/orders.ts";
import type { CallOptions } from "../ocpp/port.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import { phaseSwitchOf } from "../station/capabilities/models/phase-ability.ts";
import type { Hint } from "../words/types.ts";
import type { ProfileTarget } from "./target.ts";
import type { ProfileVariant } from "./variants/variant.ts";
import { bareVariant } from "./variants/variant-order.ts";

/** What became of one limit after its variants were tried in order. */
export interface Sent {
  status: "accepted" | "rejected" | "timeout" | "offline" | "coalesced" | "uncontrollable";
  /** The variant that was tried last. */
  variant: ProfileVariant;
  /** The variants that were refused. */
  refused: ProfileVariant[];
  tries: number;
  hint: Hint | null;
  /** Refused, or given up for a newer limit, after one of several requests had been accepted: what was in force may have changed. */
  partly?: boolean;
}

interface Answer extends Pick<Sent, "status" | "hint" | "partly"> {
  /** It was the form of the message that was refused. */
  form?: boolean;
}

/** Has the charge point keep to a profile. @throws as `Order` */
export type SetProfile = (profile: ProfileOrder, options: CallOptions) => Promise<Record<string, unknown>>;

/** Complaints about the form of a message, in the spellings of 1.6 and 2.x: a field too many may be the reason. */
const FORM: ReadonlySet<string> = new Set([
  "FormationViolation",
  "FormatViolation",
  "PropertyConstraintViolation",
  "OccurenceConstraintViolation",
  "OccurrenceConstraintViolation",
  "TypeConstraintViolation",
  "ProtocolError",
]);

/** Wait after a profile that was not answered, ms. */
export const RETRY_MS = 5_000;

/** One limit is tried at most so many times. */
const MOST_TRIES = 4;

const UNSUPPORTED: Hint = { code: "hint.noProfiles" };
const COALESCED: Hint = { code: "hint.coalesced" };

export interface SendOptions {
  options: CallOptions;
  target: ProfileTarget;
  /** What to look at when the charge point refuses. */
  hint: Hint;
  /** Asked before each further try; where a newer limit waits, no further variant is tried. */
  stillWanted: () => boolean;
  /** Asked before each variant but the first: what was admitted when the first was tried may not be any more. */
  mayTry?: (variant: ProfileVariant) => boolean;
  /** A newer limit was sent meanwhile. Asked between several requests: the rest of them would mix with those of the newer limit. */
  overtaken?: () => boolean;
}

/**
 * Installs a profile: tries one variant after the other while the charge point says Rejected, and each once more without its optional
 * fields when they may be the reason. A variant of several requests has worked when all of them are accepted. Never rejects.
 * @param order the variants to try, the best first
 */
export async function sendProfile(
  setProfile: SetProfile,
  order: readonly ProfileVariant[],
  compile: (variant: ProfileVariant) => readonly ProfileOrder[],
  { options, target, hint, stillWanted, overtaken, mayTry = () => true }: SendOptions,
): Promise<Sent> {
  const refused: ProfileVariant[] = [];
  let queue = [...order];
  let tries = 0;
  let partly = false;
  for (let variant = queue.shift(); variant; variant = queue.shift()) {
    const answer = await all(setProfile, compile(variant), options, overtaken);
    tries++;
    partly ||= answer.partly ?? false;
    if (answer.status === "uncontrollable") answer.hint = [answer.hint ?? [], hint];
    if (answer.status !== "rejected") return { ...answer, variant, refused, tries };
    // A charge point that says it can change its phases may refuse to be told so, and not say why.
    const doubtful = answer.form || (refused.length === 0 && phaseSwitchOf(target.smart) !== null);
    const bare = doubtful ? bareVariant(target, variant) : null;
    if (bare) queue.unshift(bare);
    else refused.push(variant);
    queue = queue.filter(mayTry);
    const rejected = { ...answer, partly, hint: [answer.hint ?? [], hint], variant, refused, tries };
    if (queue.length === 0 || tries >= MOST_TRIES) return rejected;
    if (!stillWanted()) return { ...rejected, status: "coalesced", hint: COALESCED };
  }
  throw new RangeError("the variant order has at least one variant");
}

async function all(
  setProfile: SetProfile,
  profiles: readonly ProfileOrder[],
  options: CallOptions,
  overtaken: () => boolean = () => false,
): Promise<Answer> {
  let answer: Answer = { status: "accepted", hint: null };
  for (const [number, profile] of profiles.entries()) {
    if (number > 0 && overtaken()) return { status: "coalesced", hint: COALESCED, partly: true };
    answer = await once(setProfile, profile, options);
    if (answer.status !== "accepted") return { ...answer, partly: number > 0 };
  }
  return answer;
}

async function once(setProfile: SetProfile, profile: ProfileOrder, options: CallOptions): Promise<Answer> {
  try {
    const { status } = await setProfile(profile, options);
    if (status === "Accepted") return { status: "accepted", hint: null };
    if (status === "NotSupported") return { status: "uncontrollable", hint: UNSUPPORTED };
    return { status: "rejected", hint: String(status) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Answer {
  const code = error instanceof EvError ? error.code : null;
  if (code === "EV_OCPP_TIMEOUT") return { status: "timeout", hint: { code: "hint.noAnswer" } };
  if (error instanceof EvError && code === "EV_OCPP_BUSY") return { status: "timeout", hint: error.message };
  if (code === "EV_OCPP_SUPERSEDED") return { status: "coalesced", hint: COALESCED };
  if (code === "EV_OCPP_OFFLINE") return { status: "offline", hint: null };
  if (!(error instanceof OcppCallError)) {
    return { status: "rejected", hint: error instanceof Error ? error.message : String(error) };
  }
  const { ocppCode, message } = error;
  if (ocppCode === "NotSupported" || ocppCode === "NotImplemented")
    return { status: "uncontrollable", hint: UNSUPPORTED };
  return { status: "rejected", hint: message, form: FORM.has(ocppCode) };
}

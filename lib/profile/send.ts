import { EvError } from "../errors.ts";
import { OcppCallError } from "../ocpp/call-error.ts";
import type { CallOptions } from "../ocpp/port.ts";
import type { SetChargingProfileRequest } from "../ocpp/v16/index.ts";
import type { Rung } from "./compile.ts";

/** What became of one limit on its way through the ladder. */
export interface Sent {
  status: "accepted" | "rejected" | "timeout" | "offline" | "coalesced" | "uncontrollable";
  /** The way that was tried last. */
  rung: Rung;
  tries: number;
  hint: string | null;
}

type Call = (action: string, payload: unknown, options?: CallOptions) => Promise<Record<string, unknown>>;

const REFUSAL_HINT = "allow control by an external system in the charge point's settings";
const UNSUPPORTED_HINT = "the charge point takes no charging profiles; its maximum stays reserved";
const TIMEOUT_HINT = "no answer; the higher of the old and the new limit stays reserved";
const COALESCED_HINT = "a newer limit took its place";

/**
 * Installs a profile: tries one way after the other while the charge point says Rejected. Never rejects.
 * @param stillWanted asked before each further try; a newer limit ends the ladder
 */
export async function sendProfile(
  call: Call,
  rungs: readonly Rung[],
  compile: (rung: Rung) => SetChargingProfileRequest,
  options: CallOptions,
  stillWanted: () => boolean,
): Promise<Sent> {
  let last: Sent | undefined;
  for (const [index, rung] of rungs.entries()) {
    if (last && !stillWanted()) return { ...last, status: "coalesced", hint: COALESCED_HINT };
    last = { ...(await once(call, compile(rung), options)), rung, tries: index + 1 };
    if (last.status !== "rejected") return last;
  }
  if (!last) throw new RangeError("a ladder has at least one rung");
  return last;
}

async function once(
  call: Call,
  request: SetChargingProfileRequest,
  options: CallOptions,
): Promise<Pick<Sent, "status" | "hint">> {
  try {
    const { status } = await call("SetChargingProfile", request, options);
    if (status === "Accepted") return { status: "accepted", hint: null };
    if (status === "NotSupported") return { status: "uncontrollable", hint: UNSUPPORTED_HINT };
    return { status: "rejected", hint: `${String(status)}: ${REFUSAL_HINT}` };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Pick<Sent, "status" | "hint"> {
  const code = error instanceof EvError ? error.code : null;
  if (code === "EV_OCPP_TIMEOUT") return { status: "timeout", hint: TIMEOUT_HINT };
  if (error instanceof EvError && code === "EV_OCPP_BUSY") return { status: "timeout", hint: error.message };
  if (code === "EV_OCPP_SUPERSEDED") return { status: "coalesced", hint: COALESCED_HINT };
  if (code === "EV_OCPP_OFFLINE") return { status: "offline", hint: null };
  const text = error instanceof Error ? error.message : String(error);
  const unsupported =
    error instanceof OcppCallError && (error.ocppCode === "NotSupported" || error.ocppCode === "NotImplemented");
  return unsupported ? { status: "uncontrollable", hint: UNSUPPORTED_HINT } : { status: "rejected", hint: text };
}

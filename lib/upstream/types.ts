import type { ClientTls } from "../ocpp/client.ts";
import type { BackEndPolicy } from "../session/badges/authorize.ts";

/** `billing`: the back end that bills; a charge point has one at most. `reporting`: it is told of charges and decides nothing. */
export type BackEndRole = "reporting" | "billing";

/** Who decides about badges where it bills; `local`: the site alone. */
export type BackEndAuthorization = BackEndPolicy | "local";

/** What becomes of a charge whose badge it refuses when the start is reported to it. */
export type LateInvalid = "limit0" | "stop" | "continue";

/** One back end as its node describes it. */
export interface BackEndSettings {
  /** Id of its node. */
  backEnd: string;
  /** As people call it. */
  name: string;
  role: BackEndRole;
  /** `ws://` or `wss://`; the identity is added as the last segment. */
  url: string;
  /** Identity of its charge points, with `{identity}` for ours. */
  identity: string;
  /** Charge points that it knows by a name of their own. */
  identities: readonly { identity: string; upstreamIdentity: string }[];
  password: string | null;
  tls: ClientTls | null;
  /** Stands for every badge; empty = badges are reported as they are. */
  reportingTag: string;
  /** Of one that bills. */
  authorization: BackEndAuthorization;
  lateInvalid: LateInvalid;
  /** What it may have done to the chargers. */
  allowFirmware: boolean;
  allowDiagnostics: boolean;
  /** A hard restart is passed on while a charge runs. */
  allowHardReset: boolean;
  /** Messages of their own kind pass, in both directions, of these vendors. */
  dataTransferVendors: readonly string[];
  /** Its limits are forgotten when it has been away for so long, h. */
  forgetAfterH: number;
}

/** The identity under which a back end knows a charge point of ours. */
export function upstreamIdentity({ identity, identities }: BackEndSettings, chargePoint: string): string {
  const own = identities.find((one) => one.identity.toLowerCase() === chargePoint.toLowerCase());
  return own?.upstreamIdentity ?? identity.replaceAll("{identity}", chargePoint);
}

/** How it is with one back end, for the status of its node. */
export interface BackEndState {
  /** Charge points that are reported to it, and for how many it takes reports now. */
  chargePoints: number;
  connected: number;
  /** Starts and ends of charges that wait. */
  waiting: number;
  /** Why one of them is not connected; null = all are, or are about to be. */
  failure: string | null;
}

/** The same with its books of the last seven days, for those who look after the site. */
export interface BackEndOverview extends Omit<BackEndState, "waiting">, BooksOverview {
  /** Of its node. */
  id: string;
  name: string;
}

/** Sessions of the last seven days by what the back end has of them. */
export interface BooksOverview {
  reported: number;
  waiting: number;
  refused: number;
  perhapsTwice: number;
  /** Those that are not simply reported, newest first; a few of them. */
  sessions: TroubledReport[];
}

export interface TroubledReport {
  session: string;
  chargePoint: string;
  connector: number;
  /** ISO 8601 UTC. */
  start: string;
  state: "waiting" | "refused" | "perhapsTwice";
  /** Why it was refused, in the words of the back end. */
  reason: string | null;
}

/** Its say about badges; null = it has none: one that is told a number of its own for all of them cannot tell them apart. */
export function policyOf({ role, authorization, reportingTag }: BackEndSettings): BackEndPolicy | null {
  return role === "billing" && authorization !== "local" && reportingTag === "" ? authorization : null;
}

/** Whether messages of a vendor's own kind pass between it and the charger. */
export function takesVendor({ role, dataTransferVendors }: BackEndSettings, vendorId: unknown): boolean {
  const wanted = String(vendorId).toLowerCase();
  return role === "billing" && dataTransferVendors.some((one) => one.toLowerCase() === wanted);
}

/** What the runtime tells the dialog of a charge point; both sides import it, so it imports nothing but types of data. */
import type { LearntFacts, ModelProfile, TraitView } from "../../../lib/station/capabilities/models/types.ts";
import type { FormerBackEnd } from "../../../lib/upstream/former/former-back-end.ts";

/** `POST /ev-charging/charge-points/:identity/former-back-end`: what a charger tells of the back end that it was given before. */
export interface FormerBackEndPage {
  /** `ours`: it tells the address of this server alone; `untold`: none of the known keys; `silent`: no configuration at all. */
  state: "found" | "ours" | "untold" | "silent" | "offline";
  found: readonly FormerBackEnd[];
}

/** `GET /ev-charging/charge-point-models`. */
export interface ModelsPage {
  models: ModelPage[];
}

/** A model, and where it departs from the standard; what stands here is all that the dialog needs to resolve traits by itself. */
export type ModelPage = Pick<
  ModelProfile,
  | "id"
  | "name"
  | "traits"
  | "nativeFallback"
  | "hintOnRefusal"
  | "commissioning"
  | "sources"
  | "confidence"
  | "appendsIdentity"
>;

/** `GET /ev-charging/charge-points/:identity`: a charge point as it is now; null for one that nobody knows. */
export interface ChargePointPage {
  identity: string;
  state: "offline" | "awaitBoot" | "ready" | "parked";
  online: boolean;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  /** The chosen model, else the one that its answers fit. */
  matched: { id: string; name: string } | null;
  /** What it showed of itself, for the dialog to lay over a model. */
  learnt: LearntFacts;
  /** What else it showed of itself, by paths such as `charger.clockOffsetS`. */
  facts: TraitView[];
  /** Configuration keys whose change waits for a reboot. */
  pendingReboot: readonly string[];
  connectors: ConnectorPage[];
}

export interface ConnectorPage {
  connector: number;
  /** OCPP status as reported. */
  status: string | null;
  /** A per terminal. */
  measuredA: (number | null)[] | null;
  /** Current.Offered, A per phase. */
  offeredA: number | null;
  /** How it is limited now; null for a connector that nobody described. */
  limit: LimitPage | null;
}

/** As much of the limiter's view as the dialog shows. */
export interface LimitPage {
  requestedA: number | null;
  sentA: number | null;
  acceptedA: number | null;
  status: string;
  verified: "composite" | "measured" | "no";
  /** ISO 8601 UTC. */
  leaseUntil: string | null;
  hint: string | null;
  /** How the limit in force was installed, in words. */
  way: string | null;
  /** Why the connector is reserved instead of allocated; null while it obeys. */
  trouble: string | null;
  /** Profiles written in the last 24 hours. */
  writesToday: number;
}

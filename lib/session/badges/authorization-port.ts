/** What the station layer asks of whoever knows the badges. Declared here, implemented by `Authorizer`. */
import type {
  AuthorizationMode,
  AuthorizationReason,
  AuthorizationRuling,
  BackEndPolicy,
  BackEndWord,
} from "./authorize.ts";
import type { Badge } from "./badge.ts";

/** A badge at a charge point. */
export interface BadgeQuestion {
  mode: AuthorizationMode;
  reason: AuthorizationReason;
  chargePoint: string;
  /** 0 = the charge point did not say which. */
  connector: number;
  /** As it was sent. */
  idTag: string;
  /** With `start`: when charging began by the charge point's clock, ms since 1970. */
  startedWallMs: number | null;
  /** This charge point was told from here to start a charge with it. */
  startedFromHere: boolean;
  /** The charge point is in service. */
  served: boolean;
}

/** The answer to it. */
export interface BadgeVerdict extends AuthorizationRuling {
  badge: Badge | null;
}

/** Who decides about badges. */
export interface AuthorizationPort {
  /** At once, but for a flow or a back end that is asked (at most 3 s). Never rejects. */
  ask(question: BadgeQuestion): BadgeVerdict | Promise<BadgeVerdict>;
  /** A back end has a say about the badges of a charge point. */
  hasBackEnd(chargePoint: string): boolean;
  /** The charge that was asked about with `start` is recorded, or could not be. */
  settled(chargePoint: string, connector: number): void;
  /** The badge that a charge point means by a number. */
  badge(chargePoint: string, idTag: string): Badge | null;
  /** From when on that badge is not valid any more, ms since 1970; null = it is without end, or there is none. */
  expiresWallMs(chargePoint: string, idTag: string): number | null;
}

/** The back end that bills, where it has a say in who may charge. */
export interface BackEndJudge {
  /** As people call it. */
  name: string;
  policy: BackEndPolicy;
  /** Resolves with its word, within 3 s: without an answer with an earlier one; null = there is none. Never rejects. */
  ask(idTag: string, reason: "authorize" | "start"): Promise<BackEndWord | null>;
}

/** Lets everybody in: where no site stands behind the charge points. */
export const OPEN_GATE: AuthorizationPort = {
  ask: ({ served }) => ({
    ...(served ? ({ status: "Accepted", rule: "open" } as const) : ({ status: "Invalid", rule: "notServed" } as const)),
    parentIdTag: null,
    expiresWallMs: null,
    badge: null,
  }),
  hasBackEnd: () => false,
  settled: () => {},
  badge: () => null,
  expiresWallMs: () => null,
};

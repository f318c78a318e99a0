/** What the runtime tells the dialog of a central system; both sides import it, so it imports nothing but types of data. */
import type { Asked } from "../../../lib/ocpp/asked.ts";
import type { LoggedMessage } from "../../../lib/ocpp/log/message-search.ts";

/** `GET /ev-charging/central-systems/:id`; null for one that is not deployed. */
export interface CentralSystemPage {
  /** Whether it listens, on which port (null = Node-RED's own), or why it does not. */
  state: { kind: "starting" } | { kind: "listening"; port: number | null } | { kind: "failed"; message: string };
  /** Identities of the charge points that are connected to it now, parked ones too. */
  online: string[];
  /** Connected, or seen, and described by no node. */
  parked: {
    identity: string;
    vendor: string | null;
    model: string | null;
    address: string | null;
    /** ISO 8601. */
    lastSeen: string;
    /** What it asks for that is not spoken here; null = it waits to be added. */
    asked: Asked | null;
  }[];
  /** The highest security profile that each has connected with; a lower one is refused. */
  profiles: { identity: string; highest: number }[];
  /** The password of each charge point. `inForce`: given over OCPP; `pending`: given, and not known to be taken. */
  keys: {
    identity: string;
    online: boolean;
    state: "none" | "configured" | "shared" | "inForce" | "pending";
    /** ISO 8601; of a key that was given over OCPP. */
    since: string | null;
  }[];
  /** Certificates of charge points that have one, wait for one, or could have one; null = nobody signs here. */
  certificates:
    | {
        identity: string;
        online: boolean;
        /** ISO 8601; null = it has none. */
        until: string | null;
        daysLeft: number | null;
        state: "sent" | "accepted" | "refused" | "removed" | null;
        waits: boolean;
        /** What went wrong last, in the site's language. */
        problem: string | null;
      }[]
    | null;
  /** Why messages are not kept on disk; null = they are, or need not be. */
  messageFailure: string | null;
}

/** `GET /ev-charging/central-systems/:id/messages`. */
export interface MessagesPage {
  /** Oldest first. */
  messages: (Omit<LoggedMessage, "wallMs"> & { ts: string })[];
}

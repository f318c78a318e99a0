import type { CheckedKey } from "../checked-key.ts";

/** Why a key is not copied. `missing`: the charge point has no such key. `impossible`: the key cannot have this value there. */
export type NotCopied = "secret" | "identity" | "address" | "wiring" | "kept" | "readonly" | "missing" | "impossible";

/** One key of a page, with what may be done with it. */
export interface SettingRow extends CheckedKey {
  /** Chargers of this model said that its change takes effect after a restart. */
  restarts: boolean;
  /** Its change waits for a restart. */
  pending: boolean;
  /** Why it is not copied; null = it can be. */
  notCopied: NotCopied | null;
}

/** What somebody sees of the settings of one charge point. */
export interface SettingsPage {
  chargePoint: string;
  /** What it is called. */
  charger: string;
  model: string | null;
  firmware: string | null;
  /** When they were read, ISO 8601 UTC. */
  ts: string;
  /** False: the charge point is away, and this is what was read last. */
  fresh: boolean;
  keys: SettingRow[];
  missing: string[];
  pendingReboot: readonly string[];
  advice: string[];
}

/** One key of two that are compared. */
export interface Difference {
  key: string;
  from: string | null;
  to: string | null;
  state: "same" | "different" | "onlyFrom" | "onlyTo" | "hidden";
  notCopied: NotCopied | null;
}

/**
 * What became of one key at one charge point. `waiting`: nothing was sent yet. `sent`: it was, and no answer is known. `same`: it had
 * the value. `differs`: it accepted the value and holds another. `rolledBack`: the old value was written back; `notRolledBack`: that
 * did not work, or the old value is not known.
 */
export type KeyStatus =
  | "waiting"
  | "sent"
  | "same"
  | "accepted"
  | "restart"
  | "refused"
  | "unknown"
  | "noAnswer"
  | "differs"
  | "rolledBack"
  | "notRolledBack"
  | NotCopied;

export interface KeyResult {
  /** The standard's name, or the maker's. */
  key: string;
  /** What it is to be. */
  value: string;
  /** What it was; null = not known. */
  old: string | null;
  /** What it holds, where that is something else. */
  found: string | null;
  status: KeyStatus;
}

/**
 * Where one charge point of a copy stands. `waiting`: its turn comes. `away`: not connected, gets it when it is back. `changing`: now.
 * `toRestart`: changed, is restarted when no car charges there. `restarting`: is waited for. `lost`: it stopped dialling after a change.
 * The rest are ends; `unread`: it did not tell its settings, and nothing was sent.
 */
export type TargetState =
  | "waiting"
  | "away"
  | "changing"
  | "toRestart"
  | "restarting"
  | "lost"
  | "done"
  | "partly"
  | "refused"
  | "unread"
  | "rolledBack"
  | "notRolledBack"
  | "givenUp";

export interface CopyTarget {
  chargePoint: string;
  state: TargetState;
  keys: KeyResult[];
  /** How often its keys were written. */
  tries: number;
  /** It was restarted by the copy. */
  restarted: boolean;
}

/** Keys of one charge point, or of a file, on their way to others. */
export interface SettingsCopy {
  id: number;
  /** ISO 8601 UTC. */
  ts: string;
  ended: string | null;
  /** Who asked for it, as the log has it. */
  by: { user: string | null; by: string | null; reason: string | null };
  /** Identity, or what the file says it is. */
  from: string;
  keys: { key: string; value: string }[];
  /** Charge points are restarted where a key takes effect after a restart. */
  restart: boolean;
  /** So long a charge point may stay away after a change, s. */
  waitS: number;
  /** Stopped because a charge point did not come back: nothing more is changed until somebody says so. */
  held: boolean;
  targets: CopyTarget[];
}

/** A copy as somebody sees it. */
export interface CopyView {
  id: number;
  ts: string;
  ended: string | null;
  by: string;
  from: string;
  keys: { key: string; value: string }[];
  restart: boolean;
  waitS: number;
  state: "running" | "held" | "ended";
  targets: (CopyTarget & {
    /** What the charge point is called, and what became of it, in words. */
    charger: string;
    text: string;
  })[];
  text: string;
}

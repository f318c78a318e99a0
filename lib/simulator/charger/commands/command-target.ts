import type { TriggerMessageRequest } from "../../../ocpp/v16/index.ts";
import type { Certificates } from "../certificates.ts";
import type { Charger } from "../charger.ts";
import type { FileWork } from "../file-work.ts";

/** The charge point around the charger, as commands need it. */
export interface CommandTarget {
  readonly charger: Charger;
  readonly files: FileWork;
  readonly certificates: Certificates;
  readonly vendor: string;
  /** The central system has accepted this charge point. */
  readonly accepted: boolean;
  /** Does something soon after the answer has left. */
  afterwards(action: () => void): void;
  trigger(message: TriggerMessageRequest["requestedMessage"], connectorId: number | undefined): void;
  reboot(reason: "SoftReset" | "HardReset"): void;
  /** Sends a message that may be lost. */
  say(action: string, payload: Record<string, unknown>): void;
  /** It has a new password: from a new connection on, at once or after the next restart. */
  newPassword(password: Buffer, atOnce: boolean): void;
  /** A configuration key has a new value. */
  configured(key: string): void;
}

/** Writes frames for a charge point, as a test wants them to have passed. */
import type { Kind, ReferenceChargePoint } from "./charge-point.ts";
import { ReferenceChargePoint as Point } from "./charge-point.ts";
import type { Profile } from "./profile.ts";

/** The right time at which such tests begin. */
export const NOON_MS = Date.parse("2026-06-01T12:00:00Z");

export const time = (atS: number): string => new Date(NOON_MS + atS * 1000).toISOString();

type Periods = [startPeriod: number, limit: number][];

/** An Absolute default profile on stack level 1 in A; `atS` is when its schedule begins, s after noon. */
export function profile(atS: number | null, periods: Periods, more: ProfileChange = {}): Profile {
  const { schedule, ...rest } = more;
  return {
    chargingProfileId: 2,
    stackLevel: 1,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    ...rest,
    chargingSchedule: {
      chargingRateUnit: "A",
      ...(atS !== null && { startSchedule: time(atS) }),
      chargingSchedulePeriod: periods.map(([startPeriod, limit]) => ({ startPeriod, limit })),
      ...schedule,
    },
  };
}

export interface ProfileChange extends Partial<Omit<Profile, "chargingSchedule">> {
  schedule?: Partial<Profile["chargingSchedule"]>;
}

/** One charge point and its frames. Seconds count from noon. */
export class Wire {
  readonly point: ReferenceChargePoint;
  #messages = 0;

  constructor(kind: Partial<Kind> = {}, connectors: readonly number[] = [1]) {
    this.point = new Point(kind, connectors);
    this.point.connected();
  }

  /** The central system asks. @returns the message id */
  ask(atS: number, action: string, payload: unknown): string {
    const id = `s${++this.#messages}`;
    this.point.sent(NOON_MS + atS * 1000, JSON.stringify([2, id, action, payload]));
    return id;
  }

  /** The charge point answers it. */
  answer(atS: number, id: string, status: string): void {
    const frame = status === "CALLERROR" ? [4, id, "InternalError", "", {}] : [3, id, { status }];
    this.point.heard(NOON_MS + atS * 1000, JSON.stringify(frame));
  }

  /** A profile and its answer; null = none comes. */
  set(atS: number, csChargingProfiles: Profile, status: string | null = "Accepted", connectorId = 1): string {
    const id = this.ask(atS, "SetChargingProfile", { connectorId, csChargingProfiles });
    if (status !== null) this.answer(atS, id, status);
    return id;
  }

  clear(atS: number, filter: object, status: string | null = "Accepted"): void {
    const id = this.ask(atS, "ClearChargingProfile", filter);
    if (status !== null) this.answer(atS, id, status);
  }

  /** The charge point says something. @returns the message id */
  tell(atS: number, action: string, payload: unknown): string {
    const id = `c${++this.#messages}`;
    this.point.heard(NOON_MS + atS * 1000, JSON.stringify([2, id, action, payload]));
    return id;
  }

  status(atS: number, status: string, connectorId = 1): void {
    this.tell(atS, "StatusNotification", { connectorId, status, errorCode: "NoError" });
  }

  /** A transaction begins, and is confirmed where it gets a number. */
  start(atS: number, transactionId: number | null, connectorId = 1): void {
    this.status(atS, "Charging", connectorId);
    const id = this.tell(atS, "StartTransaction", { connectorId, idTag: "TAG", meterStart: 0, timestamp: time(atS) });
    if (transactionId === null) return;
    const confirmation = [3, id, { transactionId, idTagInfo: { status: "Accepted" } }];
    this.point.sent(NOON_MS + atS * 1000, JSON.stringify(confirmation));
  }

  stop(atS: number, transactionId: number): void {
    this.tell(atS, "StopTransaction", { transactionId, meterStop: 1, timestamp: time(atS) });
  }

  /** What may flow from a second on, as `[second, A]`. */
  curve(
    atS: number,
    future: Parameters<ReferenceChargePoint["curve"]>[3] = "nothing",
    connector = 1,
  ): [number, number][] {
    const nowMs = NOON_MS + atS * 1000;
    const curve = this.point.curve(connector, nowMs, nowMs + 86_400_000, future);
    return curve.map(({ atMs, currentA }) => [(atMs - NOON_MS) / 1000, Math.round(currentA * 1000) / 1000]);
  }
}

import type { NewSession, SessionFlag } from "../../store/books/session-types.ts";
import type { TransactionRecord } from "../../store/types.ts";

/** Before this no charge point of ours can have charged: its clock was never set. */
const FIRST_WALL_MS = Date.UTC(2020, 0, 1);

/** A charge point's clock may be ahead by this. */
const AHEAD_MS = 86_400_000;

const NOTHING = {
  user: null,
  comment: null,
  endedWallMs: null,
  meterStopWh: null,
  energyWh: null,
  energySource: null,
  meterKind: null,
  pvShare: null,
  chargingS: 0,
  waitingS: 0,
  idleS: 0,
  limitedS: 0,
  chargeType: null,
  stopReason: null,
} as const;

/** The session of a transaction. Times are the charge point's own unless they cannot be true. */
export function sessionOfTransaction(
  record: TransactionRecord,
  outlet: Pick<NewSession, "zone" | "socketType">,
  replay: boolean,
  wallMs: number,
): NewSession {
  const { chargePoint, connector, transactionId, idTag, meterStartWh } = record;
  const startedWallMs = believable(record.startedWallMs, wallMs);
  const flags: SessionFlag[] = [];
  if (replay) flags.push("offlineStart");
  if (startedWallMs !== record.startedWallMs) flags.push("clockWrong");
  return {
    ...NOTHING,
    id: `${chargePoint}-${transactionId}`,
    chargePoint,
    connector,
    ...{ zone: outlet.zone, socketType: outlet.socketType },
    transactionId,
    idTag,
    startedWallMs,
    seenWallMs: replay ? startedWallMs : wallMs,
    meterStartWh,
    flags,
  };
}

/** A session without a transaction. No identity has a slash, so that the id is unique. */
export function sessionWithout(
  chargePoint: string,
  connector: number,
  outlet: Pick<NewSession, "zone" | "socketType">,
  wallMs: number,
): NewSession {
  return {
    ...NOTHING,
    id: `${chargePoint}/${connector}@${Math.round(wallMs)}`,
    chargePoint,
    connector,
    ...{ zone: outlet.zone, socketType: outlet.socketType },
    transactionId: null,
    idTag: null,
    startedWallMs: wallMs,
    seenWallMs: wallMs,
    meterStartWh: null,
    flags: ["noTransaction"],
  };
}

/** A charge point's time stamp; the time of arrival where it cannot be true. */
export function believable(stampMs: number, arrivedWallMs: number): number {
  return stampMs >= FIRST_WALL_MS && stampMs <= arrivedWallMs + AHEAD_MS ? stampMs : arrivedWallMs;
}

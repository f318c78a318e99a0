import type { JsonValue } from "../../units.ts";
import { asToldUpTo, CORRECTION_SQL, isCorrection, keepCorrection, toldOtherwise } from "./session-corrections.ts";
import type {
  NewSession,
  SessionBook,
  SessionCursor,
  SessionQuery,
  SessionRecord,
  SessionShare,
  SessionTotals,
  ShareQuery,
} from "./session-types.ts";
import { type Access, type StatementsOf, Table, type TableRow, whole } from "./table.ts";
import type { UPSTREAM_SQL } from "./upstreams.ts";

/** What the indexes are made of. To write one of these columns, even as it is, writes all indexes anew: eight pages for one. */
const INDEXED = {
  id: "plain",
  chargePoint: "plain",
  transactionId: "plain",
  startedWallMs: "time",
  endedWallMs: "time",
} as const;

/** What changes while a session goes on. */
const GOING_ON = {
  connector: "plain",
  zone: "plain",
  idTag: "plain",
  user: "plain",
  comment: "plain",
  seenWallMs: "time",
  meterStartWh: "plain",
  meterStopWh: "plain",
  energyWh: "plain",
  energySource: "plain",
  meterKind: "plain",
  pvShare: "plain",
  chargingS: "plain",
  waitingS: "plain",
  idleS: "plain",
  limitedS: "plain",
  chargeType: "plain",
  socketType: "plain",
  stopReason: "plain",
  flags: "texts",
} as const;

const RENAMED = { user: "user_name" };

/** `number` and `closed_number` are given by the database; `midnights` is written beside `memory`. */
const SESSIONS = new Table<Omit<NewSession, "midnights">>({ ...INDEXED, ...GOING_ON }, RENAMED);
const SAME = new Table<Pick<NewSession, keyof typeof INDEXED>>(INDEXED);
const CHANGES = new Table<Pick<NewSession, keyof typeof GOING_ON>>(GOING_ON, RENAMED);

const NUMBERS = "RETURNING number, closed_number AS closedNumber";

const MATCHES = `(?1 IS NULL OR started_wall_ms >= ?1) AND (?2 IS NULL OR started_wall_ms < ?2)
  AND (?3 IS NULL OR charge_point = ?3) AND (?4 IS NULL OR connector = ?4)
  AND (?5 IS NULL OR folded(user_name) = folded(?5) OR folded(comment) = folded(?5) OR folded(id_tag) = folded(?5))
  AND (?6 IS NULL OR (ended_wall_ms IS NULL) = (?6 = 'open'))`;

const TOTALS = `count(*) AS sessions, total(energy_wh) AS energyWh, count(energy_wh) AS measured,
  total(ended_wall_ms - started_wall_ms) / 1000 AS durationS, total(charging_s) AS chargingS,
  total(waiting_s) AS waitingS, total(limited_s) AS limitedS,
  total(iif(pv_share IS NULL, NULL, energy_wh)) AS pvKnownWh, total(energy_wh * pv_share) AS pvWh`;

/** Sessions longer than this have an index of their own (`sessions_long`), so that the others are found by their start. */
const LONG_MS = 172_800_000;

/** Was there between two times, and is one of those that are asked for. */
const SHARED = `started_wall_ms < ?2 AND (started_wall_ms >= ?1 OR ifnull(ended_wall_ms, seen_wall_ms) > ?1)
  AND (?3 IS NULL OR charge_point = ?3) AND (?4 IS NULL OR connector = ?4) AND (?5 IS NULL OR zone = ?5)
  AND (?6 IS NULL OR folded(user_name) = folded(?6) OR folded(comment) = folded(?6) OR folded(id_tag) = folded(?6))
  AND (?7 IS NULL OR folded(user_name) = folded(?7) OR folded(comment) = folded(?7))`;

const SHARE = `SELECT number, charge_point AS chargePoint, zone, started_wall_ms AS startedWallMs,
  ifnull(ended_wall_ms, seen_wall_ms) AS lastWallMs, ended_wall_ms IS NULL AS isOpen, energy_wh AS energyWh,
  pv_share AS pvShare, coalesce(nullif(user_name, ''), nullif(comment, ''), id_tag) AS holder, midnights FROM sessions`;

/** The statements on the table of sessions. */
export const SESSION_SQL = {
  ...CORRECTION_SQL,
  addSession: `INSERT INTO sessions (${SESSIONS.columns}) VALUES (${SESSIONS.marks}) ON CONFLICT DO NOTHING ${NUMBERS}`,
  saveSession: `UPDATE sessions SET (${SESSIONS.columns}) = (${SESSIONS.marks}), memory = ?, midnights = ? WHERE id = ? ${NUMBERS}`,
  continueSession: `UPDATE sessions SET (${CHANGES.columns}) = (${CHANGES.marks}), memory = ?, midnights = ?
    WHERE (${SAME.columns}) IS (${SAME.marks}) ${NUMBERS}`,
  closeSession: "UPDATE sessions SET closed_number = ? WHERE id = ?",
  nextClosedNumber: "UPDATE counters SET last = last + 1 WHERE name = 'closedSession' RETURNING last",
  session: "SELECT * FROM sessions WHERE id = ?",
  sessionsAfter: "SELECT * FROM sessions WHERE charge_point = ? AND number > ? ORDER BY number LIMIT ?",
  lastSessionNumber: "SELECT ifnull(max(number), 0) AS last FROM sessions",
  sessionOfTransaction:
    "SELECT * FROM sessions WHERE charge_point = ? AND transaction_id = ? ORDER BY number DESC LIMIT 1",
  openSessions: "SELECT * FROM sessions WHERE ended_wall_ms IS NULL ORDER BY number",
  sessionPage: `SELECT * FROM sessions WHERE ${MATCHES}
    AND started_wall_ms >= ?7 AND (started_wall_ms, number) > (?7, ?8) ORDER BY started_wall_ms, number LIMIT ?9`,
  sharePage: `${SHARE} WHERE ${SHARED}
    AND started_wall_ms >= ?8 AND (started_wall_ms, number) > (?8, ?9) ORDER BY started_wall_ms, number LIMIT ?10`,
  /** Those that began before. */
  shareEarlier: `${SHARE} WHERE ${SHARED} AND started_wall_ms < ?1 - ${LONG_MS}
      AND ended_wall_ms > ?1 AND ended_wall_ms - started_wall_ms > ${LONG_MS}
    UNION ALL ${SHARE} WHERE ${SHARED} AND started_wall_ms < ?1 - ${LONG_MS} AND ended_wall_ms IS NULL`,
  firstStart: "SELECT min(started_wall_ms) AS first FROM sessions",
  closedPage: "SELECT * FROM sessions WHERE closed_number > ? AND closed_number <= ? ORDER BY closed_number LIMIT ?",
  closedCount: "SELECT count(*) AS found FROM sessions WHERE closed_number > ? AND closed_number <= ?",
  lastClosedBefore: "SELECT ifnull(max(closed_number), 0) AS last FROM sessions WHERE ended_wall_ms < ?",
  endedBefore: "SELECT count(*) AS found FROM sessions WHERE ended_wall_ms < ?",
  pruneSessions: "DELETE FROM sessions WHERE ended_wall_ms < ?",
  sessionTotals: `SELECT ${TOTALS} FROM sessions WHERE ${MATCHES} AND ended_wall_ms IS NOT NULL`,
  totalsByChargePoint: `SELECT charge_point AS key, ${TOTALS} FROM sessions
    WHERE ${MATCHES} AND ended_wall_ms IS NOT NULL GROUP BY 1 ORDER BY energyWh DESC, 1 LIMIT ?7`,
  totalsByUser: `SELECT ifnull(user_name, id_tag) AS key, ${TOTALS} FROM sessions
    WHERE ${MATCHES} AND ended_wall_ms IS NOT NULL GROUP BY 1 ORDER BY energyWh DESC, 1 LIMIT ?7`,
} as const;

type Statements = StatementsOf<typeof SESSION_SQL & Pick<typeof UPSTREAM_SQL, "pruneUpstreams" | "pruneUpstreamWhole">>;

/** Before every session there is. */
const FIRST: SessionCursor = { startedWallMs: -8.64e15, number: 0 };

/** The book on a database. @param nowWallMs the time, ms since 1970 */
export function sessionBook({ write, read }: Access<Statements>, nowWallMs: () => number): SessionBook {
  const what = "a charging session";
  return {
    add: (session) => write(what, (statements) => add(statements, session)),
    save: (sessions) =>
      write(what, (statements) => sessions.map((session) => save(statements, session, nowWallMs())), "later"),
    has: (id) => read().session.get(id) !== undefined,
    get: (id) => {
      const row = read().session.get(id);
      return row ? toSession(row) : null;
    },
    after: (chargePoint, number, most) => read().sessionsAfter.all(chargePoint, number, most).map(toSession),
    lastNumber: () => (read().lastSessionNumber.get() as { last: number }).last,
    open: () => read().openSessions.all().map(toStored),
    byTransaction: (chargePoint, transactionId) => {
      const row = read().sessionOfTransaction.get(chargePoint, transactionId);
      return row ? toStored(row) : null;
    },
    page: (query, after, most) => {
      const { startedWallMs, number } = after ?? FIRST;
      return read()
        .sessionPage.all(...matching(query), whole(startedWallMs), number, most)
        .map(toSession);
    },
    closedPage: (after, upTo, most) => {
      const statements = read();
      return statements.closedPage.all(after, upTo, most).map((row) => asToldUpTo(statements, toSession(row), upTo));
    },
    corrections: (after, upTo) => {
      const statements = read();
      return toldOtherwise(statements, after, upTo).flatMap((was) => {
        const row = statements.session.get(was.id);
        return row ? [{ was, is: asToldUpTo(statements, toSession(row), upTo) }] : [];
      });
    },
    closedCount: (after, upTo) => (read().closedCount.get(after, upTo) as { found: number }).found,
    lastClosedBefore: (wallMs) => {
      const { lastClosedBefore, lastCorrectionBefore } = read();
      const found = [lastClosedBefore, lastCorrectionBefore].map((one) => one.get(whole(wallMs)) as { last: number });
      return Math.max(...found.map(({ last }) => last));
    },
    endedBefore: (wallMs) => (read().endedBefore.get(whole(wallMs)) as { found: number }).found,
    prune: (wallMs) =>
      write("forgetting sessions", (statements) => {
        const { changes } = statements.pruneSessions.run(whole(wallMs));
        statements.pruneCorrections.run();
        statements.pruneUpstreams.run();
        statements.pruneUpstreamWhole.run();
        return Number(changes);
      }),
    shares: (query, after, most) => {
      const asked = sharedOut(query);
      // Those that began within two days before the time, or in it.
      const first = { startedWallMs: asked[0] - LONG_MS, number: 0 };
      const { startedWallMs, number } = after && after.startedWallMs >= first.startedWallMs ? after : first;
      const earlier = after === null ? read().shareEarlier.all(...asked) : [];
      const page = read().sharePage.all(...asked, whole(startedWallMs), number, most);
      return [...earlier, ...page].map(toShare);
    },
    firstWallMs: () => (read().firstStart.get() as { first: number | null }).first,
    totalsBy: (query, by, most) => {
      const { totalsByChargePoint, totalsByUser } = read();
      const rows = (by === "user" ? totalsByUser : totalsByChargePoint).all(...matching(query), most);
      return rows as unknown as ({ key: string | null } & SessionTotals)[];
    },
    totals: (query) => ({ ...(read().sessionTotals.get(...matching(query)) as unknown as SessionTotals) }),
  };
}

/** What the database gives a session. */
type Numbers = Pick<SessionRecord, "number" | "closedNumber">;

function add(statements: Statements, session: NewSession): SessionRecord {
  const { id, chargePoint, transactionId, flags } = session;
  const isOurs = transactionId !== null && !flags.includes("foreignTransaction");
  const known = isOurs ? statements.sessionOfTransaction.get(chargePoint, transactionId) : undefined;
  if (known) return toSession(known);
  const numbers = statements.addSession.get(...SESSIONS.valuesOf(session)) as Numbers | undefined;
  if (numbers) return asWritten(session, numbers);
  const row = statements.session.get(id);
  if (!row) throw new Error(`the session ${id} was not kept`);
  return toSession(row);
}

function save(
  statements: Statements,
  { record, memory }: { record: SessionRecord; memory: JsonValue },
  nowWallMs: number,
): SessionRecord {
  const row = record.endedWallMs === null ? undefined : statements.session.get(record.id);
  const before = row && row["closed_number"] !== null ? toSession(row) : null;
  if (before && isCorrection(before, record)) {
    const { last } = statements.nextClosedNumber.get() as { last: number };
    keepCorrection(statements, before, last, nowWallMs);
  }
  const kept = record.endedWallMs === null || record.flags.includes("presumedEnd") ? JSON.stringify(memory) : null;
  const midnights = record.midnights?.length ? JSON.stringify(record.midnights) : null;
  const values = [...SESSIONS.valuesOf(record), kept, midnights, record.id];
  const goingOn = [...CHANGES.valuesOf(record), kept, midnights, ...SAME.valuesOf(record)];
  let numbers = (statements.continueSession.get(...goingOn) ?? statements.saveSession.get(...values)) as
    | Numbers
    | undefined;
  if (!numbers) {
    add(statements, record);
    numbers = statements.saveSession.get(...values) as Numbers | undefined;
  }
  if (!numbers) throw new Error(`the session ${record.id} was not kept`);
  const saved = asWritten(record, numbers);
  if (saved.endedWallMs === null || saved.closedNumber !== null) return saved;
  const { last } = statements.nextClosedNumber.get() as { last: number };
  statements.closeSession.run(last, record.id);
  return { ...saved, closedNumber: last };
}

/** The record as it would be read. */
function asWritten(session: NewSession, numbers: Numbers): SessionRecord {
  const { startedWallMs, endedWallMs, seenWallMs } = session;
  return {
    ...session,
    startedWallMs: Math.round(startedWallMs),
    endedWallMs: whole(endedWallMs),
    seenWallMs: Math.round(seenWallMs),
    ...numbers,
  };
}

function matching(query: SessionQuery) {
  const { chargePoint, connector, user, state } = query;
  return [whole(query.fromWallMs), whole(query.toWallMs), chargePoint, connector, user, state] as const;
}

function sharedOut({ fromWallMs, toWallMs, chargePoint, connector, zone, user, owner }: ShareQuery) {
  const [from, to] = [fromWallMs ?? FIRST.startedWallMs, toWallMs ?? -FIRST.startedWallMs];
  return [whole(from), whole(to), chargePoint, connector, zone, user, owner] as const;
}

function toShare({ midnights, isOpen, ...row }: TableRow): SessionShare {
  return { ...row, isOpen: isOpen === 1, midnights: toMidnights(midnights) ?? [] } as unknown as SessionShare;
}

function toMidnights(text: unknown): SessionRecord["midnights"] {
  return typeof text === "string" ? (JSON.parse(text) as SessionRecord["midnights"]) : undefined;
}

function toSession(row: TableRow): SessionRecord {
  const midnights = toMidnights(row["midnights"]);
  return {
    ...SESSIONS.recordOf(row),
    number: row["number"] as number,
    closedNumber: row["closed_number"] as number | null,
    ...(midnights && { midnights }),
  };
}

function toStored(row: TableRow): { record: SessionRecord; memory: JsonValue } {
  const memory = row["memory"];
  return { record: toSession(row), memory: typeof memory === "string" ? (JSON.parse(memory) as JsonValue) : null };
}

import { type Access, type StatementsOf, Table, type TableRow } from "./table.ts";

const BOOKS = new Table<UpstreamRecord>({
  backEnd: "plain",
  session: "plain",
  chargePoint: "plain",
  connector: "plain",
  startedWallMs: "time",
  endedWallMs: "time",
  state: "plain",
  perhapsTwice: "flag",
  transactionId: "plain",
  start: "json",
  stop: "json",
  energyWh: "plain",
  reason: "plain",
  changedWallMs: "time",
});

/** Of so many samples of a charge point that wait, the old ones are thinned; beyond the other number the oldest are dropped. */
const MANY_SAMPLES = 500;
const MOST_SAMPLES = 5000;
/** Samples that are older are thinned to the first of each quarter of an hour, ms. */
const DENSE_MS = 3_600_000;
const QUARTER_MS = 900_000;

/** The statements on the tables of what is reported to back ends. */
export const UPSTREAM_SQL = {
  upstreamMark: "SELECT number FROM upstream_marks WHERE back_end = ? AND charge_point = ?",
  moveUpstreamMark: "INSERT OR REPLACE INTO upstream_marks VALUES (?, ?, ?)",
  upstream: "SELECT * FROM upstream_books WHERE back_end = ? AND session = ?",
  addUpstream: `INSERT INTO upstream_books (${BOOKS.columns}) VALUES (${BOOKS.marks}) ON CONFLICT DO NOTHING`,
  saveUpstream: `INSERT OR REPLACE INTO upstream_books (${BOOKS.columns}) VALUES (${BOOKS.marks})`,
  openUpstreams: "SELECT * FROM upstream_books WHERE back_end = ? AND charge_point = ? AND stop IS NULL",
  // The primary key begins with the back end: each back end that there is is looked up in it.
  upstreamsOfSession: `WITH RECURSIVE known(id) AS (SELECT min(back_end) FROM upstream_books
    UNION ALL SELECT (SELECT min(back_end) FROM upstream_books WHERE back_end > id) FROM known WHERE id IS NOT NULL)
    SELECT books.* FROM known JOIN upstream_books AS books ON books.back_end = known.id AND books.session = ?`,
  knownUpstreams: `WITH RECURSIVE known(id) AS (SELECT min(back_end) FROM upstream_books
    UNION ALL SELECT (SELECT min(back_end) FROM upstream_books WHERE back_end > id) FROM known WHERE id IS NOT NULL)
    SELECT id FROM known WHERE id IS NOT NULL`,
  upstreamOfTransaction: `SELECT * FROM upstream_books WHERE back_end = ? AND charge_point = ? AND transaction_id = ?
    ORDER BY started_wall_ms DESC LIMIT 1`,
  anyUpstream: "SELECT 1 AS found FROM upstream_books WHERE back_end = ? LIMIT 1",
  upstreamPage: `SELECT * FROM upstream_books WHERE (?1 IS NULL OR back_end = ?1) AND (?2 IS NULL OR charge_point = ?2)
    AND (?3 IS NULL OR started_wall_ms >= ?3) AND (?4 IS NULL OR started_wall_ms < ?4)
    AND (?5 IS NULL OR iif(state = 'reported' AND perhaps_twice, 'perhapsTwice', state) = ?5)
    ORDER BY started_wall_ms DESC, session, back_end LIMIT ?6`,
  countedUpstreams: `SELECT iif(state = 'reported' AND perhaps_twice, 'perhapsTwice', state) AS told, count(*) AS found
    FROM upstream_books WHERE back_end = ? AND started_wall_ms >= ? GROUP BY told`,
  refusedUpstreams: `SELECT count(*) AS found, max(reason) AS reason FROM upstream_books
    WHERE back_end = ? AND state = 'refused' AND changed_wall_ms >= ?`,
  pruneUpstreams: `DELETE FROM upstream_books WHERE state <> 'waiting'
    AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = upstream_books.session)`,
  addUpstreamMessage: `INSERT INTO upstream_queue (back_end, charge_point, session, kind, wall_ms, sample)
    VALUES (?, ?, ?, ?, ?, ?)`,
  nextUpstreamMessage: `SELECT * FROM upstream_queue WHERE back_end = ? AND charge_point = ? AND kind <> 'data'
    AND (kind <> 'signed' OR NOT EXISTS (SELECT 1 FROM upstream_books WHERE upstream_books.back_end = upstream_queue.back_end
      AND upstream_books.session = upstream_queue.session AND state = 'refused')) ORDER BY number LIMIT 1`,
  upstreamWhole: "SELECT * FROM upstream_queue WHERE back_end = ? AND session = ? AND kind = ? ORDER BY number",
  dropUpstreamKind: "DELETE FROM upstream_queue WHERE back_end = ? AND session = ? AND kind = ?",
  pruneUpstreamWhole: `DELETE FROM upstream_queue WHERE kind IN ('data', 'signed')
    AND NOT EXISTS (SELECT 1 FROM upstream_books WHERE upstream_books.back_end = upstream_queue.back_end
      AND upstream_books.session = upstream_queue.session)`,
  upstreamMessage: "SELECT * FROM upstream_queue WHERE number = ?",
  upstreamStopWaits: "SELECT 1 AS found FROM upstream_queue WHERE back_end = ? AND session = ? AND kind = 'stop'",
  markUpstreamSent: "UPDATE upstream_queue SET sent = ? WHERE number = ?",
  markAllStartsSent: "UPDATE upstream_queue SET sent = 1 WHERE kind = 'start'",
  dropUpstreamMessage: "DELETE FROM upstream_queue WHERE number = ?",
  dropUpstreamSession: `DELETE FROM upstream_queue WHERE back_end = ? AND session = ?
    AND kind IN ('start', 'sample', 'stop')`,
  upstreamBacklog: `SELECT count(*) AS found, min(wall_ms) AS oldest FROM upstream_queue
    WHERE back_end = ? AND kind <> 'sample' AND kind IN ('start', 'stop')`,
  waitingSamples: `SELECT count(*) AS found FROM upstream_queue
    WHERE back_end = ? AND charge_point = ? AND kind = 'sample'`,
  thinSamples: `DELETE FROM upstream_queue WHERE back_end = ?1 AND charge_point = ?2 AND kind = 'sample' AND wall_ms < ?3
    AND number NOT IN (SELECT min(number) FROM upstream_queue
      WHERE back_end = ?1 AND charge_point = ?2 AND kind = 'sample' GROUP BY session, wall_ms / ${QUARTER_MS})`,
  dropOldestSamples: `DELETE FROM upstream_queue WHERE number IN (SELECT number FROM upstream_queue
    WHERE back_end = ? AND charge_point = ? AND kind = 'sample' ORDER BY number LIMIT ?)`,
} as const;

type Statements = StatementsOf<typeof UPSTREAM_SQL>;

/** What is reported of one session at its start. `meterStart` is what its samples and its end count from. */
export interface UpstreamStart {
  connectorId: number;
  idTag: string;
  meterStart: number;
  timestamp: string;
}

/** What is reported of its end. */
export interface UpstreamStop {
  meterStop: number;
  timestamp: string;
  reason: string;
  idTag?: string;
}

/** What was measured in between. */
export interface UpstreamSample {
  /** Energy since the start of the session, Wh. */
  energyWh: number | null;
  /** A per terminal of the charge point. */
  currentA: (number | null)[] | null;
  /** Sample.Periodic without it. */
  context?: "Sample.Clock";
  /** In place of all that: values of the charger, as they came. */
  whole?: readonly WholeValue[];
}

/** MeterValue of OCPP 1.6, as the charger sent it. */
export type WholeValue = Readonly<Record<string, unknown>>;

/** One session in the books of one back end. Wall times are ms since 1970. */
export interface UpstreamRecord {
  /** Id of the node. */
  backEnd: string;
  session: string;
  chargePoint: string;
  connector: number;
  startedWallMs: number;
  endedWallMs: number | null;
  state: "waiting" | "reported" | "refused";
  /** The answer to its start was lost, and the start was sent again. */
  perhapsTwice: boolean;
  /** The back end's own number; null = it has not given one yet. */
  transactionId: number | null;
  start: UpstreamStart;
  /** null = it has not ended. */
  stop: UpstreamStop | null;
  /** As it is reported with its end. */
  energyWh: number | null;
  /** Why the back end refused it, or what is peculiar. */
  reason: string | null;
  changedWallMs: number;
}

/** One message that a back end has not confirmed. */
export interface UpstreamMessage {
  number: number;
  backEnd: string;
  chargePoint: string;
  session: string;
  /** `signed`: values of the charger that are never thinned. */
  kind: "start" | "sample" | "signed" | "stop";
  wallMs: number;
  sample: UpstreamSample | null;
  /** It was handed to the network once, and no answer is known. */
  sent: boolean;
}

/** Which rows of the books; null = all. */
export interface UpstreamQuery {
  backEnd: string | null;
  chargePoint: string | null;
  fromWallMs: number | null;
  toWallMs: number | null;
  state: "waiting" | "reported" | "refused" | "perhapsTwice" | null;
}

/**
 * What is reported to back ends: books of sessions, and the messages that wait, in order. Start and end of a session are never
 * dropped. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export interface UpstreamBook {
  /** Number of the last session of a charge point that was taken into the books of a back end; null = none ever was. */
  mark(backEnd: string, chargePoint: string): number | null;
  moveMark(backEnd: string, chargePoint: string, number: number): void;
  /** Takes a session into the books with its start; one that is there already stays as it is. @param number of the session */
  begin(record: UpstreamRecord, number: number): void;
  /** Takes a whole session into the books without reporting it: as refused, until somebody has it reported. @param number of the session */
  setAside(record: UpstreamRecord, number: number): void;
  /** The database is an older copy: what it knows to be unsent may have been sent. Starts that wait count as sent once. */
  restored(): void;
  /** A session has ended, or its end was put right before the back end had it. */
  finish(record: UpstreamRecord): void;
  find(backEnd: string, session: string): UpstreamRecord | null;
  /** Those whose end is not in the books. */
  open(backEnd: string, chargePoint: string): UpstreamRecord[];
  ofTransaction(backEnd: string, chargePoint: string, transactionId: number): UpstreamRecord | null;
  /** What each back end has of a session. */
  ofSession(session: string): UpstreamRecord[];
  /** Ids of back ends with anything in their books. */
  known(): string[];
  /** Whether there is anything in the books of a back end. */
  isKnown(backEnd: string): boolean;
  /** Newest first. */
  page(query: UpstreamQuery, most: number): UpstreamRecord[];
  /** Adds a sample, and thins the old ones where many wait. */
  sample(record: UpstreamRecord, sample: UpstreamSample, wallMs: number): void;
  /** Adds values that the charger has signed, as they came. @param isKept they are never thinned */
  signed(record: UpstreamRecord, whole: readonly WholeValue[], isKept: boolean, wallMs: number): void;
  /** Keeps what the charger sent with the end of a session until the end is confirmed; it takes the place of what was kept before. */
  keepData(record: UpstreamRecord, whole: readonly WholeValue[], wallMs: number): void;
  /** null = nothing is kept. */
  data(record: UpstreamRecord): readonly WholeValue[] | null;
  /** The back end does not take what the charger sent with the end: the end is sent without. @param note says so in the books */
  dropData(record: UpstreamRecord, note: string, wallMs: number): void;
  /** Resolves when all that was written is durable. @throws EvError EV_STORE_WRITE */
  settled(): Promise<void>;
  /** The message that is next for a charge point. */
  next(backEnd: string, chargePoint: string): UpstreamMessage | null;
  /** A start is about to be sent. Resolves when that is durable: an answer that is lost is then known to be. */
  sending(message: UpstreamMessage): Promise<void>;
  /** The back end answered that it did not take a message; it will be sent again. */
  notTaken(message: UpstreamMessage): void;
  /** The answer to a start was lost: sent again, it may be in the back end's books twice. */
  lost(message: UpstreamMessage): void;
  /** The back end has a message. @param transactionId given with the confirmation of a start @param note what is peculiar about it */
  confirm(message: UpstreamMessage, transactionId: number | null, wallMs: number, note?: string | null): void;
  /** The back end will never take a message: a sample is forgotten, a session set aside with what waits of it. */
  refuse(message: UpstreamMessage, reason: string, wallMs: number): void;
  /** A session that was refused is to be reported again from its start. */
  again(record: UpstreamRecord, wallMs: number): void;
  /** Starts and ends that wait, and since when the oldest does. */
  backlog(backEnd: string): { waiting: number; oldestWallMs: number | null };
  /** How many sessions that began since a time have which state. */
  counts(backEnd: string, sinceWallMs: number): Record<NonNullable<UpstreamQuery["state"]>, number>;
  /** How many were refused since a time, and one reason. */
  refused(backEnd: string, sinceWallMs: number): { count: number; reason: string | null };
}

/** The book on a database. */
export function upstreamBook({ write, read, settled }: Access<Statements>): UpstreamBook {
  const what = "a report to a back end";
  const change = (body: (statements: Statements) => void) => write(what, body);
  const find = (statements: Statements, backEnd: string, session: string) => {
    const row = statements.upstream.get(backEnd, session);
    return row ? BOOKS.recordOf(row) : null;
  };
  /** Changes the record of a message and drops the message. */
  const settle = (message: UpstreamMessage, changed: (record: UpstreamRecord) => UpstreamRecord) =>
    change((statements) => {
      const record = find(statements, message.backEnd, message.session);
      if (record) statements.saveUpstream.run(...BOOKS.valuesOf(changed(record)));
      statements.dropUpstreamMessage.run(message.number);
      if (message.kind === "stop") statements.dropUpstreamKind.run(message.backEnd, message.session, "data");
    });
  return {
    mark: (backEnd, chargePoint) => {
      const row = read().upstreamMark.get(backEnd, chargePoint);
      return row ? (row["number"] as number) : null;
    },
    moveMark: (backEnd, chargePoint, number) =>
      change((statements) => statements.moveUpstreamMark.run(backEnd, chargePoint, number)),
    begin: (record, number) =>
      change((statements) => {
        const { backEnd, chargePoint, session, startedWallMs } = record;
        const { changes } = statements.addUpstream.run(...BOOKS.valuesOf(record));
        if (Number(changes) > 0) enqueue(statements, record, "start", startedWallMs, null);
        const mark = statements.upstreamMark.get(backEnd, chargePoint)?.["number"] as number | undefined;
        if (mark === undefined || number > mark) statements.moveUpstreamMark.run(backEnd, chargePoint, number);
        return session;
      }),
    setAside: (record, number) =>
      change((statements) => {
        const { backEnd, chargePoint } = record;
        statements.addUpstream.run(...BOOKS.valuesOf({ ...record, state: "refused" }));
        const mark = statements.upstreamMark.get(backEnd, chargePoint)?.["number"] as number | undefined;
        if (mark === undefined || number > mark) statements.moveUpstreamMark.run(backEnd, chargePoint, number);
      }),
    restored: () => change((statements) => statements.markAllStartsSent.run()),
    finish: (record) =>
      change((statements) => {
        const isQueued = statements.upstreamStopWaits.get(record.backEnd, record.session) !== undefined;
        statements.saveUpstream.run(...BOOKS.valuesOf(record));
        if (!isQueued && record.state === "waiting")
          enqueue(statements, record, "stop", record.endedWallMs ?? record.startedWallMs, null);
      }),
    find: (backEnd, session) => find(read(), backEnd, session),
    open: (backEnd, chargePoint) =>
      read()
        .openUpstreams.all(backEnd, chargePoint)
        .map((row) => BOOKS.recordOf(row)),
    ofTransaction: (backEnd, chargePoint, transactionId) => {
      const row = read().upstreamOfTransaction.get(backEnd, chargePoint, transactionId);
      return row ? BOOKS.recordOf(row) : null;
    },
    ofSession: (session) =>
      read()
        .upstreamsOfSession.all(session)
        .map((row) => BOOKS.recordOf(row)),
    known: () =>
      read()
        .knownUpstreams.all()
        .map(({ id }) => id as string),
    isKnown: (backEnd) => read().anyUpstream.get(backEnd) !== undefined,
    page: ({ backEnd, chargePoint, fromWallMs, toWallMs, state }, most) =>
      read()
        .upstreamPage.all(backEnd, chargePoint, fromWallMs, toWallMs, state, most)
        .map((row) => BOOKS.recordOf(row)),
    sample: (record, sample, wallMs) =>
      change((statements) => {
        enqueue(statements, record, "sample", wallMs, sample);
        thin(statements, record, wallMs);
      }),
    signed: (record, whole, isKept, wallMs) =>
      change((statements) => {
        const sample = { energyWh: null, currentA: null, whole };
        enqueue(statements, record, isKept ? "signed" : "sample", wallMs, sample);
        if (!isKept) thin(statements, record, wallMs);
      }),
    keepData: (record, whole, wallMs) =>
      change((statements) => {
        statements.dropUpstreamKind.run(record.backEnd, record.session, "data");
        enqueue(statements, record, "data", wallMs, { energyWh: null, currentA: null, whole });
      }),
    data: ({ backEnd, session }) => {
      const row = read().upstreamWhole.get(backEnd, session, "data");
      return (row && toMessage(row).sample?.whole) ?? null;
    },
    dropData: (record, note, changedWallMs) =>
      change((statements) => {
        statements.dropUpstreamKind.run(record.backEnd, record.session, "data");
        statements.saveUpstream.run(...BOOKS.valuesOf({ ...record, reason: note, changedWallMs }));
      }),
    settled,
    next: (backEnd, chargePoint) => {
      const row = read().nextUpstreamMessage.get(backEnd, chargePoint);
      return row ? toMessage(row) : null;
    },
    sending: (message) => {
      change((statements) => statements.markUpstreamSent.run(1, message.number));
      return settled();
    },
    notTaken: (message) => change((statements) => statements.markUpstreamSent.run(0, message.number)),
    lost: (message) =>
      change((statements) => {
        const record = find(statements, message.backEnd, message.session);
        if (record) statements.saveUpstream.run(...BOOKS.valuesOf({ ...record, perhapsTwice: true }));
        statements.markUpstreamSent.run(0, message.number);
      }),
    confirm: (message, transactionId, changedWallMs, note = null) =>
      isValues(message)
        ? change((statements) => statements.dropUpstreamMessage.run(message.number))
        : settle(message, (record) => ({
            ...record,
            changedWallMs,
            ...(note !== null && { reason: note }),
            ...(message.kind === "start" ? { transactionId } : { state: "reported" }),
          })),
    refuse: (message, reason, changedWallMs) =>
      isValues(message)
        ? change((statements) => statements.dropUpstreamMessage.run(message.number))
        : change((statements) => {
            const record = find(statements, message.backEnd, message.session);
            const refused = { state: "refused" as const, reason, changedWallMs };
            if (record) statements.saveUpstream.run(...BOOKS.valuesOf({ ...record, ...refused }));
            statements.dropUpstreamSession.run(message.backEnd, message.session);
          }),
    again: (record, changedWallMs) =>
      change((statements) => {
        const isKnown = record.transactionId !== null;
        const waiting = { ...record, state: "waiting" as const, reason: null, changedWallMs };
        statements.saveUpstream.run(...BOOKS.valuesOf(waiting));
        statements.dropUpstreamSession.run(record.backEnd, record.session);
        if (!isKnown) enqueue(statements, record, "start", changedWallMs, null);
        const signed = statements.upstreamWhole.all(record.backEnd, record.session, "signed").map(toMessage);
        statements.dropUpstreamKind.run(record.backEnd, record.session, "signed");
        for (const { wallMs, sample } of signed) enqueue(statements, record, "signed", wallMs, sample);
        if (record.stop) enqueue(statements, record, "stop", changedWallMs, null);
      }),
    backlog: (backEnd) => {
      const row = read().upstreamBacklog.get(backEnd) as { found: number; oldest: number | null };
      return { waiting: row.found, oldestWallMs: row.oldest };
    },
    counts: (backEnd, sinceWallMs) => {
      const rows = read().countedUpstreams.all(backEnd, Math.round(sinceWallMs));
      const found = Object.fromEntries(rows.map((row) => [row["told"], row["found"]]));
      return { waiting: 0, reported: 0, refused: 0, perhapsTwice: 0, ...found };
    },
    refused: (backEnd, sinceWallMs) => {
      const row = read().refusedUpstreams.get(backEnd, Math.round(sinceWallMs)) as {
        found: number;
        reason: string | null;
      };
      return { count: row.found, reason: row.reason };
    },
  };
}

/** Values of a session, not its start or end: the session does without them. */
function isValues({ kind }: UpstreamMessage): boolean {
  return kind === "sample" || kind === "signed";
}

function enqueue(
  statements: Statements,
  { backEnd, chargePoint, session }: UpstreamRecord,
  kind: UpstreamMessage["kind"] | "data",
  wallMs: number,
  sample: UpstreamSample | null,
): void {
  const values = sample && JSON.stringify(sample);
  statements.addUpstreamMessage.run(backEnd, chargePoint, session, kind, Math.round(wallMs), values);
}

function thin(statements: Statements, { backEnd, chargePoint }: UpstreamRecord, nowWallMs: number): void {
  const count = () => (statements.waitingSamples.get(backEnd, chargePoint) as { found: number }).found;
  const before = count();
  // Once for every so many: each look reads all of them.
  if (before < MANY_SAMPLES || before % (MANY_SAMPLES / 10) !== 0) return;
  statements.thinSamples.run(backEnd, chargePoint, Math.round(nowWallMs - DENSE_MS));
  const tooMany = count() - MOST_SAMPLES;
  if (tooMany > 0) statements.dropOldestSamples.run(backEnd, chargePoint, tooMany);
}

function toMessage(row: TableRow): UpstreamMessage {
  const { number, back_end, charge_point, session, kind, wall_ms, sample, sent } = row;
  return {
    number: number as number,
    backEnd: back_end as string,
    chargePoint: charge_point as string,
    session: session as string,
    kind: kind as UpstreamMessage["kind"],
    wallMs: wall_ms as number,
    sample: typeof sample === "string" ? (JSON.parse(sample) as UpstreamSample) : null,
    sent: sent === 1,
  };
}

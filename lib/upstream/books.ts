/** The books of back ends as flows ask for them. */
import { isoTime } from "../clock.ts";
import { invalid } from "../errors.ts";
import { record, text } from "../fields.ts";
import { REPORT_STATES, type ReportState, type SessionReport } from "../session/sessions/session-reports.ts";
import { readSpan } from "../session/sessions/session-request.ts";
import type { UpstreamBook, UpstreamQuery, UpstreamRecord } from "../store/books/upstreams.ts";
import type { BooksOverview } from "./types.ts";

const LISTED = 1000;
/** How far back the overview goes, ms, and how many sessions it names. */
const OVERVIEW_MS = 7 * 86_400_000;
const FEW = 8;
const TROUBLED = ["refused", "perhapsTwice", "waiting"] as const;
const MOST_LISTED = 10_000;

/** One session in the books of one back end. */
export interface BookRow {
  sessionId: string;
  /** Name of the back end. */
  backEnd: string;
  chargePoint: string;
  connector: number;
  state: ReportState;
  /** The back end's own number; null = it has given none. */
  upstreamTransactionId: string | null;
  /** ISO 8601 UTC. */
  start: string;
  end: string | null;
  /** As it is reported with the end; null = not yet. */
  energyWh: number | null;
  reason: string | null;
}

export interface BooksAnswer {
  payload: BookRow[];
  count: number;
  /** There are more; these are the newest. */
  truncated: boolean;
}

/** What back ends are called: by name or id to id, and by id to name. */
export interface BackEndNames {
  idOf(name: string): string | null;
  nameOf(id: string): string;
  /** The id of the only one; null = there are several, or none. */
  only(): string | null;
}

/**
 * Rows of the books, newest session first. @param payload `{chargePoint?, backEnd?, from?, to?, month?, state?, most?}`
 * @throws EvError EV_MESSAGE_INVALID naming the field; of the store
 */
export function listBooks(
  book: UpstreamBook,
  payload: unknown,
  names: BackEndNames,
  timeZone: string,
  nowWallMs: number,
): BooksAnswer {
  const fields = record(payload);
  const { state = null, most = LISTED } = fields;
  if (state !== null && !REPORT_STATES.includes(state as never))
    throw invalid("payload.state", `one of ${REPORT_STATES.join(", ")}`, state);
  if (!(Number.isInteger(most) && Number(most) >= 1 && Number(most) <= MOST_LISTED))
    throw invalid("payload.most", `a whole number from 1 to ${MOST_LISTED}`, most);
  const query: UpstreamQuery = {
    ...readSpan(fields, timeZone, nowWallMs),
    backEnd: backEndOf(fields, names),
    chargePoint: text(fields["chargePoint"]) ?? null,
    state: state as UpstreamQuery["state"],
  };
  const found = book.page(query, Number(most) + 1);
  const rows = found.slice(0, Number(most)).map((one) => rowOf(one, names));
  return { payload: rows, count: rows.length, truncated: found.length > rows.length };
}

/**
 * Reports sessions again that a back end refused: one of them, or all. @param payload `{backEnd?, sessionId?}`
 * @returns those that wait now @throws EvError EV_MESSAGE_INVALID naming the field; of the store
 */
export function repeatRefused(
  book: UpstreamBook,
  payload: unknown,
  names: BackEndNames,
  nowWallMs: number,
): UpstreamRecord[] {
  const fields = record(payload);
  const backEnd = backEndOf(fields, names);
  const sessionId = text(fields["sessionId"]) ?? null;
  const refused = book.page(
    { backEnd, chargePoint: null, fromWallMs: null, toWallMs: null, state: "refused" },
    MOST_LISTED,
  );
  const wanted = refused.filter(({ session }) => sessionId === null || session === sessionId);
  if (sessionId !== null && wanted.length === 0)
    throw invalid("payload.sessionId", "a session that a back end has refused", sessionId);
  for (const one of wanted.toReversed()) book.again(one, nowWallMs);
  return wanted;
}

/** What the books of a back end say of the last seven days. @throws EvError of the store */
export function overviewOfBooks(book: UpstreamBook, backEnd: string, nowWallMs: number): BooksOverview {
  const fromWallMs = nowWallMs - OVERVIEW_MS;
  const counts = book.counts(backEnd, fromWallMs);
  const found = TROUBLED.flatMap((state) =>
    counts[state] === 0
      ? []
      : book
          .page({ backEnd, chargePoint: null, fromWallMs, toWallMs: null, state }, FEW)
          .map(({ session, chargePoint, connector, startedWallMs, reason }) => {
            return { session, chargePoint, connector, start: isoTime(startedWallMs), state, reason };
          }),
  );
  const sessions = found.sort((one, other) => other.start.localeCompare(one.start)).slice(0, FEW);
  return { ...counts, sessions };
}

/** What back ends have of a session, by their names. */
export function reportsOf(book: UpstreamBook, session: string, { nameOf }: BackEndNames): SessionReport[] {
  return book
    .ofSession(session)
    .map((one) => ({ backEnd: nameOf(one.backEnd), state: stateOf(one), reason: one.reason }));
}

function stateOf({ state, perhapsTwice }: UpstreamRecord): ReportState {
  return state === "reported" && perhapsTwice ? "perhapsTwice" : state;
}

/** The back end that a message names; the only one where it names none. @throws EvError EV_MESSAGE_INVALID naming the field */
export function neededBackEnd(payload: unknown, names: BackEndNames): string {
  const found = backEndOf(record(payload), names) ?? names.only();
  if (found === null) throw invalid("payload.backEnd", "the name of a back end", record(payload)["backEnd"]);
  return found;
}

function backEndOf(fields: Record<string, unknown>, { idOf }: BackEndNames): string | null {
  const name = fields["backEnd"];
  if (name === undefined || name === null || name === "") return null;
  const id = typeof name === "string" ? idOf(name) : null;
  if (id === null) throw invalid("payload.backEnd", "the name of a back end", name);
  return id;
}

function rowOf(one: UpstreamRecord, { nameOf }: BackEndNames): BookRow {
  const { session, backEnd, chargePoint, connector, transactionId, energyWh, reason } = one;
  return {
    ...{ sessionId: session, backEnd: nameOf(backEnd), chargePoint, connector },
    state: stateOf(one),
    upstreamTransactionId: transactionId === null ? null : String(transactionId),
    start: isoTime(one.startedWallMs),
    end: one.endedWallMs === null ? null : isoTime(one.endedWallMs),
    energyWh,
    reason,
  };
}

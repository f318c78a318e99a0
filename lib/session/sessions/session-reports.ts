/** What back ends of others have of sessions, for lists and tables of sessions. */
export const REPORT_STATES = ["reported", "waiting", "refused", "perhapsTwice"] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** What one back end has of one session. */
export interface SessionReport {
  /** Name of the back end. */
  backEnd: string;
  /** `perhapsTwice`: reported, and the answer to its start was lost on the way. */
  state: ReportState;
  /** Why it was refused, or what is peculiar; null = nothing is. */
  reason: string | null;
}

/** The books of all back ends, read session by session. */
export interface SessionReports {
  /** Back ends that sessions are or were reported to, by name, each once. */
  readonly backEnds: readonly string[];
  /** @throws EvError of the store */
  of(session: string): readonly SessionReport[];
}

/** What is wanted of the books: sessions with this state at one back end at least; `none` = no back end knows of it; null = all. */
export type ReportChoice = ReportState | "none" | null;

export function isWanted(reports: readonly SessionReport[], choice: ReportChoice): boolean {
  if (choice === null) return true;
  return choice === "none" ? reports.length === 0 : reports.some(({ state }) => state === choice);
}

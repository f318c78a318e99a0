import type { OperationsView } from "../../../lib/maintenance/operation-types.ts";

/** What the sidebar shows of chargers that somebody may act on, with the words for it in the language of the site. */
export interface OperationsPage extends OperationsView {
  /** Whoever asked may act, too. */
  mayOperate: boolean;
  words: Readonly<Record<string, string>>;
}

/** What came of an operation, in a sentence. */
export interface OperationDone {
  ok: boolean;
  code?: string;
  text: string;
}

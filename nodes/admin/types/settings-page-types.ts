/** What came of a question about settings, or of a change: its payload as the message has it, or why not, in the words of the site. */
export interface SettingsDone<T = unknown> {
  ok: boolean;
  code?: string;
  payload?: T;
  text?: string;
  /** Whoever asked may change settings, too. */
  mayChange: boolean;
}

/** A source whose messages are known: an expression to begin with, and a message as it sends them. */
export interface MappingPreset {
  id: string;
  /** As the dialog lists it. */
  label: string;
  /** Where its messages come from, and what to change in the expression. */
  note: string;
  /** JSONata, as a person would write it. */
  mapping: string;
  /** Messages that the expression was written for; together they make one reading. */
  samples: readonly { topic?: string; payload: unknown; data?: unknown }[];
}

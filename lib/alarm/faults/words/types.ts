/** What is said of a fault: its name, what happened, the likely cause, what to do; null where English says nothing either. */
export type FaultSaid = readonly [name: string, text: string | null, cause: string | null, action: string];

/** By the fault's key. */
export type FaultWords = Readonly<Record<string, FaultSaid>>;

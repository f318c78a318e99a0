/** Attacks as data, and the tests made of them. */

/** One attack, and what holds all the same. Both are sentences that `SECURITY.md` shows as they are. */
export interface HostileRow {
  /** Who does what. */
  attack: string;
  /** What the product promises about it, as a user notices it. */
  promise: string;
  /** The test elsewhere that shows it; without it, the room's own file acts it out. */
  shown?: Shown;
}

/** A test of another suite. */
export interface Shown {
  /** From the root of the repository. */
  file: string;
  /** Of its title, as it is written in the file. */
  test: string;
}

/** Attacks on one part of the product. */
export interface Room {
  /** Heading of its table. */
  title: string;
  /** File that acts out the rows without `shown`, in this folder. */
  file: string;
  rows: Readonly<Record<string, HostileRow>>;
}

/** A room whose rows keep their names, so that `actOut` can ask for a test of each. */
export function room<const Rows extends Record<string, HostileRow>>(
  title: string,
  file: string,
  rows: Rows,
): { title: string; file: string; rows: Rows } {
  return { title, file, rows };
}

/** Names of the rows that the room acts out itself. */
type Own<Rows> = { [Name in keyof Rows]: Rows[Name] extends { shown: Shown } ? never : Name }[keyof Rows];

/** One test for each row of a room that it acts out itself; the compiler misses none. */
export function actOut<Rows extends Record<string, HostileRow>>(
  { rows }: { rows: Rows },
  tests: { [Name in Own<Rows>]: (this: Mocha.Context) => Promise<void> },
): void {
  for (const [name, test] of Object.entries(tests) as [string, (this: Mocha.Context) => Promise<void>][]) {
    const { attack, promise } = rows[name]!;
    it(`${attack}: ${promise}`, test);
  }
}

/** What people call charge points and connectors. Ids and topics go by the identity alone. */

/** What a dialog says of a charge point, as far as names go; an empty text = nothing. */
export interface NamedChargePoint {
  identity: string;
  name?: string;
  /** Where it is: `Bay 12, level −1`. */
  place?: string;
  connectors: readonly { number: number; name?: string }[];
}

/** The name that a connector was given, with that of its charge point in front; empty = neither has one. */
export function givenName({ identity, name = "", connectors }: NamedChargePoint, connector: number): string {
  const own = connectors.find(({ number }) => number === connector)?.name ?? "";
  if (!own && !name) return "";
  if (own && !name) return own;
  const part = own || (connectors.length > 1 ? String(connector) : "");
  return [name || identity, part].filter(Boolean).join(" · ");
}

/** Names of the charge points of a site. */
export class ShownNames {
  readonly #all: () => readonly NamedChargePoint[];
  readonly #find: (identity: string) => NamedChargePoint | null;

  /** @param all everything that is described now; @param find the same of one charge point, null = nothing */
  constructor(all: () => readonly NamedChargePoint[], find: (identity: string) => NamedChargePoint | null) {
    this.#all = all;
    this.#find = find;
  }

  /** Whether anything was given a name or a place: tables have columns for them then. */
  get given(): boolean {
    return this.#all().some((point) => point.name || point.place || point.connectors.some(({ name }) => name));
  }

  /** What a connector is called; its charge point's identity where it was given no name. */
  connector(identity: string, connector: number): string {
    const point = this.#find(identity);
    return (point && givenName(point, connector)) || identity;
  }

  /** What a charge point is called; its identity where it was given no name. */
  chargePoint(identity: string): string {
    return this.#find(identity)?.name || identity;
  }

  /** Where a charge point is; empty where nothing is said of it. */
  place(identity: string): string {
    return this.#find(identity)?.place ?? "";
  }

  /** A charge point (`CP1`) or connector (`CP1/1`) for sentences: its name with the id behind it, or the subject as it is. */
  called(subject: string): string {
    const [, identity = subject, number = ""] = /^(.+)\/(\d+)$/.exec(subject) ?? [];
    const point = this.#find(subject) ?? this.#find(identity);
    if (!point) return subject;
    const isWhole = point.identity === subject || number === "";
    const name = isWhole ? point.name : givenName(point, Number(number));
    return name ? `${name} (${subject})` : subject;
  }
}

/** One drawn item of a list. */
export interface ListRow<T> {
  readonly element: HTMLElement;
  /** Shows the item as it is now. */
  update(item: T): void;
}

interface Drawn<T> extends ListRow<T> {
  item: T;
}

/** Keeps the children of an element in step with items: what did not change is not touched. */
export class KeyedList<T extends { readonly id: string }> {
  readonly #parent: HTMLElement;
  readonly #make: (item: T) => ListRow<T>;
  #rows = new Map<string, Drawn<T>>();

  constructor(parent: HTMLElement, make: (item: T) => ListRow<T>) {
    this.#parent = parent;
    this.#make = make;
  }

  /** An item counts as changed when it is another object. */
  show(items: readonly T[]): void {
    const rows = new Map<string, Drawn<T>>();
    let place = this.#parent.firstElementChild;
    for (const item of items) {
      const row = this.#rowOf(item);
      rows.set(item.id, row);
      if (row.element === place) place = place.nextElementSibling;
      else this.#parent.insertBefore(row.element, place);
    }
    for (const [id, { element }] of this.#rows) if (!rows.has(id)) element.remove();
    this.#rows = rows;
  }

  get(id: string): HTMLElement | undefined {
    return this.#rows.get(id)?.element;
  }

  /** Shows every item again: something else that its words depend on has changed. */
  refresh(): void {
    for (const row of this.#rows.values()) row.update(row.item);
  }

  #rowOf(item: T): Drawn<T> {
    const known = this.#rows.get(item.id);
    if (!known) {
      const made = this.#make(item);
      made.update(item);
      return { element: made.element, update: (next) => made.update(next), item };
    }
    if (known.item !== item) known.update(item);
    known.item = item;
    return known;
  }
}

/** Long work in slices, so that everything else gets its turn. */

/** Lets everything else that waits in the event loop have its turn. */
export function breather(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What is made of each item, so many items in one turn of the event loop. */
export async function mapInSlices<T, R>(
  items: Iterable<T>,
  each: (item: T, index: number) => R,
  most = 400,
): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) {
    if (made.length % most === most - 1) await breather();
    made.push(each(item, made.length));
  }
  return made;
}

/** Carries out the steps of a generator, one in each turn of the event loop. */
export async function stepByStep<R>(steps: Generator<void, R>): Promise<R> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breather();
  }
}

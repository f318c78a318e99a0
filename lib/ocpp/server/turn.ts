let turn = 0;
let endDue = false;

const end = (): void => {
  turn += 1;
  endDue = false;
};

/**
 * Number of the present turn of the event loop. A turn lasts until what was put off by `setImmediate` before this call has run;
 * however many ask, it costs one immediate.
 */
export function currentTurn(): number {
  if (!endDue) {
    endDue = true;
    setImmediate(end);
  }
  return turn;
}

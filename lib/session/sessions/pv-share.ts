/** A reading of the grid connection older than this says nothing of the present. */
const FRESH_MS = 120_000;

/** A session as it notes what it draws. */
export interface DrawingSession {
  /** Told last, W. */
  drawW: number;
}

/**
 * Which part of what the cars draw does not come from the grid. The house is served first: what is bought counts for the cars until
 * their draw is reached. Wall times are ms since 1970.
 */
export class PvShare {
  readonly #grids = new Map<string, { gridW: number; wallMs: number }>();
  /** How many sessions draw, and what all together. */
  #drawing = 0;
  #drawW = 0;

  /** Power at the grid connection of a root zone, import positive; it has photovoltaics. */
  grid(root: string, gridW: number, wallMs: number): void {
    this.#grids.set(root, { gridW, wallMs });
  }

  /** What a session draws now. */
  draw(session: DrawingSession, powerW: number): void {
    this.#drawing += (powerW > 0 ? 1 : 0) - (session.drawW > 0 ? 1 : 0);
    this.#drawW = this.#drawing > 0 ? this.#drawW + powerW - session.drawW : 0;
    session.drawW = powerW;
  }

  /** The part, 0..1; null where it is not known, or belongs to more than one grid connection. */
  share(wallMs: number): number | null {
    let found: number | null = null;
    for (const [root, { gridW, wallMs: atMs }] of this.#grids) {
      if (Math.abs(wallMs - atMs) > FRESH_MS) this.#grids.delete(root);
      else if (found !== null) return null;
      else found = gridW;
    }
    if (found === null) return null;
    if (found <= 0) return 1;
    return this.#drawW > 0 ? Math.max(0, 1 - found / this.#drawW) : null;
  }
}

import type { Hint } from "../words/types.ts";
import type { ConnectorFacts } from "./topology/facts.ts";
import type { AloneRows } from "./types.ts";

/** The latest setpoint of a connector. */
export interface BoardSetpoint {
  /** A per phase. */
  limitA: number;
  /** Monotonic time of the tick that said so. */
  atMs: number;
  /** Cycle of that allocator: past 2 × cycleS + 5 s the setpoint renews nothing. */
  cycleS: number;
  /** Name of the zone the connector hangs on. */
  zone: string;
  /** Phases its charger is to feed; only for chargers that can choose. */
  phases?: 1 | 3;
}

/** A connector that has to be stopped: its breaker is over its limit, and lowering others cannot cure it (S7). */
export interface BoardStop {
  zone: string;
  /** Why, with the numbers. */
  text: Hint;
  /** Monotonic time of the tick that said so last. */
  atMs: number;
}

/** Where limits of connectors have to fit when everything here is gone, as the last decision saw it (S12). */
export interface BoardRows {
  alone: AloneRows;
  /** What was known of each connector, by id. */
  facts: ReadonlyMap<string, ConnectorFacts>;
}

/** Where load management leaves its setpoints and `lib/profile` reads them, by `<identity>/<number>`. */
export interface SetpointBoard {
  /** @param setpoint is the board's from now on: not to be changed any more */
  set(id: string, setpoint: Readonly<BoardSetpoint>): void;
  /** undefined for a connector that no allocator has spoken of. */
  get(id: string): Readonly<BoardSetpoint> | undefined;
  /** Puts the rows in which the connectors below a root zone have to fit in the place of that root's earlier ones. */
  setRows(root: string, rows: BoardRows): void;
  /** The rows that hold a connector; undefined where no allocator has spoken of it. */
  rows(id: string): BoardRows | undefined;
  /** Which connectors below a root zone are to be stopped now; its other connectors are not to be stopped any more. */
  setStops(root: string, stops: ReadonlyMap<string, BoardStop>): void;
  /** undefined for a connector that need not be stopped. */
  stop(id: string): BoardStop | undefined;
  /** Forgets one connector, or all of them: no zone rules it any more. */
  clear(id?: string): void;
}

/** An empty board. */
export function createSetpointBoard(): SetpointBoard {
  const setpoints = new Map<string, Readonly<BoardSetpoint>>();
  const stops = new Map<string, ReadonlyMap<string, BoardStop>>();
  const rootOf = new Map<string, string>();
  const rowsByRoot = new Map<string, BoardRows>();
  return {
    setStops: (root, now) => {
      if (now.size === 0) stops.delete(root);
      else stops.set(root, new Map(now));
    },
    stop: (id) => [...stops.values()].find((one) => one.has(id))?.get(id),
    setRows: (root, rows) => {
      const before = rowsByRoot.get(root);
      rowsByRoot.set(root, rows);
      for (const id of before?.facts.keys() ?? [])
        if (!rows.facts.has(id) && rootOf.get(id) === root) rootOf.delete(id);
      for (const id of rows.facts.keys()) if (rootOf.get(id) !== root) rootOf.set(id, root);
    },
    rows: (id) => rowsByRoot.get(rootOf.get(id) ?? ""),
    set: (id, setpoint) => {
      setpoints.set(id, setpoint);
    },
    get: (id) => setpoints.get(id),
    clear: (id) => {
      if (id === undefined) stops.clear();
      if (id === undefined) {
        setpoints.clear();
        rootOf.clear();
        rowsByRoot.clear();
      } else {
        setpoints.delete(id);
        rootOf.delete(id);
      }
    },
  };
}

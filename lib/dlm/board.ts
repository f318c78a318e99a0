/** The allocator's latest word on a connector. */
export interface BoardSetpoint {
  /** A per phase. */
  limitA: number;
  /** Monotonic time of the tick that said so. */
  atMs: number;
  /** Cycle of that allocator: past 2 × cycleS + 5 s the setpoint renews nothing. */
  cycleS: number;
  /** Name of the zone the connector hangs on. */
  zone: string;
}

/** Where the DLM leaves its setpoints and the charging-profile layer reads them, by `<identity>/<number>`. */
export interface SetpointBoard {
  set(id: string, setpoint: BoardSetpoint): void;
  /** undefined for a connector that no allocator has spoken of. */
  get(id: string): BoardSetpoint | undefined;
  /** Forgets one connector, or all of them: no zone rules it any more. */
  clear(id?: string): void;
}

/** An empty board. */
export function createSetpointBoard(): SetpointBoard {
  const setpoints = new Map<string, BoardSetpoint>();
  return {
    set: (id, setpoint) => {
      setpoints.set(id, { ...setpoint });
    },
    get: (id) => setpoints.get(id),
    clear: (id) => {
      if (id === undefined) setpoints.clear();
      else setpoints.delete(id);
    },
  };
}

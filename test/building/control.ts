/** Stations, the limiter and the load management of one root zone, put together as a site does it: without sockets and without Node-RED. */
import type { Clock } from "../../lib/clock.ts";
import { createSetpointBoard, type SetpointBoard } from "../../lib/dlm/board.ts";
import {
  createDlmRuntime,
  type DlmOutput,
  type DlmRuntime,
  type DlmRuntimeOptions,
} from "../../lib/dlm/runtime/runtime.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import type { LimitRequest } from "../../lib/profile/types.ts";
import { WriteGate } from "../../lib/profile/write-gate.ts";
import type { SessionWatch } from "../../lib/session/sessions/session-watch.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import type { LimitStore } from "../../lib/station/limits/durable-limits.ts";
import type { ChargePointDefinition } from "../../lib/station/types.ts";
import type { Store } from "../../lib/store/types.ts";
import { CONFIG } from "./building.ts";

export interface ControlOptions extends Pick<DlmRuntimeOptions, "saved" | "commissioning" | "drill"> {
  clock: Clock;
  store: Store;
  /** Keeps the limits of connectors; absent = the store. */
  limits?: LimitStore;
  /** Told of what chargers report. */
  sessions?: (chargePoint: string) => SessionWatch;
  /** Its root zone is called `main`. */
  tree: PlantTree;
  chargePoints: readonly ChargePointDefinition[];
  config?: Partial<typeof CONFIG>;
  /** Chargers are asked what they draw. */
  asks?: boolean;
  /** What a limit is sent with beside what was allocated. */
  request?(chargePoint: string): Partial<LimitRequest>;
  output?: Partial<DlmOutput>;
}

export interface Control {
  board: SetpointBoard;
  stations: Stations;
  limiter: Limiter;
  /** Not started yet. */
  runtime: DlmRuntime;
  /** All but the store. */
  close(): void;
}

export function createControl(options: ControlOptions): Control {
  const {
    clock,
    store,
    limits = store,
    sessions,
    tree,
    chargePoints,
    config,
    asks = false,
    request,
    output,
    saved,
    commissioning,
    drill,
  } = options;
  const board = createSetpointBoard();
  const stations = new Stations({ store, limits, clock, ...(sessions && { sessions }) });
  for (const one of chargePoints) stations.configure(one);
  const gate = new WriteGate({
    clock,
    limits: stations.limits,
    rows: (id) => board.rows(id),
    managed: (chargePoint, connector) => {
      const { definition } = stations.get(chargePoint) ?? {};
      return definition?.zone ? definition.connectors.find(({ number }) => number === connector) : undefined;
    },
  });
  const limiter = createLimiter({
    stations,
    store,
    clock,
    setpoint: (id) => board.get(id) ?? null,
    stop: (id) => board.stop(id) ?? null,
    admits: (id, limit) => gate.admits(id, limit),
  });
  const startQuestions = stations.readings.starts();
  if (asks) limiter.onResult((report) => stations.readings.limited(report));
  const runtime = createDlmRuntime({
    root: "main",
    clock,
    plant: () => tree,
    facts: (nowMs) => stations.list().flatMap((station) => station.facts(nowMs)),
    board,
    saved,
    ...(commissioning && { commissioning }),
    ...(drill && { drill }),
    config: { ...CONFIG, ...config },
    output: {
      alarm: () => {},
      zone: () => {},
      state: () => {},
      newest: () => {},
      status: () => {},
      log: () => {},
      ...output,
      decided: (decision) => {
        if (asks) startQuestions.decided(decision);
        output?.decided?.(decision);
      },
      allocation: (message) => {
        const { chargePoint, connector, zone, payload } = message;
        const { limitA, cycleS, phases } = payload;
        const asked = { chargePoint, connector, limitA, zone, ageMs: 0, cycleS, ...(phases && { phases }) };
        output?.allocation?.(message);
        limiter.request({ ...asked, ...request?.(chargePoint) });
      },
    },
  });
  stations.onChange(({ kind }) => {
    if (kind !== "status") runtime.poke();
  });
  const close = () => {
    startQuestions.stop();
    runtime.close();
    limiter.close();
    stations.close();
  };
  return { board, stations, limiter, runtime, close };
}

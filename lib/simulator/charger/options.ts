import type { Clock } from "../../clock.ts";
import type { Rotation } from "../../dlm/types.ts";
import { EvError } from "../../errors.ts";
import type { ChargerLine, LineOptions } from "./link.ts";
import { SIMULATED_MODELS, simulatedModel } from "./models.ts";
import { BEHAVIOUR_NAMES, type BehaviourName, isBehaviour } from "./presets.ts";
import type { SimulatedState } from "./state.ts";

/** How a simulated charge point and its car are built. Only the first two have no default. */
export interface SimulatorOptions {
  /** Of the central system, without the identity: `ws://127.0.0.1:9000`. */
  url: string;
  identity: string;
  /** Basic-auth password; absent = none is sent. */
  password?: string;
  /** Phases wired; default 3. */
  phases?: 1 | 2 | 3;
  /** Default RST. */
  rotation?: Rotation;
  /** The hardware's maximum, A per phase; default 16. */
  maxA?: number;
  batteryWh?: number;
  /** State of charge of each car that is plugged in, 0..100; default 20 to 50, by the seed. */
  socPercent?: number;
  /** Whether a car is there at the start; default true. */
  plugged?: boolean;
  /** One behaviour, or several with commas between them; on top of those of its model. */
  behaviour?: string;
  /** Id of the simulated model it acts out; `""`, the default, = none. */
  vendorModel?: string;
  /** What it says of itself; default: its model's words. */
  vendor?: string;
  model?: string;
  firmware?: string;
  /** Seconds between MeterValues until the central system changes it; default 10. */
  meterIntervalS?: number;
  /** Phases of the car; default 3. */
  carPhases?: 1 | 2 | 3;
  /** What the car takes at most, A per phase; default: as much as the charge point gives. */
  wantA?: number;
  /** The badge presented whenever a car is plugged in; null = only RemoteStartTransaction starts. Default: `SIM` and the identity. */
  idTag?: string | null;
  /** Makes cars and back-off times repeatable; default: derived from the identity. */
  seed?: number;
  clock?: Clock;
  /** The line it dials; default a WebSocket to `url`. */
  line?: (options: LineOptions) => ChargerLine;
  /** Called when something has changed: at once for status, link, transaction and limit, else at most once a second. Must not throw. */
  onChange?: (state: SimulatedState) => void;
}

/** All options, with their defaults in place. */
export type FullOptions = Required<
  Omit<SimulatorOptions, "password" | "onChange" | "socPercent" | "clock" | "seed" | "line">
> & {
  /** Of its model. */
  modelBehaviours: readonly BehaviourName[];
};

/** @throws EvError EV_CONFIG_INVALID for a url that is no WebSocket address, an empty identity, an unknown behaviour or model */
export function withDefaults(options: SimulatorOptions): FullOptions {
  if (!isWebSocketUrl(options.url))
    throw new EvError(
      "EV_CONFIG_INVALID",
      `url is "${options.url}"; it must begin with ws:// or wss:// and name a host`,
    );
  if (options.identity === "") throw new EvError("EV_CONFIG_INVALID", "identity is empty; it must be filled in");
  const maxA = options.maxA ?? 16;
  const behaviour = options.behaviour ?? "normal";
  if (!isBehaviour(behaviour)) throw mustBeOneOf("behaviour", behaviour, BEHAVIOUR_NAMES);
  const vendorModel = options.vendorModel ?? "";
  const acted = simulatedModel(vendorModel);
  if (vendorModel !== "" && !acted)
    throw mustBeOneOf(
      "vendorModel",
      vendorModel,
      SIMULATED_MODELS.map(({ id }) => id),
    );
  return {
    url: options.url,
    identity: options.identity,
    phases: options.phases ?? 3,
    rotation: options.rotation ?? "RST",
    maxA,
    batteryWh: options.batteryWh ?? 60_000,
    plugged: options.plugged ?? true,
    behaviour,
    vendorModel,
    modelBehaviours: acted?.behaviours ?? [],
    vendor: options.vendor ?? acted?.vendor ?? "Phasewise",
    model: options.model ?? acted?.model ?? "Simulator",
    firmware: options.firmware ?? acted?.firmware ?? "1.0",
    meterIntervalS: options.meterIntervalS ?? 10,
    carPhases: options.carPhases ?? 3,
    wantA: options.wantA ?? maxA,
    idTag: options.idTag === undefined ? `SIM${options.identity}`.slice(0, 20) : options.idTag,
  };
}

function mustBeOneOf(property: string, found: string, names: readonly string[]): EvError {
  return new EvError("EV_CONFIG_INVALID", `${property} is "${found}"; it must be one of ${names.join(", ")}`);
}

/** Whether a text is the address of a WebSocket server. */
export function isWebSocketUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "ws:" || url.protocol === "wss:") && url.hash === "";
}

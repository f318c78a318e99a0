import type { JsonValue } from "../../units.ts";
import type { ControllerConfig, Snapshot } from "../types.ts";
import { apply, type JsonDelta } from "./json-delta.ts";

/** A minute of decisions as it is kept. */
export interface RecordingPart {
  minute: number;
  /** Where to begin: present at the first part, every tenth, and after a restart. */
  base?: { config: Partial<ControllerConfig>; memory: JsonValue };
  ticks: RecordedTick[];
}

/** A decision: how its input and output differ from those of the tick before. */
export interface RecordedTick {
  wallMs: number;
  nowMs: number;
  snapshot: JsonDelta | null;
  setpoints: JsonDelta | null;
  /** A setting of the controller changed here. */
  config?: Partial<ControllerConfig>;
}

/** A stretch of recorded time that begins with a base. */
export interface Recording {
  /** Since 2, numbers are told by what they changed by, too. */
  version: 1 | 2;
  /** Name of the root zone. */
  root: string;
  parts: RecordingPart[];
}

/** A decision as it was. */
export interface RecordedDecision {
  wallMs: number;
  nowMs: number;
  snapshot: Snapshot;
  /** What was commanded, A by connector. */
  setpoints: Record<string, number>;
  config: Partial<ControllerConfig>;
  /** What the controller remembered before it; only where a base is. */
  memory?: JsonValue;
}

/** The decisions of a recording, in order; those before its first base are left out. */
export function* decisionsOf(recording: Recording): Generator<RecordedDecision> {
  let snapshot: JsonValue | undefined;
  let setpoints: JsonValue | undefined;
  let config: Partial<ControllerConfig> | null = null;
  for (const { base, ticks } of recording.parts) {
    if (base) [snapshot, setpoints, config] = [undefined, undefined, base.config];
    for (const [i, tick] of ticks.entries()) {
      if (config === null) break;
      snapshot = apply(snapshot, tick.snapshot);
      setpoints = apply(setpoints, tick.setpoints);
      config = tick.config ?? config;
      yield {
        wallMs: tick.wallMs,
        nowMs: tick.nowMs,
        snapshot: snapshot as unknown as Snapshot,
        setpoints: setpoints as Record<string, number>,
        config,
        ...(base && i === 0 && { memory: base.memory }),
      };
    }
  }
}

/** A recording as a file or a message gives it. @throws TypeError saying what is wrong */
export function readRecording(value: unknown): Recording {
  const { version, root, parts } = (value ?? {}) as Partial<Recording>;
  if (version !== 1 && version !== 2) throw new TypeError("this is no recording of version 1 or 2");
  if (typeof root !== "string" || !Array.isArray(parts)) throw new TypeError("the recording has no root or no parts");
  const sound = parts.every((part) => Number.isInteger(part?.minute) && Array.isArray(part.ticks));
  if (!sound) throw new TypeError("a part of the recording has no minute or no ticks");
  if (!parts.some(({ base }) => base)) throw new TypeError("the recording has no place to begin");
  return value as Recording;
}

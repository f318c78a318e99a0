import Type from "typebox";
import { Value } from "typebox/value";
import type { SettingsCopy } from "./types.ts";

const orNull = Type.Union([Type.String(), Type.Null()]);
const COPY = Type.Object({
  id: Type.Integer(),
  ts: Type.String(),
  ended: orNull,
  by: Type.Object({ user: orNull, by: orNull, reason: orNull }),
  from: Type.String(),
  keys: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
  restart: Type.Boolean(),
  waitS: Type.Number(),
  held: Type.Boolean(),
  targets: Type.Array(
    Type.Object({
      chargePoint: Type.String(),
      state: Type.String(),
      keys: Type.Array(
        Type.Object({ key: Type.String(), value: Type.String(), old: orNull, found: orNull, status: Type.String() }),
      ),
      tries: Type.Number(),
      restarted: Type.Boolean(),
    }),
  ),
});

/** Copies as they were kept; what is damaged is left out. */
export function keptCopies(kept: unknown): SettingsCopy[] {
  const list = Array.isArray(kept) ? kept : [];
  return list.filter((one) => Value.Check(COPY, one)).map((one) => structuredClone(one) as unknown as SettingsCopy);
}

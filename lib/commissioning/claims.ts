import type { Rotation } from "../dlm/types.ts";
import { record } from "../fields.ts";
import type { StationHandle } from "../station/types.ts";
import { claimedRotation } from "./rotations.ts";

/** What a charger says of one of its connectors; null = it does not. */
export interface ChargerClaims {
  rotation: Rotation | null;
  /** `ConnectorPhaseRotation` as it came. */
  rotationText: string | null;
  /** The most that it is set to itself, A. */
  maxA: number | null;
}

type Asked = Pick<StationHandle, "modelProfile" | "call">;

/** A for one of these units. */
const UNIT_A: Readonly<Record<string, number>> = { A: 1, dA: 0.1, mA: 0.001 };

/** Asks a charger what it says of a connector, key by key: some answer no longer lists. Does not reject. */
export async function claimsOf(station: Asked, connector: number): Promise<ChargerClaims> {
  const rotationText = await keyOf(station, "ConnectorPhaseRotation");
  const maximum = station.modelProfile?.vendorKeys?.find(
    ({ key, unit }) => /max/i.test(key) && /current/i.test(key) && unit !== null && unit in UNIT_A,
  );
  const most = maximum ? Number((await keyOf(station, maximum.key)) ?? Number.NaN) : Number.NaN;
  return {
    rotation: claimedRotation(rotationText, connector),
    rotationText,
    maxA: most > 0 ? Math.round(most * UNIT_A[maximum!.unit!]! * 10) / 10 : null,
  };
}

async function keyOf(station: Asked, key: string): Promise<string | null> {
  try {
    const { configurationKey } = await station.call("GetConfiguration", { key: [key] });
    const [found] = Array.isArray(configurationKey) ? configurationKey : [];
    const { value } = record(found);
    return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
  } catch {
    return null;
  }
}

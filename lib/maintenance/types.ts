import type { ChargePointCertificates } from "../certificates/charge-point-certificates.ts";
import type { Clock } from "../clock.ts";
import type { EvError } from "../errors.ts";
import type { Transfers } from "../files/transfers.ts";
import type { Station } from "../station/connection/station.ts";
import type { StationKeys } from "../station/connection/station-keys.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { Language } from "../words/types.ts";

/** What commands work with. */
export interface MaintenanceDeps {
  stations: Stations;
  keys: StationKeys;
  files: Transfers;
  certificates: ChargePointCertificates;
  clock: Clock;
  /** Of what people read of a configuration. */
  readonly language: Language;
}

/** A command to one charge point, its payload checked. */
export interface MaintenanceCommand {
  station: Station;
  action: string;
  payload: Record<string, unknown>;
  /** A person takes the blame: what is only refused for caution's sake is done. */
  force: boolean;
  /** Name of the file to hand out, where the payload names no address. */
  file: string | null;
}

/** What happens after the answer to a command that takes its time. */
export type MaintenanceStep =
  /** What the charge point reports on the way. */
  | { kind: "progress"; payload: Record<string, unknown> }
  /** It is over; nothing follows. */
  | { kind: "end"; payload: Record<string, unknown>; error: EvError | null };

/** Who is told of the steps. Must not throw. */
export type Tell = (step: MaintenanceStep) => void;

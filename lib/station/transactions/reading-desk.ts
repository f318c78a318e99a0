import { EvError } from "../../errors.ts";
import { CALL_PRIORITY } from "../../ocpp/port.ts";
import type { Stations } from "../connection/stations.ts";
import type { StationHandle } from "../types.ts";

/** An answer that takes longer than this, ms, is of no use, and a limit may wait behind the question. */
const PATIENCE_MS = 2000;
/** After so many refusals in a row a charge point is not asked again until it comes back. */
const MOST_REFUSALS = 2;

/** Asks chargers what they draw at the moment (OCPP 1.6 §5.17). */
export class ReadingDesk {
  readonly #stations: Pick<Stations, "get" | "onChange">;
  readonly #refusals = new Map<string, number>();
  readonly #stop: () => void;

  constructor(stations: Pick<Stations, "get" | "onChange">) {
    this.#stations = stations;
    this.#stop = stations.onChange(({ kind, chargePoint }) => {
      if (kind === "online" || kind === "removed") this.#refusals.delete(chargePoint);
    });
  }

  /** @param connectors as `<identity>/<number>`; those that are away or do not answer such questions are passed over */
  ask(connectors: readonly string[]): void {
    for (const id of connectors) {
      const slash = id.lastIndexOf("/");
      const chargePoint = id.slice(0, slash);
      const connectorId = Number(id.slice(slash + 1));
      const station = this.#stations.get(chargePoint);
      if (!station?.online || !answersReadings(station, connectorId)) continue;
      const refusals = this.#refusals.get(chargePoint) ?? 0;
      if (refusals >= MOST_REFUSALS) continue;
      const coalesceKey = `reading ${connectorId}`;
      const options = { priority: CALL_PRIORITY.poll, timeoutMs: PATIENCE_MS, coalesceKey };
      const note = (accepted: boolean) => void this.#refusals.set(chargePoint, accepted ? 0 : refusals + 1);
      station.call("TriggerMessage", { requestedMessage: "MeterValues", connectorId }, options).then(
        (answer) => note(answer["status"] === "Accepted"),
        (error: unknown) => {
          if (!(error instanceof EvError && error.code === "EV_OCPP_SUPERSEDED")) note(false);
        },
      );
    }
  }

  close(): void {
    this.#stop();
  }
}

/** Whether nothing is known against asking it what it draws; some answer only while a transaction runs. */
export function answersReadings(
  { traits, connectors }: Pick<StationHandle, "traits" | "connectors">,
  connector: number,
): boolean {
  const works = traits.config.triggers.MeterValues ?? "yes";
  return works === "yes" || (works === "charging" && (connectors.get(connector)?.transaction ?? null) !== null);
}

import type { Clock, Timer } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { CALL_PRIORITY } from "../../ocpp/port.ts";
import type { Stations } from "../../station/connection/stations.ts";
import { answersReadings } from "../../station/transactions/reading-desk.ts";
import { FOLLOWED_MS } from "../../thresholds.ts";
import type { Limiter } from "../limiter.ts";
import type { LimitReport } from "../types.ts";

/** After so many refusals in a row a charge point is not asked again until it comes back. */
const MOST_REFUSALS = 2;

/**
 * Asks a charger for its meter values once it has followed a limit in a zone that was raised (OCPP 1.6 §5.17). Until a reading shows
 * the rise, a meter that includes the charger shows it as background, and everybody else has to wait for the next
 * regular reading, which may be a minute away.
 * @returns a function that stops it
 */
export function askForReadings(
  limiter: Pick<Limiter, "onResult">,
  stations: Pick<Stations, "get" | "onChange">,
  clock: Clock,
): () => void {
  const sentA = new Map<string, number>();
  const waiting = new Map<string, Timer>();
  const refusals = new Map<string, number>();

  const ask = async (chargePoint: string, connectorId: number): Promise<void> => {
    const station = stations.get(chargePoint);
    if (!station || !answersReadings(station, connectorId)) return;
    const request = { requestedMessage: "MeterValues", connectorId };
    const options = { priority: CALL_PRIORITY.poll, coalesceKey: `reading ${connectorId}` };
    const answer = await station.call("TriggerMessage", request, options);
    refusals.set(chargePoint, answer["status"] === "Accepted" ? 0 : (refusals.get(chargePoint) ?? 0) + 1);
  };
  const refused = (chargePoint: string) => (error: unknown) => {
    if (error instanceof EvError && error.code === "EV_OCPP_SUPERSEDED") return;
    refusals.set(chargePoint, (refusals.get(chargePoint) ?? 0) + 1);
  };
  const noted = ({ chargePoint, connector, zone, result }: LimitReport): void => {
    if (result.status !== "accepted" || result.acceptedA === null) return;
    const key = `${chargePoint}/${connector}`;
    const raised = result.acceptedA > (sentA.get(key) ?? 0);
    sentA.set(key, result.acceptedA);
    if (!raised || zone === null || waiting.has(key) || (refusals.get(chargePoint) ?? 0) >= MOST_REFUSALS) return;
    const due = () => {
      waiting.delete(key);
      ask(chargePoint, connector).catch(refused(chargePoint));
    };
    waiting.set(key, clock.setTimeout(due, FOLLOWED_MS + 500));
  };

  const stops = [
    limiter.onResult(noted),
    stations.onChange(({ kind, chargePoint }) => {
      if (kind === "online") refusals.delete(chargePoint);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const timer of waiting.values()) clock.clear(timer);
    waiting.clear();
  };
}

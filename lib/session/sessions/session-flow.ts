import type { PointSessions } from "./session-point.ts";
import type { EventMoment, SessionReading } from "./session-watch.ts";
import type { Sessions } from "./sessions.ts";

/** OCPP's word for what a flow says of its charger. */
const STATUSES: ReadonlyMap<unknown, string> = new Map([
  ["charging", "Charging"],
  ["waiting", "SuspendedEVSE"],
  ["idle", "SuspendedEV"],
  ["available", "Available"],
]);

/** What goes into a load management and matters for sessions. It was checked before. */
export interface FlowMessage {
  topic?: unknown;
  payload?: unknown;
}

/**
 * Tells sessions what a load management was told: `surplus` says what comes from the grid; `connector/<id>/<n>` says what a charger
 * without OCPP does, and may carry `energyWh` (a register, or of the session), `powerW`, `idTag`, `user` and `comment`.
 * @param root name of the root zone; @param isFlowDriven whether a charge point is one without OCPP
 */
export function tellSessions(
  sessions: Sessions,
  { topic, payload }: FlowMessage,
  root: string,
  isFlowDriven: (chargePoint: string) => boolean,
  moment: EventMoment,
): void {
  if (typeof topic !== "string" || typeof payload !== "object" || payload === null) return;
  const fields = payload as Record<string, unknown>;
  const gridW = numberOf(fields["gridW"]);
  if (topic === "surplus" && gridW !== null) sessions.sun.grid(root, gridW, moment.wallMs);
  const [, chargePoint, number] = /^connector\/(.+)\/(\d+)$/.exec(topic) ?? [];
  if (chargePoint && isFlowDriven(chargePoint)) tellState(sessions.of(chargePoint), Number(number), fields, moment);
}

function tellState(
  point: PointSessions,
  connector: number,
  fields: Record<string, unknown>,
  moment: EventMoment,
): void {
  const status = STATUSES.get(fields["state"]);
  if (status === undefined) {
    point.offline(moment);
    return;
  }
  point.heard(moment);
  const reading = readingOf(fields, moment);
  const tellReading = () => {
    if (reading) point.reading(connector, reading, null, false, moment);
  };
  // What was measured at the unplugging belongs to the session that ends with it.
  if (status === "Available") tellReading();
  point.status(connector, status, Number.NaN, moment);
  if (status === "Available") return;
  point.identify(connector, namesOf(fields));
  tellReading();
}

function readingOf(fields: Record<string, unknown>, moment: EventMoment): SessionReading | null {
  const energyWh = numberOf(fields["energyWh"]);
  const powerW = numberOf(fields["powerW"]);
  const currentA = Array.isArray(fields["measuredA"]) ? fields["measuredA"].map(numberOf) : null;
  if (energyWh === null && powerW === null && !currentA) return null;
  return { timestampMs: moment.wallMs, energyWh, powerW, currentA, voltageV: [] };
}

function namesOf(fields: Record<string, unknown>): { idTag?: string; user?: string; comment?: string } {
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  return { ...text("idTag"), ...text("user"), ...text("comment") };
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

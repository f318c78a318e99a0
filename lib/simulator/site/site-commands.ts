import { EvError } from "../../errors.ts";
import { readControl } from "../control.ts";
import { METER_FAULTS, type MeterFault } from "../meter/meter-faults.ts";
import { parseLoad } from "../meter/meter-load.ts";
import type { ChargePointPlan } from "./plan.ts";
import type { SimulatedSite } from "./simulated-site.ts";

/** What is asked of a running site. `id` comes back with the answer. */
export interface SiteAnswer {
  answer: unknown;
  [what: string]: unknown;
}

/**
 * Does what one line of the control interface says: an object with exactly one subject.
 *
 * - `{identity?, plugged | behaviour | batteryWh | wantA | reboot}`: to that charge point, without an identity to all
 * - `{meter, fault?, loadA?}`
 * - `{zone, loadA}`
 * - `{add: <plan of a charge point>}`, `{remove: <identity>}`
 * - `{ask: "breakers" | "books" | "chargePoints", id?}`, `{forget: true, id?}`: opens new records at the breakers
 *
 * @returns what is to be answered; null for nothing
 * @throws EvError EV_MESSAGE_INVALID | EV_CONFIG_INVALID for a line that changes nothing
 */
export async function obeySite(site: SimulatedSite, line: unknown): Promise<SiteAnswer | null> {
  const command = (line ?? {}) as Record<string, unknown>;
  const { id = null } = command;
  if ("ask" in command) return { answer: id, ...answerOf(site, command["ask"]) };
  if ("forget" in command) {
    site.forget();
    return { answer: id };
  }
  if ("meter" in command) await obeyMeter(site, command);
  else if ("zone" in command)
    site.setLoad(String(command["zone"]), parseLoad(command["loadA"], "loadA", "EV_MESSAGE_INVALID"));
  else if ("add" in command) site.add(command["add"] as ChargePointPlan);
  else if ("remove" in command) await site.remove(String(command["remove"]));
  else obeyChargePoints(site, command);
  return id === null ? null : { answer: id };
}

function answerOf(site: SimulatedSite, what: unknown): Record<string, unknown> {
  if (what === "breakers") return { breakers: site.breakers };
  if (what === "books") return { books: site.books };
  if (what === "chargePoints") return { chargePoints: site.states };
  throw new EvError("EV_MESSAGE_INVALID", 'ask must be "breakers", "books" or "chargePoints"');
}

async function obeyMeter(site: SimulatedSite, { meter, fault, loadA }: Record<string, unknown>): Promise<void> {
  const simulator = site.meter(String(meter));
  if (fault !== undefined && !METER_FAULTS.includes(fault as MeterFault))
    throw new EvError("EV_MESSAGE_INVALID", `fault must be one of ${METER_FAULTS.join(", ")}`);
  if (loadA !== undefined) simulator.setLoad(parseLoad(loadA, "loadA", "EV_MESSAGE_INVALID"));
  if (fault !== undefined) await simulator.setFault(fault as MeterFault);
}

function obeyChargePoints(site: SimulatedSite, command: Record<string, unknown>): void {
  const { identity } = command;
  const control = readControl(command);
  const meant = identity === undefined ? site.chargePoints : [site.chargePoint(String(identity))];
  for (const chargePoint of meant) chargePoint.command(control);
}

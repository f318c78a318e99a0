import type { ReportName } from "../../ocpp/orders.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { SetupCalls } from "../connection/setup-calls.ts";

/** What the triggers of one set-up need to know of the charge point. */
export interface TriggerPort {
  capabilities: Capabilities;
  /** Numbers of all connectors. */
  connectors(): number[];
  /** Connectors whose state was not reported since the last boot. */
  unreported(): number[];
  /** A transaction runs on the connector. */
  charging(connector: number): boolean;
}

/** Asks for the states of all connectors: all at once, and one by one where that is refused (OCPP 1.6 §5.17). */
export async function triggerStatus(port: TriggerPort, calls: SetupCalls): Promise<void> {
  if (port.connectors().length === 0 || (await trigger(port, calls, "StatusNotification"))) return;
  await triggerEachStatus(port, calls, port.connectors());
}

/** Asks some connectors one by one: there are charge points that accept the general question and stay silent. */
export async function triggerEachStatus(
  port: TriggerPort,
  calls: SetupCalls,
  connectors: readonly number[],
): Promise<void> {
  for (const connector of connectors) await trigger(port, calls, "StatusNotification", connector);
}

/** Asks each connector for its readings. */
export async function triggerMeterValues(port: TriggerPort, calls: SetupCalls): Promise<void> {
  for (const connector of port.connectors()) await trigger(port, calls, "MeterValues", connector);
}

/** Whether it was accepted. A charge point that does not know the message is not asked again. */
async function trigger(port: TriggerPort, calls: SetupCalls, what: ReportName, connector?: number): Promise<boolean> {
  const { capabilities } = port;
  const { triggers } = capabilities.traits.config;
  const works = triggers[what] ?? "yes";
  if (works === "no" || (works === "charging" && connector !== undefined && !port.charging(connector))) return false;
  const answer = await calls.ask("report", { what, ...(connector !== undefined && { connector }) });
  const unknown =
    answer.kind === "refused" ? answer.unknown : answer.kind === "answer" && answer.status === "NotImplemented";
  if (unknown) {
    const how = `a request for ${what} is not implemented`;
    capabilities.learn([{ path: "config.triggers", value: { ...triggers, [what]: "no" }, how }]);
  }
  return answer.kind === "answer" && answer.status === "Accepted";
}

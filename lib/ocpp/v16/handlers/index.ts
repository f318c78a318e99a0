import { authorize } from "./authorize.ts";
import { bootNotification } from "./boot-notification.ts";
import { dataTransfer } from "./data-transfer.ts";
import { diagnosticsStatusNotification } from "./diagnostics-status-notification.ts";
import { firmwareStatusNotification } from "./firmware-status-notification.ts";
import type { Handler } from "./handler.ts";
import { heartbeat } from "./heartbeat.ts";
import { logStatusNotification } from "./log-status-notification.ts";
import { meterValues } from "./meter-values.ts";
import { securityEventNotification } from "./security-event-notification.ts";
import { signCertificate } from "./sign-certificate.ts";
import { signedFirmwareStatusNotification } from "./signed-firmware-status-notification.ts";
import { startTransaction } from "./start-transaction.ts";
import { statusNotification } from "./status-notification.ts";
import { stopTransaction } from "./stop-transaction.ts";

/** What a charge point may ask of the central system, by action. Each payload has passed its own action's schema. */
export const HANDLERS: ReadonlyMap<string, Handler<never, object>> = new Map<string, Handler<never, object>>([
  ["Authorize", authorize],
  ["BootNotification", bootNotification],
  ["DataTransfer", dataTransfer],
  ["DiagnosticsStatusNotification", diagnosticsStatusNotification],
  ["FirmwareStatusNotification", firmwareStatusNotification],
  ["Heartbeat", heartbeat],
  ["LogStatusNotification", logStatusNotification],
  ["MeterValues", meterValues],
  ["SecurityEventNotification", securityEventNotification],
  ["SignCertificate", signCertificate],
  ["SignedFirmwareStatusNotification", signedFirmwareStatusNotification],
  ["StartTransaction", startTransaction],
  ["StatusNotification", statusNotification],
  ["StopTransaction", stopTransaction],
]);

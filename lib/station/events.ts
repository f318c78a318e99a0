import { isoTime } from "../clock.ts";
import type { StationEvent, StationEventName } from "../messages.ts";
import type { CallContext } from "../ocpp/port.ts";

/** An event message as the contract shapes it. @param connector 0 for the charge point as a whole */
export function stationEvent(
  event: StationEventName,
  chargePoint: string,
  connector: number,
  payload: Record<string, unknown>,
  source?: { action: string; context: CallContext },
): StationEvent {
  const message: StationEvent = {
    topic: `ocpp/${chargePoint}/${connector}/${event}`,
    chargePoint,
    connector,
    event,
    payload,
  };
  if (source) {
    const { messageId, receivedWallMs } = source.context;
    message.ocpp = { action: source.action, messageId, version: "1.6", ts: isoTime(receivedWallMs) };
  }
  return message;
}

/** A frame as it may be shown: without the password that a ChangeConfiguration of AuthorizationKey carries. */
export function redactFrame(text: string): string {
  if (!/AuthorizationKey/i.test(text)) return text;
  return text.replace(/("value"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"***"');
}

/** What charge points of the table say. */
import { strict as assert } from "node:assert";
import { ENUMS } from "../../ocpp/v16/messages.ts";
import { at } from "./row.ts";
import type { Wire } from "./wire.ts";

/** Every word of a list of the specification. */
export const words = (name: string): string[] => ENUMS[name]!.words.split(" ");

/** Of the transactions of charge points that count in 32 bits. */
export const HIGHEST_ID = 2 ** 31 - 1;
/** A status of a connector, confirmed. */
export const status = (wire: Wire, connectorId: number, word: string, more: object = {}) =>
  wire.confirmed("StatusNotification", { connectorId, errorCode: "NoError", status: word, ...more });
/** A StartTransaction of now. */
export const starting = (more: object = {}) => ({
  ...{ connectorId: 1, idTag: "TAG", meterStart: 100, timestamp: at(Date.now()) },
  ...more,
});
/** A StopTransaction of now. */
export const stopping = (transactionId: number, more: object = {}) => ({
  ...{ transactionId, meterStop: 900, timestamp: at(Date.now()) },
  ...more,
});
/** What a confirmation says of the badge. */
export const statusOf = (confirmation: Record<string, unknown>) =>
  (confirmation["idTagInfo"] as { status: string } | undefined)?.status;

/** Starts a transaction. @returns its id */
export async function started(wire: Wire, more: object = {}): Promise<number> {
  const { transactionId } = await wire.confirmed("StartTransaction", starting(more));
  assert.ok(Number.isInteger(transactionId) && Number(transactionId) > 0 && Number(transactionId) <= HIGHEST_ID);
  return transactionId as number;
}

/** Meter values of now. */
export const sample = (...sampledValue: object[]) => [{ timestamp: at(Date.now()), sampledValue }];

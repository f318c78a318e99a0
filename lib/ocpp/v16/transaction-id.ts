/** Ids of transactions are text everywhere but in the frames of OCPP 1.6, which carry whole numbers of 32 bits. */

/** The id of a transaction as text. A number of more than 32 bits names no transaction: "-1". */
export function transactionIdOf(number: number): string {
  return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? String(number) : "-1";
}

/** The transaction that a sample belongs to. Some charge points send 0 or -1 where none runs, or where it has no number: null. */
export function sampledTransactionOf(number = 0): string | null {
  const id = transactionIdOf(number);
  return id === "0" || id === "-1" ? null : id;
}

/** The same request with numbers where a flow has written ids of transactions as text. What is no number stays as it is. */
export function withTransactionNumbers(action: string, payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null) return payload;
  const { csChargingProfiles, transactionId } = payload as Record<string, unknown>;
  if (action === "SetChargingProfile")
    return { ...payload, csChargingProfiles: withTransactionNumbers("RemoteStopTransaction", csChargingProfiles) };
  const isText = action === "RemoteStopTransaction" && typeof transactionId === "string";
  return isText && /^-?\d+$/.test(transactionId) ? { ...payload, transactionId: Number(transactionId) } : payload;
}

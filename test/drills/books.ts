/** What chargers have in their books against what the product has in its database. */
import type { ChargerBooks } from "../../lib/simulator/site/simulated-site.ts";
import { peek } from "../peek.ts";

export interface Comparison {
  transactions: number;
  /** In a charger's books and confirmed, and not in the database, or with another end. */
  lost: string[];
  /** More than once in the database, or in it and in no charger's books. */
  doubled: string[];
}

interface Row {
  transaction_id: string;
  charge_point: string;
  meter_stop_wh: number | null;
}

/** @param file the site's database, which may be in use */
export function compareBooks(books: Readonly<Record<string, ChargerBooks>>, file: string): Comparison {
  const rows = peek(file, (database) =>
    database.prepare("SELECT transaction_id, charge_point, meter_stop_wh FROM transactions").all(),
  );
  const byId = new Map((rows as unknown as Row[]).map((row) => [Number(row.transaction_id), row]));
  const lost: string[] = [];
  const known = new Map<number, string>();
  const doubled: string[] = [];
  for (const [identity, { transactions }] of Object.entries(books)) {
    for (const { transactionId, meterStopWh, startConfirmed, stopConfirmed } of transactions) {
      if (transactionId === null || !startConfirmed) continue;
      const name = `${transactionId} of ${identity}`;
      if (known.has(transactionId)) doubled.push(`${name} and ${known.get(transactionId)}`);
      known.set(transactionId, identity);
      const row = byId.get(transactionId);
      if (row?.charge_point !== identity || (stopConfirmed && row.meter_stop_wh !== meterStopWh)) lost.push(name);
    }
  }
  for (const [id, { charge_point: identity }] of byId)
    if (!known.has(id)) doubled.push(`${id} of ${identity} is in no charger's books`);
  return { transactions: known.size, lost, doubled };
}

import { EvError, messageOf } from "../errors.ts";
import { record } from "../fields.ts";
import type { ReportContent } from "./content.ts";

/** Where a report is posted to. */
export interface HttpTarget {
  url: string;
  /** Basic authentication; empty = none. */
  user: string;
  password: string;
  /** Name of the file's field in a form; empty = the table is the body. */
  fieldName: string;
  timeoutMs: number;
}

/**
 * Posts a report; what zones consumed is a second post, or a second file of the form. The `Idempotency-Key` is the same at each try, so that a receiver that took it before an answer was lost can tell.
 * Rejects with EvError EV_REPORT_DELIVERY unless the answer is a success; a redirection is none.
 */
export async function postReport(target: HttpTarget, id: string, content: ReportContent): Promise<void> {
  const { consumption } = content;
  if (target.fieldName) return post(target, id, consumption ? [content, consumption] : [content]);
  await post(target, id, [content]);
  if (consumption) await post(target, `${id}-consumption`, [consumption]);
}

type Table = Pick<ReportContent, "filename" | "csv">;

/** Several tables need a form. */
async function post(target: HttpTarget, id: string, tables: readonly [Table, ...Table[]]): Promise<void> {
  const { url, user, password, fieldName, timeoutMs } = target;
  const [{ filename, csv }] = tables;
  const headers: Record<string, string> = { "Idempotency-Key": id };
  if (user || password) headers["Authorization"] = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  let body: FormData | string = csv;
  if (fieldName) {
    body = new FormData();
    for (const table of tables)
      body.append(fieldName, new Blob([table.csv], { type: "text/csv; charset=utf-8" }), table.filename);
  } else {
    headers["Content-Type"] = "text/csv; charset=utf-8";
    headers["Content-Disposition"] = `attachment; filename="${filename}"`;
  }
  let status: number;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    throw new EvError("EV_REPORT_DELIVERY", `${place(url)}: ${causeOf(error)}`, { cause: error });
  }
  if (status < 200 || status > 299) throw new EvError("EV_REPORT_DELIVERY", `${place(url)} answered ${status}`);
}

/** An address without the secrets that its query may hold. */
export function place(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : "the address";
}

/** `fetch failed` says nothing; what lies below does. */
function causeOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "no answer in time";
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code } = record(cause);
  return messageOf(cause) || String(code ?? "no connection");
}

import type { LimitCommandRecord } from "../store/types.ts";

/** One command in an answer. Times are ISO 8601 UTC; null = not (yet), or not known. */
export interface EvidenceItem extends Omit<LimitCommandRecord, "id" | `${string}WallMs`> {
  received: string;
  allocated: string | null;
  accepted: string | null;
  measured: string | null;
  ended: string | null;
}

/** One command in an answer. Times are ISO 8601 UTC; null = not (yet), or not known. */
export interface EvidenceItem {
  zone: string;
  source: string;
  scope: "evse" | "total";
  limitA: number | null;
  powerW: number | null;
  holdStarts: boolean;
  reason: string;
  received: string;
  refused: string | null;
  allocated: string | null;
  accepted: string | null;
  measured: string | null;
  loadBeforeW: number | null;
  loadAfterW: number | null;
  ended: string | null;
  end: "released" | "replaced" | "expired" | null;
}

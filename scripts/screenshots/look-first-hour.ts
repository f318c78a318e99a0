import type { Browser } from "playwright-core";
import type { Shelf } from "./shelf.ts";
export async function lookAtFirstHour(_b: Browser, _s: Shelf, _l: string): Promise<string[]> {
  return [];
}

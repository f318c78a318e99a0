/** A holder of badges is erased: the name leaves all records, copies and memory of a site. What was charged stays. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { invalid } from "../errors.ts";
import { record } from "../fields.ts";
import type { Reservations } from "../reservations/reservations.ts";
import type { TraceEntry } from "../session/badges/authorization-trace.ts";
import { canonicalTag } from "../session/badges/badge.ts";
import type { Sessions } from "../session/sessions/sessions.ts";
import { type Erased, type ErasureOrder, foldedName } from "../store/books/erasure.ts";
import type { DailyCopy } from "../store/disk/daily-copy.ts";
import type { Store } from "../store/types.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import type { SiteBadges } from "./site-badges.ts";

/** What an erasure needs of its site. */
export interface ErasurePlace {
  store: Store;
  badges: SiteBadges;
  sessions: Sessions;
  reservations: Reservations;
  copies: DailyCopy;
  dataDir: string;
  language: Language;
}

/** What was erased, or would be. */
export interface ErasureAnswer {
  badges: number;
  sessions: number;
  entries: number;
  applied: boolean;
  /** Daily copies that were dropped; a new one stands in their place. */
  droppedCopies: number;
  /** Files of the site's folder that still have the name, such as backups: a person deletes them. */
  left: string[];
}

const LONGEST_NAME = 200;

/**
 * Erases a holder as far as `apply` is true; else says what has the name. There is no way back.
 * @param payload `{holder | idTag, pseudonyms?, apply?}`
 * @throws EvError EV_MESSAGE_INVALID naming the field, and nothing was erased; of the store
 */
export async function eraseHolder(place: ErasurePlace, payload: unknown): Promise<ErasureAnswer> {
  const { store, badges, sessions, reservations, copies, dataDir } = place;
  const { apply = false } = record(payload);
  if (typeof apply !== "boolean") throw invalid("payload.apply", "true or false", apply);
  const { list, trace } = badges.authorizer;
  const order = readOrder(payload, (idTag) => list.all.get(canonicalTag(idTag))?.comment);
  // What waits in memory is part of it.
  trace.find({ idTag: "", chargePoint: null, status: null, fromWallMs: 0, toWallMs: 0, most: 1 });
  await store.settled();
  if (!apply) return { ...counts(store.erasure.find(order)), applied: false, droppedCopies: 0, left: [] };
  return list.alone(async () => {
    const erased = list.erase(() => store.erasure.erase(order));
    const name = foldedName(order.name);
    sessions.forget((one) => foldedName(one) === name);
    trace.forget(isAbout(erased, name));
    reservations.reread();
    await store.settled();
    await store.rewrite();
    const droppedCopies = await copies.renew();
    return { ...counts(erased), applied: true, droppedCopies, left: await filesWith(dataDir, order.name.trim()) };
  });
}

/** The answer in a sentence for whoever asked. */
export function erasureText(language: Language, answer: ErasureAnswer): string {
  const { applied, left } = answer;
  const { badges, sessions, entries } = answer;
  if (badges + sessions + entries === 0 && left.length === 0) return sentence(language, "done.holderUnknown");
  const text = sentence(language, applied ? "done.holderErased" : "done.holderFound", { badges, sessions, entries });
  return left.length === 0 ? text : `${text} ${sentence(language, "done.holderLeft", { files: left.join(", ") })}`;
}

/** For the log, without the name. */
export function erasureNote({ badges, sessions }: ErasureAnswer): string {
  return `holder erased, ${badges} badges, ${sessions} sessions`;
}

function readOrder(payload: unknown, holderOf: (idTag: string) => string | undefined): ErasureOrder {
  const { holder, idTag, pseudonyms = false } = record(payload);
  if (typeof pseudonyms !== "boolean") throw invalid("payload.pseudonyms", "true or false", pseudonyms);
  const named = holder ?? (typeof idTag === "string" ? holderOf(idTag) : undefined);
  const name = typeof named === "string" ? named.trim() : "";
  const field = holder === undefined ? "payload.idTag" : "payload.holder";
  if (name.length < 2 || name.length > LONGEST_NAME)
    throw invalid(
      field,
      holder === undefined ? "a badge of the list with a holder" : "a name of 2 to 200 letters",
      "…",
    );
  return { name, pseudonyms };
}

function counts({ badges, sessions, entries }: Erased) {
  return { badges: badges.length, sessions, entries };
}

function isAbout({ idTags }: Erased, name: string): (entry: TraceEntry) => boolean {
  const tags = new Set(idTags.map((idTag) => idTag.toUpperCase()));
  return ({ idTag, badge, text }) =>
    tags.has(idTag.toUpperCase()) || (badge !== null && tags.has(badge)) || foldedName(text).includes(name);
}

/** Files below a folder that have a text in them, by their paths from there. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const wanted = Buffer.from(text, "utf8");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await holds(path, wanted))) found.push(relative(folder, path).split(sep).join("/"));
  }
  return found.sort();
}

async function holds(path: string, wanted: Buffer): Promise<boolean> {
  let before = Buffer.alloc(0);
  try {
    for await (const piece of createReadStream(path)) {
      const bytes = Buffer.concat([before, piece as Buffer]);
      if (bytes.includes(wanted)) return true;
      before = bytes.subarray(Math.max(0, bytes.length - wanted.length + 1));
    }
  } catch {
    // It went meanwhile, or is somebody else's.
  }
  return false;
}

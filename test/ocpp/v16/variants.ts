/** Payloads right and wrong, made from the tables in `messages.ts`. */
import { ENUMS, type Members, TYPES } from "./messages.ts";

type Payload = Record<string, unknown>;

/** A payload with one fault. */
export interface Variant {
  path: string;
  fault:
    | "missing"
    | "wrong word"
    | "unknown word"
    | "too long"
    | "wrong type"
    | "taken as text"
    | "too small"
    | "no time"
    | "empty list";
  payload: Payload;
}

interface Member {
  name: string;
  type: string;
  isRequired: boolean;
  list: "none" | "any" | "some";
}

const membersOf = (members: Members): Member[] =>
  Object.entries(members).map(([name, text]) => {
    const isRequired = text.endsWith("!");
    const bare = text.replace(/!$/, "");
    const list = bare.endsWith("[1]") ? "some" : bare.endsWith("[]") ? "any" : "none";
    return { name, type: bare.replace(/\[1?\]$/, ""), isRequired, list };
  });

/** Only what must be there. */
export const least = (members: Members): Payload => build(members, false);
/** Everything that may be there, as long as it may be. */
export const most = (members: Members): Payload => build(members, true);

function build(members: Members, full: boolean): Payload {
  const chosen = membersOf(members).filter(({ isRequired }) => full || isRequired);
  return Object.fromEntries(
    chosen.map(({ name, type, list }) => {
      const value = sampleOf(type, full);
      const two = full && list !== "none" ? [value, sampleOf(type, false)] : [value];
      return [name, list === "none" ? value : list === "any" && !full ? [] : two];
    }),
  );
}

function sampleOf(type: string, full: boolean): unknown {
  const words = ENUMS[type]?.words.split(" ");
  if (words) return full ? words.at(-1) : words[0];
  const members = TYPES[type];
  if (members) return build(members, full);
  const [, length] = /^s(\d+)$/.exec(type) ?? [];
  if (length) return full ? "x".repeat(Number(length)) : "";
  switch (type) {
    case "s":
    case "any":
      return full ? "y".repeat(3000) : "";
    case "time":
      return full ? "2026-06-01T12:00:00.123+02:00" : "2026-06-01T12:00:00Z";
    case "flag":
      return full;
    case "tenth":
      return full ? 16.7 : 0;
    case "int":
      return full ? 2_147_483_647 : -1;
    case "int0+":
      return full ? 86_400 : 0;
    default:
      return full ? 3 : 1;
  }
}

/** Every payload that has one fault and is full otherwise. */
export function variants(members: Members): Variant[] {
  return faultsOf(members, most(members), [], (payload) => payload);
}

function faultsOf(members: Members, full: Payload, path: string[], wrap: (payload: Payload) => Payload): Variant[] {
  return membersOf(members).flatMap(({ name, type, isRequired, list }) => {
    const at = [...path, name];
    const put = (value: unknown): Payload => wrap({ ...full, [name]: value });
    const one = (value: unknown): Payload => put(list === "none" ? value : [value]);
    const { [name]: _left, ...without } = full;
    const found: Variant[] = isRequired ? [{ path: at.join("."), fault: "missing", payload: wrap(without) }] : [];
    if (list === "some") found.push({ path: at.join("."), fault: "empty list", payload: put([]) });
    if (list !== "none") found.push({ path: at.join("."), fault: "wrong type", payload: put("no list") });
    for (const [fault, value] of wrongValues(type)) found.push({ path: at.join("."), fault, payload: one(value) });
    const nested = TYPES[type];
    return nested ? [...found, ...faultsOf(nested, most(nested), at, one)] : found;
  });
}

function wrongValues(type: string): [Variant["fault"], unknown][] {
  if (ENUMS[type])
    return [
      [ENUMS[type].open ? "unknown word" : "wrong word", "Nonsense"],
      ["wrong type", 5],
    ];
  const [, length] = /^s(\d+)$/.exec(type) ?? [];
  if (length)
    return [
      ["too long", "x".repeat(Number(length) + 1)],
      ["wrong type", 5],
    ];
  if (type === "time")
    return [
      ["no time", "tomorrow"],
      ["wrong type", 5],
    ];
  if (type === "any") return [["taken as text", 5]];
  if (type === "s") return [["wrong type", 5]];
  if (type === "tenth")
    return [
      ["too small", -0.1],
      ["too small", 6.25],
      ["wrong type", "6"],
    ];
  if (type === "int0+")
    return [
      ["too small", -1],
      ["wrong type", "1"],
    ];
  if (type === "int1+")
    return [
      ["too small", 0],
      ["wrong type", "1"],
    ];
  return [["wrong type", "1"]];
}

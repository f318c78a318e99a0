/**
 * A deep copy of plain data: objects, lists, text, numbers. For messages several receivers may change; what `structuredClone` does
 * beside that (classes, cycles, transfers) costs ten times as much.
 */
export function plainCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === "object" ? plainCopy(item) : item)) as T;
  const copy = { ...value } as Record<string, unknown>;
  for (const name of Object.keys(copy)) {
    const member = copy[name];
    if (typeof member === "object" && member !== null) copy[name] = plainCopy(member);
  }
  return copy as T;
}

import fc from "fast-check";
import type { Badge } from "../../lib/session/badges/badge.ts";

/** A badge that may charge everywhere, once at a time. */
export const badge = (change: Partial<Badge> = {}): Badge => ({
  idTag: "04567DAA",
  type: "user",
  comment: "",
  parentIdTag: null,
  expiryDate: null,
  blocked: false,
  chargePoints: [],
  connectors: [],
  zones: [],
  maxConcurrent: 1,
  ...change,
});

/** A list by number. */
export const listOf = (...badges: Badge[]): Map<string, Badge> => new Map(badges.map((one) => [one.idTag, one]));

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 .-]{0,11}[A-Za-z0-9]$/);

/** Any badge that the list can hold. */
export const anyBadge = (): fc.Arbitrary<Badge> =>
  fc.record(
    {
      idTag: fc.stringMatching(/^(VID:)?[A-Z0-9]{1,19}$/).filter((idTag) => !/^\d(\.\d+)?E\+?\d+$/.test(idTag)),
      type: fc.constantFrom("user" as const, "vip" as const, "admin" as const),
      comment: fc
        .string({ maxLength: 60, unit: "binary" })
        .map((text) =>
          [...text]
            .filter((one) => one >= " " && one !== "\u007f" && one !== "\ufeff")
            .join("")
            .trim(),
        )
        .filter((text) => !text.startsWith("'")),
      parentIdTag: fc.option(fc.stringMatching(/^[A-Z0-9]{1,20}$/)),
      expiryDate: fc.option(
        fc
          .tuple(fc.integer({ min: 0, max: Date.parse("2099-12-31") }), fc.boolean())
          .map(([wallMs, day]) => new Date(wallMs).toISOString().slice(0, day ? 10 : 24)),
      ),
      blocked: fc.boolean(),
      chargePoints: fc.uniqueArray(name, { maxLength: 3 }),
      connectors: fc.uniqueArray(
        name.map((one) => `${one}/1`),
        { maxLength: 3 },
      ),
      zones: fc.uniqueArray(name, { maxLength: 3 }),
      maxConcurrent: fc.option(fc.integer({ min: 1, max: 1000 })),
    },
    { noNullPrototype: true },
  );

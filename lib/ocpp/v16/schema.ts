import Type, { type TProperties } from "typebox";

/**
 * The vocabulary the message files are written in. Each schema is strict, as OCPP 1.6 states the message;
 * `lib/ocpp/validate.ts` derives from it the tolerant form that inbound messages are held to.
 */

/** A JSON object with these members and no others. */
export const message = <const P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** CiString<maxLength>: compared without regard to case (§3.2). */
export const text = (maxLength: number) => Type.String({ maxLength });

/** IdToken (§7.28): a badge's number. */
export const idToken = () => text(20);

/** Text without a limit of length; a number or an object found in its place is taken as its JSON text. */
export const anyText = () => Type.String({ coerce: true });

/** RFC 3339 with any fraction and offset (errata 3.10). Inbound, any text passes: a charge point's clock is content. */
export const dateTime = () =>
  Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:[Zz]|[+-]\\d\\d:?\\d\\d)$" });

/** One of the listed words; another word violates the property in both directions. */
export const choice = <const V extends string[]>(values: readonly [...V]) => Type.Enum(values);

/** One of the listed words in what we send; inbound, an unknown word passes as it is, hence the type. */
export const openChoice = (values: string[]) => Type.Unsafe<string>(Type.Enum(values, { open: true }));

/** A whole number ≥ `minimum`. */
export const integer = (minimum?: number) => Type.Integer(minimum === undefined ? {} : { minimum });

/** A meter's register in whole Wh; inbound, a fraction passes. */
export const wattHours = () => Type.Integer({ open: true });

/** The status word that most confirmations consist of. */
export const statusOnly = <const V extends string[]>(values: readonly [...V]) => message({ status: choice(values) });

/** A message without members. */
export const empty = () => message({});

export const optional = Type.Optional;
export const list = Type.Array;

import Type, { type TProperties, type TSchema } from "typebox";

/**
 * The vocabulary the message files are written in. Each schema is strict, as OCPP 1.6 states the message;
 * `lib/ocpp/rpc/validate.ts` derives from it the tolerant form that inbound messages are held to. Each field says in a sentence what it
 * is: forms show it. `kind` names what a plain text means, so that forms can offer more than a line to type in.
 */

/** A JSON object with these members and no others. */
export const message = <const P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** A message's member that is an object itself. */
export const object = <const P extends TProperties>(description: string, properties: P) =>
  Type.Object(properties, { additionalProperties: false, description });

/** CiString<maxLength>: compared without regard to case (§3.2). */
export const text = (description: string, maxLength: number) => Type.String({ maxLength, description });

/** IdToken (§7.28): a badge's number. */
export const idToken = (description: string) => text(description, 20);

/** Name of a configuration key (§9). */
export const configurationKey = (description: string) =>
  Type.String({ maxLength: 50, kind: "configurationKey", description });

/** Certificates, signing requests and signatures as PEM or Base64 text. */
export const pem = (description: string, maxLength: number) => Type.String({ maxLength, kind: "pem", description });

/** A place to load a file from or to. */
export const address = (description: string, maxLength?: number) =>
  Type.String(maxLength === undefined ? { description } : { maxLength, description });

/** Text without a limit of length; a number or an object found in its place is taken as its JSON text. */
export const anyText = (description: string) => Type.String({ coerce: true, description });

/** RFC 3339 with any fraction and offset (errata 3.10). */
export const DATE_TIME = "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:[Zz]|[+-]\\d\\d:?\\d\\d)";

/** Inbound, any text passes: a charge point's clock is content. */
export const dateTime = (description: string) =>
  Type.String({ pattern: `^${DATE_TIME}$`, kind: "dateTime", description });

/** One of the listed words; another word violates the property in both directions. */
export const choice = <const V extends string[]>(description: string, values: readonly [...V]) =>
  Type.Enum(values, { description });

/** One of the listed words in what we send; inbound, an unknown word passes as it is, hence the type. */
export const openChoice = (description: string, values: string[]) =>
  Type.Unsafe<string>(Type.Enum(values, { open: true, description }));

/** A whole number ≥ `minimum`. */
export const integer = (description: string, minimum?: number) =>
  Type.Integer(minimum === undefined ? { description } : { minimum, description });

/** A span of time in whole seconds. */
export const seconds = (description: string) => Type.Integer({ minimum: 0, unit: "s", description });

/** A limit or rate ≥ 0, to one decimal (§7.13, §7.14). */
export const tenths = (description: string) => Type.Number({ minimum: 0, multipleOf: 0.1, description });

/** A meter's register in whole Wh; inbound, a fraction passes. */
export const wattHours = (description: string) => Type.Integer({ open: true, unit: "Wh", description });

export const flag = (description: string) => Type.Boolean({ description });

/** The status word that most confirmations consist of. */
export const statusOnly = <const V extends string[]>(description: string, values: readonly [...V]) =>
  message({ status: choice(description, values) });

/** A message without members. */
export const empty = () => message({});

export const optional = Type.Optional;

/** @param minItems least length of the list; 0 without it */
export const list = <T extends TSchema>(description: string, item: T, minItems?: number) =>
  Type.Array(item, minItems === undefined ? { description } : { minItems, description });

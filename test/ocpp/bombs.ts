/** Texts of any length that cost far more than their length where something goes over them again and again. */

/** The same over and over, up to a length. */
const fill = (unit: string, length: number): string => unit.repeat(Math.max(1, Math.floor(length / unit.length)));
const call = (action: string, payload: string): string => `[2,"x","${action}",${payload}]`;
const data = (text: string): string => call("DataTransfer", `{"vendorId":"v","data":"${text}"}`);
const samples = (items: string): string =>
  call(
    "MeterValues",
    `{"connectorId":1,"meterValue":[{"timestamp":"2026-06-01T12:00:00Z","sampledValue":[${items}]}]}`,
  );

/** A frame of about so many characters, by what it repeats. */
export const BOMBS: Readonly<Record<string, (length: number) => string>> = {
  "words for passwords": (length) => data(fill("passw", length)),
  "words for passwords and no end": (length) => `["${fill("passw", length)}`,
  "names of passwords": (length) => `{${fill('"password":1,', length)}"a":1}`,
  "passwords without names": (length) => `{"key":"password",${fill('"value":1,', length)}"a":1}`,
  "logins of addresses": (length) => data(fill("ftp://u:p@", length)),
  "beginnings of addresses": (length) => data(fill("://", length)),
  "@ in one address": (length) => data(`ftp://u:p${fill("@", length)}`),
  "members of one query": (length) => data(`http://h/?${fill("token=1&", length)}`),
  backslashes: (length) => `["${fill("\\\\", length)}`,
  "brackets in one another": (length) => data(fill("[", length)),
  "lists in one another": (length) =>
    call("DataTransfer", `{"vendorId":"v","data":${fill("[", length / 2)}${fill("]", length / 2)}}`),
  "objects in one another": (length) => `${fill('{"password":', length)}`,
  "JSON in texts in texts": (length) => {
    let text = fill("password", length / 2);
    for (let level = 0; level < 5; level++) text = JSON.stringify({ data: text });
    return text;
  },
  numbers: (length) => call("MeterValues", `{"connectorId":1,"meterValue":[${fill("1,", length)}1]}`),
  objects: (length) => call("MeterValues", `{"connectorId":1,"meterValue":[${fill("{},", length)}{}]}`),
  samples: (length) => samples(`${fill('{"value":"1"},', length)}{"value":"1"}`),
  "samples of a wrong type": (length) => samples(`${fill('{"value":1},', length)}{"value":1}`),
  "samples of a wrong phase": (length) => samples(`${fill('{"value":"1","phase":"Q"},', length)}{"value":"1"}`),
  "unknown members": (length) =>
    call("Heartbeat", `{${Array.from({ length: length / 10 }, (_, n) => `"k${n}":1`).join(",")}}`),
  "empty members": (length) =>
    call("StopTransaction", `{${Array.from({ length: length / 12 }, (_, n) => `"k${n}":null`).join(",")}}`),
  "control characters": (length) => data(fill("\\u0001", length)),
  blanks: (length) => `${fill(" ", length)}[2,"x","Heartbeat",{}]`,
};

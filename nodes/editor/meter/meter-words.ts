/** Words of the dialogs about meters; they all stand in the catalogue of ev-meter. */
export function meterWord(key: string, values: Record<string, unknown> = {}): string {
  return RED._(`@phasewise/node-red-ev-charging/ev-meter:ev-meter.${key}`, values);
}

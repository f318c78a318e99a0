/** What the dialogs of servers and bridges for energy managers share: who may write, and what holds for how long. */
import { fillFlag, prepareDialog, readFlag, textsIn } from "./fields.ts";
import { isHost, numberRule, textRule } from "./rules.ts";

/** What every door has. */
export interface Writing {
  writable: boolean | undefined;
  leaseS: number | string;
  fallbackA: number | string | null;
}

/** What a door with a port of its own has besides. */
export interface DoorWithPort extends Writing {
  host: string;
  port: number | string;
  writers: string[];
  announce: boolean | undefined;
}

export const WRITING: { [Name in keyof Writing]: DefaultProperty<Writing[Name]> } = {
  writable: { value: false },
  leaseS: { value: 120, validate: numberRule("leaseS", { min: 10, max: 900, integer: true }) },
  fallbackA: { value: null, validate: numberRule("fallbackA", { min: 0, max: 1000, optional: true }) },
};

/** @param port as a new node has it */
export function doorDefaults(port: number): { [Name in keyof DoorWithPort]: DefaultProperty<DoorWithPort[Name]> } {
  return {
    host: { value: "", validate: textRule("host", "host", isHost) },
    port: { value: port, validate: numberRule("port", { min: 1, max: 65535, integer: true }) },
    writers: { value: [] },
    announce: { value: true },
    ...WRITING,
  };
}

/** Fills in whether writing is allowed, and shows what that needs while it is. @param type what the elements' ids begin with */
export function prepareWriting(type: string, node: Writing): void {
  prepareDialog(node);
  const writable = `#${type}-writable`;
  fillFlag(writable, node.writable ?? false);
  const show = () => $(`#${type}-writing`).toggle($(writable).prop("checked") === true);
  $(writable).on("change", show);
  show();
}

export function prepareDoor(type: string, node: DoorWithPort): void {
  prepareWriting(type, node);
  fillFlag(`#${type}-announce`, node.announce ?? true);
  $(`#${type}-writers`).val((node.writers ?? []).join(", "));
}

/** Whether writing is allowed, as it stands in the dialog. */
export function writableIn(type: string, { writable }: Writing): boolean | undefined {
  return readFlag(`#${type}-writable`, writable);
}

/** What of a door has no field of its own, as it stands in the dialog. */
export function doorIn(type: string, node: DoorWithPort): Pick<DoorWithPort, "writable" | "writers" | "announce"> {
  return {
    writable: writableIn(type, node),
    writers: textsIn(`#${type}-writers`),
    announce: readFlag(`#${type}-announce`, node.announce),
  };
}

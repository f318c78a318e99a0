import type { MeterProfile } from "./profile-schema.ts";
import { abb } from "./profiles/abb.ts";
import { bgEtech } from "./profiles/bg-etech.ts";
import { carloGavazzi } from "./profiles/carlo-gavazzi.ts";
import { eastron } from "./profiles/eastron.ts";
import { finder } from "./profiles/finder.ts";
import { fronius } from "./profiles/fronius.ts";
import { goodwe } from "./profiles/goodwe.ts";
import { growatt } from "./profiles/growatt.ts";
import { huawei } from "./profiles/huawei.ts";
import { janitza } from "./profiles/janitza.ts";
import { kostal } from "./profiles/kostal.ts";
import { device, type Sheet } from "./profiles/notation.ts";
import { orno } from "./profiles/orno.ts";
import { othersAToD } from "./profiles/others-a-to-d.ts";
import { othersEToZ } from "./profiles/others-e-to-z.ts";
import { phoenix } from "./profiles/phoenix.ts";
import { schneider } from "./profiles/schneider.ts";
import { siemens } from "./profiles/siemens.ts";
import { sma } from "./profiles/sma.ts";
import { socomec } from "./profiles/socomec.ts";
import { solaredge } from "./profiles/solaredge.ts";
import { sungrow } from "./profiles/sungrow.ts";
import { sunspec } from "./profiles/sunspec.ts";
import { victron } from "./profiles/victron.ts";

export type { FunctionCode, MeterProfile, Register } from "./profile-schema.ts";

const SHEETS: ReadonlyMap<string, Sheet> = new Map(
  [
    ...abb,
    ...bgEtech,
    ...carloGavazzi,
    ...eastron,
    ...finder,
    ...fronius,
    ...goodwe,
    ...growatt,
    ...huawei,
    ...janitza,
    ...kostal,
    ...orno,
    ...othersAToD,
    ...othersEToZ,
    ...phoenix,
    ...schneider,
    ...siemens,
    ...sma,
    ...socomec,
    ...solaredge,
    ...sungrow,
    ...sunspec,
    ...victron,
  ].map((sheet) => [sheet.id, sheet]),
);

/** Made when they are asked for: most installations have a device or two. */
const made = new Map<string, MeterProfile>();

/** Every device that can be read, by vendor. The profiles are shared: do not change them. */
export function meterProfiles(): MeterProfile[] {
  return [...SHEETS.keys()].flatMap((id) => meterProfile(id) ?? []);
}

/** The profile of this id, or undefined. Shared: do not change it. */
export function meterProfile(id: string): MeterProfile | undefined {
  const sheet = SHEETS.get(id);
  if (!sheet) return undefined;
  const profile = made.get(id) ?? device(sheet);
  made.set(id, profile);
  return profile;
}

import { ABB } from "./abb.ts";
import { ALFEN } from "./alfen.ts";
import { AMPERFIED } from "./amperfied.ts";
import { AUTEL } from "./autel.ts";
import { BENDER } from "./bender.ts";
import { BENY } from "./beny.ts";
import { CHARGE_AMPS } from "./charge-amps.ts";
import { EASEE } from "./easee.ts";
import { EN_PLUS } from "./en-plus.ts";
import { ENTRATEK } from "./entratek.ts";
import { ETREL } from "./etrel.ts";
import { EVBOX } from "./evbox.ts";
import { GENERIC } from "./generic.ts";
import { GO_E } from "./go-e.ts";
import { GRIZZL_E } from "./grizzl-e.ts";
import { GROWATT } from "./growatt.ts";
import { HUAWEI } from "./huawei.ts";
import { inherit } from "./inherit.ts";
import { KEBA } from "./keba.ts";
import { findModel } from "./match.ts";
import { NECHARGE } from "./necharge.ts";
import { modelOf } from "./notation.ts";
import { OPEN_STACKS } from "./open-stacks.ts";
import { OTHERS } from "./others.ts";
import { SCHNEIDER } from "./schneider.ts";
import type { ModelClues, ModelProfile } from "./types.ts";
import { WALLBOX } from "./wallbox.ts";
import { ZAPTEC } from "./zaptec.ts";

/** As written in the files; what `extends` names is not filled in yet. */
export const DECLARED_MODELS: readonly ModelProfile[] = [
  ABB,
  ALFEN,
  AMPERFIED,
  AUTEL,
  BENDER,
  BENY,
  CHARGE_AMPS,
  EASEE,
  EN_PLUS,
  ENTRATEK,
  ETREL,
  EVBOX,
  GO_E,
  GRIZZL_E,
  GROWATT,
  HUAWEI,
  KEBA,
  NECHARGE,
  OPEN_STACKS,
  OTHERS,
  SCHNEIDER,
  WALLBOX,
  ZAPTEC,
  GENERIC,
].flatMap((sheets) => sheets.map(modelOf));

const PROFILES: readonly ModelProfile[] = inherit(DECLARED_MODELS);

/** Every model, `extends` resolved: what it takes from its parent stands in it. */
export function modelProfiles(): readonly ModelProfile[] {
  return PROFILES;
}

/** The model with this id, `extends` resolved; null when there is none. */
export function modelProfile(id: string): ModelProfile | null {
  return PROFILES.find((profile) => profile.id === id) ?? null;
}

/** The model that what a charge point says of itself fits best, `extends` resolved; null when none does. Pure. */
export function matchModel(clues: ModelClues): ModelProfile | null {
  return findModel(PROFILES, clues);
}

/** How models are written down here: what is usual is left out. */
import type { CommissioningStep, ModelProfile, VendorKey } from "./types.ts";

type Usual = "traits" | "nativeFallback" | "hintOnRefusal" | "commissioning" | "vendorKeys";

/** A model without what is usual: no traits, steps and keys of its own, no known fallback, no hint. */
export type ModelSheet = Omit<ModelProfile, Usual> & Partial<Pick<ModelProfile, Usual>>;

/** The model of a sheet, with what is usual filled in. */
export function modelOf(sheet: ModelSheet): ModelProfile {
  return { traits: {}, nativeFallback: null, hintOnRefusal: null, commissioning: [], vendorKeys: [], ...sheet };
}

/** Setting the charge point's own maximum. @param text how, in the vendor's words */
export const holdsAlone = (text: string): CommissioningStep => ({
  text,
  why: "It is the limit that holds when no profile is installed.",
});

type Values = Partial<Pick<VendorKey, "unit" | "range" | "expects">>;

const keyOf =
  (access: VendorKey["access"]) =>
  (key: string, { unit = null, range = null, expects }: Values = {}): VendorKey => ({
    key,
    unit,
    range,
    access,
    ...(expects !== undefined && { expects }),
  });

/** A configuration key of a vendor: its name, and what its value may be. What it does is in the catalogues of words. */
export const readOnly = keyOf("ro");
export const writable = keyOf("rw");
/** Not known over OCPP: the label of a setting on the charge point's own pages, and what it does in one sentence. */
export const onItsPage = (key: string, text: string, values: Values = {}): VendorKey => ({
  ...keyOf("local")(key, values),
  text,
});

/** What the runtime tells the dialog of a command; both sides import it, so it imports nothing but types of data. */
import type { Field } from "../../../lib/ocpp/rpc/field.ts";
import type { Feature } from "../../../lib/ocpp/v16/action.ts";
import type { KnownKey } from "../../../lib/station/capabilities/models/known-keys.ts";

/** An action that goes to a charge point. */
export interface CommandPage {
  action: string;
  /** `Maintenance`: a command of our own, which stands for several messages or none. */
  feature: Feature | "Maintenance";
  description: string;
  /** Its fields, as a JSON schema. */
  request: Field;
  /** A valid payload to start from. */
  sample: Record<string, unknown>;
}

/** `GET /ev-charging/commands`, in the order to show them in. */
export interface CommandsPage {
  commands: CommandPage[];
}

/** `GET /ev-charging/configuration-keys`. */
export interface KeysPage {
  /** Name of the model that the keys are known of; null = the standard's alone. */
  model: string | null;
  /** With what their values may be, in words; null = nothing is known of that. */
  keys: (KnownKey & { values: string | null })[];
}

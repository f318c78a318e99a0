import Type, { type TSchema } from "typebox";
import { empty, message, optional } from "../ocpp/v16/schema.ts";

/** A command of our own: it stands for several messages, or for none. */
export interface OwnAction {
  action: string;
  description: string;
  request: TSchema;
  sample: Readonly<Record<string, unknown>>;
  /** It concerns the whole site; no charge point is named. */
  ofSite?: true;
}

const OWN: readonly OwnAction[] = [
  {
    action: "RotateAuthorizationKey",
    description:
      "Gives the charge point a new random password over OCPP. Nobody sees it; from then on only this one lets it in.",
    request: message({
      length: optional(
        Type.Integer({
          minimum: 16,
          maximum: 20,
          unit: "bytes",
          description: "Length of the password; 20 when left out.",
        }),
      ),
    }),
    sample: {},
  },
  {
    action: "ForgetAuthorizationKey",
    description:
      "The password that was given over OCPP counts no longer, the configured one counts again. Nothing is sent to the charge point.",
    request: empty(),
    sample: {},
  },
  {
    action: "CheckConfiguration",
    description: "Reads all configuration keys and compares them with what is known of the charge point's model.",
    request: empty(),
    sample: {},
  },
  {
    action: "MaintenanceReport",
    description: "The state of the whole site as one HTML file, in payload.html.",
    request: empty(),
    sample: {},
    ofSite: true,
  },
];

/** Commands of our own, by name. */
export const OWN_ACTIONS: ReadonlyMap<string, OwnAction> = new Map(OWN.map((own) => [own.action, own]));

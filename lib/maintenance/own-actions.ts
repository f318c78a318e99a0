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
    action: "RenewCertificate",
    description:
      "Asks the charge point to ask for a new certificate; the central system signs it, or a flow does, as chosen in its dialog.",
    request: empty(),
    sample: {},
  },
  {
    action: "InstallSiteRoot",
    description: "Installs the root certificate of the site's own authority on the charge point.",
    request: empty(),
    sample: {},
  },
  {
    action: "RemoveCertificate",
    description:
      "All certificates of the charge point are refused from now on; a connection that began with one is closed. Nothing is sent to the charge point.",
    request: empty(),
    sample: {},
  },
  {
    action: "CancelFirmwareUpdate",
    description:
      "Gives up the update of the charge point's firmware: it is followed no longer, its file is handed out no longer, and another one may begin. Nothing is sent to the charge point.",
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
  {
    action: "CommissioningReport",
    description:
      "What the site is built of, what was proven and what is open, as one HTML file to print and sign, in payload.html. It is kept and compared with the one before.",
    request: empty(),
    sample: {},
    ofSite: true,
  },
  {
    action: "ExportSite",
    description:
      "Writes badges, sessions, limits from outside, names, settings and what was learnt of charge points into a JSON file in the folder backups of the site. No passwords.",
    request: message({ badges: optional(Type.Boolean({ description: "With the badges; true when left out." })) }),
    sample: { badges: true },
    ofSite: true,
  },
  {
    action: "ImportSite",
    description: "Compares a backup with the site and says what is new or different; with apply it is taken over.",
    request: message({
      name: optional(Type.String({ description: "Name of a file in the folder backups of the site." })),
      data: optional(Type.String({ description: "The backup itself as JSON text, in place of a file." })),
      apply: optional(Type.Boolean({ description: "Take it over; false when left out. Nothing is ever removed." })),
    }),
    sample: { name: "site-2026-06-01T12-00-00.json", apply: false },
    ofSite: true,
  },
];

/** Commands of our own, by name. */
export const OWN_ACTIONS: ReadonlyMap<string, OwnAction> = new Map(OWN.map((own) => [own.action, own]));

import type { NodeAPI } from "node-red";
import { OWN_ACTIONS } from "../../lib/maintenance/own-actions.ts";
import type { Field } from "../../lib/ocpp/rpc/field.ts";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { modelProfile } from "../../lib/station/capabilities/models/index.ts";
import { valuesText } from "../../lib/station/capabilities/models/key-words.ts";
import { knownKeys } from "../../lib/station/capabilities/models/known-keys.ts";
import { languageOf } from "../../lib/words/types.ts";
import { ChargePoints } from "../runtime/charge-points.ts";
import { needs } from "./permission.ts";
import type { CommandPage, CommandsPage, KeysPage } from "./types/command-page-types.ts";

const FEATURES: readonly CommandPage["feature"][] = [
  "Core",
  "SmartCharging",
  "RemoteTrigger",
  "Reservation",
  "LocalAuthListManagement",
  "FirmwareManagement",
  "Security",
  "Maintenance",
];

/**
 * Serves what the dialog of a command needs: `GET /ev-charging/commands` (every action that goes to a charge point, with its fields),
 * and `GET /ev-charging/configuration-keys?chargePoint=<identity>&model=<id>&language=<tag>` (the keys that may be chosen: of that
 * model, else of the one that the deployed charge point is, else of the standard alone).
 */
export function serveCommands(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  RED.httpAdmin.get("/ev-charging/commands", mayRead, (_request, response) => {
    const page: CommandsPage = { commands: commandPages() };
    response.json(page);
  });
  RED.httpAdmin.get("/ev-charging/configuration-keys", mayRead, ({ query }, response) => {
    const chosen = modelProfile(String(query["model"] ?? ""));
    const chargePoint = String(query["chargePoint"] ?? "");
    const profile =
      chosen ?? (chargePoint ? (new ChargePoints(RED).find(chargePoint)?.station.modelProfile ?? null) : null);
    const language = languageOf(String(query["language"] ?? ""));
    const keys = knownKeys(profile, language).map((known) => {
      return { ...known, values: valuesText(language, known.range, known.unit) };
    });
    const page: KeysPage = { model: profile?.name ?? null, keys };
    response.json(page);
  });
}

function commandPages(): CommandPage[] {
  const sent = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "chargePoint");
  const pages = sent.map(({ action, feature, description, request, sample = {} }): CommandPage => {
    return { action, feature, description, request: request as Field, sample };
  });
  for (const { action, description, request, sample } of OWN_ACTIONS.values())
    pages.push({ action, feature: "Maintenance", description, request: request as Field, sample: { ...sample } });
  const rank = ({ feature }: CommandPage) => FEATURES.indexOf(feature);
  return pages.sort((a, b) => rank(a) - rank(b) || a.action.localeCompare(b.action, "en"));
}

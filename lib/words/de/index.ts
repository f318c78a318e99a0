import type { Catalogue } from "../types.ts";
import { action, alarm, kind, mail } from "./alarms.ts";
import { backEnd } from "./back-ends.ts";
import { certificate } from "./certificates.ts";
import { keyAdvice, keyProblem, keyValues, modelKey, standardKey } from "./charger-keys.ts";
import { proof, proofEnd, proofNeed, proofPage, verdict } from "./commissioning.ts";
import { badgeField, done, page, refused } from "./dashboard.ts";
import { drill, drillEnd, drillPage } from "./drills.ts";
import { fault } from "./faults.ts";
import { file } from "./files.ts";
import { handover } from "./handover.ts";
import { health } from "./health.ts";
import { guard, hint, load, number } from "./load.ts";
import { chargerName, zoneName } from "./managers.ts";
import { operation } from "./operations.ts";
import { charger, line, mode, override, zone } from "./overview.ts";
import { reason, status } from "./readers.ts";
import { report } from "./report.ts";
import { reservation } from "./reservations.ts";
import { badge, book, compare, ended, sent } from "./sessions.ts";
import { setting, settingKey } from "./settings.ts";

export const GERMAN: Catalogue = {
  number,
  load,
  guard,
  hint,
  alarm,
  action,
  kind,
  mail,
  reason,
  status,
  line,
  charger,
  mode,
  zone,
  override,
  badge,
  book,
  backEnd,
  compare,
  ended,
  sent,
  health,
  certificate,
  report,
  handover,
  fault,
  file,
  done,
  badgeField,
  refused,
  operation,
  reservation,
  setting,
  settingKey,
  standardKey,
  modelKey,
  keyValues,
  keyProblem,
  keyAdvice,
  proof,
  proofEnd,
  proofNeed,
  proofPage,
  verdict,
  drill,
  drillEnd,
  drillPage,
  chargerName,
  zoneName,
  page,
};

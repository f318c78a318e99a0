import { isoTime } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import type { Language } from "../../words/types.ts";
import { canonicalText, hashOf } from "./canonical.ts";
import { changesBetween } from "./changes.ts";
import { curvesOf, drillCurvesOf, type HandoverSite, handoverData, type Surroundings } from "./data.ts";
import { keepReport, keptReports } from "./kept.ts";
import { type Handover, handoverPage } from "./page.ts";
import type { KeptReport } from "./types.ts";

/** A report as it is handed out. */
export interface MadeReport {
  name: string;
  ts: string;
  sha256: string;
  html: string;
  /** What the hash is of, as JSON text. */
  data: string;
}

/** How it is shown. */
export interface Shown extends Pick<Handover, "language" | "timeZone" | "versions"> {
  language: Language;
}

/**
 * Makes the report of a site as it is now, and keeps it; resolves when it is on the disk.
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export async function makeReport(site: HandoverSite, around: Surroundings, shown: Shown): Promise<MadeReport> {
  const [data, curves] = handoverData(site, around);
  const report: KeptReport = { ts: isoTime(site.clock.wallMs()), sha256: hashOf(data), data };
  await keepReport(site.store, report);
  return madeOf(site, report, { ...shown, curves });
}

/** A report that was made before. @param ts as it is listed @throws EvError EV_CONFIG_MISSING where there is none */
export function earlierReport(site: Pick<HandoverSite, "store">, ts: string, shown: Shown): MadeReport {
  const report = keptReports(site.store).find((one) => one.ts === ts);
  if (!report) throw new EvError("EV_CONFIG_MISSING", `no report of ${ts} is kept`);
  return madeOf(site, report, { ...shown, curves: curvesOf(site.store, report.data) });
}

function madeOf(
  { store }: Pick<HandoverSite, "store">,
  report: KeptReport,
  shown: Shown & Pick<Handover, "curves">,
): MadeReport {
  const kept = keptReports(store);
  const own = kept.findIndex(({ sha256, ts }) => sha256 === report.sha256 && ts <= report.ts);
  const before = kept[own + 1];
  const { ts, sha256, data } = report;
  return {
    name: `commissioning-${ts.slice(0, 10)}.html`,
    ...{ ts, sha256 },
    html: handoverPage({
      ...shown,
      drillCurves: drillCurvesOf(store),
      ...{ report, kept },
      before: before ? { report: before, changes: changesBetween(before.data, data) } : null,
    }),
    data: canonicalText(data),
  };
}

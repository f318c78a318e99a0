import { strict as assert } from "node:assert";
import type { ReportData, ReportedStation } from "../../lib/maintenance/report-data.ts";
import { reportHtml } from "../../lib/maintenance/report-html.ts";

const MADE_MS = Date.parse("2026-06-01T12:00:00Z");

const STATION: ReportedStation = {
  ...{ identity: "CP1", state: "ready", vendor: "Acme", model: "X", firmware: "1.0", zone: "garage" },
  ...{ clockSkewMs: 0, pendingReboot: [], lastSeenWallMs: MADE_MS, address: "127.0.0.1", matchedModel: null },
  ...{ key: null, ownPassword: false, connectors: [] },
  capabilities: [
    { path: "smart.purposes", value: ["TxProfile", "TxDefaultProfile"], source: "model", note: null },
    { path: "config.triggers", value: { MeterValues: "charging" }, source: "model", note: null },
  ],
};
const data = (more: Partial<ReportData> = {}): ReportData => ({
  ...{ siteName: "Hauptstraße", language: "de", timeZone: "Europe/Berlin", madeWallMs: MADE_MS, storeFailure: null },
  ...{ alarms: [], stations: [STATION], zones: [], meters: [] },
  lastDay: { sessions: [], alarms: [], limits: [] },
  ...more,
});

describe("the maintenance report", () => {
  it("is in the language and on the clock of the site", () => {
    const html = reportHtml(data());
    assert.match(html, /<html lang="de">/);
    assert.match(html, /<title>Wartungsbericht: Hauptstraße<\/title>/);
    assert.match(html, /2026-06-01 14:00:00\. Ladestationen: 1, Zonen: 0, Zähler: 0/);
    assert.doesNotMatch(html, /12:00:00/);
  });

  it("shows lists and tables of a charge point's traits as people read them", () => {
    const html = reportHtml(data());
    assert.match(html, /<td>TxProfile, TxDefaultProfile<\/td>/);
    assert.match(html, /<td>MeterValues: charging<\/td>/);
  });

  it("says what waits and what is off", () => {
    const html = reportHtml(
      data({ language: "fr", stations: [{ ...STATION, pendingReboot: ["A", "B"], clockSkewMs: -90_000 }] }),
    );
    assert.match(html, /redémarrage nécessaire pour A, B; horloge en avance de 90 s/);
  });
});

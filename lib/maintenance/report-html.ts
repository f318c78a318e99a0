import { isoTime } from "../clock.ts";
import { Html, html, table } from "./html.ts";
import type { ReportData, ReportedConnector, ReportedStation } from "./report-data.ts";

const STYLE = new Html(`<style>
body{font:14px/1.5 system-ui,sans-serif;color:#222;max-width:1100px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em;margin:0}h2{font-size:1.15em;margin:2em 0 .4em;border-bottom:1px solid #ccc}h3{font-size:1em;margin:1.4em 0 .3em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border-top:1px solid #ddd;overflow-wrap:anywhere}
th{font-weight:600;border-top:none}.none,.made{color:#666}.alarm{color:#b00020}.warning{color:#8a5a00}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
</style>`);

/** The report as one HTML file without references to anything outside. */
export function reportHtml(data: ReportData): string {
  const { siteName, madeWallMs, storeFailure } = data;
  const page = html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Maintenance report: ${siteName}</title>${STYLE}</head><body>
<h1>Maintenance report: ${siteName}</h1>
<p class="made">${isoTime(madeWallMs)}, ${data.stations.length} charge points, ${data.zones.length} zones, ${data.meters.length} meters</p>
${storeFailure === null ? new Html("") : html`<p class="alarm">The database cannot be used, parts are missing: ${storeFailure}</p>`}
<h2>Wrong now</h2>${alarms(data)}
<h2>Charge points</h2>${overview(data.stations)}
<h2>Limits and faults</h2>${limits(data.stations)}
<h2>Zones</h2>${zones(data)}
<h2>Meters</h2>${meters(data)}
<h2>Last 24 hours</h2>
<h3>Sessions</h3>${sessions(data)}
<h3>Alarms</h3>${pastAlarms(data)}
<h3>Limits from outside</h3>${commands(data)}
<h2>Capabilities</h2>${data.stations.map(capabilities)}
</body></html>
`;
  return page.text;
}

function alarms({ alarms: list }: ReportData): Html {
  const rows = list.map(({ severity, sinceWallMs, text, location, action, acknowledged }) => [
    html`<span class="${severity}">${severity}</span>`,
    time(sinceWallMs),
    text,
    location,
    action,
    acknowledged && `${acknowledged.by}: ${acknowledged.comment}`,
  ]);
  return table(["", "Since", "What", "Where", "What to do", "Seen by"], rows, "Nothing.");
}

function overview(stations: readonly ReportedStation[]): Html {
  const rows = stations.map((station) => [
    station.identity,
    station.zone,
    station.state,
    [station.vendor, station.model].filter(Boolean).join(" "),
    station.firmware,
    station.matchedModel,
    station.address,
    station.lastSeenWallMs > 0 ? time(station.lastSeenWallMs) : null,
    password(station),
    notes(station),
  ]);
  const heads = [
    "Identity",
    "Zone",
    "State",
    "Says it is",
    "Firmware",
    "Model",
    "Address",
    "Connected",
    "Password",
    "Notes",
  ];
  return table(heads, rows, "None.");
}

function password({ key, ownPassword }: ReportedStation): string {
  if (key) return `given ${time(key.changedWallMs)}${key.state === "pending" ? ", not confirmed" : ""}`;
  return ownPassword ? "configured" : "none of its own";
}

function notes({ pendingReboot, clockSkewMs }: ReportedStation): string {
  const waits = pendingReboot.length > 0 && `restart needed for ${pendingReboot.join(", ")}`;
  const clock =
    clockSkewMs !== 0 && `clock ${Math.round(Math.abs(clockSkewMs) / 1000)} s ${clockSkewMs > 0 ? "behind" : "ahead"}`;
  return [waits, clock].filter(Boolean).join("; ");
}

function limits(stations: readonly ReportedStation[]): Html {
  const rows = stations.flatMap(({ identity, connectors }) =>
    connectors.map((connector) => {
      const { number, status, errorCode, fault, limit, energyWh, transactionId } = connector;
      const error = errorCode === "NoError" ? null : errorCode;
      return [
        `${identity}/${number}`,
        status,
        [fault, error].filter(Boolean).join(" · "),
        transactionId,
        draw(connector),
        limit?.acceptedA ?? null,
        limit && [limit.status, limit.verified !== "no" && limit.verified, limit.trouble].filter(Boolean).join(", "),
        limit?.way ?? null,
        limit?.hint ?? null,
        limit?.leaseUntil ?? null,
        energyWh === null ? null : `${(energyWh / 1000).toFixed(1)} kWh`,
      ];
    }),
  );
  const heads = [
    "Connector",
    "Status",
    "Fault",
    "Transaction",
    "Draws A",
    "Limit A",
    "Kept",
    "How",
    "Hint",
    "Until",
    "Register",
  ];
  return table(heads, rows, "None.");
}

function draw({ measuredA }: ReportedConnector): string | null {
  return measuredA && triple(measuredA);
}

function zones({ zones: list }: ReportData): Html {
  const rows = list.map(({ zone, meters: held }) => [
    zone.id,
    zone.parent,
    amps(zone.limitA),
    zone.operatorLimitA === undefined ? null : amps(zone.operatorLimitA),
    zone.headroomA === undefined ? null : amps(zone.headroomA),
    zone.assumedLoadA === undefined ? null : amps(zone.assumedLoadA),
    zone.maxPowerW ?? null,
    zone.failSafeA ?? null,
    held.map(({ meter, location }) => `${meter} (${location})`).join(", "),
  ]);
  const heads = [
    "Zone",
    "Below",
    "Breaker A",
    "Operator A",
    "Headroom A",
    "Assumed A",
    "Most W",
    "Fail-safe A",
    "Meters",
  ];
  return table(heads, rows, "No tree of zones is in force.");
}

function meters({ meters: list }: ReportData): Html {
  const rows = list.map((meter) => [
    meter.name,
    meter.zones.join(", "),
    meter.quality,
    meter.ageS === null ? null : `${meter.ageS} s`,
    meter.currentA && triple(meter.currentA),
    meter.powerW,
    meter.energyImportWh === null ? null : `${(meter.energyImportWh / 1000).toFixed(1)} kWh`,
  ]);
  return table(["Meter", "Zones", "Quality", "Age", "A", "W", "Import"], rows, "None.");
}

function sessions({ lastDay }: ReportData): Html {
  const rows = lastDay.sessions.map((session) => [
    `${session.chargePoint}/${session.connector}`,
    time(session.startedWallMs),
    session.endedWallMs === null ? "runs" : time(session.endedWallMs),
    session.user ?? session.idTag,
    session.energyWh === null ? null : `${(session.energyWh / 1000).toFixed(2)} kWh`,
    session.stopReason,
    session.flags.join(", "),
  ]);
  return table(["Connector", "From", "To", "Who", "Energy", "Ended by", "Notes"], rows, "None.");
}

function pastAlarms({ lastDay }: ReportData): Html {
  const rows = lastDay.alarms.map(({ severity, sinceWallMs, clearedWallMs, text, location }) => [
    html`<span class="${severity}">${severity}</span>`,
    time(sinceWallMs),
    clearedWallMs === null ? "goes on" : time(clearedWallMs),
    text,
    location,
  ]);
  return table(["", "From", "To", "What", "Where"], rows, "None.");
}

function commands({ lastDay }: ReportData): Html {
  const rows = lastDay.limits.map(({ zone, source, limitA, powerW, receivedWallMs, endedWallMs, reason, refused }) => [
    zone,
    source,
    [limitA !== null && `${limitA} A`, powerW !== null && `${powerW} W`].filter(Boolean).join(", "),
    time(receivedWallMs),
    endedWallMs === null ? null : time(endedWallMs),
    refused === null ? reason : `refused: ${refused}`,
  ]);
  return table(["Zone", "From", "Limit", "Received", "Ended", "Reason"], rows, "None.");
}

function capabilities({ identity, capabilities: list }: ReportedStation): Html {
  const rows = list.map(({ path, value, source, note }) => [path, value, source, note]);
  const content = table(["What", "Value", "Source", "Note"], rows, "As the standard has it.");
  return html`<h3>${identity}</h3>${content}`;
}

const time = (wallMs: number): string => isoTime(wallMs).slice(0, 19).replace("T", " ");
const triple = (values: readonly (number | null)[]): string =>
  values.map((value) => (value === null ? "–" : String(Math.round(value * 10) / 10))).join(" / ");
const amps = (limit: number | readonly number[]): string => (typeof limit === "number" ? String(limit) : triple(limit));

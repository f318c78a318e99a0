import { Html, html, table } from "../html.ts";
import { localText } from "../local-time.ts";
import { hintText, sentence } from "../words/sentence.ts";
import type { Catalogue, Values } from "../words/types.ts";
import type { ReportData, ReportedConnector, ReportedStation } from "./report-data.ts";

const STYLE = new Html(`<style>
body{font:14px/1.5 system-ui,sans-serif;color:#222;max-width:1100px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em;margin:0}h2{font-size:1.15em;margin:2em 0 .4em;border-bottom:1px solid #ccc}h3{font-size:1em;margin:1.4em 0 .3em}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border-top:1px solid #ddd;overflow-wrap:break-word}
th{font-weight:600;border-top:none;white-space:nowrap}.none,.made{color:#666}.alarm{color:#b00020}.warning{color:#8a5a00}
@media print{body{margin:0;max-width:none;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}.wide{overflow:visible}}
</style>`);

/** The report as one HTML file without references to anything outside, in the language and on the clock of the site. */
export function reportHtml(data: ReportData): string {
  return new Report(data).page().text;
}

type Key = keyof Catalogue["report"];

class Report {
  readonly #data: ReportData;

  constructor(data: ReportData) {
    this.#data = data;
  }

  page(): Html {
    const { siteName, madeWallMs, storeFailure, stations, zones, meters, language } = this.#data;
    const title = this.#say("title", { site: siteName });
    const counts = { points: stations.length, zones: zones.length, meters: meters.length };
    const failure = storeFailure === null ? null : this.#say("database", { why: storeFailure });
    return html`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>${STYLE}</head><body>
<h1>${title}</h1>
<p class="made">${this.#say("made", { time: this.#time(madeWallMs), ...counts })}</p>
${failure === null ? new Html("") : html`<p class="alarm">${failure}</p>`}
<h2>${this.#say("wrong")}</h2>${this.#alarms()}
<h2>${this.#say("chargePoints")}</h2>${this.#overview()}
<h2>${this.#say("limitsAndFaults")}</h2>${this.#limits()}
<h2>${this.#say("zones")}</h2>${this.#zones()}
<h2>${this.#say("meters")}</h2>${this.#meters()}
<h2>${this.#say("lastDay")}</h2>
<h3>${this.#say("sessions")}</h3>${this.#sessions()}
<h3>${this.#say("alarms")}</h3>${this.#pastAlarms()}
<h3>${this.#say("outside")}</h3>${this.#commands()}
<h2>${this.#say("capabilities")}</h2>${new Html(stations.map((station) => this.#capabilities(station).text).join(""))}
</body></html>
`;
  }

  #say(key: Key, values?: Values): string {
    return sentence(this.#data.language, `report.${key}`, values);
  }

  #time(wallMs: number): string {
    return localText(wallMs, this.#data.timeZone);
  }

  #table(heads: readonly Key[], rows: readonly (readonly unknown[])[], none: Key): Html {
    const content = table(
      heads.map((head) => this.#say(head)),
      rows,
      this.#say(none),
    );
    return html`<div class="wide">${content}</div>`;
  }

  #severity(severity: "info" | "warning" | "alarm"): Html {
    return html`<span class="${severity}">${sentence(this.#data.language, `mail.${severity}`)}</span>`;
  }

  #alarms(): Html {
    const rows = this.#data.alarms.map(({ severity, sinceWallMs, text, location, action, acknowledged }) => [
      this.#severity(severity),
      this.#time(sinceWallMs),
      text,
      location,
      action,
      acknowledged && [acknowledged.by, acknowledged.comment].filter(Boolean).join(": "),
    ]);
    return this.#table(["weight", "since", "what", "where", "toDo", "seenBy"], rows, "nothing");
  }

  #overview(): Html {
    const rows = this.#data.stations.map((station) => [
      station.identity,
      station.zone,
      station.state,
      [station.vendor, station.model].filter(Boolean).join(" "),
      station.firmware,
      station.matchedModel,
      station.address,
      station.lastSeenWallMs > 0 ? this.#time(station.lastSeenWallMs) : null,
      this.#password(station),
      this.#notes(station),
    ]);
    return this.#table(
      ["identity", "zone", "state", "saysItIs", "firmware", "model", "address", "heard", "password", "notes"],
      rows,
      "none",
    );
  }

  #password({ key, ownPassword }: ReportedStation): string {
    if (!key) return ownPassword ? this.#say("configured") : this.#say("noPassword");
    const told = this.#say("given", { time: this.#time(key.changedWallMs) });
    return key.state === "pending" ? this.#say("pending", { given: told }) : told;
  }

  #notes({ pendingReboot, clockSkewMs }: ReportedStation): string {
    const waits = pendingReboot.length > 0 && this.#say("restart", { keys: pendingReboot.join(", ") });
    const seconds = Math.round(Math.abs(clockSkewMs) / 1000);
    const clock = clockSkewMs !== 0 && this.#say(clockSkewMs > 0 ? "clockBehind" : "clockAhead", { seconds });
    return [waits, clock].filter(Boolean).join("; ");
  }

  #limits(): Html {
    const rows = this.#data.stations.flatMap(({ identity, connectors }) =>
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
          limit?.hint ? hintText(this.#data.language, limit.hint) : null,
          limit?.leaseUntil ? this.#time(Date.parse(limit.leaseUntil)) : null,
          energyWh === null ? null : `${(energyWh / 1000).toFixed(1)} kWh`,
        ];
      }),
    );
    return this.#table(
      [
        ...(["connector", "status", "fault", "transaction", "draws", "limit"] as const),
        ...(["kept", "how", "hint", "until", "register"] as const),
      ],
      rows,
      "none",
    );
  }

  #zones(): Html {
    const rows = this.#data.zones.map(({ zone, meters: held }) => [
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
    return this.#table(
      ["zone", "below", "breaker", "operator", "headroom", "assumed", "most", "failSafe", "meters"],
      rows,
      "noTree",
    );
  }

  #meters(): Html {
    const rows = this.#data.meters.map((meter) => [
      meter.name,
      meter.zones.join(", "),
      meter.quality,
      meter.ageS === null ? null : `${meter.ageS} s`,
      meter.currentA && `${triple(meter.currentA)} A`,
      meter.powerW === null ? null : `${Math.round(meter.powerW)} W`,
      meter.energyImportWh === null ? null : `${(meter.energyImportWh / 1000).toFixed(1)} kWh`,
    ]);
    return this.#table(["meter", "zones", "quality", "age", "current", "power", "imported"], rows, "none");
  }

  #sessions(): Html {
    const rows = this.#data.lastDay.sessions.map((session) => [
      `${session.chargePoint}/${session.connector}`,
      this.#time(session.startedWallMs),
      session.endedWallMs === null ? this.#say("runs") : this.#time(session.endedWallMs),
      session.user ?? session.idTag,
      session.energyWh === null ? null : `${(session.energyWh / 1000).toFixed(2)} kWh`,
      session.stopReason,
      session.flags.join(", "),
    ]);
    return this.#table(["connector", "from", "to", "who", "energy", "endedBy", "notes"], rows, "none");
  }

  #pastAlarms(): Html {
    const rows = this.#data.lastDay.alarms.map(({ severity, sinceWallMs, clearedWallMs, text, location }) => [
      this.#severity(severity),
      this.#time(sinceWallMs),
      clearedWallMs === null ? this.#say("goesOn") : this.#time(clearedWallMs),
      text,
      location,
    ]);
    return this.#table(["weight", "from", "to", "what", "where"], rows, "none");
  }

  #commands(): Html {
    const rows = this.#data.lastDay.limits.map((command) => {
      const { zone, source, limitA, powerW, receivedWallMs, endedWallMs, reason, refused } = command;
      return [
        zone,
        source,
        [limitA !== null && `${limitA} A`, powerW !== null && `${powerW} W`].filter(Boolean).join(", "),
        this.#time(receivedWallMs),
        endedWallMs === null ? null : this.#time(endedWallMs),
        refused === null ? reason : this.#say("refused", { why: refused }),
      ];
    });
    return this.#table(["zone", "source", "outsideLimit", "received", "ended", "reason"], rows, "none");
  }

  #capabilities({ identity, capabilities: list }: ReportedStation): Html {
    const rows = list.map(({ path, value, source, note }) => [path, valueText(value), source, note]);
    return html`<h3>${identity}</h3>${this.#table(["what", "value", "source", "note"], rows, "standard")}`;
  }
}

/** A trait as people read it: `A, W`, `MeterValues: charging`. */
function valueText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${String(one)}`)
    .join(", ");
}

function draw({ measuredA }: ReportedConnector): string | null {
  return measuredA && triple(measuredA);
}

const triple = (values: readonly (number | null)[]): string =>
  values.map((value) => (value === null ? "–" : String(Math.round(value * 10) / 10))).join(" / ");
const amps = (limit: number | readonly number[]): string => (typeof limit === "number" ? String(limit) : triple(limit));

import { Html, html, table } from "../../html.ts";
import { localText } from "../../local-time.ts";
import { sentence } from "../../words/sentence.ts";
import type { Catalogue, Language, Values } from "../../words/types.ts";
import { drillView } from "../drills/view.ts";
import type { DrillPoint } from "../drills/view-types.ts";
import type { CommissioningResult, CurvePoint } from "../result.ts";
import { resultView } from "../view.ts";
import { amps } from "./changes.ts";
import { curveDrawing } from "./curve.ts";
import type { Curves } from "./data.ts";
import { newestDrills } from "./points.ts";
import { STYLE, sheet } from "./style.ts";
import type {
  Change,
  KeptReport,
  OpenPoint,
  ReportedCharger,
  ReportedDrill,
  ReportedStep,
  ReportedTest,
  ReportedZone,
} from "./types.ts";

/** Everything that a page shows. */
export interface Handover {
  report: KeptReport;
  curves: Curves;
  /** Those of drills, by their SHA-256. */
  drillCurves: ReadonlyMap<string, readonly DrillPoint[]>;
  /** The report that it is compared with; null = there is none. */
  before: { report: KeptReport; changes: Change[] } | null;
  /** All that are kept, the newest first. */
  kept: readonly Pick<KeptReport, "ts" | "sha256">[];
  language: Language;
  /** IANA name; empty = the machine's. */
  timeZone: string;
  versions: { version: string; nodeRed: string; node: string };
}

/** A commissioning report as one HTML page without references to anything outside, made to be printed on A4. */
export function handoverPage(handover: Handover): string {
  return new Page(handover).text().text;
}

type Key = keyof Catalogue["handover"];

const NOTHING = new Html("");
/** Room to write by hand. */
const LINE = html`<span class="line"></span>`;
const SIGNS: Readonly<Record<string, string>> = {
  right: "✓",
  wrong: "✗",
  unsure: "?",
  ticked: "✓",
  proven: "●",
  open: "○",
};

class Page {
  readonly #handover: Handover;

  constructor(handover: Handover) {
    this.#handover = handover;
  }

  text(): Html {
    const { report, language, versions } = this.#handover;
    const { site } = report.data;
    const title = this.#say("title", { site: site.name });
    return html`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>${STYLE}${sheet(report.sha256)}</head><body>
<h1>${title}</h1>
<p class="note">${this.#say("made", { time: this.#time(report.ts), voltage: site.voltageV })} ${site.itNetwork ? this.#say("itNetwork") : NOTHING}</p>
${this.#summary()}
<h2>${this.#say("points")}</h2>${this.#points()}
<h2>${this.#say("tree")}</h2>${this.#tree()}
<h2>${this.#say("chargers")}</h2>${this.#chargers()}
<h2>${this.#say("tests")}</h2>${this.#tests()}
<h2>${this.#say("drills")}</h2>${this.#drills()}
<h2>${this.#say("checkList")}</h2>${this.#checkList()}
<h2>${this.#say("changes")}</h2>${this.#changes()}
<h2>${this.#say("settings")}</h2>${this.#settings()}
<h2>${this.#say("photos")}</h2>${this.#photos()}
<section class="sign"><h2>${this.#say("signature")}</h2>${this.#signature()}</section>
<h2>${this.#say("reports")}</h2>${this.#reports()}
<footer><p>${this.#say("hash")}: <code>${report.sha256}</code></p>
<p>${this.#time(report.ts)} · ${this.#say("versions", versions)}</p></footer>
</body></html>
`;
  }

  #say(key: Key, values?: Values): string {
    return sentence(this.#handover.language, `handover.${key}`, values);
  }

  #time(ts: string): string {
    return localText(Date.parse(ts), this.#handover.timeZone);
  }

  #table(heads: readonly Key[], rows: readonly (readonly unknown[])[], none: Key): Html {
    const content = table(
      heads.map((head) => this.#say(head)),
      rows,
      this.#say(none),
    );
    return html`<div class="wide">${content}</div>`;
  }

  #newest(): ReportedTest[] {
    const { tests } = this.#handover.report.data;
    return tests.filter((test, index) => tests.findIndex(({ target }) => target === test.target) === index);
  }

  #summary(): Html {
    const { chargers, points } = this.#handover.report.data;
    const all = chargers.flatMap(({ connectors }) => connectors).length;
    const right = this.#newest().filter(({ verdict, end }) => verdict === "right" && end === "finished").length;
    const tiles: [Key, string | number][] = [
      ["chargersCount", chargers.length],
      ["provenCount", this.#say("ofAll", { count: right, all })],
      ["pointsCount", points.length],
    ];
    return html`<div class="tiles">${tiles.map(
      ([key, value]) => html`<div><b>${value}</b>${this.#say(key)}</div>`,
    )}</div>`;
  }

  /** Points that say the same stand together. */
  #points(): Html {
    const { points } = this.#handover.report.data;
    const groups = new Map<string, { said: Html; where: string[] }>();
    for (const point of points) {
      const said = this.#point(point);
      const group = groups.get(said.text) ?? { said, where: [] };
      group.where.push(point.where);
      groups.set(said.text, group);
    }
    const rows = [...groups.values()].map(({ said, where }) => [said, where.join(", "), LINE]);
    return this.#table(["what", "where", "settled"], rows, "noPoints");
  }

  #point(point: OpenPoint): Html {
    if (point.kind === "finding")
      return point.isError ? html`<b class="wrong">✗ ${point.text}</b>` : html`${point.text}`;
    if (point.kind === "steps") return html`${this.#say("pointSteps", { open: point.open, all: point.all })}`;
    return html`${this.#say(`point${point.kind[0]!.toUpperCase()}${point.kind.slice(1)}` as Key)}`;
  }

  #tree(): Html {
    const { zones } = this.#handover.report.data;
    const rows = zones.map((zone) => [
      html`<span class="zone" style="padding-left:${zone.depth * 1.2}em">${zone.depth > 0 ? "└ " : NOTHING}<b>${zone.name}</b></span>`,
      amps(zone.limitA),
      LINE,
      amps(zone.operatorLimitA),
      amps(zone.headroomA),
      amps(zone.assumedLoadA),
      zone.failSafeA === null ? null : `${zone.failSafeA} A`,
      mostOf(zone),
      zone.meters.map(({ meter, location }) => html`<div><b>${meter}</b> ${this.#say(location)}</div>`),
    ]);
    const heads = [
      "zone",
      "breaker",
      "cable",
      "operator",
      "headroom",
      "assumed",
      "failSafe",
      "mostW",
      "meters",
    ] as const;
    const note = zones.length > 0 ? html`<p class="note">${this.#say("treeNote")}</p>` : NOTHING;
    return html`${note}${this.#table(heads, rows, "noTree")}`;
  }

  #chargers(): Html {
    const { chargers } = this.#handover.report.data;
    const makers = chargers.map((charger) => [
      html`<b>${charger.identity}</b>${charger.name ? html` ${charger.name}` : NOTHING}${charger.place ? html`<br>${charger.place}` : NOTHING}`,
      charger.zone,
      charger.ocpp ? makerOf(charger) : this.#say("noOcpp"),
      charger.firmware,
      charger.stationLimitA === null ? null : `${charger.stationLimitA} A`,
      this.#say(charger.fallsBack ? "fallsBackYes" : "fallsBackNo"),
      charger.ocpp ? this.#value("password", charger.password) : null,
    ]);
    const sockets = chargers.flatMap(({ connectors }) =>
      connectors.map(({ target, name, phases, rotation, provenRotation, maxA, safeA }) => [
        html`<b>${target}</b> ${name || NOTHING}`,
        phases,
        rotation === "Unknown" ? null : rotation,
        provenRotation === null
          ? this.#say("notProven")
          : html`<b class="${provenRotation === rotation ? "right" : "wrong"}">${SIGNS[provenRotation === rotation ? "right" : "wrong"]} ${provenRotation}</b>`,
        `${maxA} A`,
        `${safeA} A`,
      ]),
    );
    const wide = ["charger", "zone", "maker", "firmware", "stationLimit", "fallsBack", "password"] as const;
    return html`${this.#table(wide, makers, "none")}
${this.#table(["connector", "phases", "rotation", "proven", "maximum", "safe"], sockets, "none")}`;
  }

  #tests(): Html {
    const newest = this.#newest();
    if (newest.length === 0) return html`<p class="note">${this.#say("noTests")}</p>`;
    const { tests } = this.#handover.report.data;
    const earlier = tests.filter((test) => !newest.includes(test));
    const rows = earlier.map((test) => [
      test.target,
      this.#time(new Date(test.startedWallMs).toISOString()),
      test.by,
      this.#view(test).text,
    ]);
    const before = html`<h3>${this.#say("earlier")}</h3>${this.#table(["connector", "time", "by", "result"], rows, "none")}`;
    return html`${newest.map((test) => this.#test(test))}${rows.length > 0 ? before : NOTHING}`;
  }

  #drills(): Html {
    const { drills = [] } = this.#handover.report.data;
    const newest = newestDrills(drills);
    if (newest.length === 0) return html`<p class="note">${this.#say("noDrills")}</p>`;
    return html`${newest.map((drill) => this.#drill(drill))}`;
  }

  #drill(drill: ReportedDrill): Html {
    const { drillCurves, language } = this.#handover;
    const { title, started, durationS, seconds, by, text, verdict, findings, steps, unit } = drillView(
      { ...drill, curve: [] },
      language,
    );
    const facts = [
      this.#say("drillMade", { time: this.#time(started), seconds: durationS, most: seconds }),
      by && `${this.#say("by")}: ${by}`,
    ].filter(Boolean);
    const rows = findings.map((one) => [
      html`<span class="${one.verdict}">${SIGNS[one.verdict]} ${one.text}</span>`,
      one.cure,
    ]);
    const curve = drillCurves.get(drill.curveSha256) ?? [];
    const points = curve.map(
      ([second, commanded, measured, limit]): CurvePoint => [second, commanded ?? 0, measured, limit],
    );
    const words = {
      title: this.#say("drillCurve", { unit }),
      commanded: this.#say("commanded"),
      lines: [this.#say("drillMeasured"), this.#say("drillSafe")],
    };
    return html`<article><h3>${title}: <span class="${verdict}">${SIGNS[verdict]} ${text}</span></h3>
<p class="note">${facts.join(" · ")}</p>
${this.#table(["seen", "cure"], rows, "none")}
<p class="note">${steps.map(({ atS, text: step }) => `${atS} s: ${step}`).join(" · ")}</p>
${points.length > 1 ? curveDrawing(points, 0, words) : html`<p class="note">${this.#say("noCurve")}</p>`}</article>`;
  }

  #view(test: ReportedTest) {
    return resultView({ ...test, curve: [] } satisfies CommissioningResult, this.#handover.language);
  }

  #test(test: ReportedTest): Html {
    const { target, verdict, meters, configured, lowA, highA, edges, durationS, by, leastRoomA } = test;
    const { text, findings, started } = this.#view(test);
    const made = this.#say("testMade", {
      time: this.#time(started),
      seconds: durationS,
      low: lowA,
      high: highA,
      edges,
    });
    const facts = [
      made,
      by && `${this.#say("by")}: ${by}`,
      this.#say("asSet", { phases: configured.phases, rotation: configured.rotation, max: configured.maxA }),
      leastRoomA !== null && this.#say("room", { room: leastRoomA }),
    ].filter(Boolean);
    const rows = findings.map((one) => [
      html`<span class="${one.verdict}">${SIGNS[one.verdict]}</span> ${one.text}`,
      one.cure || NOTHING,
    ]);
    const curve = this.#handover.curves.get(test.curveSha256);
    const drawings = meters.map(({ meter }, index) => {
      const words = { title: `${test.target} – ${this.#say("curve", { meter })}`, commanded: this.#say("commanded") };
      return curve && curve.length > 1 ? curveDrawing(curve, index, words) : NOTHING;
    });
    return html`<article><h3 class="${verdict}">${SIGNS[verdict]} ${this.#say("testOf", { target, result: text })}</h3>
<p class="note">${facts.join(" · ")}</p>${this.#table(["seen", "cure"], rows, "none")}
${curve ? drawings : html`<p class="note">${this.#say("noCurve")}</p>`}</article>`;
  }

  #checkList(): Html {
    const chargers = this.#handover.report.data.chargers.filter(({ steps }) => steps.length > 0);
    if (chargers.length === 0) return html`<p class="note">${this.#say("none")}</p>`;
    const lists = chargers.map(
      ({ identity, steps }) =>
        html`<div><h3>${identity}</h3><ul class="steps">${steps.map(
          (step) => html`<li class="${step.state}"><i>${SIGNS[step.state]}</i>${this.#step(step)}</li>`,
        )}</ul></div>`,
    );
    return html`<p class="note">${this.#say("checkNote")}</p><div class="lists">${lists}</div>`;
  }

  #step({ id, text }: Pick<ReportedStep, "id" | "text">): string {
    return text ?? this.#say(`stepOf${id[0]!.toUpperCase()}${id.slice(1)}` as Key);
  }

  #changes(): Html {
    const { before } = this.#handover;
    if (!before) return html`<p class="note">${this.#say("firstReport")}</p>`;
    const { ts, sha256 } = before.report;
    const rows = before.changes.map(({ what, field, item, before: was, now }) =>
      field === null
        ? [what, this.#say(now === null ? "removed" : "added"), was, now]
        : [what, this.#field(field, item), this.#value(field, was), this.#value(field, now)],
    );
    return html`<p class="note">${this.#say("changesSince", { time: this.#time(ts), hash: sha256.slice(0, 12) })}</p>
${this.#table(["where", "what", "before", "now"], rows, "noChanges")}`;
  }

  #field(field: NonNullable<Change["field"]>, item: string | null): string {
    if (item === null) return this.#say(field);
    const isOurs = field === "step" && !item.includes(" ");
    return `${this.#say(field)}: ${isOurs ? this.#step({ id: item, text: null }) : item}`;
  }

  /** A value of a change; those that are codes are worded. */
  #value(field: NonNullable<Change["field"]>, value: string | null): string | null {
    if (value === null) return null;
    const { language } = this.#handover;
    switch (field) {
      case "result":
        return sentence(language, `verdict.${value as ReportedTest["verdict"]}`);
      case "fallsBack":
        return this.#say(value === "yes" ? "fallsBackYes" : "fallsBackNo");
      case "password":
        return this.#say(`password${value[0]!.toUpperCase()}${value.slice(1)}` as Key);
      case "step":
        return this.#say(`step${value[0]!.toUpperCase()}${value.slice(1)}` as Key);
      default:
        return value;
    }
  }

  #settings(): Html {
    const read = this.#handover.report.data.chargers.filter(({ settings }) => settings !== null);
    if (read.length === 0) return html`<p class="note">${this.#say("noSettings")}</p>`;
    return html`${read.map(({ identity, settings }) => {
      const keys = settings!.keys.map(({ key, value }) => html`<li><b>${key}</b> ${value}</li>`);
      const title = this.#say("readAt", { charger: identity, time: this.#time(settings!.readTs) });
      return html`<h3>${title}</h3><ul class="keysOf">${keys}</ul>`;
    })}`;
  }

  #photos(): Html {
    const boxes = ["photoBoard", "photoMeter", "photoCharger"] as const;
    return html`<div class="photos">${boxes.map((box) => html`<div>${this.#say(box)}</div>`)}</div>`;
  }

  #signature(): Html {
    const fields = ["name", "company", "place", "date", "signature"] as const;
    return html`<p class="note">${this.#say("signatureNote")}</p>
<div class="fields">${fields.map((field) => html`<div class="${field}">${this.#say(field)}</div>`)}</div>`;
  }

  #reports(): Html {
    const rows = this.#handover.kept.map(({ ts, sha256 }) => [this.#time(ts), html`<code>${sha256}</code>`]);
    return this.#table(["time", "hash"], rows, "none");
  }
}

const makerOf = ({ vendor, model }: ReportedCharger): string => [vendor, model].filter(Boolean).join(" ");

function mostOf({ maxPowerW, demand }: ReportedZone): string | null {
  const parts = [
    maxPowerW === null ? null : `${maxPowerW} W`,
    demand && `${demand.limitW} W / ${Math.round(demand.windowS / 60)} min`,
  ].filter(Boolean);
  return parts.join(", ") || null;
}

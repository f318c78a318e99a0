import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { DrillPoint } from "../../lib/commissioning/drills/view-types.ts";
import { canonicalText, hashOf, sha256 } from "../../lib/commissioning/handover/canonical.ts";
import { changesBetween } from "../../lib/commissioning/handover/changes.ts";
import { keepReport, keptReports } from "../../lib/commissioning/handover/kept.ts";
import { type Handover, handoverPage } from "../../lib/commissioning/handover/page.ts";
import { openPoints } from "../../lib/commissioning/handover/points.ts";
import type { HandoverData, KeptReport, ReportedDrill } from "../../lib/commissioning/handover/types.ts";
import type { Store } from "../../lib/store/types.ts";
import type { JsonValue } from "../../lib/units.ts";
import { LANGUAGES } from "../../lib/words/types.ts";
import { CURVE, handedOver, VERSIONS } from "./handed-over.ts";

const CURVES = new Map([[sha256(canonicalText(CURVE)), CURVE]]);
const reportOf = (data: HandoverData, ts = "2026-06-01T12:00:00.000Z"): KeptReport => ({
  ...{ ts, data },
  sha256: hashOf(data),
});
const page = (data: HandoverData, more: Partial<Handover> = {}): string =>
  handoverPage({
    ...{ report: reportOf(data), curves: CURVES, drillCurves: new Map(), before: null, kept: [], versions: VERSIONS },
    ...{ language: "en-US", timeZone: "Europe/Berlin" },
    ...more,
  });
const NOTHING_SEEN = { hasTree: true, hasDatabase: true, findings: [], exposed: [], away: [], restart: [] };

describe("the commissioning report", () => {
  it("has a hash of its data alone: not of the order of keys, the time or the language", () => {
    const data = handedOver();
    const { zones, ...rest } = data;
    assert.equal(hashOf({ zones, ...rest } as HandoverData), hashOf(data));
    for (const language of LANGUAGES) assert.ok(page(data, { language }).includes(hashOf(data)), language);
    data.chargers[0]!.firmware = "1.3.1";
    assert.notEqual(hashOf(data), hashOf(handedOver()));
  });

  it("has the same hash exactly where the data are the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [one, other] = [canonicalText(left), canonicalText(right)];
        assert.deepEqual(JSON.parse(one), JSON.parse(JSON.stringify(left)));
        const isSame = canonicalText(JSON.parse(one)) === canonicalText(JSON.parse(other));
        assert.equal(sha256(one) === sha256(other), isSame);
      }),
    );
  });

  it("takes nothing that comes from outside for markup, and refers to nothing outside", () => {
    const evil = `"><script>alert(1)</script><img src=x>`;
    const data = handedOver();
    data.site.name = evil;
    data.zones[0]!.name = evil;
    data.zones[0]!.meters[0]!.meter = evil;
    const [charger] = data.chargers;
    Object.assign(charger!, { identity: evil, vendor: evil, firmware: evil, name: evil, place: evil });
    charger!.settings!.keys[0] = { key: evil, value: evil };
    charger!.steps[0]!.text = evil;
    data.tests[0]!.by = evil;
    data.tests[0]!.meters[0]!.meter = evil;
    data.points.push({ kind: "finding", where: evil, text: evil, isError: true });
    const text = page(data, {
      before: { report: reportOf(handedOver()), changes: changesBetween(handedOver(), data) },
    });
    assert.ok(text.includes("&lt;script&gt;"));
    assert.doesNotMatch(text, /<(script|img|link|iframe|object)/i);
    assert.doesNotMatch(page(handedOver()), /<(script|img|link)|\b(src|href)=|url\(|https?:/i);
  });

  it("shows tree, proofs with curve and cure, ticks, open points and a place to sign in every language", () => {
    for (const language of LANGUAGES) {
      const text = page(handedOver(), { language });
      assert.doesNotMatch(text, /undefined|NaN|\{\w+\}(?![^<]*<\/style>)/, language);
      assert.match(text, new RegExp(`<html lang="${language}">`));
    }
    const text = page(handedOver());
    for (const part of ["63 A", "Acme Wall", "1.2.0", "✓ RST", "commanded", "L3", "Signature", "7 of 8 steps", "ACE"])
      assert.ok(text.includes(part), part);
    assert.match(text, /Set the maximum of this connector to 16 A/);
    assert.match(text, /<path style="stroke:#0b57d0[^>]*d="M36 /);
    assert.match(text, /This is the first report of this site/);
    assert.match(page(handedOver(), { curves: new Map() }), /no longer kept/);
  });

  it("shows each drill with its time, its judgement and its curve in every language, and names one that was wrong", () => {
    const curve: DrillPoint[] = [
      [0, 30, 29.5, 18],
      [10, 18, null, 18],
      [12, 18, 17.8, 18],
    ];
    const drill: ReportedDrill = {
      ...{ kind: "meter", target: "grid", startedWallMs: 1_780_315_200_000, durationS: 24, seconds: 40, by: "ana" },
      ...{ end: "finished", verdict: "wrong", unit: "A", limit: 18, allowedS: 25, commandedS: 10.2, measuredS: null },
      findings: [
        { verdict: "right", text: { code: "drill.confirmed", values: { seconds: 10.2, limit: "18 A" } }, cure: null },
        {
          verdict: "wrong",
          text: { code: "drill.notDrawn", values: { measured: "24 A", limit: "18 A" } },
          cure: { code: "drill.notDrawnCure" },
        },
      ],
      steps: [{ atS: 0, text: { code: "drill.beganMeter", values: { target: "grid" } } }],
      curveSha256: sha256(canonicalText(curve)),
    };
    const data = { ...handedOver(), drills: [drill, { ...drill, startedWallMs: 0, verdict: "right" as const }] };
    const drillCurves = new Map([[drill.curveSha256, curve]]);
    for (const language of LANGUAGES)
      assert.doesNotMatch(page(data, { language, drillCurves }), /undefined|NaN|\{\w+\}(?![^<]*<\/style>)/, language);
    const text = page(data, { drillCurves });
    for (const part of [
      "meter grid dead",
      "after 10.2 s",
      "24 s of at most 40 s",
      "they still drew 24 A",
      "A over seconds",
    ])
      assert.ok(text.includes(part), part);
    assert.notEqual(hashOf(data), hashOf(handedOver()));
    assert.deepEqual(
      openPoints(data, NOTHING_SEEN).filter(({ kind }) => kind === "drillWrong"),
      [{ kind: "drillWrong", where: "grid" }],
    );
  });

  it("says what is open: what was never tested, was tested otherwise, or lacks a password", () => {
    const data = handedOver();
    data.chargers[1]!.connectors[0]!.maxA = 16;
    data.tests.push({ ...data.tests[0]!, target: "CP2/1", chargePoint: "CP2" });
    const points = openPoints(data, { ...NOTHING_SEEN, away: ["CP2"], exposed: ["editor"] });
    assert.deepEqual(
      points.map(({ kind, where }) => `${where} ${kind}`),
      [
        ...["Hauptstraße 1 editorOpen", "CP1/1 testWrong", "CP1 steps"],
        ...["CP2/1 rotationUnknown", "CP2/1 testOld", "CP2/1 testWrong"],
        ...["CP2 away", "CP2 noPassword", "CP2 noFallBack", "CP2 settingsUnread"],
      ],
    );
    assert.deepEqual(
      openPoints(handedOver(), NOTHING_SEEN).flatMap(({ kind, where }) => (kind === "untested" ? [where] : [])),
      ["CP2/1"],
    );
  });

  it("compares with the report before: what came, what went and what is different", () => {
    const [before, now] = [handedOver(), handedOver()];
    assert.deepEqual(changesBetween(before, now), []);
    now.zones[1]!.limitA = [40, 40, 40];
    now.chargers[0]!.firmware = "1.3.0";
    now.chargers[0]!.settings!.keys = [{ key: "HeartbeatInterval", value: "300" }];
    now.chargers[0]!.steps[1]!.state = "ticked";
    now.tests[0]!.verdict = "right";
    now.chargers.splice(1, 1);
    const changes = changesBetween(before, now);
    assert.deepEqual(
      changes.map(({ what, field, item, before: was, now: is }) => [what, field, item, was, is]),
      [
        ["Garage", "breaker", null, "32 A", "40 A"],
        ["CP1", "firmware", null, "1.2.0", "1.3.0"],
        ["CP1", "step", "maximum", "open", "ticked"],
        ["CP1", "setting", "HeartbeatInterval", "900", "300"],
        ["CP1", "setting", "MeterValueSampleInterval", "10", null],
        ["CP1/1", "result", null, "wrong", "right"],
        ["CP2", null, null, "CP2", null],
        ["CP2/1", null, null, "CP2/1", null],
      ],
    );
    const text = page(now, { before: { report: reportOf(before), changes } });
    assert.match(text, /Compared with the report of 2026-06-01 14:00:00 \([0-9a-f]{12}\)/);
    assert.match(text, /<td>Check-list: Largest current set on the charger itself<\/td><td>open<\/td><td>ticked<\/td>/);
  });

  it("keeps the same data once, and of many reports the first and the newest", async () => {
    const kept = new Map<string, JsonValue>();
    const store = {
      document: (key: string) => kept.get(key),
      keepDocument: async (key: string, value: JsonValue) => void kept.set(key, value),
    } as unknown as Store;
    const data = handedOver();
    for (let day = 1; day <= 20; day++) {
      data.chargers[0]!.firmware = `1.${Math.ceil(day / 2) * 2}`;
      await keepReport(store, reportOf(structuredClone(data), `2026-06-${String(day).padStart(2, "0")}T12:00:00.000Z`));
    }
    assert.equal(keptReports(store).length, 10);
    for (let day = 1; day <= 9; day++) {
      data.chargers[0]!.firmware = `2.${day}`;
      await keepReport(store, reportOf(structuredClone(data), `2026-07-0${day}T12:00:00.000Z`));
    }
    const days = keptReports(store).map(({ ts }) => ts.slice(5, 10));
    assert.deepEqual([days.length, days[0], days.at(-2), days.at(-1)], [12, "07-09", "06-17", "06-01"]);
  });
});

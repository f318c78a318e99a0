/** A small site with one charger that was proven wrong and another one that nothing is known of. */
import { canonicalText, sha256 } from "../../lib/commissioning/handover/canonical.ts";
import { FIRST_STEPS } from "../../lib/commissioning/handover/steps.ts";
import type { HandoverData, ReportedCharger, ReportedZone } from "../../lib/commissioning/handover/types.ts";
import type { CurvePoint } from "../../lib/commissioning/result.ts";

export const VERSIONS = { version: "0.1.0", nodeRed: "5.0.7", node: "24.0.0" };

/** Two levels in turn; the first two legs of two meters follow, with a delay. */
export const CURVE: CurvePoint[] = Array.from({ length: 86 }, (_, index): CurvePoint => {
  const at = (second: number) => (Math.floor(Math.max(0, second) / 14) % 2 === 0 ? 14 : 6);
  const [second, drawn] = [index * 2, at(index * 2 - 3) - 0.4];
  const legs = [drawn + 3, drawn + 2 + (index % 3) / 2, 2 + (index % 4) / 4];
  return [second, at(second), ...legs, ...(index === 40 ? [null, null, null] : legs.map((leg) => leg + 4))];
});

const zone = (name: string, parent: string | null, limitA: number, more: Partial<ReportedZone> = {}): ReportedZone => ({
  ...{ name, parent, depth: parent === null ? 0 : 1, limitA: [limitA, limitA, limitA] },
  ...{ operatorLimitA: null, headroomA: [1, 1, 1], assumedLoadA: null, maxPowerW: null, failSafeA: 6, demand: null },
  meters: [],
  ...more,
});

const charger = (identity: string, more: Partial<ReportedCharger>): ReportedCharger => ({
  ...{ identity, name: "", place: "", zone: "Garage", vendor: null, model: null, firmware: null },
  ...{ stationLimitA: null, fallsBack: false, ocpp: true, password: "none", steps: [], settings: null },
  connectors: [
    {
      ...{
        target: `${identity}/1`,
        name: "",
        phases: 3,
        rotation: "Unknown",
        provenRotation: null,
        maxA: 32,
        safeA: 6,
      },
    },
  ],
  ...more,
});

/** Made anew each time. */
export function handedOver(): HandoverData {
  const steps = [...FIRST_STEPS].map((id, index) => ({
    ...{ id, text: null },
    state: index === 0 ? ("proven" as const) : ("open" as const),
  }));
  return {
    format: 1,
    site: { name: "Hauptstraße 1", voltageV: 230, itNetwork: false },
    zones: [
      zone("Main", null, 63, {
        operatorLimitA: [50, 50, 50],
        demand: { limitW: 30000, windowS: 900 },
        meters: [{ meter: "grid", location: "including", onStale: "failSafe", staleAfterS: 30 }],
      }),
      zone("Garage", "Main", 32, {
        meters: [{ meter: "garage", location: "including", onStale: "failSafe", staleAfterS: 30 }],
      }),
    ],
    chargers: [
      charger("CP1", {
        ...{ name: "Visitors left", place: "Level −1", vendor: "Acme", model: "Wall", firmware: "1.2.0" },
        ...{ fallsBack: true, password: "given" },
        connectors: [
          { target: "CP1/1", name: "", phases: 3, rotation: "RST", provenRotation: "RST", maxA: 32, safeA: 6 },
        ],
        steps: [...steps, { id: "model-1", text: "ACE Service Installer > Power settings", state: "open" }],
        settings: {
          readTs: "2026-06-01T10:00:00.000Z",
          keys: [
            { key: "HeartbeatInterval", value: "900" },
            { key: "MeterValueSampleInterval", value: "10" },
          ],
        },
      }),
      charger("CP2", {}),
    ],
    tests: [
      {
        ...{ target: "CP1/1", chargePoint: "CP1", connector: 1, by: "ana", end: "finished", verdict: "wrong" },
        ...{ startedWallMs: Date.parse("2026-06-01T09:00:00Z"), durationS: 172, lowA: 6, highA: 14, edges: 11 },
        findings: [
          {
            ...{ aspect: "phases", verdict: "right", meter: null, cure: null },
            text: { code: "proof.phases", values: { used: 3, phases: 3, legs: "L1, L2, L3" } },
          },
          {
            ...{ aspect: "chargerMaximum", verdict: "wrong", meter: null },
            text: { code: "proof.maximumLess", values: { said: 16, maxA: 32 } },
            cure: { code: "proof.maximumLessCure", values: { said: 16 } },
          },
          {
            ...{ aspect: "scale", verdict: "unsure", meter: "grid" },
            text: { code: "proof.scaleUnsure", values: { meter: "grid", scale: 0.9 } },
            cure: { code: "proof.scaleUnsureCure", values: {} },
          },
        ],
        meters: [
          { meter: "garage", zone: "Garage", location: "including", lagS: 3, samples: 86, legs: [] },
          { meter: "grid", zone: "Main", location: "including", lagS: 3, samples: 85, legs: [] },
        ],
        configured: { phases: 3, rotation: "RST", maxA: 32 },
        charger: { rotation: null, maxA: 16 },
        field: "right",
        candidates: ["RST"],
        rotation: "RST",
        usedPhases: [1, 2, 3],
        leastRoomA: 8.5,
        curveSha256: sha256(canonicalText(CURVE)),
      },
    ],
    points: [
      { kind: "testWrong", where: "CP1/1" },
      { kind: "steps", where: "CP1", open: 7, all: 8 },
      { kind: "untested", where: "CP2/1" },
      { kind: "rotationUnknown", where: "CP2/1" },
      { kind: "noPassword", where: "CP2" },
    ],
  };
}

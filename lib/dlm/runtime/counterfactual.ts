import type { Triple } from "../../units.ts";
import { sentence } from "../../words/sentence.ts";
import type { Code, Language } from "../../words/types.ts";
import { allocate } from "../allocation/allocate.ts";
import { ceilingA } from "../snapshot/ceilings.ts";
import type { SampleView } from "../snapshot/samples.ts";
import { pathOf, placeOf } from "../topology/root-plant.ts";
import {
  ALLOCATION_DEFAULTS,
  type AllocationInput,
  type AllocationResult,
  type Ceiling,
  type Connector,
} from "../types.ts";
import { amps } from "./explain.ts";

/** Less is no difference worth telling, A. */
const WORTH_A = 0.5;

type Change = (input: AllocationInput) => AllocationInput;

/**
 * What connectors would get if the meters that fail now were fresh, in words; empty while all meters deliver, so that it costs
 * nothing then, and one allocation else. By connector; only where it is more than they have.
 */
export function ifMetersWereFresh(
  view: SampleView,
  setpoints: Readonly<Record<string, { limitA: number }>>,
  language: Language = "en-US",
): Map<string, string> {
  const failed = failedMeters(view);
  const texts = new Map<string, string>();
  if (failed.length === 0) return texts;
  const meters = [...new Set(failed.map(({ meter }) => meter))];
  const zones = new Set(failed.map(({ zone }) => zone));
  const result = ask(freshMeters(view)(plainInput(view, ({ cause }) => cause !== "meterHold")));
  for (const id of Object.keys(result?.connectors ?? {})) {
    const limitA = result!.connectors[id]!.limitA;
    if (!isCaused(view, id, zones) || limitA < (setpoints[id]?.limitA ?? 0) + WORTH_A) continue;
    const key = meters.length === 1 ? "load.ifFresh" : "load.ifFreshMany";
    texts.set(id, sentence(language, key, { current: amps(limitA), meter: meters.join(", ") }));
  }
  return texts;
}

/** What one connector would get if one thing were otherwise: a sentence for each thing that would help. */
export function whatWouldHelp(
  view: SampleView,
  setpoints: Readonly<Record<string, { limitA: number }>>,
  id: string,
  language: Language = "en-US",
): string[] {
  const connector = view.snapshot.connectors.find((one) => one.id === id);
  if (!connector || connector.state === "available" || connector.state === "offline") return [];
  const own =
    (more: Partial<Connector>): Change =>
    (input) => ({
      ...input,
      connectors: input.connectors.map((one) => (one.id === id ? { ...one, ...more } : one)),
    });
  const changes: [Code, boolean, Change][] = [
    ["load.ifCheap", view.tariff(id)?.cheap === false, own({ mode: "fast" })],
    ["load.ifFast", connector.mode !== "fast" && connector.mode !== undefined, own({ mode: "fast" })],
    ["load.ifReleased", view.snapshot.zones.some(({ gridLimit }) => gridLimit !== undefined), withoutOutside],
    ["load.ifFirst", (connector.priorityClass ?? 1) > 0, own({ priorityClass: 0 })],
  ];
  const told = ifMetersWereFresh(view, setpoints, language).get(id);
  const sentences = told === undefined ? [] : [told];
  for (const [key, applies, change] of changes) {
    const limitA = applies ? ask(change(plainInput(view)))?.connectors[id]?.limitA : undefined;
    if (limitA !== undefined && limitA >= (setpoints[id]?.limitA ?? 0) + WORTH_A)
      sentences.push(sentence(language, key, { current: amps(limitA) }));
  }
  return sentences;
}

function failedMeters({ meters, backgroundA }: SampleView): SampleView["meters"] {
  return meters.filter(({ state, zone }) => state !== "good" && backgroundA.has(zone));
}

/** Whether a failed meter is one of a zone above the connector. */
function isCaused({ plant }: SampleView, id: string, failedZones: ReadonlySet<string>): boolean {
  return pathOf(plant, placeOf(plant, id)?.zone ?? "").some(({ zone }) => failedZones.has(zone.id));
}

/** The question of the present moment, as the allocator takes it. @param counts which ceilings hold; all without */
function plainInput(
  { snapshot, atMs }: SampleView,
  counts: (ceiling: Ceiling) => boolean = () => true,
): AllocationInput {
  const { site, zones, connectors, config } = snapshot;
  const voltageV = config?.voltageV ?? ALLOCATION_DEFAULTS.voltageV;
  const drawnA = connectors
    .filter(({ mode, state }) => (mode === "pv" || mode === "minpv") && state !== "offline")
    .flatMap(({ measuredA }) => measuredA ?? [])
    .reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  return {
    zones: zones.map(({ meters, ...zone }) => ({
      ...zone,
      ...(meters && { meters: meters.map(({ tsMs, ...meter }) => ({ ...meter, ageS: (atMs - tsMs) / 1000 })) }),
    })),
    connectors: connectors.map(({ measuredTsMs: _, commandedA: __, leaseEnded: ___, ceilings = [], ...connector }) => {
      const limitA = ceilingA({ ...connector, ceilings: ceilings.filter(counts) });
      return limitA === undefined ? connector : { ...connector, externalLimitA: limitA };
    }),
    ...(site && { pv: { surplusW: Math.max(0, drawnA * voltageV - site.gridW) } }),
    ...(config && { config }),
  };
}

/** Failed meters show the background of before with the cars of now. */
function freshMeters(view: SampleView): Change {
  const lastA = new Map(
    failedMeters(view).map(({ zone, meter }) => {
      const including = view.plant.byName
        .get(zone)
        ?.meters.some((one) => one.meter === meter && one.location === "including");
      const houseA = view.backgroundA.get(zone)!;
      return [
        `${zone}/${meter}`,
        houseA.map((value, p) => value + (including ? view.chargersA.get(zone)![p]! : 0)) as Triple,
      ];
    }),
  );
  return (input) => ({
    ...input,
    zones: input.zones.map((zone) => ({
      ...zone,
      ...(zone.meters && {
        meters: zone.meters.map((meter) => {
          const currentA = lastA.get(`${zone.id}/${meter.id}`);
          return currentA ? { ...meter, currentA, ageS: 0 } : meter;
        }),
      }),
    })),
  });
}

const withoutOutside: Change = (input) => ({
  ...input,
  zones: input.zones.map(({ gridLimit: _, ...zone }) => zone),
});

/** null where the question has no answer: an explanation must not harm a decision. */
function ask(input: AllocationInput): AllocationResult | null {
  try {
    return allocate(input);
  } catch {
    return null;
  }
}

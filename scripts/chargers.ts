/** Writes docs/chargers.md from the models: `node scripts/chargers.ts`. A test keeps the page and the models equal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DECLARED_MODELS, modelProfile } from "../lib/station/capabilities/models/index.ts";
import { resolveTraits } from "../lib/station/capabilities/models/resolve.ts";
import type { ModelProfile, TraitPatch, VendorKey } from "../lib/station/capabilities/models/types.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs/chargers.md");

const INTRODUCTION = `# Chargers

Phasewise controls every charge point that speaks OCPP 1.6J and accepts charging profiles. This page lists the models with known peculiarities, the settings on the charger itself, and the messages to look for. The source of each value is in \`lib/station/capabilities/models/\`.

The charge point's dialog recognises the model when the charger connects. You can also choose a model, or change single values, by hand. The dialog shows the source of each value: the standard, the model, this charger's own behaviour, or you.

1. **Before the first charge, make the settings under *Set on the charger*.** A charger without them may refuse limits, or accept and ignore them. [Safety](safety.md#what-to-set-on-the-charger) lists the settings that every charger needs; the first is a maximum current that cable and breaker carry.
2. **Test the fallback once per model.** Pull the network cable while a car charges, and watch the meter. The current must not exceed the safe current.

A charger that refuses or ignores limits does not endanger the breaker: load management reserves its maximum current and gives the other chargers less. The status names the setting to check. Phase switching: [PV surplus](pv.md#one-phase-or-three).

Where a section lists no difference, the standard applies: limits in the unit that the charger reports; a profile for the transaction first, then a default profile; absolute times; a schedule that contains its own end; 0 A as a pause.
`;

const CONFIDENCE = {
  vendorDoc: "manufacturer's documents",
  fieldReport: "field reports",
  guess: "specification",
} as const;

/** The labels of the dialog, by path. */
function labels(): Record<string, Record<string, string>> {
  const catalogue = JSON.parse(readFileSync(join(ROOT, "nodes/locales/en-US/ev-charge-point.json"), "utf8")) as {
    "ev-charge-point": { trait: Record<string, Record<string, string>> };
  };
  return catalogue["ev-charge-point"].trait;
}

/** The whole page. */
export function chargersPage(): string {
  const makes = DECLARED_MODELS.filter(({ match }) => match.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  const kinds = DECLARED_MODELS.filter(({ match }) => match.length === 0);
  const contents = makes.map(({ name, id }) => `- [${name}](#${id})`);
  const parts = [
    INTRODUCTION,
    `${contents.join("\n")}\n`,
    ...makes.map((model) => section(model)),
    "## Any other charger\n\nChoose one of these by hand for a charger that is not in the list.\n",
    ...kinds.map((model) => section(model)),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

function section(model: ModelProfile): string {
  const { id, name, confidence, commissioning, nativeFallback, hintOnRefusal } = model;
  const keys = model.vendorKeys.filter(({ access }) => access !== "local");
  const parent = model.extends === undefined ? null : modelProfile(model.extends);
  const differs = differences(model.traits, parent);
  const lines = [`<a id="${id}"></a>`, `## ${name}`, "", `\`${id}\` (${CONFIDENCE[confidence]})`, ""];
  if (parent)
    lines.push(`As [${parent.name}](#${parent.id})${differs.length + commissioning.length > 0 ? ", and:" : "."}`, "");
  if (differs.length > 0) lines.push("Differs from the standard:", "", ...differs, "");
  if (commissioning.length > 0) {
    lines.push("Set on the charger:", "", ...commissioning.map(({ text, why }, n) => `${n + 1}. ${text} *${why}*`), "");
  }
  if (nativeFallback) lines.push(`**When the connection is lost:** ${nativeFallback}`, "");
  if (hintOnRefusal) lines.push(`**When limits are refused or ignored:** ${hintOnRefusal}`, "");
  if (keys.length > 0) lines.push(...keyTable(keys), "");
  return lines.join("\n");
}

function differences(traits: TraitPatch, parent: ModelProfile | null): string[] {
  const standard = resolveTraits(parent).traits as unknown as Record<string, Record<string, unknown>>;
  const words = labels();
  return Object.entries(traits).flatMap(([group, values]) =>
    Object.entries(values)
      .filter(([name, value]) => JSON.stringify(standard[group]?.[name]) !== JSON.stringify(value))
      .map(([name, value]) => `- ${words[group]?.[name]} (\`${group}.${name}\`): ${shown(value)}`),
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, item]) => `${key} = ${item}`)
      .join(", ");
  }
  return value === null ? "as the charger says" : String(value);
}

function keyTable(keys: readonly VendorKey[]): string[] {
  const access = { rw: "", ro: "read only", wo: "write only", local: "" } as const;
  const rows = keys.map((key) => {
    const values = [key.range, key.unit, access[key.access]].filter(Boolean).join(", ");
    return `| ${cell(key.key)} | ${cell(key.text)} | ${cell(values)} |`;
  });
  return [
    "<details><summary>Configuration keys</summary>",
    "",
    "| key | meaning | values |",
    "|---|---|---|",
    ...rows,
    "",
    "</details>",
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, chargersPage());

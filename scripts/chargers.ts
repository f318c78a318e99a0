/** Writes docs/chargers.md from the models: `node scripts/chargers.ts`. A test keeps the page and the models equal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DECLARED_MODELS, modelProfile } from "../lib/station/capabilities/models/index.ts";
import { resolveTraits } from "../lib/station/capabilities/models/resolve.ts";
import type { ModelMatch, ModelProfile, TraitPatch, VendorKey } from "../lib/station/capabilities/models/types.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs/chargers.md");

const INTRODUCTION = `# Chargers

Any charge point that speaks OCPP 1.6J and takes charging profiles works. Many depart from the specification, each in its own way; what is known of them stands here and, as data, in \`lib/station/capabilities/models/\`. A charge point is told from others by what it says when it starts; in its dialog a model can also be chosen by hand, and single values can be overruled. The dialog shows every value with its source: the standard, the model, what this very charger showed, or you.

**Before the first car charges** work through *set on the charger*: a charger that was never told to obey accepts limits and ignores them, or refuses them. **Then pull its network cable with a car charging and watch the meter.** What it does then is its own doing; it must not exceed what its safe current promises.

A charger that takes no limits, or that turns out not to follow them, is not a danger to the breaker: its largest current is kept free for it, and the others get less. Its status says which setting to look at.

One that says it can change between one phase and three (\`ConnectorSwitch3to1PhaseSupported\`) is told which in modes \`pv\` and \`minpv\`, see [PV surplus](pv.md#one-phase-or-three). What it does is believed when its readings show it.

Where nothing is said of a value, the standard holds: limits in the unit that the charger names, first for the transaction, else as a default; absolute times; a schedule that carries its own end; 0 A as a pause.
`;

const CONFIDENCE = {
  vendorDoc: "the maker's documents",
  fieldReport: "reports from the field",
  guess: "the specification",
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
  const table = [
    "| model | id | known from |",
    "|---|---|---|",
    ...makes.map(({ name, id, confidence }) => `| [${name}](#${id}) | \`${id}\` | ${CONFIDENCE[confidence]} |`),
  ];
  const parts = [
    INTRODUCTION,
    `${table.join("\n")}\n`,
    ...makes.map((model) => section(model)),
    "## Any other charger\n\nFor a charger that nobody has described yet, one of these may be chosen by hand.\n",
    ...kinds.map((model) => section(model)),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

function section(model: ModelProfile): string {
  const { id, name, commissioning, nativeFallback, hintOnRefusal, vendorKeys, sources } = model;
  const parent = model.extends === undefined ? null : modelProfile(model.extends);
  const differs = differences(model.traits, parent);
  const lines = [`<a id="${id}"></a>`, `## ${name}`, ""];
  const known = model.match.map(clues).join("; or ");
  if (known) lines.push(`\`${id}\` – told by ${known}.`, "");
  else lines.push(`\`${id}\``, "");
  if (parent)
    lines.push(`As [${parent.name}](#${parent.id})${differs.length + commissioning.length > 0 ? ", and:" : "."}`, "");
  if (differs.length > 0) lines.push("Differs from the standard:", "", ...differs, "");
  if (commissioning.length > 0) {
    lines.push("Set on the charger:", "", ...commissioning.map(({ text, why }, n) => `${n + 1}. ${text} *${why}*`), "");
  }
  if (nativeFallback) lines.push(`**When the connection is lost:** ${nativeFallback}`, "");
  if (hintOnRefusal) lines.push(`**When limits are refused or ignored:** ${hintOnRefusal}`, "");
  if (vendorKeys.length > 0) lines.push(...keyTable(vendorKeys), "");
  lines.push(`Sources: ${sources.join("; ")}.`, "");
  return lines.join("\n");
}

function clues(match: ModelMatch): string {
  const { vendor, model, identity, firmware, firmwareFrom, firmwareBefore } = match;
  const texts = Object.entries({ vendor, model, identity, firmware })
    .filter(([, pattern]) => pattern !== undefined)
    .map(([clue, pattern]) => `${clue} \`${pattern}\``);
  if (firmwareFrom !== undefined) texts.push(`firmware from ${firmwareFrom}`);
  if (firmwareBefore !== undefined) texts.push(`firmware before ${firmwareBefore}`);
  return texts.join(" and ");
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
  const access = { rw: "read, write", ro: "read", wo: "write", local: "on its own page" } as const;
  const rows = keys.map(
    (key) =>
      `| ${cell(key.key)} | ${cell(key.text)} | ${key.unit ?? ""} | ${cell(key.range ?? "")} | ${access[key.access]} |`,
  );
  return [
    "<details><summary>Settings</summary>",
    "",
    "| key | meaning | unit | range | access |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "</details>",
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, chargersPage());

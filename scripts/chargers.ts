/** Writes docs/chargers.md from the models: `node scripts/chargers.ts`. A test keeps the page and the models equal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DECLARED_MODELS, modelProfile } from "../lib/station/capabilities/models/index.ts";
import { keyMeaning } from "../lib/station/capabilities/models/key-words.ts";
import type { ModelProfile, VendorKey } from "../lib/station/capabilities/models/types.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs/chargers.md");

const INTRODUCTION = `# Chargers

Phasewise controls every charge point that speaks OCPP 1.6J and accepts charging profiles. This page lists models in alphabetical order. Numbered steps are settings on the charger itself.

The charge point's dialog recognises the model when the charger connects; you can also choose it by hand. The dialog lists the model's differences from the standard, which Phasewise takes into account, with their source. You can change single values under *Own values*. Public sources of each value are in \`lib/station/capabilities/models/\`.

1. **Before the first charge**, set the charger's own maximum current to what cable and breaker carry. It is the only limit without a profile. Make the other [settings for every charger](safety.md#what-to-set-on-the-charger) and those of its model below. A charger without them may refuse limits, or accept and ignore them.
2. **Test the fallback once per model.** Pull the network cable while a car charges, and watch the meter. The current must not exceed the safe current.

A charger that refuses or ignores limits does not endanger the breaker: load management reserves its maximum current and gives the other chargers less. The status names the setting to check.

[\`CheckConfiguration\`](maintenance.md#configuration) shows all configuration keys of a connected charger. The tables below list keys that you can change.
`;

/** A reason that the introduction gives for all. */
const ONLY_LIMIT = "It is the limit that holds when no profile is installed.";

/** The whole page. */
export function chargersPage(): string {
  const makes = DECLARED_MODELS.filter(({ match }) => match.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  const kinds = DECLARED_MODELS.filter(({ match }) => match.length === 0);
  const parts = [
    INTRODUCTION,
    ...makes.map((model) => section(model)),
    "## Any other charger\n\nChoose one of these by hand for a charger that is not in the list.\n",
    ...kinds.map((model) => section(model)),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

function section(model: ModelProfile): string {
  const { id, name, nativeFallback, hintOnRefusal } = model;
  const commissioning = model.match.length > 0 ? model.commissioning : [];
  const keys = model.vendorKeys.filter(({ access }) => access === "rw" || access === "wo");
  const parent = model.extends === undefined ? null : modelProfile(model.extends);
  const lines = [`<a id="${id}"></a>`, `## ${name}`, "", `\`${id}\``, ""];
  if (parent) lines.push(`As [${parent.name}](#${parent.id})${commissioning.length > 0 ? ", and:" : "."}`, "");
  if (commissioning.length > 0) {
    const steps = commissioning.map(({ text, why }) => (why === ONLY_LIMIT ? text : `${text} *${why}*`));
    lines.push(...steps.map((step, n) => `${n + 1}. ${step}`), "");
  }
  if (nativeFallback) lines.push(`**Without a connection:** ${nativeFallback}`, "");
  if (hintOnRefusal) lines.push(`**If limits have no effect:** ${hintOnRefusal}`, "");
  if (keys.length > 0) lines.push(...keyTable(keys), "");
  return lines.join("\n");
}

function keyTable(keys: readonly VendorKey[]): string[] {
  const rows = keys.map((key) => {
    const values = [key.range, key.unit].filter(Boolean).join(", ");
    return `| ${cell(key.key)} | ${cell(keyMeaning("en-US", key.key, "model") ?? "")} | ${cell(values)} |`;
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

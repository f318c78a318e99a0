/** HTML in which every value is text, whatever a charger or a flow calls itself. */
export class Html {
  readonly text: string;

  /** @param text markup that is known to be safe */
  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "").replace(/[^\P{Cc}\t\n]/gu, "\ufffd");
}

/** A template whose values are escaped, except values that are `Html` already; lists are joined, null is a dash. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(parts.map((part, index) => part + (index < values.length ? shown(values[index]) : "")).join(""));
}

/** A table; without rows a sentence instead. */
export function table(heads: readonly string[], rows: readonly (readonly unknown[])[], none: string): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const head = html`<tr>${heads.map((name) => html`<th>${name}</th>`)}</tr>`;
  const body = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<table><thead>${head}</thead><tbody>${body}</tbody></table>`;
}

function shown(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(shown).join("");
  if (value === null || value === undefined || value === "") return "–";
  return escapeHtml(typeof value === "object" ? JSON.stringify(value) : String(value));
}

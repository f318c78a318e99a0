/** Where a text has two forms for a number: `{n|car|cars}`. */
const FORMS = /\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g;

const rules = new Map<string, Intl.PluralRules>();

/** Which of two forms a language has for a number: `1 car`, `3 cars`, in French `0 voiture`. @param language a tag that `Intl` knows */
export function formFor(language: string, n: number, one: string, many: string): string {
  let rule = rules.get(language);
  if (!rule) {
    rule = new Intl.PluralRules(language);
    rules.set(language, rule);
  }
  return rule.select(n) === "one" ? one : many;
}

/** A text whose `{n|car|cars}` are the forms for the numbers of these names; what else stands in brackets is left. */
export function withForms(language: string, text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(FORMS, (whole, name: string, one: string, many: string) =>
    name in values ? formFor(language, Number(values[name]), one, many) : whole,
  );
}

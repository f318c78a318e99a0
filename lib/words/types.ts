/** Languages that sentences exist in; the first is what is fallen back to. */
export const LANGUAGES = ["en-US", "de", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Who reads a sentence: the driver at the outlet, facility staff, the integrator who set the site up. */
export const AUDIENCES = ["driver", "staff", "integrator"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** One thing said to each of them. */
export type Words = Readonly<Record<Audience, string>>;

/** The language of ours that fits a tag such as `de-AT` or `fr_CH.UTF-8`; English where there is none. */
export function languageOf(tag: string): Language {
  const wanted = tag.toLowerCase().slice(0, 2);
  return LANGUAGES.find((language) => language.slice(0, 2) === wanted) ?? LANGUAGES[0];
}

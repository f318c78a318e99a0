/** What a charge point that cannot be served asked for. `version`: another one of OCPP; `none`: it named no protocol at all. */
export interface Asked {
  kind: "version" | "soap" | "none";
  /** The protocols as it named them; empty = none. */
  protocols: string;
}

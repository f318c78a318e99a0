import type { Decision } from "../dlm/runtime/runtime-types.ts";

/** The latest decision of every load management of a site, for those who show it. */
export class Decisions {
  readonly #latest = new Map<string, Decision>();

  /** @param owner node id of the `ev-dlm` */
  put(owner: string, decision: Decision): void {
    this.#latest.set(owner, decision);
  }

  /** It decides no more. */
  drop(owner: string): void {
    this.#latest.delete(owner);
  }

  /** undefined before its first. @param owner node id of the `ev-dlm` */
  of(owner: string): Decision | undefined {
    return this.#latest.get(owner);
  }

  /** One for each load management that has decided since it started. */
  all(): Decision[] {
    return [...this.#latest.values()];
  }
}

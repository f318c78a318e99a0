import type { SendLocalListRequest, SendLocalListResponse } from "../../ocpp/v16/send-local-list.ts";

/** As many badges as it holds, and takes at once. */
export const MOST_BADGES = 1000;
export const MOST_AT_ONCE = 50;

/** The badges that a simulated charge point was given (OCPP 1.6 §3.5.2, §5.15). */
export class LocalAuthList {
  #version = 0;
  readonly #badges = new Map<string, NonNullable<SendLocalListRequest["localAuthorizationList"]>[number]>();

  /** 0 = it holds none. */
  get version(): number {
    return this.#version;
  }

  /** Takes a list, whole or what changes of it; a refused one changes nothing. */
  take({ listVersion, updateType, localAuthorizationList = [] }: SendLocalListRequest): SendLocalListResponse {
    const isWhole = updateType === "Full";
    if (!isWhole && listVersion <= this.#version) return { status: "VersionMismatch" };
    const count = isWhole ? 0 : this.#badges.size;
    if (localAuthorizationList.length > MOST_AT_ONCE || count + localAuthorizationList.length > MOST_BADGES)
      return { status: "Failed" };
    if (isWhole) this.#badges.clear();
    for (const badge of localAuthorizationList) {
      if (badge.idTagInfo) this.#badges.set(badge.idTag.toLowerCase(), badge);
      else this.#badges.delete(badge.idTag.toLowerCase());
    }
    this.#version = listVersion;
    return { status: "Accepted" };
  }

  /** Whether a badge may charge while nobody can be asked; null = the list does not know it. */
  allows(idTag: string, wallMs: number): boolean | null {
    const info = this.#badges.get(idTag.toLowerCase())?.idTagInfo;
    if (!info) return null;
    return info.status === "Accepted" && !(info.expiryDate && Date.parse(info.expiryDate) < wallMs);
  }
}

/** Certificates of the charge points of a site: signs what they ask for, or has a flow sign it, and renews it ahead of its end. */
import { randomUUID, X509Certificate } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { Station } from "../station/connection/station.ts";
import type { Store } from "../store/types.ts";
import type { CodeOf, Values } from "../words/types.ts";
import type { Authority } from "./authority.ts";
import { type IssuedCertificate, IssuedCertificates, issuedOf } from "./issued.ts";
import type { RemovedList } from "./removed-list.ts";
import { readSigningRequest, type SigningRequest } from "./signing-request.ts";

/** Who signs for the charge points of a central system. */
export type CertificateMode = "none" | "site" | "flow";

/** What is known of a central system's charge points. */
export interface CertificateRules {
  mode: CertificateMode;
  /** The security profile of the connection of a charge point; TLS from 2 on. */
  profileOf(identity: string): number;
}

/** The answer to a signing request. */
export interface SigningAnswer {
  status: "Accepted" | "Rejected";
  /** Goes out with the request, and belongs to it. */
  requestId: string | null;
  problem: CertificateProblem | null;
}

/** What went wrong last with the certificate of a charge point. */
export interface CertificateProblem {
  code: CodeOf<"certificate">;
  values: Values;
}

/** One charge point, as people see it. */
export interface CertificateView {
  identity: string;
  online: boolean;
  untilWallMs: number | null;
  state: IssuedCertificate["state"] | null;
  /** A certificate is asked for and not there yet. */
  waits: boolean;
  problem: CertificateProblem | null;
}

export interface CertificatesDeps {
  stations(): { get(identity: string): Station | undefined };
  authority: Authority;
  removed: RemovedList;
  store: Pick<Store, "documents" | "keepDocument">;
  clock: Clock;
  /** A request was not answered in time. */
  timedOut(identity: string, requestId: string): void;
}

const DAY_MS = 86_400_000;
/** A certificate that ends sooner is renewed. */
const RENEW_MS = 30 * DAY_MS;
/** How often it is looked whether one ends. */
const LOOK_MS = 3_600_000;
/** A charge point is asked no more often to ask for a new one. */
const ASK_AGAIN_MS = DAY_MS;
/** A person may have to sign: so long a flow has. */
const FLOW_MS = DAY_MS;
/** More requests of a charge point within a minute are refused unread. */
const MOST_REQUESTS = 20;
const MINUTE_MS = 60_000;

interface Waiting {
  requestId: string;
  request: SigningRequest;
  timer: Timer;
}

export class ChargePointCertificates {
  readonly issued: IssuedCertificates;
  readonly #deps: CertificatesDeps;
  readonly #rules = new Map<string, CertificateRules>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #problems = new Map<string, CertificateProblem>();
  /** Fingerprint of the certificate that each charge point has shown last. */
  readonly #shown = new Map<string, string>();
  readonly #askedAtMs = new Map<string, number>();
  /** Monotonic times of the requests of the last minute. */
  readonly #requests = new Map<string, number[]>();
  readonly #looking: Timer;

  constructor(deps: CertificatesDeps) {
    this.#deps = deps;
    this.issued = new IssuedCertificates(deps.store, deps.removed);
    this.#looking = deps.clock.setInterval(() => this.look(), LOOK_MS);
  }

  /** @param origin key of a central system @param rules null = it is gone */
  configure(origin: string, rules: CertificateRules | null): void {
    if (rules) this.#rules.set(origin, rules);
    else this.#rules.delete(origin);
  }

  /** The certificate of the site's authority, in PEM form. @throws EvError EV_TLS_CERTIFICATE */
  root(): string {
    return this.#deps.authority.root(this.#deps.clock.wallMs());
  }

  /** SignCertificate: the answer at once; the certificate follows it (security white paper A02, A03). */
  request(identity: string, csr: string): SigningAnswer {
    const { clock } = this.#deps;
    const station = this.#deps.stations().get(identity);
    const rules = this.#rules.get(station?.origin ?? "");
    if (!station || !rules || rules.mode === "none") return { status: "Rejected", requestId: null, problem: null };
    if (!station.definition) return { status: "Rejected", requestId: null, problem: null };
    if (this.#isTooOften(identity)) return this.#refuse(identity, "certificate.tooOften", { most: MOST_REQUESTS });
    if (rules.profileOf(station.identity) < 2) return this.#refuse(identity, "certificate.notSecured");
    let request: SigningRequest;
    try {
      request = readSigningRequest(csr);
    } catch (error) {
      return this.#refuse(identity, "certificate.wrongRequest", { why: messageOf(error) });
    }
    const names = [station.identity, ...station.definition.aliases];
    if (!names.some((name) => name.toLowerCase() === request.name.toLowerCase()))
      return this.#refuse(identity, "certificate.wrongName", { name: request.name });
    const requestId = randomUUID();
    clock.clear(this.#waiting.get(identity)?.timer);
    const timer =
      rules.mode === "site"
        ? clock.setTimeout(() => void this.#sign(station, requestId), 0)
        : clock.setTimeout(() => this.#giveUp(identity, requestId), FLOW_MS);
    this.#waiting.set(identity, { requestId, request, timer });
    this.#problems.delete(identity);
    return { status: "Accepted", requestId, problem: null };
  }

  /**
   * A certificate that was signed elsewhere goes to its charge point.
   * @returns the charge point's answer @throws EvError EV_MESSAGE_INVALID when it does not belong to the request; as StationHandle.call
   */
  async handOver(station: Station, chain: string): Promise<Record<string, unknown>> {
    const waiting = this.#waiting.get(station.identity);
    const certificate = firstOf(chain);
    if (!certificate && !waiting) return send(station, chain);
    if (!certificate) throw new EvError("EV_MESSAGE_INVALID", "payload.certificateChain: no certificate can be read");
    if (waiting && !certificate.publicKey.equals(waiting.request.key))
      throw new EvError("EV_MESSAGE_INVALID", "payload.certificateChain: it is not for the key of the request");
    return this.#hand(station, chain, certificate);
  }

  /** Asks a charge point to ask for a new certificate. @returns its answer @throws EvError as StationHandle.call */
  async renew(station: Station): Promise<Record<string, unknown>> {
    const { identity } = station;
    this.#askedAtMs.set(identity, this.#deps.clock.nowMs());
    const requestedMessage = "SignChargePointCertificate";
    const answer = await station.call(
      "ExtendedTriggerMessage",
      { requestedMessage },
      { priority: CALL_PRIORITY.command },
    );
    const status = String(answer["status"]);
    if (status !== "Accepted") this.#problems.set(identity, problem("certificate.notRenewed", { status }));
    return answer;
  }

  /** Has a charge point trust what the site's authority signs. @returns its answer @throws EvError as StationHandle.call */
  installRoot(station: Station): Promise<Record<string, unknown>> {
    const payload = { certificateType: "CentralSystemRootCertificate", certificate: this.root() };
    return station.call("InstallCertificate", payload, { priority: CALL_PRIORITY.command });
  }

  /** Whether a certificate that TLS has verified, and that is of this charge point, counts no longer. @param fingerprint SHA-256, hexadecimal */
  isRemoved(identity: string, fingerprint: string): boolean {
    if (this.issued.isRemoved(identity, fingerprint)) return true;
    this.#shown.set(identity, fingerprint);
    return false;
  }

  /**
   * The certificates of a charge point count no longer; a connection that began with one is closed.
   * @returns how many @throws EvError of the store; EV_TLS_CERTIFICATE
   */
  async remove(identity: string): Promise<number> {
    const station = this.#deps.stations().get(identity);
    const name = station?.identity ?? identity;
    const shown = this.#shown.get(name) ?? null;
    const counted = shown !== null || this.issued.of(name).some(({ state }) => state !== "removed");
    this.#shown.delete(name);
    try {
      return await this.issued.remove(name, shown);
    } finally {
      const rules = this.#rules.get(station?.origin ?? "");
      if (counted && rules && rules.profileOf(name) >= 3) station?.hangUp("its certificate was removed");
    }
  }

  /** Charge points of a central system with a certificate, a request or a problem. */
  views(identities: readonly string[]): CertificateView[] {
    return identities.map((identity) => {
      const newest = this.issued.current(identity) ?? this.issued.of(identity).at(-1) ?? null;
      return {
        identity,
        online: this.#deps.stations().get(identity)?.online ?? false,
        untilWallMs: newest?.untilWallMs ?? null,
        state: newest?.state ?? null,
        waits: this.#waiting.has(identity),
        problem: this.#problems.get(identity) ?? null,
      };
    });
  }

  /** Certificates that charge points use, with the days they have left. */
  daysLeft(): { identity: string; days: number }[] {
    const nowWallMs = this.#deps.clock.wallMs();
    return this.issued.identities().flatMap((identity) => {
      const current = this.issued.current(identity);
      const isServed = this.#deps.stations().get(identity)?.definition;
      return current && isServed ? [{ identity, days: (current.untilWallMs - nowWallMs) / DAY_MS }] : [];
    });
  }

  /** Has those renewed that end soon. */
  look(): void {
    const { clock } = this.#deps;
    for (const { identity, days } of this.daysLeft()) {
      const station = this.#deps.stations().get(identity);
      const rules = this.#rules.get(station?.origin ?? "");
      const askedMs = this.#askedAtMs.get(identity) ?? Number.NEGATIVE_INFINITY;
      const isDue = days * DAY_MS < RENEW_MS && clock.nowMs() - askedMs >= ASK_AGAIN_MS;
      if (!station?.online || !rules || rules.mode === "none" || !isDue || this.#waiting.has(identity)) continue;
      this.renew(station).catch((error: unknown) =>
        this.#problems.set(identity, problem("certificate.notRenewed", { status: messageOf(error) })),
      );
    }
  }

  close(): void {
    const { clock } = this.#deps;
    clock.clear(this.#looking);
    for (const { timer } of this.#waiting.values()) clock.clear(timer);
    this.#waiting.clear();
  }

  #isTooOften(identity: string): boolean {
    const nowMs = this.#deps.clock.nowMs();
    const recent = (this.#requests.get(identity) ?? []).filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (recent.length < MOST_REQUESTS) recent.push(nowMs);
    else return true;
    this.#requests.set(identity, recent);
    return false;
  }

  #refuse(identity: string, code: CodeOf<"certificate">, values: Values = {}): SigningAnswer {
    const found = problem(code, values);
    this.#problems.set(identity, found);
    return { status: "Rejected", requestId: null, problem: found };
  }

  async #sign(station: Station, requestId: string): Promise<void> {
    const { identity } = station;
    const waiting = this.#waiting.get(identity);
    if (waiting?.requestId !== requestId) return;
    try {
      const chain = this.#deps.authority.issue(waiting.request, this.#deps.clock.wallMs());
      await this.#hand(station, chain, new X509Certificate(chain));
    } catch (error) {
      this.#problems.set(identity, problem("certificate.notSent", { why: messageOf(error) }));
    } finally {
      if (this.#waiting.get(identity)?.requestId === requestId) this.#waiting.delete(identity);
    }
  }

  /** It is noted before it is sent: what a charge point may have can be removed. */
  async #hand(station: Station, chain: string, certificate: X509Certificate): Promise<Record<string, unknown>> {
    const { identity } = station;
    const { clock } = this.#deps;
    const issued = issuedOf(certificate);
    await this.issued.put(identity, issued, clock.wallMs());
    const answer = await send(station, chain);
    const status = String(answer["status"]);
    const isTaken = status === "Accepted";
    await this.issued.put(identity, { ...issued, state: isTaken ? "accepted" : "refused" }, clock.wallMs());
    clock.clear(this.#waiting.get(identity)?.timer);
    this.#waiting.delete(identity);
    if (isTaken) {
      this.#problems.delete(identity);
      this.#askedAtMs.delete(identity);
    } else this.#problems.set(identity, problem("certificate.notTaken", { status }));
    return answer;
  }

  #giveUp(identity: string, requestId: string): void {
    if (this.#waiting.get(identity)?.requestId !== requestId) return;
    this.#waiting.delete(identity);
    this.#problems.set(identity, problem("certificate.notSigned", {}));
    this.#deps.timedOut(identity, requestId);
  }
}

const problem = (code: CodeOf<"certificate">, values: Values): CertificateProblem => ({ code, values });

function send(station: Station, certificateChain: string): Promise<Record<string, unknown>> {
  return station.call("CertificateSigned", { certificateChain }, { priority: CALL_PRIORITY.command });
}

/** The first certificate of a chain is that of the charge point; null = none can be read. */
function firstOf(chain: string): X509Certificate | null {
  try {
    return new X509Certificate(chain);
  } catch {
    return null;
  }
}

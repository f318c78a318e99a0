import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Asked } from "../../ocpp/asked.ts";
import { dialectOf } from "../../ocpp/dialects.ts";
import type { Admission, ConnectRequest, StationDirectory } from "../../ocpp/port.ts";
import type { AuthorizationMode } from "../../session/badges/authorize.ts";
import { stationEvent } from "./events.ts";
import type { SecurityProfile, SecurityProfiles } from "./security-profiles.ts";
import type { Station } from "./station.ts";
import type { KeyCheck, StationKeys } from "./station-keys.ts";
import type { Stations } from "./stations.ts";

/** Who may connect to a central system, and on what terms. */
export interface CentralSystemPolicy {
  /** `park`: connected and listed, not served; `reject`: 404; `accept`: served. */
  unknownChargePoints: "park" | "reject" | "accept";
  /** Checked for charge points with no password of their own; null = none. */
  sharedPassword: string | null;
  /** Refuse a charge point for which there is no password to check. */
  requirePassword: boolean;
  /** Refuse a charge point without a client certificate (security profile 3). */
  requireCertificate?: boolean;
  /** A certificate that is valid and was removed by a person. */
  isRemoved?(identity: string, fingerprint: string): boolean;
  allowMissingSubprotocol: boolean;
  /** Who decides about badges; absent = `open`. */
  authorization?: AuthorizationMode;
  heartbeatS: number;
}

const refuse = (httpStatus: 400 | 401 | 403 | 404 | 409 | 503, reason: string): Admission => ({
  admitted: false,
  httpStatus,
  reason,
});

const NO_SUBPROTOCOL = "No subprotocol is offered; ocpp1.6 is spoken here";
const WRONG_PASSWORD = "wrong password";
const UNREADABLE =
  "the password that was given to it cannot be read; see the site's alarm about its database, or type a password into its ev-charge-point";

/** A directory that also says whom it turned away. */
export interface CentralSystemDirectory extends StationDirectory {
  /** Tells listeners of a connection that was turned away: at most one a second, however many there are. */
  report(request: Pick<ConnectRequest, "identity" | "remoteAddress">, httpStatus: number, reason: string): void;
}

/**
 * Decides who may connect to a central system of a site. An alias or another letter case leads to the canonical identity.
 * @param policy asked at every decision, so that a change holds at once
 * @param origin key of the central system, passed on with every event
 * @param profiles without it nothing is remembered of the security profiles seen
 * @param keys without it only configured passwords count
 */
export function createDirectory(
  stations: Stations,
  policy: () => CentralSystemPolicy,
  origin = "",
  profiles: SecurityProfiles | null = null,
  keys: StationKeys | null = null,
): CentralSystemDirectory {
  const dialled = ({ remoteAddress }: ConnectRequest) => ({ origin, address: remoteAddress });
  const admit = (request: ConnectRequest, key: KeyCheck | null): Admission => {
    const rules = policy();
    const known = stations.get(request.identity);
    const definition = known?.definition ?? null;
    if (!isPlausible(request.identity)) return refuse(404, "this identity cannot be one");
    if (definition && !definition.ocpp) return refuse(404, `${request.identity} is configured as not using OCPP`);
    // The passwords of another central system say nothing here, nor do its certificates.
    if (definition?.centralSystem && origin && definition.centralSystem !== origin)
      return refuse(404, `${definition.identity} belongs to another central system`);
    if (!definition && rules.unknownChargePoints === "reject")
      return refuse(404, `${request.identity} is not configured here`);
    const password = definition?.password ?? rules.sharedPassword;
    const refusal = checkCertificate(request, known, rules) ?? checkSecret(request, known, password, rules, key);
    const isUnreadable = !request.certificateName && keys?.isUnreadable(known?.identity ?? request.identity);
    // The wrong password may be the one it was given over OCPP, which cannot be read now; without any password it does not get in.
    if (isUnreadable && (refusal ? request.basic !== null : password === null)) return refuse(503, UNREADABLE);
    if (refusal) return refusal;
    if (stations.isShut(request.identity)) return refuse(409, "held shut for a drill");
    const profile = profileOf(request, password !== null || key?.passed === true);
    const highest = (definition && profiles?.highest(definition.identity)) ?? 0;
    if (profile < highest)
      return refuse(
        403,
        `security profile ${profile}, after it has connected with ${highest} before; a person can allow that in the central system's dialog`,
      );
    const asked = askedOf(request, rules);
    if (asked) {
      stations.unserved.note({ ...asked, identity: known?.identity ?? request.identity, ...dialled(request) });
      return refuse(400, asked.kind === "none" ? NO_SUBPROTOCOL : `${asked.protocols}: ocpp1.6 is spoken here`);
    }
    stations.unserved.forget(known?.identity ?? request.identity, origin);
    const station = known ?? stations.makeRoomFor(request.identity);
    if (!station) return refuse(404, "too many unknown charge points are connected");
    if (definition) profiles?.seen(definition.identity, profile);
    key?.settle();
    const admittance = rules.unknownChargePoints === "accept" ? "accept" : "park";
    const authorization = () => policy().authorization ?? "open";
    station.admit(origin, admittance, () => policy().heartbeatS, authorization);
    const { allowMissingSubprotocol } = rules;
    return { admitted: true, station, allowMissingSubprotocol, authenticated: profile > 0 };
  };

  const report = createReporter(stations, origin);
  const decide = (request: ConnectRequest, key: KeyCheck | null): Admission => {
    const admission = admit(request, key);
    // What a drill does is told by the drill.
    if (!admission.admitted && admission.httpStatus === 409) return admission;
    if (!admission.admitted)
      report(request, admission.httpStatus === 400 ? 101 : admission.httpStatus, admission.reason);
    else if ((admission.station as Station).state === "offline" && !(admission.station as Station).definition) {
      report(request, 101, "not configured here");
    }
    return admission;
  };
  return {
    report,
    isStranger: (identity) => !stations.get(identity)?.definition,
    calledBySoap(identity, protocol, remoteAddress) {
      const known = stations.get(identity);
      if (!known?.definition && policy().unknownChargePoints === "reject") return;
      const caller = { kind: "soap", protocols: protocol, origin, address: remoteAddress } as const;
      stations.unserved.note({ ...caller, identity: known?.identity ?? identity });
      report({ identity, remoteAddress }, 101, `${protocol}: ocpp1.6 by WebSocket is spoken here`);
    },
    admit(request) {
      const known = stations.get(request.identity);
      const identity = known?.identity ?? request.identity;
      if (!keys?.has(identity)) return decide(request, null);
      const checked = keys.check(identity, known?.definition?.password ?? null, request.basic?.password ?? null);
      return checked.then((key) => decide(request, key));
    },
  };
}

/** What a charge point asks for that is not spoken here; null = it is, or need not be named. */
function askedOf({ offers }: ConnectRequest, { allowMissingSubprotocol }: CentralSystemPolicy): Asked | null {
  if (!offers) return null;
  if (offers.length === 0) return allowMissingSubprotocol ? null : { kind: "none", protocols: "" };
  return offers.some((offer) => dialectOf(offer)) ? null : { kind: "version", protocols: offers.join(", ") };
}

/** What the connection is protected by, once it has been checked. TLS alone proves nothing about who dials. */
function profileOf({ encrypted, certificateName }: ConnectRequest, passwordShown: boolean): SecurityProfile {
  if (certificateName) return 3;
  if (!passwordShown) return 0;
  return encrypted ? 2 : 1;
}

function isPlausible(identity: string): boolean {
  return identity.length >= 1 && identity.length <= 48 && ![...identity].some((c) => c < " " || c === "\u007f");
}

/** Whether a name stands for the charge point that dials: its identity as dialled, its own, or an alias. */
function isNameOf(name: string, request: Pick<ConnectRequest, "identity">, station: Station | undefined): boolean {
  const names = [request.identity, station?.identity, ...(station?.definition?.aliases ?? [])];
  return names.some((one) => one?.toLowerCase() === name.toLowerCase());
}

function checkCertificate(
  request: ConnectRequest,
  station: Station | undefined,
  { requireCertificate, isRemoved }: CentralSystemPolicy,
): Admission | null {
  const { certificateName, certificateFingerprint } = request;
  if (!certificateName) return requireCertificate ? refuse(403, "no client certificate was shown") : null;
  if (!isNameOf(certificateName, request, station))
    return refuse(403, `the client certificate is that of ${certificateName}`);
  return certificateFingerprint && isRemoved?.(station?.identity ?? request.identity, certificateFingerprint)
    ? refuse(403, "its certificate was removed")
    : null;
}

/** The password, or a key that was given to the charge point over OCPP. */
function checkSecret(
  request: ConnectRequest,
  station: Station | undefined,
  password: string | null,
  rules: CentralSystemPolicy,
  key: KeyCheck | null,
): Admission | null {
  if (request.certificateName || !key || !(key.passed || key.replaces))
    return checkPassword(request, station, password, rules);
  return checkBasic(request, station, () => key.passed);
}

function checkPassword(
  request: ConnectRequest,
  station: Station | undefined,
  password: string | null,
  { requirePassword }: CentralSystemPolicy,
): Admission | null {
  // A certificate takes the place of a password in security profile 3.
  if (request.certificateName) return null;
  if (password === null) {
    if (requirePassword) return refuse(401, `there is no password for ${request.identity}, and one is required`);
    return isForeignPage(request) ? refuse(403, "a web page may not pose as a charge point") : null;
  }
  return checkBasic(request, station, (shown) => spellings(password).some((expected) => equal(expected, shown)));
}

function checkBasic(
  { basic, ...request }: ConnectRequest,
  station: Station | undefined,
  isRight: (shown: Buffer) => boolean,
): Admission | null {
  if (!basic) return refuse(401, "no password was given");
  if (!isNameOf(basic.user.toString("utf8"), request, station)) return refuse(401, "the user name is not the identity");
  return isRight(basic.password) ? null : refuse(401, WRONG_PASSWORD);
}

/** A password as typed; hexadecimal keys also as the bytes they stand for (security white paper, AuthorizationKey). */
function spellings(password: string): Buffer[] {
  const typed = Buffer.from(password, "utf8");
  const isKey = /^([0-9a-f]{2}){8,20}$/i.test(password);
  return isKey ? [typed, Buffer.from(password, "hex")] : [typed];
}

/** Takes the same time whatever the difference. */
function equal(a: Buffer, b: Buffer): boolean {
  const digest = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Browsers always name the page's origin. Some charge points send `file://` (no web page has it) or the address they dialled;
 * that passes only as an address or a local name, because a foreign page can make its own domain name point here.
 */
function isForeignPage({ origin, host }: ConnectRequest): boolean {
  if (origin === null || !(origin === "null" || /^https?:/i.test(origin))) return false;
  const page = URL.parse(origin);
  if (!page || !host || page.host !== URL.parse(`http://${host}`)?.host) return true;
  const { hostname } = page;
  return !(isIP(hostname.replace(/^\[|\]$/g, "")) || !hostname.includes(".") || hostname.endsWith(".local"));
}

/** Told of one kind of refusal within a second: of strangers, of each charge point that is described, and of all of these. */
const MOST_OF_STRANGERS = 1;
const MOST_OF_ONE = 1;
const MOST_OF_DESCRIBED = 10;

/**
 * Refusals and strangers as events, with budgets of their own for each kind, for strangers, and for each charge point that is
 * described: a peer that knocks without end neither floods a flow nor hides the others.
 */
function createReporter(stations: Stations, origin: string): CentralSystemDirectory["report"] {
  let sinceMs = Number.NEGATIVE_INFINITY;
  /** Told, and not told, since then, by budget: bounded by kinds and charge points that are described. */
  const told = new Map<string, number>();
  const untold = new Map<string, number>();
  const take = (budget: string, most: number): boolean => {
    const count = told.get(budget) ?? 0;
    if (count >= most) return false;
    told.set(budget, count + 1);
    return true;
  };
  return (request, httpStatus, reason) => {
    const nowMs = stations.clock.nowMs();
    if (nowMs - sinceMs >= 1000) {
      sinceMs = nowMs;
      told.clear();
    }
    const described = stations.get(request.identity)?.definition?.identity;
    // A guess is another kind than an attempt without a password.
    const kind = reason === WRONG_PASSWORD ? "guess" : String(httpStatus);
    const budget = `${kind} ${described === undefined ? "" : described.toLowerCase()}`;
    const isTold =
      described === undefined
        ? take(budget, MOST_OF_STRANGERS)
        : take(budget, MOST_OF_ONE) && take(`${kind} of all`, MOST_OF_DESCRIBED);
    if (!isTold) {
      untold.set(budget, (untold.get(budget) ?? 0) + 1);
      return;
    }
    const event = httpStatus === 404 || httpStatus === 101 ? "unknown" : "security";
    const identity = request.identity.slice(0, 48);
    const before = untold.get(budget);
    untold.delete(budget);
    const payload = { httpStatus, reason, address: request.remoteAddress, ...(before && { untold: before }) };
    stations.report(stationEvent(event, identity, 0, payload), origin);
  };
}

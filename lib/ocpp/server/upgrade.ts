import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission, ConnectRequest, StationDirectory } from "../port.ts";
import { basicCredentials, chooseSubprotocol, httpBase, identityOf, offeredSubprotocols } from "./handshake.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { protectionOf } from "./tls.ts";
import type { ConnectionBudget } from "./visitors.ts";

/** When to try again while something of ours is out of order, s. */
const RETRY_S = 30;

/** An upgrade request that may go on. */
export interface AcceptedUpgrade {
  identity: string;
  remoteAddress: string;
  admission: Extract<Admission, { admitted: true }>;
  /** How it reaches this server by HTTP. */
  httpBase: string;
}

/** Only foreign subprotocols were offered: the handshake is completed and the socket closed (OCPP-J §3.2). */
export interface ForeignUpgrade {
  foreign: readonly string[];
}

/** A request that is answered with an HTTP status instead of 101. */
export interface RefusedUpgrade {
  httpStatus: 400 | 401 | 403 | 404 | 409 | 429 | 500 | 503;
  reason: string;
  /** Null when the request names none that could be read. */
  identity: string | null;
  remoteAddress: string;
  /** When to try again, s. */
  retryAfterS?: number;
}

export interface JudgeOptions {
  path: string;
  allowMissingSubprotocol: boolean;
  directory: StationDirectory;
  guesses: LoginThrottle;
  visitors: ConnectionBudget;
}

/** Decides on an upgrade request before the 101. Never rejects. */
export async function judge(
  request: IncomingMessage,
  options: JudgeOptions,
): Promise<AcceptedUpgrade | ForeignUpgrade | RefusedUpgrade> {
  const remoteAddress = request.socket.remoteAddress ?? "";
  const { authorization, origin } = request.headers;
  const userName = basicCredentials(authorization, null)?.user.toString() ?? null;
  const named = identityOf(request.url ?? "", options.path, userName);
  if (!("identity" in named)) return { ...named, identity: null, remoteAddress };
  const { identity } = named;
  const refuse = (httpStatus: RefusedUpgrade["httpStatus"], reason: string): RefusedUpgrade => {
    return { httpStatus, reason, identity, remoteAddress };
  };
  const { guesses } = options;
  const basic = basicCredentials(authorization, identity);
  const retryAfterS = guesses.waitS(remoteAddress, identity);
  if (retryAfterS > 0) return { ...refuse(429, "Too many wrong passwords"), retryAfterS };
  if (options.directory.isStranger?.(identity)) {
    const strangerWaitS = options.visitors.strangerWaitS();
    if (strangerWaitS > 0)
      return { ...refuse(503, "Too many unknown charge points come at once"), retryAfterS: strangerWaitS };
  }
  const offers = offeredSubprotocols(request.headers["sec-websocket-protocol"]);
  try {
    const protection = protectionOf(request.socket);
    const tried = basic ? guesses.trying(remoteAddress, identity) : () => {};
    const admission = await decide(options.directory, {
      identity,
      remoteAddress,
      basic,
      origin: origin ?? null,
      host: request.headers.host ?? null,
      offers,
      ...protection,
    }).finally(tried);
    // A request without a password is no guess, so other charge points behind the same address need not wait.
    if (basic && admission.admitted) guesses.succeeded(remoteAddress, identity);
    else if (basic && isWrongPassword(admission)) guesses.failed(remoteAddress, identity);
    if (!admission.admitted) {
      if (admission.httpStatus === 400 && offers.length > 0) return { foreign: offers };
      const refusal = refuse(admission.httpStatus, admission.reason);
      return admission.httpStatus === 503 ? { ...refusal, retryAfterS: RETRY_S } : refusal;
    }
    const mayBeMissing = admission.allowMissingSubprotocol ?? options.allowMissingSubprotocol;
    if (offers.length === 0 && !mayBeMissing) return refuse(400, "No subprotocol is offered; ocpp1.6 is spoken here");
    if (offers.length > 0 && chooseSubprotocol(offers) === undefined) return { foreign: offers };
    const { localAddress, localPort } = request.socket;
    const dialled = { host: request.headers.host, localAddress, localPort, encrypted: protection.encrypted };
    return { identity, remoteAddress, admission, httpBase: httpBase(dialled, options.path) };
  } catch {
    return refuse(500, "The request could not be processed");
  }
}

/** A wrong password counts as a guess also while the right one cannot be read. */
function isWrongPassword(admission: Admission): boolean {
  return !admission.admitted && (admission.httpStatus === 401 || admission.httpStatus === 503);
}

/** A directory's word, also where it throws. */
async function decide(directory: StationDirectory, request: ConnectRequest): Promise<Admission> {
  return directory.admit(request);
}

/** Answers an upgrade request with an HTTP status and closes the socket. Never throws. */
export function answerRefusal(
  socket: Duplex,
  { httpStatus, reason, retryAfterS }: Pick<RefusedUpgrade, "httpStatus" | "reason" | "retryAfterS">,
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const challenge = httpStatus === 401 ? 'WWW-Authenticate: Basic realm="OCPP", charset="UTF-8"\r\n' : "";
  const retry = retryAfterS === undefined ? "" : `Retry-After: ${retryAfterS}\r\n`;
  const body = Buffer.from(`${reason}\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}\r\nConnection: close\r\n${challenge}${retry}` +
      `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

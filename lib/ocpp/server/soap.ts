import type { IncomingMessage } from "node:http";
import type { Clock } from "../../clock.ts";

/** The head of an envelope fits; what comes after is not looked at. */
const MOST_BYTES = 16 * 1024;
/** Time a body has to come, ms. */
const PATIENCE_MS = 5_000;

/** Namespaces of OCPP by SOAP, by the version that they stand for. */
const VERSIONS: Readonly<Record<string, string>> = { "2010/08": "1.2", "2012/06": "1.5", "2015/10": "1.6" };

/** A charge point that speaks OCPP by SOAP. */
export interface SoapCaller {
  /** As the envelope names it; null = it does not. */
  identity: string | null;
  /** Such as `OCPP 1.5 SOAP`. */
  protocol: string;
  remoteAddress: string;
}

/** Whether a request may be one of OCPP by SOAP: only then its body is read. */
export function maybeSoap({ method, headers }: IncomingMessage): boolean {
  return method === "POST" && /^(?:text|application)\/(?:soap\+)?xml\b/i.test(headers["content-type"] ?? "");
}

/** Reads the body as far as it matters. @returns who calls; null = that is no OCPP, or nothing came. Never rejects */
export async function soapCaller(request: IncomingMessage, clock: Clock): Promise<SoapCaller | null> {
  const body = await headOf(request, clock);
  const dated = /urn:\/\/ocpp\/c[sp]\/(\d{4}\/\d\d)/i.exec(body)?.[1];
  if (dated === undefined) return null;
  const version = VERSIONS[dated];
  const named = /<(?:\w+:)?chargeBoxIdentity\b[^>]*>([^<]{1,200})</i.exec(body)?.[1]?.trim();
  return {
    identity: named || null,
    protocol: version ? `OCPP ${version} SOAP` : "OCPP SOAP",
    remoteAddress: request.socket.remoteAddress ?? "",
  };
}

/** The first bytes of a body as text; what came until the peer was silent for too long. */
function headOf(request: IncomingMessage, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      clock.clear(timer);
      request.off("data", take).off("end", end).off("close", end);
      resolve(Buffer.concat(chunks).subarray(0, MOST_BYTES).toString("utf8"));
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_BYTES) end();
    };
    const timer = clock.setTimeout(end, PATIENCE_MS);
    request.on("data", take).on("end", end).on("close", end).on("error", end);
  });
}

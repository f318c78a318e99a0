import type { Node, NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import type { ClientTls } from "../../lib/ocpp/client.ts";
import { checkTls, type TlsMaterial } from "../../lib/ocpp/server/tls.ts";

/** What Node-RED's own `tls-config` node offers. */
interface TlsConfigNode extends Node {
  valid?: boolean;
  addTLSOptions?(options: object): TlsOptions;
}

type TlsOptions = Partial<Omit<TlsMaterial, "clientCertificates" | "ca">> & {
  ca?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: unknown;
};

/**
 * What a client of a server trusts and shows by a `tls-config` node.
 * @returns null when none is chosen
 * @throws EvError EV_CONFIG_MISSING | EV_TLS_CERTIFICATE
 */
export function clientTlsOf(RED: NodeAPI, id: string): ClientTls | null {
  const options = optionsOf(RED, id);
  if (!options) return null;
  const { cert, key, ca, pfx, passphrase, servername, rejectUnauthorized } = options;
  return {
    ...(cert && { cert }),
    ...(key && { key }),
    ...(ca && { ca }),
    ...(pfx && { pfx }),
    ...(passphrase && { passphrase }),
    ...(servername && { servername }),
    rejectUnauthorized: rejectUnauthorized !== false,
  };
}

/** What the chosen node offers; null when none is chosen. */
function optionsOf(RED: NodeAPI, id: string): TlsOptions | null {
  if (!id) return null;
  const node = RED.nodes.getNode(id) as TlsConfigNode | null;
  if (!node?.addTLSOptions)
    throw new EvError("EV_CONFIG_MISSING", `tls: the tls-config node ${id} is missing or disabled; choose one`);
  if (node.valid === false)
    throw new EvError("EV_TLS_CERTIFICATE", "tls: the files of the tls-config node cannot be read; see its error");
  return node.addTLSOptions({});
}

/**
 * The certificate and key of a `tls-config` node, for a server. With a CA certificate in it and *Verify server certificate* ticked,
 * clients need a certificate of that CA.
 * @returns null when none is chosen
 * @throws EvError EV_CONFIG_MISSING | EV_TLS_CERTIFICATE
 */
export function tlsOf(RED: NodeAPI, id: string): TlsMaterial | null {
  const options = optionsOf(RED, id);
  if (!options) return null;
  const { cert, key, ca, pfx, passphrase, rejectUnauthorized } = options;
  const material: TlsMaterial = {
    ...(cert && { cert }),
    ...(key && { key }),
    ...(ca && { ca }),
    ...(pfx && { pfx }),
    ...(passphrase && { passphrase }),
    clientCertificates: Boolean(ca) && rejectUnauthorized !== false,
  };
  checkTls(material);
  return material;
}

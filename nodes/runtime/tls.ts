import type { Node, NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import { checkTls, type TlsMaterial } from "../../lib/ocpp/server/tls.ts";

/** What Node-RED's own `tls-config` node offers. */
interface TlsConfigNode extends Node {
  valid?: boolean;
  addTLSOptions?(options: object): Partial<Omit<TlsMaterial, "clientCertificates">> & { rejectUnauthorized?: unknown };
}

/**
 * The certificate and key of a `tls-config` node, for a server. With a CA certificate in it and *Verify server certificate* ticked,
 * clients need a certificate of that CA.
 * @returns null when none is chosen
 * @throws EvError EV_CONFIG_MISSING | EV_TLS_CERTIFICATE
 */
export function tlsOf(RED: NodeAPI, id: string): TlsMaterial | null {
  if (!id) return null;
  const node = RED.nodes.getNode(id) as TlsConfigNode | null;
  if (!node?.addTLSOptions)
    throw new EvError("EV_CONFIG_MISSING", `tls: the tls-config node ${id} is missing or disabled; choose one`);
  if (node.valid === false)
    throw new EvError("EV_TLS_CERTIFICATE", "tls: the files of the tls-config node cannot be read; see its error");
  const { cert, key, ca, pfx, passphrase, rejectUnauthorized } = node.addTLSOptions({});
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

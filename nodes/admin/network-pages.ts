import { createServer } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { Server as SecureServer } from "node:tls";
import type { NodeAPI } from "node-red";
import type { EvCentralSystemNode } from "../runtime/node-types.ts";
import { Properties } from "../runtime/properties.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import type { NetworkAddress, NetworkPage, PortCheckPage } from "./types/dialog-page-types.ts";

/**
 * Serves what a dialog needs that tells where to dial: `GET /ev-charging/network` (the addresses of this machine) and `POST
 * /ev-charging/port-checks` with `{id, host, port}` (whether the central system of that id could listen there; it is tried for a moment).
 */
export function serveNetwork(RED: NodeAPI): void {
  RED.httpAdmin.get(
    "/ev-charging/network",
    needs(RED, "ev-charging.read"),
    answering((): NetworkPage => ({ hostname: hostname(), addresses: addresses(), editor: editorOf(RED) })),
  );
  RED.httpAdmin.post(
    "/ev-charging/port-checks",
    needs(RED, "ev-charging.write"),
    answering(({ body }) => checkPort(RED, new Properties(bodyOf(body)))),
  );
}

/** Those that others reach first, then the machine's own; link-local ones of IPv6 need a card's name and are left out. */
function addresses(): NetworkAddress[] {
  const found = Object.entries(networkInterfaces()).flatMap(([card, entries = []]) =>
    entries.map(({ address, family, internal: isInternal }): NetworkAddress => ({ card, address, family, isInternal })),
  );
  const rank = ({ isInternal, family }: NetworkAddress) => (isInternal ? 2 : 0) + (family === "IPv6" ? 1 : 0);
  return found.filter(({ address }) => !/^fe80:/i.test(address)).sort((a, b) => rank(a) - rank(b));
}

function editorOf(RED: NodeAPI): NetworkPage["editor"] {
  const place = RED.server?.address();
  const port = typeof place === "object" && place !== null ? place.port : null;
  return { port, isSecure: RED.server instanceof SecureServer };
}

async function checkPort(RED: NodeAPI, read: Properties): Promise<PortCheckPage> {
  const id = read.text("id");
  const port = read.number("port", 9000, { min: 1, max: 65_535, integer: true });
  const holder = listeningNode(RED, port);
  if (holder?.id === id) return { state: "own" };
  if (holder) return { state: "other", by: holder.name || holder.id };
  const code = await tryToListen(read.text("host"), port);
  return code === null ? { state: "free" } : { state: "refused", code };
}

function listeningNode(RED: NodeAPI, port: number): EvCentralSystemNode | null {
  let holder: EvCentralSystemNode | null = null;
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === "ev-central-system" ? (RED.nodes.getNode(id) as EvCentralSystemNode | null) : null;
    const state = node?.centralSystem?.state;
    if (state?.kind === "listening" && state.port === port) holder = node;
  });
  return holder;
}

/** @returns the system's word for why not; null when it went well */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen({ port, exclusive: true, ...(host && { host }) }, () => server.close(() => resolve(null)));
  });
}

import type { Server } from "node:http";
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import type { CertificateMode, ChargePointCertificates } from "../lib/certificates/charge-point-certificates.ts";
import type { TlsMaterial } from "../lib/ocpp/server/tls.ts";
import { acquire, release } from "../lib/shared-resources.ts";
import { CentralSystem, type CentralSystemSettings } from "../lib/site/central-system.ts";
import { serveCentralSystems } from "./admin/central-system-pages.ts";
import { serveNetwork } from "./admin/network-pages.ts";
import type { EvCentralSystemNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import { report } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";
import { tlsOf } from "./runtime/tls.ts";

/** The OCPP server that chargers dial. */
export default function register(RED: NodeAPI): void {
  registerNode<EvCentralSystemNode>(RED, "ev-central-system", {
    credentials: { sharedPassword: { type: "password" } },
    setUp: (node, read, status) => {
      const chosenTls = tlsOf(RED, read.text("tls"));
      const settings = readSettings(read, node.credentials?.sharedPassword ?? "", chosenTls);
      const site = useSite(RED, node, "site", read.text("site"));
      const messageStore = readMessageStore(read, join(site.dataDir, `messages-${node.id}.sqlite`));
      const key = `${site.key}/${node.id}`;
      const create = () => new CentralSystem(node.id, site);
      const centralSystem = acquire(
        "central-system",
        key,
        create,
        (system) => system.close(),
        (system) => system.leave(),
      );
      node.site = site;
      node.centralSystem = centralSystem;
      const name = read.text("name") || `central system ${read.text("port", "9000")}`;
      site.upstreams.putCentralSystem({ nodeId: node.id, name, backEnds: read.texts("backEnds") });
      const stopWatching = watch(node, centralSystem, settings, status);
      const tls = withCertificates(chosenTls, settings.certificates, site.certificates);
      void centralSystem.apply(
        { ...settings, tls, messageStore },
        settings.port === null ? (RED.server as Server) : null,
      );
      return {
        close: async (removed) => {
          stopWatching();
          site.upstreams.retire(node.id);
          await Promise.all([release("central-system", key, removed), releaseSite(site, removed)]);
        },
      };
    },
  });
  serveCentralSystems(RED);
  serveNetwork(RED);
}

/** Status of the server; an error is reported once, not on every attempt to listen. */
function watch(
  node: EvCentralSystemNode,
  centralSystem: CentralSystem,
  { policy }: Pick<CentralSystemSettings, "policy">,
  status: StatusLine,
): () => void {
  let reported = "";
  return centralSystem.onState((state) => {
    if (state.kind === "failed" && state.error.message !== reported) report(node, status, state.error);
    if (state.kind === "failed") reported = state.error.message;
    if (state.kind === "listening") reported = "";
    if (state.kind === "starting" && !reported) status.set("working", "ev-central-system.status.starting");
    if (state.kind === "listening") {
      if (policy.requirePassword || policy.requireCertificate) status.set("good", "ev-central-system.status.listening");
      else status.set("degraded", "ev-central-system.status.open");
    }
  });
}

type Settings = Omit<CentralSystemSettings, "messageStore">;

function readSettings(read: Properties, sharedPassword: string, tls: TlsMaterial | null): Settings {
  const versions = read.texts("versions");
  if (versions.some((version) => version !== "ocpp1.6"))
    throw read.wrong("versions", "ocpp1.6, the version this release speaks");
  const emptyPort = read.text("port", "9000") === "";
  const certificates = read.choice("certificates", ["none", "site", "flow"]);
  if (certificates !== "none" && !tls)
    throw read.wrong("certificates", "none, as long as this server has no port and TLS of its own");
  if (emptyPort && tls) throw read.wrong("tls", "empty: Node-RED's own server has its own certificate");
  return {
    host: read.text("host"),
    port: emptyPort ? null : read.number("port", 9000, { min: 1, max: 65535, integer: true }),
    path: read.text("path", "/"),
    pingS: read.number("pingS", 20, { min: 2, max: 3600 }),
    callTimeoutS: read.number("callTimeoutS", 30, { min: 1, max: 120 }),
    tls,
    certificates,
    policy: {
      unknownChargePoints: read.choice("unknownChargePoints", ["park", "reject", "accept"]),
      allowMissingSubprotocol: read.flag("allowMissingSubprotocol", false),
      authorization: read.choice("authorization", ["open", "list", "flow"]),
      requirePassword: read.flag("requirePassword", false),
      sharedPassword: sharedPassword || null,
      requireCertificate: tls?.clientCertificates ?? false,
      heartbeatS: read.number("heartbeatS", 60, { min: 5, max: 86400, integer: true }),
    },
  };
}

/** Charge points are asked for certificates of whoever signs them; those without still come in by their password. */
function withCertificates(
  tls: TlsMaterial | null,
  mode: CertificateMode = "none",
  certificates: ChargePointCertificates,
): TlsMaterial | null {
  if (!tls || mode === "none") return tls;
  const { ca, ...others } = tls;
  const companies = ca && (tls.clientCertificates || mode === "flow") ? [ca].flat() : [];
  const trusted = mode === "site" ? [...companies, certificates.root()] : companies;
  return { ...others, ...(trusted.length > 0 && { ca: trusted, asksForCertificates: true }) };
}

function readMessageStore(read: Properties, path: string): CentralSystemSettings["messageStore"] {
  const kept = read.choice("messageLog", ["memory", "store"]);
  const mostMB = read.number("messageLogMB", 100, { min: 1, max: 100_000 });
  const mostDays = read.number("messageLogDays", 30, { min: 1, max: 3650 });
  return kept === "store" ? { path, mostMB, mostDays } : null;
}

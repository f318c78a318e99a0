import type { NodeAPI } from "node-red";
import { EvError } from "../lib/errors.ts";
import type { Site } from "../lib/site/site.ts";
import type { BackEndSettings } from "../lib/upstream/types.ts";
import { sentence } from "../lib/words/sentence.ts";
import { answering } from "./admin/pages.ts";
import { needs } from "./admin/permission.ts";
import type { EvBackEndNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import { shorten } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";
import { clientTlsOf } from "./runtime/tls.ts";

/** A back end of others that charges are reported to. */
export default function register(RED: NodeAPI): void {
  registerNode<EvBackEndNode>(RED, "ev-back-end", {
    credentials: { password: { type: "password" } },
    setUp: (node, read, status) => {
      const tls = clientTlsOf(RED, read.text("tls"));
      const settings = { ...readSettings(read, node.id), password: node.credentials?.password || null, tls };
      const site = useSite(RED, node, "site", read.text("site"));
      node.site = site;
      site.upstreams.putBackEnd(settings);
      const stopWatching = watch(node, site, settings, status);
      return {
        close: (removed) => {
          stopWatching();
          site.upstreams.retire(node.id);
          return releaseSite(site, removed);
        },
      };
    },
  });
  RED.httpAdmin.get(
    "/ev-charging/back-ends/:id",
    needs(RED, "ev-charging.read"),
    answering(({ params }) => waitingAt(RED, String(params["id"]))),
  );
}

/** Starts and ends of charges that a back end has not received; of one that is not deployed none wait. */
function waitingAt(RED: NodeAPI, id: string): { waiting: number } {
  const node = RED.nodes.getNode(id) as EvBackEndNode | null;
  return { waiting: node?.site?.upstreams.state(id).waiting ?? 0 };
}

function readSettings(read: Properties, nodeId: string): Omit<BackEndSettings, "password" | "tls"> {
  const url = read.name("url");
  if (!/^wss?:\/\/[^\s/]+(\/\S*)?$/.test(url)) throw read.wrong("url", "an address that begins with ws:// or wss://");
  const identity = read.text("identity", "{identity}") || "{identity}";
  if (/[/\s]/.test(identity)) throw read.wrong("identity", "a text without a slash or a blank");
  const reportingTag = read.text("reportingTag");
  if (reportingTag.length > 20) throw read.wrong("reportingTag", "at most 20 characters");
  return {
    ...{ backEnd: nodeId, name: read.text("name") || shownAddress(url), url, identity, reportingTag },
    forgetAfterH: read.number("forgetAfterH", 24, { min: 1, max: 8760 }),
    role: read.choice("role", ["reporting", "billing"]),
    authorization: read.choice("authorization", ["cloudFirst", "localFirst", "both", "local"]),
    lateInvalid: read.choice("lateInvalid", ["limit0", "stop", "continue"]),
    allowFirmware: read.flag("allowFirmware", false),
    allowDiagnostics: read.flag("allowDiagnostics", false),
    allowHardReset: read.flag("allowHardReset", false),
    dataTransferVendors: read.texts("dataTransferVendors"),
    identities: read.list("identities").map((row) => ({
      identity: row.name("identity"),
      upstreamIdentity: row.name("upstreamIdentity"),
    })),
  };
}

/** An address as everybody may see it: without the login and the query, in which secrets stand. */
function shownAddress(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}`.replace(/\/$/, "") : "back end";
}

/** Shows how many charge points are connected there, and tells each failure once. */
function watch(node: EvBackEndNode, site: Site, { backEnd, name }: BackEndSettings, status: StatusLine): () => void {
  const told = new Set<string>();
  const show = (): void => {
    const { chargePoints, connected, waiting, failure } = site.upstreams.state(backEnd);
    if (failure === null && connected === chargePoints) told.clear();
    if (failure !== null && !told.has(failure)) {
      told.add(failure);
      node.error(new EvError("EV_UPSTREAM", `${name}: ${failure}`), {});
    }
    const rest = waiting > 0 ? ` · ${sentence(site.language, "line.waiting", { n: waiting })}` : "";
    const line = sentence(site.language, "line.reported", { connected, n: chargePoints });
    if (chargePoints === 0) status.set("unknown", "ev-back-end.status.unused");
    else if (failure !== null && connected === 0) status.set("wrong", shorten(failure));
    else status.set(connected < chargePoints || failure !== null ? "degraded" : "good", line + rest);
  };
  show();
  return site.upstreams.onState(backEnd, show);
}

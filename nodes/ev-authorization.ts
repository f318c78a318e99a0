import type { Node, NodeAPI, NodeMessage } from "node-red";
import { isQuestion } from "../lib/rights/questions.ts";
import { badgeAnswerText } from "../lib/session/badges/badge-answer-text.ts";
import { answerBadges, badgeVerb, traceView } from "../lib/session/badges/badge-messages.ts";
import type { BadgeSettings } from "../lib/session/badges/badge-settings.ts";
import type { Site } from "../lib/site/site.ts";
import { eraseHolder, erasureText } from "../lib/site/site-erasure.ts";
import { sentence } from "../lib/words/sentence.ts";
import { badgeContext, serveAuthorizations } from "./admin/authorization-pages.ts";
import { noteErasure, permit, permitQuestion, permitUser } from "./admin/rights.ts";
import { onDeploy } from "./runtime/charge-points.ts";
import { badMessage, type Send } from "./runtime/input.ts";
import type { EvAuthorizationNode, EvCentralSystemNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, replyFresh, sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

type Message = NodeMessage & Record<string, unknown>;

/** Verbs whose answers may hold a hundred thousand badges, each made for its answer. */
const LARGE: ReadonlySet<string> = new Set(["list", "import", "export", "undo"]);

/** Verbs that change the list; their answers say in a sentence what was done. */
const CHANGES: ReadonlySet<string> = new Set(["add", "edit", "remove", "import", "undo"]);

/** Who may charge: asks a flow, and looks after the list of badges. */
export default function register(RED: NodeAPI): void {
  registerNode<EvAuthorizationNode>(RED, "ev-authorization", {
    idle: "this node has an error in its properties and does nothing",
    setUp: (node, read, status) => {
      const settings = readSettings(read);
      const keepsLists = read.flag("localLists", true);
      const site = useSite(RED, node, "site", read.text("site"));
      node.site = site;
      const untie = tie(RED, node, site, { settings, keepsLists }, status);
      return {
        input: (message, send) => take(node, site, message as Message, send),
        language: () => site.language,
        close: (removed) => {
          untie();
          return releaseSite(site, removed);
        },
      };
    },
  });
  serveAuthorizations(RED);
}

/** An answer of a flow, or something about the list. */
async function take(node: Node, site: Site, message: Message, send: Send): Promise<void> {
  const verb = badgeVerb(message.topic);
  if (verb === "eraseHolder") {
    await erase(node, site, message, send);
    return;
  }
  if (verb !== null) {
    if (isQuestion(node.type, message.topic)) permitQuestion(site, message);
    else permit(site, node, message, "operator", `badges/${verb}`);
    const asked = message.payload;
    const answer = await answerBadges(badgeContext(site), verb, message);
    const text = CHANGES.has(verb)
      ? { text: badgeAnswerText(site.language, verb, asked, answer.payload as Parameters<typeof badgeAnswerText>[3]) }
      : {};
    send([null, (LARGE.has(verb) ? replyFresh : reply)(message, { ...answer, ...text })]);
    return;
  }
  if (message["requestId"] === undefined)
    throw badMessage("topic", "badges/… , or the message the answer to a question with its requestId", message.topic);
  permitUser(site, node, message, "operator", "answer whether a badge may charge");
  site.badges.authorizer.flows.answer(message["requestId"], message.payload);
}

/** For an admin only: there is no way back. */
async function erase(node: Node, site: Site, message: Message, send: Send): Promise<void> {
  permit(site, node, message, "admin", "badges/eraseHolder");
  const payload = await eraseHolder(site, message.payload);
  if (payload.applied) noteErasure(site, message, payload);
  send([null, reply(message, { payload, text: erasureText(site.language, payload) })]);
}

/** Ties the node to its site. @returns a function that unties it */
function tie(
  RED: NodeAPI,
  node: Node,
  site: Site,
  { settings, keepsLists }: { settings: BadgeSettings; keepsLists: boolean },
  status: StatusLine,
): () => void {
  const { authorizer, localLists } = site.badges;
  const { list, flows, learning, trace } = authorizer;
  const send = (output: number, message: object) => sendOut(node, message, output, 2);
  list.configure(node.id, settings);
  localLists.configure(node.id, keepsLists);
  const show = () => showStatus(RED, site, status);
  const stops = [
    flows.onQuestion((question) => send(0, question)),
    trace.onEntry((entry) => {
      const { chargePoint, connector } = entry;
      const topic = `authorization/${chargePoint}/${connector}`;
      send(1, { topic, chargePoint, connector, payload: traceView(entry) });
    }),
    learning.onNews((news) => {
      send(1, { topic: "badges/learn", payload: news });
      show();
    }),
    list.onChange(show),
    onDeploy(RED, show),
  ];
  node.on("input", () => setImmediate(show));
  return () => {
    for (const stop of stops) stop();
    list.configure(node.id, null);
    localLists.configure(node.id, false);
  };
}

/** Yellow where the list is looked after and nobody asks it. */
function showStatus(RED: NodeAPI, site: Site, status: StatusLine): void {
  const { list, learning } = site.badges.authorizer;
  const { size } = list.all;
  if (learning.running) status.set("working", "ev-authorization.status.learning");
  else if (isOpen(RED, site)) status.set("degraded", "ev-authorization.status.open");
  else status.set("good", sentence(site.language, "line.badges", { n: size }));
}

/** Every central system of the site lets anyone charge. */
function isOpen(RED: NodeAPI, site: Site): boolean {
  let asked = false;
  let found = false;
  RED.nodes.eachNode(({ id, type }) => {
    if (type !== "ev-central-system") return;
    const system = RED.nodes.getNode(id) as EvCentralSystemNode | null;
    if (system?.site !== site) return;
    found = true;
    asked ||= (system.centralSystem?.policy?.authorization ?? "open") !== "open";
  });
  return found && !asked;
}

function readSettings(read: Properties): BadgeSettings {
  const freeCharging = read.list("freeCharging").map((row) => {
    const badge = row.text("badge");
    if (!badge) throw row.wrong("badge", "the badge that such charges count for");
    return { chargePoint: row.text("chargePoint"), idTag: row.text("idTag"), badge };
  });
  return { reversedBytes: read.flag("reversedBytes", false), defaultIdTag: read.text("defaultIdTag"), freeCharging };
}

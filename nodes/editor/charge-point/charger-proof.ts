/** Proves the wiring of a charger in the sidebar, and takes a rotation over into its ev-charge-point; a deploy puts it into force. */
import { chargePointNode } from "../sidebar/nodes.ts";
import { WiringProof } from "../wiring-proof.ts";

interface Connector {
  number?: unknown;
  rotation?: unknown;
}

/** Changes the node in the editor, as a change that can be undone. @returns false where the node has no such connector */
function applyRotation(nodeId: string, connector: number, rotation: string): boolean {
  const node = RED.nodes.node(nodeId);
  const connectors = (node?.["connectors"] ?? []) as Connector[];
  if (!node || !connectors.some(({ number }) => Number(number) === connector)) return false;
  const dirty = RED.nodes.dirty();
  const changed = node["changed"] === true;
  node["connectors"] = connectors.map((one) => (Number(one.number) === connector ? { ...one, rotation } : one));
  node["changed"] = true;
  RED.history.push({ t: "edit", node, changes: { connectors }, changed, dirty });
  RED.nodes.dirty(true);
  RED.editor.validateNode(node);
  return true;
}

/** One connector (`CP1/1`): folded, asked for when it is opened. @param title what the fold says */
export function proofFold(target: string, title: string): HTMLElement {
  const [, identity = "", number = ""] = /^(.*)\/(\d+)$/.exec(target) ?? [];
  const apply = (rotation: string) => applyRotation(chargePointNode(identity) ?? "", Number(number), rotation);
  const proof = new WiringProof({ target, apply });
  const summary = $("<summary>").addClass("ev-ov-note").attr("aria-label", `${title}: ${target}`).text(title);
  const body = $("<div>").addClass("ev-ov-acts-body").append(proof.element);
  const fold = $("<details>").addClass("ev-ov-proof").append(summary, body);
  fold.on("toggle", () => (fold.prop("open") ? proof.load() : proof.close()));
  return fold.get(0)!;
}

import type { Node, NodeMessage } from "node-red";
import { plainCopy } from "../../lib/plain-copy.ts";

/** A node as Node-RED runs it: with the ids of the nodes that each output is wired to, also where those have changed since its start. */
type WiredNode = Node & { readonly wires?: readonly (readonly string[])[] };

/**
 * Sends a message out of one of a node's outputs. A message that was handed to a flow is the flow's: its nodes may change and delete
 * what is in it at any time. So what leaves is a copy that nobody else holds; none is made where no wire leaves the output.
 * @param message plain data @param outputs how many the node has
 */
export function sendOut(node: WiredNode, message: object, output = 0, outputs = 1): void {
  if (node.wires?.[output]?.length === 0) return;
  const copy = plainCopy(message) as NodeMessage;
  if (outputs === 1) node.send(copy);
  else node.send(Array.from({ length: outputs }, (_, index) => (index === output ? copy : null)));
}

/** The same out of a node's only output, with an id that the node draws itself. @param id as Node-RED's own: no other message has it */
export function sendAs(node: Node, id: string, message: object): void {
  const copy = plainCopy(message) as NodeMessage;
  copy._msgid = id;
  node.send(copy);
}

/** The flow's own message, with an answer in it that nobody else holds. @param answer plain data */
export function reply(message: NodeMessage, answer: object): NodeMessage {
  return Object.assign(message, plainCopy(answer));
}

/** The same where the answer was made for this message alone, and is so large that a copy would hold up the loop. */
export function replyFresh(message: NodeMessage, answer: object): NodeMessage {
  return Object.assign(message, answer);
}

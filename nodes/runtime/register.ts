import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { EvError } from "../../lib/errors.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import type { Language } from "../../lib/words/types.ts";
import { isFromPeople } from "../admin/rights.ts";
import { onInput, type Send } from "./input.ts";
import { Properties } from "./properties.ts";
import { start } from "./start.ts";
import { StatusLine } from "./status.ts";

/** What a node does from its set-up until it closes. */
export interface RunningNode {
  input?(message: NodeMessage, send: Send): void | Promise<void>;
  /** In which people at a dashboard are told what was refused; left out where no dashboard sends. */
  language?(): Language;
  /** @param removed whether it is gone for good; else it is deployed anew */
  close?(removed: boolean): void | Promise<void>;
}

/** How nodes of a type come to be. */
interface NodeType<N> {
  /** What such a node says to a message while a property is wrong; left out for a type without an input. */
  idle?: string;
  credentials?: Record<string, { type: "text" | "password" }>;
  /** @throws what is wrong with its properties: one error on the node, and a red status */
  setUp(node: N, read: Properties, status: StatusLine): RunningNode;
  /** Called when the set-up has failed. */
  failed?(node: N): void;
}

/** Registers a type of nodes with Node-RED. */
export function registerNode<N extends Node<object> = Node>(
  RED: NodeAPI,
  type: string,
  { idle, credentials, setUp, failed }: NodeType<N>,
): void {
  function EvNode(this: N, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    const status = new StatusLine(this);
    let running: RunningNode | null = null;
    if (idle !== undefined)
      onInput(
        this,
        (message, send) => {
          if (!running) throw new EvError("EV_CONFIG_INVALID", idle);
          return running.input?.(message, send);
        },
        (message, error) => tellRefusal(message, error, running?.language?.()),
      );
    const began = start(this, status, () => {
      const made = setUp(this, new Properties(def), status);
      running = made;
      this.on("close", (removed: boolean, done: (error?: Error) => void) => {
        new Promise<void>((closed) => closed(made.close?.(removed))).then(() => done(), done);
      });
    });
    if (!began) failed?.(this);
  }
  RED.nodes.registerType<N, NodeDef, object, object>(type, EvNode, credentials && { credentials });
}

/** Somebody at a dashboard reads `msg.refusal` where a flow reads the error. */
function tellRefusal(message: NodeMessage, error: unknown, language: Language | undefined): void {
  if (language && isFromPeople(message)) Object.assign(message, { refusal: refusalText(language, error) });
}

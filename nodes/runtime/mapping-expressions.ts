import type { Node, NodeAPI, NodeMessage } from "node-red";
import type { MappingExpression, PrepareExpression } from "../../lib/metering/mapping.ts";

/** An expression runs for every message, on the loop that also serves the chargers. */
const TIMEOUT_MS = 200;
const DEEPEST_CALLS = 200;
/** Where JSONata calls before and after each step (its guard rails). */
const ENTRY = Symbol.for("jsonata.__evaluate_entry");
const EXIT = Symbol.for("jsonata.__evaluate_exit");

/**
 * Compiles expressions as Node-RED does for its own nodes, with its functions (`$env`, `$flowContext`, …), and bounds how long they run.
 * Messages are evaluated one after the other. @param node for its context and environment; null where there is none
 */
export function nodeRedExpressions(RED: NodeAPI, node: Node | null): PrepareExpression {
  return (text): MappingExpression => {
    const expression = RED.util.prepareJSONataExpression(text, node as Node);
    const bounds = new Bounds();
    // The types know names only; JSONata looks these two up as symbols.
    const assign = expression.assign.bind(expression) as (name: unknown, value: () => void) => void;
    assign(ENTRY, () => bounds.enter());
    assign(EXIT, () => bounds.leave());
    const evaluate = (message: unknown) =>
      new Promise((resolve, reject) => {
        bounds.begin();
        RED.util.evaluateJSONataExpression(expression, message as NodeMessage, (error, result) =>
          error ? reject(error) : resolve(result),
        );
      });
    let before: Promise<unknown> = Promise.resolve();
    return {
      evaluate: (message) => {
        const result = before.then(() => evaluate(message));
        before = result.catch(() => {});
        return result;
      },
    };
  };
}

/** Ends an evaluation that takes too long or calls itself without end, with JSONata's own codes for it. */
class Bounds {
  #untilMs = 0;
  #depth = 0;

  begin(): void {
    this.#untilMs = performance.now() + TIMEOUT_MS;
    this.#depth = 0;
  }

  enter(): void {
    if (++this.#depth > DEEPEST_CALLS) throw { code: "D1011" };
    if (performance.now() > this.#untilMs) throw { code: "D1012" };
  }

  leave(): void {
    this.#depth--;
  }
}

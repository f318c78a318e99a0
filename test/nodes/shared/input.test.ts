import { strict as assert } from "node:assert";
import { EventEmitter } from "node:events";
import type { Node, NodeMessage } from "node-red";
import { badMessage, onInput } from "../../../nodes/runtime/input.ts";

/** As much of a node as an input needs. */
class FakeNode extends EventEmitter {
  readonly errors: unknown[] = [];

  error(text: unknown): void {
    this.errors.push(text);
  }

  /** What `done` was called with, in order. @param fails how Node-RED itself fails on a `done` with an error */
  async receive(message: unknown, fails?: Error): Promise<unknown[]> {
    const calls: unknown[] = [];
    this.emit(
      "input",
      message,
      () => {},
      (error?: unknown) => {
        calls.push(error);
        if (error && fails) throw fails;
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    return calls;
  }
}

const listen = (handle: (message: NodeMessage) => void | Promise<void>): FakeNode => {
  const node = new FakeNode();
  onInput(node as unknown as Node, handle);
  return node;
};

describe("An input", () => {
  it("is done once its handler is", async () => {
    assert.deepEqual(await listen(() => {}).receive({}), [undefined]);
  });

  it("fails once, with what its handler threw or rejected with", async () => {
    const wrong = badMessage("payload", "a number", {});
    const throwing = listen(() => {
      throw wrong;
    });
    assert.deepEqual(await throwing.receive({}), [wrong]);
    assert.deepEqual(await listen(() => Promise.reject(wrong)).receive({}), [wrong]);
  });

  it("ends no process when Node-RED cannot pass the error on, and says so on the node", async () => {
    const node = listen(() => Promise.reject(new Error("payload is wrong")));
    assert.equal((await node.receive({}, new Error("this message cannot be copied"))).length, 1);
    assert.deepEqual(node.errors, ["this message cannot be copied"]);
  });
});

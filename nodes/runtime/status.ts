import type { Node, NodeStatus } from "node-red";

/** The package's meanings of colours: grey unknown, blue working, green well, yellow degraded, red wrong. */
export type Mood = "unknown" | "working" | "good" | "degraded" | "wrong";

const LOOKS: Record<Mood, Pick<NodeStatus, "fill" | "shape">> = {
  unknown: { fill: "grey", shape: "ring" },
  working: { fill: "blue", shape: "dot" },
  good: { fill: "green", shape: "dot" },
  degraded: { fill: "yellow", shape: "ring" },
  wrong: { fill: "red", shape: "ring" },
};

const MIN_INTERVAL_MS = 1000;

/**
 * The status below a node: set as often as you like, sent only on change and at most once a second (a change of mood at once),
 * because each one is an event to every open editor. A fixed text is a key of the node's catalogue; a live one starts with a digit.
 */
export class StatusLine {
  readonly #node: Node;
  #shown = "";
  #mood: Mood | null = null;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #waiting: { mood: Mood; text: string } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(node: Node) {
    this.#node = node;
    node.on("close", () => clearTimeout(this.#timer));
  }

  set(mood: Mood, text: string): void {
    this.#waiting = { mood, text };
    const waitMs = mood === this.#mood ? this.#sentAtMs + MIN_INTERVAL_MS - performance.now() : 0;
    clearTimeout(this.#timer);
    if (waitMs <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), waitMs).unref();
  }

  #send(): void {
    if (!this.#waiting) return;
    const { mood, text } = this.#waiting;
    this.#waiting = null;
    if (`${mood} ${text}` === this.#shown) return;
    this.#shown = `${mood} ${text}`;
    this.#mood = mood;
    this.#sentAtMs = performance.now();
    this.#node.status({ ...LOOKS[mood], text });
  }
}

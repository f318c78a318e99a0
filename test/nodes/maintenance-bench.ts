/** One central system, two charge points and an ev-command in a real Node-RED, for tests of maintenance. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

export type Payload = Record<string, unknown>;

export interface Answer extends NodeMessage {
  ok: boolean;
  step?: "progress" | "end";
  error?: { kind: string; code: string; description: string };
  payload: Payload;
}

const TYPES = ["tls-config", "ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-command", "ev-event"];

export class MaintenanceBench {
  port = 0;
  readonly #closing: { close(): unknown }[] = [];

  /** @param server properties of the central system @param first of CP1 */
  async start(
    server: Payload = {},
    credentials: Record<string, Record<string, string>> = {},
    first: Payload = {},
  ): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    await deploy(TYPES, this.#flow(server, first), credentials);
    await until("listening", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));
  }

  async end(): Promise<void> {
    for (const one of this.#closing.splice(0)) await one.close();
    await stop();
  }

  closes(one: { close(): unknown }): void {
    this.#closing.push(one);
  }

  /** A simulated charge point, once it is online. */
  async simulate(options: Partial<SimulatorOptions> = {}): Promise<SimulatedChargePoint> {
    const url = `ws://127.0.0.1:${this.port}`;
    const charger = new SimulatedChargePoint({ url, identity: "CP1", plugged: false, ...options });
    this.closes(charger);
    charger.start();
    await until("it is online", () => charger.state.online);
    return charger;
  }

  /** A charge point whose answers the test gives. */
  async dial(answer: Charger["answer"], identity = "CP1"): Promise<Charger> {
    const charger = new Charger(identity);
    this.closes(charger);
    charger.answer = answer;
    await charger.connect(this.port);
    return charger;
  }

  /** Sends a command to CP1; `more` stands beside the payload. */
  send(action: string, payload: Payload = {}, more: Payload = {}): Promise<Answer> {
    const answer = nextMessage<Answer>("out", ({ step }) => step === undefined);
    node("command").receive({ chargePoint: "CP1", action, payload, ...more } as NodeMessage);
    return answer;
  }

  /** The last message that follows an answer. */
  nextEnd(): Promise<Answer> {
    return nextMessage<Answer>("out", ({ step }) => step === "end");
  }

  nextEvent(topic: string): Promise<Answer> {
    return nextMessage<Answer>("events", (message) => message.topic === topic);
  }

  /** Puts a firmware file where a person would. */
  firmware(name: string): void {
    mkdirSync(join(dataDir, "files/firmware"), { recursive: true });
    writeFileSync(join(dataDir, "files/firmware", name), "new firmware");
  }

  #flow(server: Payload, first: Payload): FlowNode[] {
    return [
      { id: "site", type: "ev-site", name: "Car park", dataDir },
      { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true },
      {
        id: "cs",
        type: "ev-central-system",
        site: "site",
        host: "127.0.0.1",
        port: this.port,
        callTimeoutS: 2,
        ...server,
      },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", ...first },
      { id: "cp2", type: "ev-charge-point", centralSystem: "cs", identity: "CP2" },
      { id: "command", type: "ev-command", wires: [["out"]] },
      { id: "out", type: "helper" },
      { id: "event", type: "ev-event", raw: true, wires: [["events"]] },
      { id: "events", type: "helper" },
    ];
  }
}

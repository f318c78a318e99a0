/** A real Node-RED with everything that somebody might attack: users, chargers with and without passwords, dashboards. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { exampleForTest, type FlowNode } from "../e2e/flows.ts";
import { freePort, listening } from "../e2e/net.ts";
import { NodeRed, type RunOptions } from "../e2e/node-red.ts";
import { addModule } from "../e2e/package.ts";
import { RawCharger } from "../e2e/raw-charger.ts";
import { addUsers, tokenOf, type Users } from "../e2e/users.ts";
import { DashboardVisitor } from "./visitor.ts";

/** Who may log in to the editor's server, with the same name as password. `owner` deploys. */
export const USERS: Users = {
  owner: ["*"],
  writer: ["ev-charging.read", "ev-charging.write"],
  reader: ["ev-charging.read"],
  stranger: ["flows.read"],
};

/** Password of the charge point SAFE; OPEN has none. */
export const PASSWORD = "a password of its own";

export interface HostileOptions {
  /** What is deployed; default: the small site below. */
  flow?: (ports: { ocpp: number }) => FlowNode[] | Promise<FlowNode[]>;
  /** A shipped example is deployed instead, with free ports. */
  example?: string;
  /** The dashboard's module is installed, too; an example with pages needs it. */
  dashboard?: boolean;
  /** Of node, before the program: `--max-old-space-size=700`. */
  nodeArgs?: readonly string[];
  /** Done to the user directory before the first start, after users and dashboard have been added. */
  prepare?: RunOptions["prepare"];
}

export class HostileSite {
  readonly nodeRed: NodeRed;
  readonly flow: readonly FlowNode[];
  /** Of the central system. */
  readonly ocppPort: number;
  readonly #closers: (() => void)[] = [];

  private constructor(nodeRed: NodeRed, flow: readonly FlowNode[], ocppPort: number) {
    this.nodeRed = nodeRed;
    this.flow = flow;
    this.ocppPort = ocppPort;
  }

  static async start(options: HostileOptions = {}): Promise<HostileSite> {
    const { dashboard = false, nodeArgs = [], prepare } = options;
    const { flow, ocppPort } = await flowOf(options);
    const nodeRed = await NodeRed.start("5", {
      nodeArgs,
      prepare: async (userDir) => {
        if (dashboard) await addModule(userDir, "@flowfuse/node-red-dashboard");
        addUsers(userDir, USERS);
        await prepare?.(userDir);
      },
    });
    await nodeRed.logIn("owner");
    await nodeRed.deploy(flow);
    await listening(ocppPort);
    return new HostileSite(nodeRed, flow, ocppPort);
  }

  /** Starts Node-RED again after its end, and waits until chargers can dial. */
  async restart(): Promise<void> {
    await this.nodeRed.restart();
    await listening(this.ocppPort);
  }

  /** Asks the editor's server as one of the users, or as nobody. A body goes as JSON. */
  async ask(user: keyof typeof USERS | null, method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    if (user !== null) headers["Authorization"] = `Bearer ${await tokenOf(this.nodeRed.url, user)}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(`${this.nodeRed.url}${path}`, { method, headers, ...sent });
  }

  /** Dials the central system: a charger without a password where none is given. @throws with the HTTP status where it is refused */
  async charger(identity: string, password?: string): Promise<RawCharger> {
    const charger = await RawCharger.dial(this.ocppPort, identity, password);
    this.#closers.push(() => charger.close());
    return charger;
  }

  /** Opens the dashboard as a browser does that has not logged in to anything. */
  async visitor(path = "/dashboard"): Promise<DashboardVisitor> {
    const visitor = await DashboardVisitor.open(this.nodeRed.url, path);
    this.#closers.push(() => visitor.close());
    return visitor;
  }

  /** Done before the site stops. */
  atEnd(close: () => void): void {
    this.#closers.push(close);
  }

  /** Fails when the process has ended or caught what nobody else did. */
  assertAlive(): void {
    assert.ok(this.nodeRed.running, `Node-RED has ended:\n${this.nodeRed.log.slice(-3000)}`);
    assert.doesNotMatch(this.nodeRed.log, /uncaught|unhandled/i);
  }

  /** Memory of the process, MB. */
  residentMB(): number {
    const status = readFileSync(`/proc/${this.nodeRed.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  async stop(): Promise<void> {
    for (const close of this.#closers) close();
    await this.nodeRed.stop();
  }
}

async function flowOf({ flow, example }: HostileOptions): Promise<{ flow: FlowNode[]; ocppPort: number }> {
  if (example !== undefined) {
    const shipped = await exampleForTest(example);
    return { flow: shipped.flow, ocppPort: shipped.ports.ocpp };
  }
  const ocppPort = await freePort();
  return { flow: await (flow ?? smallSite)({ ocpp: ocppPort }), ocppPort };
}

/** A site with one breaker and two chargers, SAFE with a password and OPEN without; strangers are parked, raw events are on. */
export function smallSite({ ocpp }: { ocpp: number }): FlowNode[] {
  const inFlow = { z: "tab", x: 100, y: 100 };
  const connectors = [{ number: 1, phases: 3, rotation: "RST", maxA: 16, minA: 6, priorityClass: 1, mode: "fast" }];
  const charger = { type: "ev-charge-point", centralSystem: "cs", zone: "zone", connectors };
  return [
    { id: "tab", type: "tab", label: "Chargers" },
    { id: "site", type: "ev-site", name: "Building", dataDir: "", voltageV: 230 },
    { id: "zone", type: "ev-zone", site: "site", name: "Main", limitA: [63, 63, 63] },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: ocpp, unknownChargePoints: "park" },
    { ...charger, id: "safe", identity: "SAFE", credentials: { password: PASSWORD } },
    { ...charger, id: "open", identity: "OPEN" },
    { ...inFlow, id: "raw", type: "ev-event", centralSystem: "cs", events: ["raw"], raw: true, wires: [["shown"]] },
    { ...inFlow, id: "events", type: "ev-event", centralSystem: "cs", wires: [["shown"]] },
    { ...inFlow, id: "shown", type: "debug", active: true, tosidebar: true, complete: "true", wires: [] },
    { ...inFlow, id: "press", type: "inject", props: [], wires: [["command"]] },
    {
      ...inFlow,
      id: "command",
      type: "ev-command",
      action: "",
      payload: "payload",
      payloadType: "msg",
      wires: [["shown"]],
    },
  ];
}

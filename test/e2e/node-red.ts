/** Drives a real Node-RED as a user runs it: a process of its own, an empty user directory, our tarball installed into it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EditorFeed } from "./editor-feed.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { installInto, ROOT } from "./package.ts";

/** Names under which both majors are installed. */
export const MAJORS = { "5": "node-red", "4.1": "node-red-4" } as const;
export type Major = keyof typeof MAJORS;

export interface NodeSet {
  id: string;
  module: string;
  types: string[];
  enabled: boolean;
  err?: string;
}

const STARTED = /Started (modified )?(flows|nodes)/g;

export class NodeRed {
  readonly url: string;
  readonly userDir: string;
  /** Everything it has printed. */
  log = "";
  #child: ChildProcess;
  #feed: EditorFeed | null = null;
  #exited: Promise<void>;

  private constructor(userDir: string, port: number, child: ChildProcess) {
    this.userDir = userDir;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.log += chunk.toString();
      });
    }
    this.#exited = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  /** Installs the package into an empty user directory and starts Node-RED on it, without a flow. */
  static async start(major: Major): Promise<NodeRed> {
    const userDir = mkdtempSync(join(tmpdir(), "phasewise-e2e-"));
    const port = await freePort();
    await installInto(userDir);
    writeFileSync(join(userDir, "settings.cjs"), settings(port));
    const program = join(ROOT, "node_modules", MAJORS[major], "red.js");
    const args = [program, "--userDir", userDir, "--settings", join(userDir, "settings.cjs")];
    const child = spawn(process.execPath, args, { cwd: userDir, stdio: ["ignore", "pipe", "pipe"] });
    const nodeRed = new NodeRed(userDir, port, child);
    await nodeRed.#started(1, 60_000);
    // Flows start before the editor's server listens.
    await until("the editor can be reached", () => nodeRed.log.includes("Server now running"), 30_000);
    return nodeRed;
  }

  /** False once the process has ended. */
  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Deploys through the editor's API and waits until the flows run. */
  async deploy(flow: readonly FlowNode[], type: "full" | "flows" | "nodes" = "full"): Promise<void> {
    const headers = { "Content-Type": "application/json", "Node-RED-Deployment-Type": type };
    await this.deployedBy(() => this.#request("/flows", { method: "POST", headers, body: JSON.stringify(flow) }));
  }

  /** Waits until the flows run that something deploys: a click on the editor's button, say. */
  async deployedBy(action: () => Promise<unknown>): Promise<void> {
    const before = this.#starts();
    await action();
    await this.#started(before + 1);
  }

  /** The installed node sets; `err` tells why one did not load. */
  async nodes(): Promise<NodeSet[]> {
    const answer = await this.#request("/nodes", { headers: { Accept: "application/json" } });
    return (await answer.json()) as NodeSet[];
  }

  /** Presses the button of an inject node, as in the editor; `message` takes the place of its own properties. */
  async press(injectId: string, message?: Record<string, unknown>): Promise<void> {
    const props = Object.entries(message ?? {}).map(([p, value]) => ({ p, v: JSON.stringify(value), vt: "json" }));
    const body = JSON.stringify(message ? { __user_inject_props__: props } : {});
    await this.#request(`/inject/${injectId}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
  }

  /** What an open editor is told: debug messages and statuses. */
  async feed(): Promise<EditorFeed> {
    this.#feed ??= await EditorFeed.open(this.url);
    return this.#feed;
  }

  async get(path: string): Promise<unknown> {
    return (await this.#request(path, { headers: { Accept: "application/json" } })).json();
  }

  /** Ends the process at once; the user directory stays. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }

  /** Ends Node-RED and removes its user directory. */
  async stop(): Promise<void> {
    this.#feed?.close();
    if (this.running) {
      const hard = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
      await this.kill("SIGTERM");
      clearTimeout(hard);
    }
    rmSync(this.userDir, { recursive: true, force: true });
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(`${this.url}${path}`, init);
    if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  #starts(): number {
    return this.log.match(STARTED)?.length ?? 0;
  }

  async #started(times: number, withinMs = 30_000): Promise<void> {
    const isMissing = () => this.log.includes("Waiting for missing types");
    const ended = () => this.#starts() >= times || !this.running || isMissing();
    await until("the flows run", ended, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
    if (!this.running || isMissing()) throw new Error(`Node-RED did not start the flows:\n${this.log}`);
  }
}

function settings(port: number): string {
  return `module.exports = ${JSON.stringify({
    uiHost: "127.0.0.1",
    uiPort: port,
    flowFile: "flows.json",
    credentialSecret: "e2e",
    lang: "en-US",
    telemetry: { enabled: false },
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
    logging: { console: { level: "info", metrics: false, audit: false } },
  })};\n`;
}

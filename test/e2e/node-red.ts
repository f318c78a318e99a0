/** Drives a real Node-RED as a user runs it: a process of its own, an empty user directory, our tarball installed into it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isFull } from "../full.ts";
import { EditorFeed } from "./editor-feed.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { installInto, ROOT, sharedFolder } from "./package.ts";
import { inTurn } from "./turns.ts";
import { tokenOf } from "./users.ts";

/** Names under which both majors are installed. */
export const MAJORS = { "5": "node-red", "4.1": "node-red-4" } as const;
export type Major = keyof typeof MAJORS;

/** Majors on which a story is acted out that hardly depends on the major. */
export const STORY_MAJORS: readonly Major[] = isFull ? ["5", "4.1"] : ["5"];

/** The oldest Node.js that is supported, for Node-RED 4.1; the next major does not run on it. */
const FLOOR = process.env["FLOOR_NODE"];
/** What is tested on the next major otherwise is tested on it, too. */
const IS_ALL_ON_FLOOR = FLOOR !== undefined && process.env["ALL_ON_FLOOR"] === "yes";

export interface NodeSet {
  id: string;
  module: string;
  types: string[];
  enabled: boolean;
  err?: string;
}

/** How the process is run, where that matters. */
export interface RunOptions {
  env?: Readonly<Record<string, string>>;
  /** Of node, before the program. */
  nodeArgs?: readonly string[];
  /** A command that runs the one that follows it: `["nice", "-n", "5"]`. */
  wrapper?: readonly string[];
  /** With a channel, for `send`: what `nodeArgs` loads listens to it. */
  channel?: boolean;
  /** It is so many times as slow to start as otherwise. */
  slowBy?: number;
  /** Starts without the package: a test brings it in a way of its own. */
  bare?: boolean;
  /** Done to the user directory between the installation and the first start. */
  prepare?: (userDir: string) => void | Promise<void>;
}

const STARTED = /Started (modified )?(flows|nodes)/g;
const LISTENS = /Server now running/g;

export class NodeRed {
  readonly url: string;
  readonly userDir: string;
  /** Everything it has printed. */
  log = "";
  readonly #major: Major;
  #options: RunOptions;
  #child: ChildProcess;
  #feed: EditorFeed | null = null;
  #token: string | null = null;
  #exited: Promise<void>;

  private constructor(userDir: string, port: number, major: Major, options: RunOptions) {
    this.userDir = userDir;
    this.url = `http://127.0.0.1:${port}`;
    this.#major = IS_ALL_ON_FLOOR ? "4.1" : major;
    this.#options = options;
    this.#child = this.#spawn();
    this.#exited = new Promise((resolve) => this.#child.once("exit", () => resolve()));
  }

  /** Installs the package into an empty user directory, unless it is to be bare, and starts Node-RED on it, without a flow. */
  static async start(major: Major, options: RunOptions = {}): Promise<NodeRed> {
    const userDir = mkdtempSync(join(tmpdir(), "phasewise-e2e-"));
    const port = await freePort();
    if (!options.bare) await installInto(userDir);
    writeFileSync(join(userDir, "settings.cjs"), settings(port));
    await options.prepare?.(userDir);
    return inTurn(sharedFolder(), async () => {
      const nodeRed = new NodeRed(userDir, port, major, options);
      try {
        await nodeRed.#ready(0);
        return nodeRed;
      } catch (error) {
        await nodeRed.stop();
        throw error;
      }
    });
  }

  /** Starts it again, after it has ended, on what it left behind: the same user directory, flows and port. */
  async restart(options: RunOptions = {}): Promise<void> {
    if (this.running) throw new Error("it has not ended");
    const starts = this.#starts();
    const listens = this.#listens();
    this.#options = { ...this.#options, ...options };
    this.#child = this.#spawn();
    this.#exited = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    await this.#ready(starts, listens);
  }

  /** Of the process; null once it has ended. */
  get pid(): number | null {
    return this.running ? (this.#child.pid ?? null) : null;
  }

  /** Says something to what was loaded into the process; answers come to `onMessage`. */
  send(message: object): void {
    if (this.running) this.#child.send(message);
  }

  /** @param hear called with what is said from within the process, until it ends */
  onMessage(hear: (message: unknown) => void): void {
    this.#child.on("message", hear);
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

  /** Hands the palette a package as a file, as its button does. @returns the node sets that it brought */
  async upload(tarball: string): Promise<NodeSet[]> {
    const body = new FormData();
    body.append("tarball", await openAsBlob(tarball), basename(tarball));
    const answer = await this.#request("/nodes", { method: "POST", body });
    return ((await answer.json()) as { nodes: NodeSet[] }).nodes;
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

  /** From now on everything is asked and done as one of its users. */
  async logIn(user: string): Promise<void> {
    this.#token = await tokenOf(this.url, user);
  }

  /** What an open editor is told: debug messages and statuses. */
  async feed(): Promise<EditorFeed> {
    this.#feed ??= await EditorFeed.open(this.url, this.#token);
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

  /** Sends it a signal, as SIGSTOP and SIGCONT, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
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
    const headers = { ...init.headers, ...(this.#token && { Authorization: `Bearer ${this.#token}` }) };
    const answer = await fetch(`${this.url}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  #spawn(): ChildProcess {
    const { env = {}, nodeArgs = [], wrapper = [], channel = false } = this.#options;
    const program = join(ROOT, "node_modules", MAJORS[this.#major], "red.js");
    const { userDir } = this;
    const red = [program, "--userDir", userDir, "--settings", join(userDir, "settings.cjs")];
    const [command, ...args] = [...wrapper, programOf(this.#major), ...nodeArgs, ...red];
    const stdio = ["ignore", "pipe", "pipe", ...(channel ? ["ipc" as const] : [])] as const;
    const child = spawn(command!, args, { cwd: userDir, stdio: [...stdio], env: { ...process.env, ...env } });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.log += chunk.toString();
      });
    }
    return child;
  }

  /** Flows start before the editor's server listens. */
  async #ready(starts: number, listens = 0): Promise<void> {
    const { slowBy = 1 } = this.#options;
    await this.#started(starts + 1, 60_000 * slowBy);
    await until("the editor can be reached", () => this.#listens() > listens, 30_000 * slowBy);
  }

  #listens(): number {
    return this.log.match(LISTENS)?.length ?? 0;
  }

  #starts(): number {
    return this.log.match(STARTED)?.length ?? 0;
  }

  async #started(times: number, withinMs = 30_000 * (this.#options.slowBy ?? 1)): Promise<void> {
    const isMissing = () => this.log.includes("Waiting for missing types");
    const ended = () => this.#starts() >= times || !this.running || isMissing();
    await until("the flows run", ended, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
    if (!this.running || isMissing()) throw new Error(`Node-RED did not start the flows:\n${this.log}`);
  }
}

/** The Node.js that runs a major. */
export function programOf(major: Major): string {
  return (major === "4.1" ? FLOOR : undefined) ?? process.execPath;
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

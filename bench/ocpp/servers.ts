/**
 * The servers of the OCPP benchmarks, one to a process: `node --expose-gc servers.ts <kind> <charge points> <port of a back end> …`.
 * Says its port once it listens, and answers each message with what it has used since it started.
 */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RPCServer } from "ocpp-rpc";
import { CentralSystem } from "../../lib/site/central-system.ts";
import { Site } from "../../lib/site/site.ts";
import { freePort } from "../../test/free-port.ts";
import { ANSWERS, startBare } from "./bare.ts";
import { startBareDurable } from "./bare-sqlite.ts";
import { startBareNodeRed, startNodeRed } from "./node-red.ts";

/** @param collect garbage first, so that what is left is in use */
export type UsageOrder = { collect: boolean };

export interface Usage {
  /** Processor time of all threads; what of it the thread of the event loop used, and what the kernel did for it. */
  cpuS: number;
  loopS: number;
  loopKernelS: number;
  /** What is in use, and what the process occupies. */
  heapBytes: number;
  residentBytes: number;
  /** Open handles by kind: sockets, timers. */
  handles: Record<string, number>;
  /** Warnings of the runtime so far: of too many listeners, say. */
  warnings: string[];
  /** CALLs so far; of the bare server alone. */
  calls: number;
}

let calls = 0;

/** Each listens and says where. */
const SERVERS = {
  /** The floor: parses each message, answers it, checks and keeps nothing. */
  bare: () => startBare({ onCall: () => calls++ }),

  /** The same, with a row on disk before a start or a stop is answered. */
  "bare-sqlite": (_chargePoints, folder) => startBareDurable(folder),

  /** Checks each message against its schema, keeps nothing. */
  async "ocpp-rpc"(): Promise<number> {
    const server = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true });
    server.auth((accept) => accept());
    server.on("client", (client: { handle(action: string, answer: () => object): void }) => {
      for (const [action, answer] of Object.entries(ANSWERS)) client.handle(action, answer);
    });
    const http = await server.listen(0, "127.0.0.1");
    return (http.address() as AddressInfo).port;
  },

  /** All of ours that answers charge points, as the nodes make it: checks, state, messages kept, database on disk, back ends. */
  async phasewise(chargePoints: number, folder: string, backEnds: readonly number[]): Promise<number> {
    const site = new Site({ key: "bench", dataDir: folder });
    for (let index = 0; index < chargePoints; index++) site.stations.configure(definition(`BENCH${index}`));
    report(site, chargePoints, backEnds);
    const centralSystem = new CentralSystem("bench", site);
    const port = await freePort();
    const place = { host: "127.0.0.1", port, path: "/", tls: null };
    await centralSystem.apply({ ...place, pingS: 20, callTimeoutS: 30, messageStore: null, policy: POLICY }, null);
    return port;
  },

  /** The same in Node-RED, each event through a function node. */
  "node-red": startNodeRed,

  /** What Node-RED alone costs: the bare server in it, each message through the same function node. */
  "bare-node-red": startBareNodeRed,
} satisfies Record<string, (chargePoints: number, folder: string, backEnds: readonly number[]) => Promise<number>>;

export type ServerKind = keyof typeof SERVERS;

const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

function definition(identity: string): Parameters<Site["describe"]>[0] {
  const wiring = {
    number: 1,
    phases: 3,
    rotation: "RST",
    maxA: 32,
    minA: 6,
    priorityClass: 1,
    mode: "fast",
    safeA: 6,
  } as const;
  return {
    identity,
    aliases: [],
    model: "auto",
    overrides: {},
    safeA: 6,
    stationLimitA: null,
    zone: null,
    connectors: [wiring],
    password: null,
    ocpp: true,
  };
}

/** Every charge point is reported to each back end; the first one bills. */
function report({ upstreams }: Site, chargePoints: number, backEnds: readonly number[]): void {
  const names = backEnds.map((port) => `back end ${port}`);
  for (const [index, port] of backEnds.entries()) {
    upstreams.putBackEnd({
      ...{ backEnd: names[index]!, name: names[index]!, role: index === 0 ? "billing" : "reporting" },
      ...{ url: `ws://127.0.0.1:${port}`, identity: "{identity}", identities: [], password: null, tls: null },
      ...{ reportingTag: "", authorization: "cloudFirst", lateInvalid: "limit0", forgetAfterH: 24 },
      ...{ allowFirmware: false, allowDiagnostics: false, allowHardReset: false, dataTransferVendors: [] },
    });
  }
  upstreams.putCentralSystem({ nodeId: "bench", name: "bench", backEnds: names });
  for (let index = 0; index < chargePoints; index++) {
    const identity = `BENCH${index}`;
    upstreams.putChargePoint({ nodeId: identity, name: identity, backEnds: [], identity, centralSystem: "bench" });
  }
  if (backEnds.length > 0) upstreams.commit();
}

function usage(collect: boolean): Usage {
  const { user, system } = process.cpuUsage();
  const loop = process.threadCpuUsage();
  if (collect) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return {
    cpuS: (user + system) / 1e6,
    loopS: (loop.user + loop.system) / 1e6,
    loopKernelS: loop.system / 1e6,
    heapBytes: heapUsed + external,
    residentBytes: rss,
    handles,
    warnings,
    calls,
  };
}

const warnings: string[] = [];
process.on("warning", ({ name, message }) => {
  if (name !== "ExperimentalWarning") warnings.push(`${name}: ${message}`);
});

const [, , kind, chargePoints, ...backEnds] = process.argv;
const folder = mkdtempSync(join(tmpdir(), "phasewise-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("disconnect", () => process.exit());
process.on("message", ({ collect }: UsageOrder) => process.send?.(usage(collect)));
process.send?.({ port: await SERVERS[kind as ServerKind](Number(chargePoints), folder, backEnds.map(Number)) });

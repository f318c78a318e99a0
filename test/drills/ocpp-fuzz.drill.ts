/** A fuzz run at the packed product: no frame and no handshake ends the process, leaks, or disturbs another charger. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { STRANGER_LIMITS } from "../../lib/ocpp/server/visitors.ts";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { tellAsStory } from "../e2e/story.ts";
import { cases } from "../full.ts";
import { Frames, type Sent } from "./ocpp-frames.ts";
import { Fuzzer, type Violation } from "./ocpp-fuzzer.ts";
import { handshake, strangeRequest } from "./ocpp-handshakes.ts";
import { minimise } from "./ocpp-minimise.ts";
import type { Testimony } from "./ocpp-witness.ts";
import type { Census } from "./probe.ts";
import { pick, seed } from "./scale.ts";

const FRAMES = pick(cases(1600, 4000), 200_000);
const HANDSHAKES = pick(cases(200, 400), 10_000);
/** What is held is counted after each: caches and logs are full, and the process has its size, half way. */
const ROUNDS = 4;
const STRANGER = "STRANGER";
const WILD = ["WILD-1", "WILD-2", "WILD-3", "WILD-4", "WILD-5", "WILD-6", "WILD-7", STRANGER];
/** Others wait for an answer no longer than this, ms; a quiet central system answers within a few. */
const BOUND_MS = 2000;
/** More than this between the middle and the end is a leak, MB. */
const GROWTH_MB = pick(60, 30);

describe("drill: fuzzing the central system", function () {
  this.timeout(0);
  tellAsStory(this);
  let nodeRed: NodeRed;
  let port: number;
  let witness: Worker;
  const censuses: Census[] = [];
  const figures: Record<string, number> = {};

  const testimony = async (): Promise<Testimony> => {
    const told = once(witness, "message") as Promise<[Testimony]>;
    witness.postMessage("report");
    return (await told)[0];
  };
  let counted = 0;
  const census = async (): Promise<Census> => {
    const id = ++counted;
    const taken = new Promise<Census>((resolve) => {
      nodeRed.onMessage((message) => (message as Census).census === id && resolve(message as Census));
    });
    nodeRed.send({ census: id });
    return taken;
  };

  const startWitness = async (): Promise<void> => {
    witness = new Worker(join(import.meta.dirname, "ocpp-witness.ts"), {
      workerData: { port, identity: "WITNESS", pid: nodeRed.pid },
    });
    await once(witness, "online");
    // Each testimony tells of the time since the one before.
    let answers = 0;
    await until(
      "the witness is served",
      async () => {
        answers += (await testimony()).answers;
        return answers > 10;
      },
      60_000,
    );
  };

  before(async () => {
    port = await freePort();
    const probe = join(import.meta.dirname, "probe.ts");
    nodeRed = await NodeRed.start("5", { nodeArgs: ["--expose-gc", "--import", probe], channel: true });
    await nodeRed.deploy(flow(port));
    await startWitness();
    console.log(`      seed ${seed}: ${FRAMES} frames, ${HANDSHAKES} handshakes`);
  });
  after(async () => {
    witness?.postMessage("end");
    await nodeRed?.stop();
  });

  /** Sends frames as all the wild ones at once. @returns what went wrong with each of them, if anything */
  const rage = async (count: number, of: number): Promise<Violation[]> => {
    const runs = WILD.map(async (identity, index) => {
      const random = seeded(seed + of * 100 + index);
      const fuzzer = new Fuzzer(port, nodeRed.pid!, identity, random);
      // A stranger may send short frames only, and few in a second.
      const isStranger = identity === STRANGER;
      const frames = new Frames(random, `${of}${identity}`, ...(isStranger ? [STRANGER_LIMITS.longestFrame] : []));
      const violation = await fuzzer.run(frames, Math.ceil(count / WILD.length / (isStranger ? 10 : 1)));
      await fuzzer.close();
      return violation;
    });
    return (await Promise.all(runs)).filter((violation) => violation !== null);
  };

  /** Sends strange requests, fifty at a time. */
  const knock = async (count: number, random: () => number): Promise<void> => {
    for (let done = 0; done < count; done += 50) {
      const requests = Array.from({ length: 50 }, () => strangeRequest(random));
      const answers = await Promise.all(requests.map((bytes) => handshake(port, bytes, random)));
      for (const [index, status] of answers.entries()) {
        const isFine = status === "" || /^HTTP\/1\.[01] (10[01]|4\d\d|503) /.test(status);
        assert.ok(isFine, `${status}, seed ${seed}: ${JSON.stringify(requests[index]?.toString("latin1"))}`);
      }
    }
  };

  /** The charge point that behaves was served all the time. */
  const serves = async (during: string): Promise<void> => {
    const { answers, longestMs, p99Ms, complaints } = await testimony();
    for (const [name, value] of Object.entries({ p99Ms, longestMs }))
      figures[`${during} ${name}`] = Math.max(figures[`${during} ${name}`] ?? 0, Math.round(value));
    assert.deepEqual(complaints, []);
    assert.ok(answers > 0 && longestMs < BOUND_MS, `${answers} answers, the longest took ${longestMs} ms`);
  };

  for (let round = 1; round <= ROUNDS; round++) {
    it(`answers every CALL once and nothing else, and keeps to the close codes (${round} of ${ROUNDS})`, async () => {
      const startMs = performance.now();
      const violations = await rage(FRAMES / ROUNDS, round);
      if (violations.length > 0) await fail(nodeRed, port, violations);
      figures["framesPerS"] = Math.round(FRAMES / ROUNDS / ((performance.now() - startMs) / 1000));
      await serves("frames");
    });

    it(`answers handshakes that are none with 4xx (${round} of ${ROUNDS})`, async () => {
      await knock(HANDSHAKES / ROUNDS, seeded(seed + 1000 + round));
      assert.ok(nodeRed.running, `the process ended, seed ${seed}`);
      await serves("handshakes");
      censuses.push(await census());
    });
  }

  it("holds no more memory, sockets or timers in the end than half way", async () => {
    const { resources: few, ...middle } = censuses[ROUNDS / 2 - 1]!;
    let last = await census();
    const grown = (): string[] => [
      ...Object.entries(last.resources)
        .filter(([kind, count]) => count > (few[kind] ?? 0) + WILD.length)
        .map(([kind, count]) => `${kind}: ${few[kind] ?? 0} → ${count}`),
      ...(["heapMb", "rssMb"] as const)
        .filter((what) => last[what] - middle[what] > GROWTH_MB)
        .map((what) => `${what}: ${middle[what]} → ${last[what]}`),
    ];
    const settled = async (): Promise<boolean> => {
      last = await census();
      return grown().length === 0;
    };
    await until("what the connections held is released", settled, 20_000).catch(() => undefined);
    const memory = [...censuses, last].map(({ heapMb, rssMb }) => `${Math.round(heapMb)}/${Math.round(rssMb)}`);
    console.log(`      ${JSON.stringify({ ...figures, heapAndRssMb: memory })}`);
    assert.deepEqual(grown(), []);
  });

  it("has met all that without anything reaching the process's last resort or a flow", () => {
    assert.equal(nodeRed.running, true);
    assert.doesNotMatch(nodeRed.log, /uncaught|unhandled|MaxListeners|\[error\]/i);
  });
});

/** Looks for the least that leads to it, and says it together with the seed. */
async function fail(nodeRed: NodeRed, port: number, violations: Violation[]): Promise<never> {
  const { log } = nodeRed;
  let tries = 0;
  const spare = (): Fuzzer => new Fuzzer(port, nodeRed.pid ?? 0, `SPARE-${++tries % 5}`, () => 0);
  const isWell = async (): Promise<boolean> => (await faultsOf(spare(), [])).length === 0;
  const happens = async (part: Sent[]): Promise<boolean> => {
    if (!(await isWell())) {
      // It may be about to end.
      if (nodeRed.running) await nodeRed.kill("SIGKILL");
      await nodeRed.restart();
      await until("it serves again", isWell);
    }
    return (await faultsOf(spare(), part)).length > 0;
  };
  const said = ({ identity, faults }: Violation) => `${identity}: ${faults.slice(0, 5).join("; ")}`;
  // Where the process has ended, all of them have lost their connection, and one of them has done it.
  for (const violation of violations) {
    if (!(await happens(violation.batch))) continue;
    const least = await minimise(violation.batch, happens);
    throw new Error(`seed ${seed}: ${said(violation)}; the least that does it:\n${shown(least)}\n${log.slice(-3000)}`);
  }
  const batches = violations.map((violation) => `${said(violation)}\n${shown(violation.batch)}`).join("\n");
  throw new Error(`seed ${seed}: none of these batches does it alone:\n${batches}\n${log.slice(-3000)}`);
}

async function faultsOf(fuzzer: Fuzzer, part: Sent[]): Promise<string[]> {
  const faults = await fuzzer.send(part);
  await fuzzer.close();
  return faults;
}

/** Frames as text, without what only makes them long. */
const shown = (list: readonly Sent[]): string =>
  list
    .map((one) => ("text" in one ? one.text : JSON.stringify(one)))
    .map((text) => text.replace(/(.{1,8}?)\1{15,}/gs, (run, part) => `${part}«×${run.length / part.length}»`))
    .map((text) => text.slice(0, 3000))
    .join("\n");

/** Chargers in a zone under load management, with a flow behind their events that copies and prints each one. */
function flow(port: number): FlowNode[] {
  const place = { z: "tab", x: 100, y: 100 };
  const copy = "JSON.stringify(RED.util.cloneMessage(msg)); return null;";
  const known = ["WITNESS", ...WILD.slice(0, -1), ...[0, 1, 2, 3, 4].map((number) => `SPARE-${number}`)];
  return [
    { id: "tab", type: "tab", label: "Fuzz" },
    { id: "site", type: "ev-site", name: "Building" },
    { id: "zone", type: "ev-zone", site: "site", name: "garage", limitA: [400, 400, 400] },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    ...known.map((identity) => ({
      id: `cp ${identity}`,
      type: "ev-charge-point",
      centralSystem: "cs",
      identity,
      zone: "zone",
    })),
    { ...place, id: "dlm", type: "ev-dlm", zone: "zone", wires: [["limit"], [], []] },
    { ...place, id: "limit", type: "ev-charging-profile", wires: [["copy"]] },
    { ...place, id: "event", type: "ev-event", raw: true, wires: [["copy"]] },
    { ...place, id: "copy", type: "function", func: copy, outputs: 1, wires: [[]] },
  ];
}

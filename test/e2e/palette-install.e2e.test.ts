/** The package from the registry's side: what npm brings with it, in the palette of the oldest Node-RED on the oldest Node.js. */
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isFull } from "../full.ts";
import { freePort } from "./net.ts";
import { MAJORS, NodeRed, type NodeSet, programOf } from "./node-red.ts";
import { oneOfEach } from "./one-of-each.ts";
import { NAME, ROOT, tarballPath } from "./package.ts";

const run = promisify(execFile);

/** The lock file has 34 and the package itself; a registry may have newer ones that need another. */
const MOST_PACKAGES = 37;
/** All files of an installation, bytes. */
const MOST_BYTES = 24e6;
/** What an installation that compiles calls. */
const COMPILERS = ["cc", "c++", "gcc", "g++", "clang", "make", "cmake", "node-gyp", "python", "python3"];
const REACHED_MS = 10_000;

const NODE = programOf("4.1");
/** The npm that Node-RED brings for its palette. */
const NPM = join(
  dirname(createRequire(join(ROOT, "node_modules", MAJORS["4.1"], "red.js")).resolve("npm")),
  "bin/npm-cli.js",
);

async function reachesRegistry(): Promise<boolean> {
  const asked = [NPM, "ping", "--fetch-retries=0", `--fetch-timeout=${REACHED_MS}`];
  return run(NODE, asked, { timeout: 2 * REACHED_MS }).then(
    () => true,
    () => false,
  );
}

/** Every node that loaded, by the package's own list. */
function assertAllLoaded(sets: readonly NodeSet[]): void {
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    "node-red": { nodes: Record<string, string> };
  };
  assert.deepEqual(
    sets.filter(({ err }) => err !== undefined),
    [],
  );
  const types = sets.filter(({ enabled }) => enabled).flatMap((set) => set.types);
  assert.deepEqual(types.sort(), Object.keys(own["node-red"].nodes).sort());
}

/** Folders of installed packages, without those that a platform leaves out. */
function installedIn(userDir: string): string[] {
  const path = join(userDir, "node_modules/.package-lock.json");
  return Object.keys((JSON.parse(readFileSync(path, "utf8")) as { packages: object }).packages);
}

function filesOf(userDir: string): { path: string; bytes: number }[] {
  const entries = readdirSync(join(userDir, "node_modules"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path).length }));
}

describe("the package, installed from a registry for Node-RED 4.1", () => {
  let traps: string;
  let nodeRed: NodeRed;

  before(async function () {
    if (!isFull || !(await reachesRegistry())) this.skip();
    traps = mkdtempSync(join(tmpdir(), "phasewise-traps-"));
    for (const name of COMPILERS) {
      writeFileSync(join(traps, name), `#!/bin/sh\necho "$0 $*" >> "${traps}/called"\nexit 1\n`);
      chmodSync(join(traps, name), 0o755);
    }
    const env = { PATH: `${traps}${delimiter}${process.env["PATH"]}` };
    nodeRed = await NodeRed.start("4.1", { bare: true, env });
  });
  after(async () => {
    await nodeRed?.stop();
    if (traps) rmSync(traps, { recursive: true, force: true });
  });

  it("is taken by the palette, which checks its engine, and all its nodes load at once", async () => {
    assertAllLoaded(await nodeRed.upload(tarballPath()));
  });

  it("compiled nothing", () => {
    const called = join(traps, "called");
    assert.equal(existsSync(called) ? readFileSync(called, "utf8") : "", "");
    const native = filesOf(nodeRed.userDir).filter(
      ({ path }) => path.endsWith(".node") && !path.includes("/prebuilds/"),
    );
    assert.deepEqual(native, []);
  });

  it("brought few packages and few bytes", () => {
    const packages = installedIn(nodeRed.userDir);
    assert.ok(packages.length <= MOST_PACKAGES, packages.join("\n"));
    const bytes = filesOf(nodeRed.userDir).reduce((sum, file) => sum + file.bytes, 0);
    assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
  });

  it("runs a flow with one node of each type, also after a restart", async () => {
    await nodeRed.deploy(await oneOfEach());
    await nodeRed.kill("SIGTERM");
    await nodeRed.restart();
    assertAllLoaded((await nodeRed.nodes()).filter(({ module }) => module === NAME));
  });

  it("is refused where its engine does not fit, which shows that the check is on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "phasewise-engine-"));
    try {
      const manifest = { name: "node-red-contrib-newer", version: "1.0.0", engines: { node: ">=99" }, "node-red": {} };
      mkdirSync(join(folder, "package"));
      writeFileSync(join(folder, "package/package.json"), JSON.stringify(manifest));
      await run("tar", ["-czf", "newer.tgz", "package"], { cwd: folder });
      await assert.rejects(nodeRed.upload(join(folder, "newer.tgz")));
      assert.match(nodeRed.log, /EBADENGINE/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("works without its optional packages", async () => {
    const prepare = async (userDir: string): Promise<void> => {
      await cp(tarballPath(), join(userDir, "package.tgz"));
      writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "user", version: "1.0.0", private: true }));
      const args = ["install", "--omit=optional", "--engine-strict", "--no-audit", "--no-fund", "./package.tgz"];
      await run(NODE, [NPM, ...args], { cwd: userDir });
    };
    const lean = await NodeRed.start("4.1", { bare: true, prepare });
    try {
      assert.ok(!installedIn(lean.userDir).some((path) => path.includes("serialport")));
      assertAllLoaded((await lean.nodes()).filter(({ module }) => module === NAME));
      await lean.deploy([
        { id: "bus", type: "ev-modbus", transport: "tcp", host: "127.0.0.1", port: await freePort() },
      ]);
    } finally {
      await lean.stop();
    }
  });
});

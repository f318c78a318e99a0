import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../scripts/setup.cjs");
const PROGRAMS = [".bin/node", "node-red", "esbuild", "typescript"];

/** A checkout with the script, a lock file of one package, and an `npm` that only notes how it was called. */
class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "phasewise-setup-"));
  said = "";

  constructor() {
    mkdirSync(join(this.root, "scripts"));
    cpSync(SCRIPT, join(this.root, "scripts/setup.cjs"));
    this.lock("1.0.0");
    this.npm(true);
  }

  /** The lock file asks for this version. */
  lock(version: string): void {
    this.write("package-lock.json", JSON.stringify({ packages: { "": {}, "node_modules/one": { version } } }));
  }

  /** @param works installs the programs; otherwise the registry does not answer */
  npm(works: boolean): void {
    const install = PROGRAMS.map(
      (program) => `mkdir -p node_modules/${dirname(program)}; : > node_modules/${program}`,
    ).join("\n");
    this.write("bin/npm", `#!/bin/sh\necho "$1" >> calls\n${works ? install : "exit 1"}\n`);
    chmodSync(join(this.root, "bin/npm"), 0o755);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  /** @returns the exit code */
  setUp(): number | null {
    const env = { ...process.env, PATH: `${join(this.root, "bin")}${delimiter}${process.env["PATH"]}` };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.cjs"], { cwd: this.root, env });
    this.said = `${stdout}${stderr}`;
    return status;
  }

  /** How npm was called so far. */
  get calls(): string[] {
    const file = join(this.root, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }
}

describe("the script that prepares a checkout", () => {
  if (process.platform === "win32") return;
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => rmSync(checkout.root, { recursive: true, force: true }));

  it("installs once, and does nothing when nothing changed", () => {
    assert.equal(checkout.setUp(), 0);
    assert.equal(checkout.setUp(), 0);
    assert.deepEqual(checkout.calls, ["ci"]);
    assert.equal(checkout.said, "");
  });

  it("says without a network that the first start needs one", () => {
    checkout.npm(false);
    assert.equal(checkout.setUp(), 1);
    assert.match(checkout.said, /The first start needs a network/);
  });

  it("goes on without a network with the packages that are there, and fetches the changed ones later", () => {
    checkout.setUp();
    checkout.npm(false);
    checkout.lock("1.0.1");
    assert.equal(checkout.setUp(), 0);
    assert.match(checkout.said, /Going on with the packages that are here/);
    assert.ok(existsSync(join(checkout.root, "node_modules/node-red")));
    checkout.npm(true);
    assert.equal(checkout.setUp(), 0);
    assert.equal(checkout.setUp(), 0);
    // `npm ci` would begin by deleting what is there.
    assert.deepEqual(checkout.calls, ["ci", "install", "install"]);
  });

  it("fetches an optional package that the lock file asks for since then", () => {
    checkout.setUp();
    const optional = { version: "1.0.0", optional: true };
    const packages = { "": {}, "node_modules/one": { version: "1.0.0" }, "node_modules/two": optional };
    checkout.write("package-lock.json", JSON.stringify({ packages }));
    assert.equal(checkout.setUp(), 0);
    assert.deepEqual(checkout.calls, ["ci", "install"]);
  });

  it("takes what a person installed without it as it is", () => {
    for (const program of PROGRAMS) checkout.write(`node_modules/${program}`, "");
    const other = { version: "1.0.0", optional: true, os: ["aix"] };
    const packages = { "node_modules/one": { version: "1.0.0" } };
    checkout.write("package-lock.json", JSON.stringify({ packages: { ...packages, "node_modules/two": other } }));
    checkout.write("node_modules/.package-lock.json", JSON.stringify({ packages }));
    assert.equal(checkout.setUp(), 0);
    assert.deepEqual(checkout.calls, []);
  });
});

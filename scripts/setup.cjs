// Prepares a checkout: installs what is missing, builds what is stale, does nothing when nothing changed. Without a network it goes on
// with the packages that are there.
// Runs before `npm start`, `npm test` and the others on whatever Node the machine has, so it uses no dependency and no TypeScript.
"use strict";
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const SOURCES = [
  "nodes",
  "lib",
  "icons",
  "scripts/build.ts",
  "scripts/setup.cjs",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
];
const INSTALL_STAMP = path.join(root, "node_modules", ".lock-print");
const BUILD_STAMP = path.join(root, "dist", ".build.json");
/** Without these nothing is installed that could run. */
const NEEDED = [".bin/node", "node-red", "esbuild", "typescript"];
/** Where packages are there to go on with, a registry that does not answer is not waited for. */
const SOON = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000"];

/**
 * True when it was installed here from this very lock file; where a person installed it, when it is what the lock file asks for
 * (packages of other platforms aside).
 */
function installed() {
  try {
    if (fs.existsSync(INSTALL_STAMP)) return fs.readFileSync(INSTALL_STAMP, "utf8") === lockPrint();
    const wanted = readJson("package-lock.json").packages;
    const present = readJson("node_modules/.package-lock.json").packages;
    return Object.entries(wanted).every(
      ([where, info]) => where === "" || isForOthers(info) || present[where]?.version === info.version,
    );
  } catch {
    return false;
  }
}

/** Optional, and made for some platforms only. */
function isForOthers({ optional, os, cpu, libc }) {
  return optional && (os || cpu || libc);
}

function lockPrint() {
  return createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
}

/** A fingerprint of everything the build reads. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => filesBelow(path.join(root, source))).sort()) {
    hash.update(path.relative(root, file)).update("\0").update(fs.readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesBelow(where) {
  if (!fs.existsSync(where)) return [];
  if (fs.statSync(where).isFile()) return [where];
  return fs.readdirSync(where).flatMap((name) => filesBelow(path.join(where, name)));
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
}

function built(print) {
  try {
    return JSON.parse(fs.readFileSync(BUILD_STAMP, "utf8")).fingerprint === print;
  } catch {
    return false;
  }
}

/** @returns whether it worked */
function run(what, command, args) {
  console.log(`[setup] ${what}`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status === 0) console.log(`[setup] done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  else console.error(`[setup] failed: ${command} ${args.join(" ")}${error ? ` (${error.message})` : ""}`);
  return status === 0;
}

/** Into an empty checkout all packages, otherwise those that changed: of the two only this one leaves what is there when it fails. */
function install() {
  const isFirst = NEEDED.some((program) => !fs.existsSync(path.join(root, "node_modules", program)));
  const quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
  const done = isFirst
    ? run("installing packages, about a minute…", "npm", ["ci", ...quietly])
    : run("installing packages that changed…", "npm", ["install", "--no-save", ...SOON, ...quietly]);
  if (done) fs.writeFileSync(INSTALL_STAMP, lockPrint());
  else if (isFirst) {
    console.error("[setup] The first start needs a network: it fetches packages from the npm registry.");
    process.exit(1);
  } else
    console.error(
      "[setup] Going on with the packages that are here. Those that changed are fetched at the next start.",
    );
}

function buildIfStale() {
  const print = fingerprint();
  if (built(print)) return;
  if (!run("building…", path.join(root, "node_modules", ".bin", "node"), ["scripts/build.ts"])) process.exit(1);
  fs.writeFileSync(BUILD_STAMP, JSON.stringify({ fingerprint: print }));
}

if (!installed()) install();
if (process.argv[2] === "build") buildIfStale();

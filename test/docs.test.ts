import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readmeActions } from "./e2e/readme-steps.ts";
import { NODES } from "./editor-contract.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const DOCS = readdirSync(join(ROOT, "docs"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`);
const PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ...DOCS];

interface Link {
  page: string;
  /** Path from the root; that of the page itself where only a heading is meant. */
  file: string;
  heading: string;
}

/** Every link and image of a page that leads to a file of the package. */
function linksOf(page: string): Link[] {
  const text = read(page).replace(/^```[\s\S]*?^```/gm, "");
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target]) => {
    const [path = "", heading = ""] = decodeURI(target!).split("#");
    const file = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
    return { page, file, heading };
  });
}

/** The anchors of a page, as GitHub and npm make them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, text]) => text!);
  const plain = headings.map((text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase());
  const named = [...read(page).matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name]) => name!);
  return new Set([...plain.map((text) => text.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-")), ...named]);
}

const LINKS = PAGES.flatMap(linksOf);

describe("the documentation", () => {
  it("links to no file that is not there", () => {
    const dead = LINKS.filter(({ file }) => !existsSync(join(ROOT, file)));
    assert.deepEqual(dead, []);
  });

  it("names every property of back ends in the messages' page", () => {
    const [, section = ""] = read("docs/messages.md").split("\n## back end\n");
    const [text = ""] = section.split("\n## ");
    const names = [...Object.keys(NODES["ev-back-end"]!.defaults), ...NODES["ev-back-end"]!.credentials!, "backEnds"];
    assert.deepEqual(
      names.filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });

  it("links to no heading that is not there", () => {
    const dead = LINKS.filter(
      ({ file, heading }) => heading !== "" && file.endsWith(".md") && !anchorsOf(file).has(heading),
    );
    assert.deepEqual(dead, []);
  });

  it("can be reached page by page from its index, and the index from the README", () => {
    const index = new Set(linksOf("docs/README.md").map(({ file }) => file));
    assert.deepEqual(
      DOCS.filter((page) => page !== "docs/README.md" && !index.has(page)),
      [],
    );
    assert.ok(linksOf("README.md").some(({ file }) => file === "docs/README.md"));
  });

  it("has a page for every task", () => {
    const tasks = ["first-charger", "zones-and-meters", "pv", "badges", "security", "chargers", "meters", "safety"];
    for (const task of [...tasks, "troubleshooting", "errors", "messages"])
      assert.ok(DOCS.includes(`docs/${task}.md`), task);
  });

  it("shows every picture that there is", () => {
    const shown = new Set(LINKS.map(({ file }) => file));
    const pictures = readdirSync(join(ROOT, "docs/images")).map((file) => `docs/images/${file}`);
    assert.deepEqual(
      pictures.filter((file) => !shown.has(file)),
      [],
    );
  });
});

describe("the README", () => {
  const readme = read("README.md");
  const manifest = JSON.parse(read("package.json")) as { "node-red": { nodes: Record<string, string> } };

  it("says of every node, and of nothing else, what it does", () => {
    const rows = [...readme.matchAll(/^\| `(ev-[a-z-]+)` \| (.+) \|$/gm)];
    assert.deepEqual(rows.map(([, type]) => type).sort(), Object.keys(manifest["node-red"].nodes).sort());
    for (const [, type, text] of rows) assert.ok(text!.length > 15, type);
  });

  it("says of every example, and of no other, what it shows", () => {
    const rows = [...readme.matchAll(/^\| \*\*(\d+ - .+?)\*\* \| .+ \|$/gm)].map(([, name]) => `${name}.json`);
    const files = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".json"));
    assert.deepEqual(rows.sort(), files.sort());
  });

  it("shows a flow, the sidebar and the dashboard", () => {
    const pictures = linksOf("README.md").map(({ file }) => file);
    for (const picture of ["car-park", "sidebar-light", "dashboard-facility-"])
      assert.ok(
        pictures.some((file) => file.startsWith(`docs/images/${picture}`)),
        picture,
      );
  });

  it("leads to the first charge with ten clicks and inputs at most", () => {
    const actions = readmeActions();
    assert.ok(actions.length >= 3 && actions.length <= 10, `${actions.length} actions`);
  });
});

import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { FlowNode } from "../e2e/flows.ts";
import { peek } from "../peek.ts";
import { HostileSite, PASSWORD, smallSite } from "./bench.ts";
import { actOut } from "./row.ts";
import { WAITING } from "./rows/waiting.ts";

const BOX = { chargePointVendor: "Maker", chargePointModel: "Box" };
const BOOKS = ["transactions", "stray_stops", "sessions", "authorizations"];
const CHARGES = 50;

/** The small site, where a list of badges decides who may charge. */
function siteWithBadges(ports: { ocpp: number }): FlowNode[] {
  const place = { z: "tab", x: 100, y: 100 };
  return [
    ...smallSite(ports).map((node) => (node.id === "cs" ? { ...node, authorization: "list" } : node)),
    { ...place, id: "add", type: "inject", props: [], wires: [["badges"]] },
    { ...place, id: "badges", type: "ev-authorization", site: "site", wires: [[], ["shown"]] },
  ];
}

describe("hostile chargers that nobody has added", () => {
  let site: HostileSite;

  before(async () => {
    site = await HostileSite.start({ flow: siteWithBadges });
    const feed = await site.nodeRed.feed();
    const added = feed.next("the badge", "shown", (message: { topic?: string }) => message.topic === "badges/add");
    await site.nodeRed.press("add", { topic: "badges/add", payload: { idTag: "KNOWN", maxConcurrent: 1 } });
    await added;
  });
  afterEach(() => site.assertAlive());
  after(() => site?.stop());

  /** Rows of the books on disk. */
  const rows = (): number[] => {
    const folder = join(site.nodeRed.userDir, "ev-charging");
    const [of = ""] = readdirSync(folder);
    return peek(join(folder, of, "ev-charging.sqlite"), (database) =>
      BOOKS.map((table) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"])),
    );
  };
  const now = () => new Date().toISOString();
  const start = (idTag: string, connectorId = 1) => ({ connectorId, idTag, meterStart: 0, timestamp: now() });

  actOut(WAITING, {
    async books() {
      const stranger = await site.charger("STRANGER");
      const [, , booted] = await stranger.call("BootNotification", BOX);
      assert.equal((booted as { status: string }).status, "Pending");
      const answers = [];
      for (let count = 0; count < CHARGES; count++) {
        answers.push(await stranger.call("Authorize", { idTag: "KNOWN" }));
        answers.push(await stranger.call("StartTransaction", start("KNOWN")));
        answers.push(
          await stranger.call("StopTransaction", { transactionId: count, meterStop: 9000, timestamp: now() }),
        );
      }
      const codes = answers.map(([type, , word]) =>
        type === 4 ? word : (word as { idTagInfo: { status: string } }).idTagInfo.status,
      );
      assert.deepEqual([...new Set(codes)].sort(), ["Invalid", "SecurityError"]);
      assert.equal(codes.filter((code) => code === "SecurityError").length, 2 * CHARGES);
      assert.deepEqual(rows(), [0, 0, 0, 0]);
    },

    async badge() {
      const stranger = await site.charger("ANOTHER-STRANGER");
      await stranger.call("BootNotification", BOX);
      await stranger.call("StartTransaction", start("KNOWN"));
      const safe = await site.charger("SAFE", PASSWORD);
      await safe.call("BootNotification", BOX);
      const [, , confirmed] = await safe.call("StartTransaction", start("KNOWN"));
      assert.equal((confirmed as { idTagInfo: { status: string } }).idTagInfo.status, "Accepted");
      assert.equal(rows()[0], 1);
    },
  });
});

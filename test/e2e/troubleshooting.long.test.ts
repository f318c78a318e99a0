import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { ROOT } from "./package.ts";
import { type Told, TroubleSite } from "./trouble-site.ts";

/** Texts of the product that each entry quotes, by its heading. */
function readEntries(): Map<string, string[]> {
  const [, ...entries] = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8").split(/^## /m);
  const quotes = (entry: string) => [...entry.matchAll(/^> (.+)$/gm)].map(([, text]) => text!);
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf("\n")), quotes(entry)]));
}

/** A text without what differs from building to building. */
const plain = (text: string): string => text.replaceAll(/\d+([.,]\d+)*/g, "0");

/** A status as the editor shows it: a text, or a key of the node's catalogue. */
function inWords(status: string): string {
  const [type = "", ...path] = status.split(".");
  const file = join(ROOT, `nodes/locales/en-US/${type}.json`);
  if (!existsSync(file)) return status;
  const catalogue = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  return String([type, ...path].reduce((part, key) => (part as Record<string, unknown>)[key], catalogue as unknown));
}

/** Each entry of the documentation is acted out here, and says what is to be read. */
describe("troubleshooting", () => {
  const entries = readEntries();
  const acted = new Set<string>();
  let site: TroubleSite;
  const authorization = (rule: string) => (told: Told) =>
    told.topic.startsWith("authorization/") && told.payload["rule"] === rule;

  /** One entry: what the product says must be what the entry quotes, all of it. */
  const entry = (heading: string, act: () => Promise<string[]>): void => {
    acted.add(heading);
    it(heading, async () => {
      const said = (await act()).map(plain);
      const quoted = (entries.get(heading) ?? []).map(plain);
      const unheard = quoted.filter((quote) => !said.some((text) => text.includes(quote)));
      const unquoted = said.filter((text) => !quoted.some((quote) => text.includes(quote)));
      assert.deepEqual({ unheard, unquoted }, { unheard: [], unquoted: [] });
    });
  };

  before("start the building, and let those in who were refused", async () => {
    site = await TroubleSite.start();
    await site.told("a refusal", authorization("unknown"));
    await site.letIn();
    await site.chargesFully();
  });
  /** One entry that fails leaves nothing behind for the next. */
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await site.calm();
  });
  after(() => site?.stop());

  entry("A badge is refused", async () => {
    const { payload } = await site.told("the refusal", authorization("unknown"));
    return [String(payload["text"]).replace(/badge \S+/, "badge SIMCP1")];
  });

  entry("A badge that is in the list is refused", async () => {
    await site.say("badges", "badges/add", [
      { idTag: "839B0E0A" },
      { idTag: "04A1B2C3", comment: "Ben", blocked: true },
    ]);
    await site.say("badges", "badges/add", { idTag: "04A1B2C4", comment: "Carla", expiryDate: "2020-01-01" });
    await site.say("badges", "badges/add", { idTag: "04A1B2C5", comment: "Dora", chargePoints: ["CP1"] });
    const said: string[] = [];
    for (const [badge, rule] of [
      ["0A0E9B83", "unknown"],
      ["04A1B2C3", "blocked"],
      ["04A1B2C4", "expired"],
      ["04A1B2C5", "elsewhere"],
    ] as const) {
      await site.say("car CP2", "", { badge });
      const isIt = (told: Told) => authorization(rule)(told) && told.payload["idTag"] === badge;
      said.push(String((await site.told(`${badge} is refused`, isIt)).payload["text"]));
    }
    return said;
  });

  entry("A charger does not appear", async () => {
    const reasons: string[] = [];
    for (const event of ["unknown", "security"])
      reasons.push(String((await site.told(event, (told) => told.event === event)).payload["reason"]));
    const page = await fetch(`http://127.0.0.1:${site.ocpp}/`);
    // The server may keep a socket whose version it does not speak, or close it: both are an end of this one.
    const newer = new WebSocket(`ws://127.0.0.1:${site.ocpp}/NEWER`, "ocpp2.0.1");
    await new Promise((resolve) => newer.once("open", resolve).once("error", resolve));
    newer.terminate();
    const { parked } = (await site.nodeRed.get("/ev-charging/central-systems/cs")) as {
      parked: { identity: string; asked: { kind: string; protocols: string } | null }[];
    };
    const waits = (id: string) => parked.find(({ identity }) => identity === id);
    assert.equal(waits("STRANGER")?.asked, null);
    const { kind, protocols } = waits("NEWER")!.asked!;
    const asked = inWords(`ev-central-system.parked.asked.${kind}`).replace("__protocols__", protocols);
    return [...reasons, asked, await page.text()];
  });

  entry("Nothing is controlled after a deploy", async () => {
    const { text, action } = await site.alarm("zoneTree/Shed");
    return [text, action];
  });

  entry("A report does not arrive", async () => {
    await site.say("report", "report/test");
    const { payload } = await site.told("the test", ({ topic }) => topic === "report/test");
    return [String(payload["error"])];
  });

  entry("A charger shows a fault", async () => {
    await site.say("car CP2", "", { behaviour: "weldedContactor" });
    const { text, action } = await site.alarm("chargerFault/CP2/1");
    await site.say("car CP2", "", { behaviour: "normal" });
    return [text, action];
  });

  entry("A car is plugged in and does not charge", async () => {
    const sinceMs = Date.now();
    await site.say("car CP1", "", { wantA: 0 });
    const isAsleep = ({ topic, payload }: Told) => topic === "ocpp/CP1/1/status" && payload["status"] === "SuspendedEV";
    const { payload } = await site.told("the state", isAsleep, 30_000, sinceMs);
    const words = payload["words"] as { driver: string; staff: string };
    const { text } = await site.why("dlm Garage", "CP1/1", /takes nothing/);
    await site.say("car CP1", "", { wantA: 16 });
    return [words.driver, words.staff, text];
  });

  entry("Cars charge slowly or wait, and all meters answer", async () => {
    await site.chargesFully();
    await site.say("meter sim", "", { loadA: [20, 5, 5] });
    const { text } = await site.why("dlm Garage", "CP1/1", /^[\d.]+ A: L1 of zone Garage is full/);
    await site.calm();
    return [text];
  });

  entry("A meter of load management is not read", async () => {
    const sinceMs = Date.now();
    await site.say("meter sim", "", { fault: "stop" });
    const { text, action } = await site.alarm("meterStale/grid", 30_000, sinceMs);
    const isWrong = ({ fill }: { fill?: string }) => fill === "yellow" || fill === "red";
    const { text: status } = await site.feed.status("the meter says so", "meter", isWrong);
    return [text, action, inWords(status ?? "")];
  });

  entry("Cars charge slowly, with 6 A", async () => {
    await site.say("meter sim", "", { fault: "stop" });
    const { text, wouldHelp } = await site.why("dlm Garage", "CP1/1", /fail-safe/);
    const { text: alarm } = await site.alarm("failSafe/Garage");
    await site.calm();
    return [text, ...wouldHelp, alarm];
  });

  entry("A charger does not do what it is told", async () => {
    const refuses = await site.alarm("notControllable/CP7/1", 60_000);
    const ignores = await site.alarm("nonCompliant/CP8/1", 60_000);
    return [refuses.text, refuses.action, ignores.text, ignores.action];
  });

  entry("Times in the list of sessions are wrong", async () => {
    const { text, action } = await site.alarm("clock/CP4", 60_000);
    return [text, action];
  });

  entry("A charger is not connected", async () => {
    const alone = await site.alarm("chargePointOffline/CP5", 90_000);
    const managed = await site.alarm("chargerOffline/CP6/1", 90_000);
    const { text } = await site.why("dlm Yard", "CP6/1", /not connected/);
    return [alone.text, alone.action, managed.text, managed.action, text];
  });

  it("has an entry for each of these, and no other", () => {
    assert.deepEqual([...entries.keys()].toSorted(), [...acted].toSorted());
  });
});

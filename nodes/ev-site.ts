import type { Node, NodeAPI } from "node-red";
import { systemClock } from "../lib/clock.ts";
import { isTimeZone } from "../lib/local-time.ts";
import type { Role, RoleRules } from "../lib/rights/roles.ts";
import { isCurrency, PRICE, type SiteTariff } from "../lib/session/statistics/site-tariff.ts";
import type { Site } from "../lib/site/site.ts";
import { recoveryText } from "../lib/site/site-alarms.ts";
import type { Recovery } from "../lib/store/disk/copies.ts";
import { sqlDriver } from "../lib/store/disk/driver.ts";
import { FailureWatch } from "../lib/store/disk/failure-watch.ts";
import { sentence } from "../lib/words/sentence.ts";
import { type Language, languageOf } from "../lib/words/types.ts";
import { serveDataFolders } from "./admin/data-folder-pages.ts";
import { SHORTEST_TOKEN, serveHealth } from "./admin/health-pages.ts";
import type { EvSiteNode } from "./runtime/node-types.ts";
import { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { acquireSite, commitPlantsOnStart, releaseSite, runtimeLanguage } from "./runtime/site.ts";
import { report, shorten } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

/** How often it is looked whether records can be written, ms. */
const LOOK_EVERY_MS = 2000;

/** What was told in the log: once, however often a site is deployed. */
const toldRecoveries = new WeakSet<Recovery>();

/** One building: its records and what its zones have in common. */
export default function register(RED: NodeAPI): void {
  commitPlantsOnStart(RED);
  serveDataFolders(RED);
  serveHealth(RED);
  registerNode<EvSiteNode>(RED, "ev-site", {
    credentials: { healthToken: { type: "password" } },
    setUp: (node, read, status) => {
      const voltageV = read.number("voltageV", 230, { min: 100, max: 300 });
      const country = read.choice("country", ["DE", "AT", "CH", "other"]);
      const itNetwork = read.flag("itNetwork", false);
      const timeZone = read.text("timeZone");
      if (!isTimeZone(timeZone)) throw read.wrong("timeZone", "empty, or a time zone such as Europe/Berlin");
      const tariff = readTariff(read, country);
      const site = acquireSite(RED, node.id, read.text("dataDir"));
      site.timeZone = timeZone;
      node.site = site;
      node.log(`records in ${site.dataDir}, kept by ${sqlDriver().name}`);
      const language = read.text("language");
      site.language = language ? languageOf(language) : runtimeLanguage(RED);
      site.rights.rules = readRoles(read);
      site.tariff = tariff;
      site.plant.setSite({ voltageV, country, itNetwork });
      const { healthToken = "" } = node.credentials ?? {};
      if (healthToken && healthToken.length < SHORTEST_TOKEN)
        node.warn(`healthToken is not used: it needs at least ${SHORTEST_TOKEN} characters`);
      const stopWatching = watchStore(node, site, status);
      return {
        close: (removed) => {
          stopWatching();
          return releaseSite(site, removed);
        },
      };
    },
  });
}

/** null where neither price is given. */
function readTariff(read: Properties, country: string): SiteTariff | null {
  const prices = new Properties(read.object("tariff") ?? {}, "tariff.");
  const perKWh = prices.optionalNumber("perKWh", PRICE);
  const perHour = prices.optionalNumber("perHour", PRICE);
  const currency = prices.text("currency") || (country === "CH" ? "CHF" : "EUR");
  if (!isCurrency(currency)) throw prices.wrong("currency", "empty, or three capital letters such as EUR");
  return perKWh === null && perHour === null ? null : { perKWh: perKWh ?? 0, perHour: perHour ?? 0, currency };
}

function readRoles(read: Properties): RoleRules {
  const users = read.list("roles").map((row): [string, Role] => {
    const user = row.name("user").toLowerCase();
    return [user, row.choice("role", ["viewer", "none", "holder", "operator", "admin"])];
  });
  return {
    users: new Map(users),
    otherUsers: read.choice("otherUsers", ["operator", "none", "holder", "viewer", "admin"]),
    flows: read.choice("flows", ["admin", "none", "holder", "viewer", "operator"]),
  };
}

function inWords(recovery: Recovery, language: Language): string {
  const [text, values] = recoveryText(recovery);
  return sentence(language, text, values);
}

/** Shows when the database cannot be opened or written, also later on: once in the log when it begins, and when it has ended. */
function watchStore(node: Node, { store, language }: Site, status: StatusLine): () => void {
  const watch = new FailureWatch();
  const look = (): void => {
    const { failure, recovery } = store;
    if (recovery && !toldRecoveries.has(recovery)) node.warn(inWords(recovery, language));
    if (recovery) toldRecoveries.add(recovery);
    const change = watch.look(failure, systemClock.nowMs());
    if (change === "began") report(node, status, failure);
    else if (failure) status.set("wrong", shorten(failure.message));
    else status.set("good", "ev-site.status.recording");
    if (change === "ended") node.log("records are written again");
  };
  look();
  const looking = systemClock.setInterval(look, LOOK_EVERY_MS);
  return () => systemClock.clear(looking);
}

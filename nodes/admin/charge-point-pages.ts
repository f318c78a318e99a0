import { networkInterfaces } from "node:os";
import type { NodeAPI } from "node-red";
import { readCommissioning } from "../../lib/commissioning/request.ts";
import { resultsOf } from "../../lib/commissioning/results.ts";
import { resultView } from "../../lib/commissioning/view.ts";
import { EvError, invalid } from "../../lib/errors.ts";
import { text } from "../../lib/fields.ts";
import { readFrom } from "../../lib/maintenance/check-configuration.ts";
import { worded } from "../../lib/profile/result.ts";
import type { Site } from "../../lib/site/site.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import type { LearntFacts, ModelProfile, TraitView } from "../../lib/station/capabilities/models/types.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { FORMER_KEYS } from "../../lib/upstream/former/address-keys.ts";
import { formerBackEnds } from "../../lib/upstream/former/former-back-end.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import { CATALOGUES } from "../../lib/words/sentence.ts";
import { ChargePoints } from "../runtime/charge-points.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";
import type {
  ChargePointPage,
  FormerBackEndPage,
  LimitPage,
  ModelPage,
  ModelsPage,
} from "./types/charge-point-page-types.ts";
import type { CommissioningPage } from "./types/commissioning-page-types.ts";

/**
 * Serves what the dialog of a charge point needs: `GET /ev-charging/charge-point-models` (every model), `GET
 * /ev-charging/charge-points/:identity` (one charge point as it is now; null for one that is neither described nor connected),
 * `POST /ev-charging/charge-points/:identity/former-back-end` (the charger is asked for the back end that it was given before),
 * `GET /ev-charging/commissioning?target=CP1/1` (how far the proof of its wiring is, and its newest result) and
 * `POST /ev-charging/commissioning` (`name`: `start` or `abort`, `target`, `field`).
 */
export function serveChargePoints(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  RED.httpAdmin.get("/ev-charging/charge-point-models", mayRead, (_request, response) => {
    const page: ModelsPage = { models: modelProfiles().map(modelPage) };
    response.json(page);
  });
  RED.httpAdmin.get("/ev-charging/charge-points/:identity", mayRead, (request, response) => {
    const place = new ChargePoints(RED).find(String(request.params["identity"]));
    response.json(place ? chargePointPage(place.site, place.station) : null);
  });
  RED.httpAdmin.post(
    "/ev-charging/charge-points/:identity/former-back-end",
    needs(RED, "ev-charging.write"),
    answering(({ params }) => formerPage(new ChargePoints(RED).find(String(params["identity"]))?.station)),
  );
  RED.httpAdmin.get(
    "/ev-charging/commissioning",
    mayRead,
    answering(({ query }): CommissioningPage => {
      const target = String(query["target"] ?? "");
      return commissioningPage(siteOf(RED, target), target);
    }),
  );
  RED.httpAdmin.post(
    "/ev-charging/commissioning",
    needs(RED, "ev-charging.write"),
    answering(async (request): Promise<CommissioningPage> => {
      const body = bodyOf(request.body);
      const target = text(body["target"]) ?? "";
      const site = siteOf(RED, target);
      const asked = readCommissioning({ topic: `commissioning/${text(body["name"]) ?? ""}`, payload: body });
      noteEditor(site, request, `${asked.name} proving the wiring of ${target}`);
      if (asked.name === "abort") site.commissioning.abort("person");
      if (asked.name === "start") await startRun(site, { ...asked, by: userOf(request) });
      return commissioningPage(site, target);
    }),
  );
}

async function formerPage(station: Station | undefined): Promise<FormerBackEndPage> {
  if (!station?.online) return { state: "offline", found: [] };
  const configuration = await readFrom(station, FORMER_KEYS);
  if (!configuration) return { state: station.online ? "silent" : "offline", found: [] };
  const { found, tellsOurs } = formerBackEnds(configuration.entries, station.identity, {
    dialled: station.httpBase === null ? null : (URL.parse(station.httpBase)?.host ?? null),
    addresses: Object.values(networkInterfaces()).flatMap((cards = []) => cards.map(({ address }) => address)),
  });
  return { state: found.length > 0 ? "found" : tellsOurs ? "ours" : "untold", found };
}

function modelPage({ match: _match, vendorKeys: _vendorKeys, extends: _parent, ...page }: ModelProfile): ModelPage {
  return page;
}

function chargePointPage(site: Site, station: Station): ChargePointPage {
  const { identity, state, online, vendor, model, firmware, modelProfile, pendingReboot } = station;
  return {
    identity,
    state,
    online,
    vendor,
    model,
    firmware,
    matched: modelProfile && { id: modelProfile.id, name: modelProfile.name },
    learnt: station.learntFacts,
    facts: factViews(station.learntFacts),
    pendingReboot,
    connectors: [...station.connectors.values()].map(({ number, status, measuredA, offeredA }) => ({
      connector: number,
      status,
      measuredA,
      offeredA,
      limit: limitPage(site, identity, number),
    })),
  };
}

function limitPage({ limiter, language }: Site, identity: string, connector: number): LimitPage | null {
  const view = limiter.view(identity, connector);
  return view && worded(view, language);
}

/** Learnt facts that are no traits. */
function factViews({ values }: LearntFacts): TraitView[] {
  return Object.entries(values)
    .filter(([path]) => path.startsWith("charger."))
    .map(([path, { value, how, at }]) => ({ path, value, source: "learnt", note: `${how}, ${at}` }));
}

function commissioningPage(site: Site, target: string): CommissioningPage {
  const [newest] = resultsOf(site.store, target);
  return {
    running: site.commissioning.running,
    result: newest ? resultView(newest, site.language) : null,
    words: { ...CATALOGUES[site.language].proofPage },
  };
}

/** What is missing is said in the words of the site. */
async function startRun(site: Site, wish: Parameters<Site["commissioning"]["start"]>[0]): Promise<void> {
  try {
    await site.commissioning.start(wish);
  } catch (error) {
    if (!(error instanceof EvError) || error.code !== "EV_COMMISSIONING") throw error;
    throw new EvError(error.code, refusalText(site.language, error));
  }
}

function siteOf(RED: NodeAPI, target: string): Site {
  const place = new ChargePoints(RED).find(target.replace(/\/\d+$/, ""));
  if (!place) throw invalid("target", "a connector such as CP1/1", target);
  return place.site;
}

function userOf(request: object): string {
  return (request as { user?: { username?: string } }).user?.username ?? "";
}

import type { NodeAPI } from "node-red";
import { worded } from "../../lib/profile/result.ts";
import type { Site } from "../../lib/site/site.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import type { LearntFacts, ModelProfile, TraitView } from "../../lib/station/capabilities/models/types.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { ChargePoints } from "../runtime/charge-points.ts";
import { needs } from "./permission.ts";
import type { ChargePointPage, LimitPage, ModelPage, ModelsPage } from "./types/charge-point-page-types.ts";

/**
 * Serves what the dialog of a charge point needs: `GET /ev-charging/charge-point-models` (every model) and
 * `GET /ev-charging/charge-points/:identity` (one charge point as it is now; null for one that is neither described nor connected).
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

import { networkInterfaces } from "node:os";
import type { NodeAPI } from "node-red";
import { readFrom } from "../../lib/maintenance/check-configuration.ts";
import { worded } from "../../lib/profile/result.ts";
import type { Site } from "../../lib/site/site.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import type { LearntFacts, ModelProfile, TraitView } from "../../lib/station/capabilities/models/types.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { FORMER_KEYS } from "../../lib/upstream/former/address-keys.ts";
import { formerBackEnds } from "../../lib/upstream/former/former-back-end.ts";
import { ChargePoints } from "../runtime/charge-points.ts";
import { answering } from "./pages.ts";
import { needs } from "./permission.ts";
import type {
  ChargePointPage,
  FormerBackEndPage,
  LimitPage,
  ModelPage,
  ModelsPage,
} from "./types/charge-point-page-types.ts";

/**
 * Serves what the dialog of a charge point needs: `GET /ev-charging/charge-point-models` (every model), `GET
 * /ev-charging/charge-points/:identity` (one charge point as it is now; null for one that is neither described nor connected) and
 * `POST /ev-charging/charge-points/:identity/former-back-end` (the charger is asked for the back end that it was given before).
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

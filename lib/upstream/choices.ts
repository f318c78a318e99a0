/** Which charge point is reported to which back end, as deployed. Pure. */
import { withoutLastSlashes } from "./address-path.ts";
import type { BackEndSettings } from "./types.ts";
import { upstreamIdentity } from "./types.ts";

/** A node that chooses back ends. */
export interface Chooser {
  nodeId: string;
  /** As people find it, such as `charge point CP1`. */
  name: string;
  /** Ids of the back ends that it chooses. */
  backEnds: readonly string[];
}

/** A charge point with the back ends of its own. */
export interface ChargePointChoice extends Chooser {
  identity: string;
  /** Node id of its central system; null = it has none. */
  centralSystem: string | null;
}

/** What is wrong with a choice, for the node that made it. */
export interface ChoiceFinding {
  nodeId: string;
  severity: "error";
  code: "BACK_END";
  text: string;
}

/** A charge point that is reported to a back end. */
export interface Pair {
  backEnd: string;
  chargePoint: string;
}

export interface Choices {
  /** By charge point. One that has findings is missing: what held before goes on. */
  chosen: ReadonlyMap<string, readonly string[]>;
  findings: readonly ChoiceFinding[];
}

/** Brings together what back ends, central systems and charge points say. */
export function choose(
  backEnds: ReadonlyMap<string, BackEndSettings>,
  centralSystems: readonly Chooser[],
  chargePoints: readonly ChargePointChoice[],
): Choices {
  const chosen = new Map<string, string[]>();
  const findings: ChoiceFinding[] = [];
  const named = new Map<string, { point: string; backEnd: string }>();
  const byId = new Map(centralSystems.map((system) => [system.nodeId, system]));
  for (const point of chargePoints) {
    const shared = byId.get(point.centralSystem ?? "");
    const places = [point, ...(shared ? [shared] : [])];
    const found = [...unknown(point, places, backEnds), ...twoBilling(point, places, backEnds)];
    const ids = [...new Set(places.flatMap((place) => place.backEnds))].filter((id) => backEnds.has(id));
    for (const id of ids) {
      const settings = backEnds.get(id)!;
      const theirs = upstreamIdentity(settings, point.identity);
      const name = `${placeOf(settings.url)} ${theirs}`;
      const other = named.get(name);
      if (other === undefined) named.set(name, { point: point.identity, backEnd: settings.name });
      else {
        const text =
          other.point === point.identity
            ? `charge point ${point.identity}: the back ends ${other.backEnd} and ${settings.name} have the same address and identity; choose one of them`
            : `${other.point} and ${point.identity} both have the identity ${theirs} at the back end ${settings.name}`;
        found.push(wrong(point.nodeId, text));
      }
    }
    findings.push(...found);
    if (found.length === 0) chosen.set(point.identity, ids);
  }
  return { chosen, findings };
}

/** An address as it is dialled, however it is written. */
function placeOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}${withoutLastSlashes(parsed.pathname)}${parsed.search}` : url;
}

function unknown(
  { nodeId }: ChargePointChoice,
  places: readonly Chooser[],
  backEnds: ReadonlyMap<string, BackEndSettings>,
): ChoiceFinding[] {
  const missing = places.flatMap(({ name, backEnds: ids }) =>
    ids.filter((id) => !backEnds.has(id)).map((id) => ({ name, id })),
  );
  return missing.map(({ name, id }) =>
    wrong(nodeId, `${name}: the back end ${id} is missing, disabled, wrong or of another site; choose another one`),
  );
}

/** Two that bill would bill each charge twice. */
function twoBilling(
  point: ChargePointChoice,
  places: readonly Chooser[],
  backEnds: ReadonlyMap<string, BackEndSettings>,
): ChoiceFinding[] {
  const billing = new Map(
    places.flatMap((place) =>
      place.backEnds.filter((id) => backEnds.get(id)?.role === "billing").map((id) => [id, place.name] as const),
    ),
  );
  if (billing.size < 2) return [];
  const said = [...billing].map(([id, place]) => `${backEnds.get(id)?.name} (chosen at ${place})`);
  const text = `charge point ${point.identity} has ${billing.size} back ends that bill: ${said.join(" and ")}; one may bill, the others report`;
  return [wrong(point.nodeId, text)];
}

function wrong(nodeId: string, text: string): ChoiceFinding {
  return { nodeId, severity: "error", code: "BACK_END", text };
}

/** What was deployed for one site, gathered node by node, checked as a whole once everything has started. */

import type { Finding } from "../dlm/topology/checks/finding.ts";
import { checkPlant } from "../dlm/topology/checks/lint.ts";
import { departing } from "../dlm/topology/departed.ts";
import type {
  ChargePointPlacement,
  PlantConnector,
  PlantDefinition,
  PlantTree,
  ZoneDefinition,
} from "../dlm/topology/plant.ts";
import type { ChargePointDefinition } from "../station/types.ts";
import { NOMINAL_V } from "../thresholds.ts";

type Kind = "zone" | "chargePoint" | "dlm";

interface Entry<T> {
  value: T;
  /** False from the node's close until its constructor ran again. */
  live: boolean;
}

export class SitePlant {
  readonly #zones = new Map<string, Entry<ZoneDefinition>>();
  readonly #chargePoints = new Map<string, Entry<ChargePointPlacement>>();
  readonly #dlm = new Map<string, Entry<{ nodeId: string; zoneNodeId: string }>>();
  readonly #broken = new Map<string, Entry<string>>();
  readonly #listeners = new Set<() => void>();
  #tree: PlantTree | null;
  #findings: Finding[] = [];
  /** Zones whose own load was seen for a whole day, by the `ev-dlm` that saw it. */
  readonly #seenADay = new Map<string, ReadonlySet<string>>();
  #site: PlantDefinition["site"] = { voltageV: NOMINAL_V, country: "DE" };

  /** @param lastValid the tree of an earlier run, in force until a commit succeeds (S5, S11) */
  constructor(lastValid: PlantTree | null) {
    this.#tree = lastValid;
  }

  /** The tree in force: the last one without errors; null before the first. */
  get tree(): PlantTree | null {
    return this.#tree;
  }

  /** What the last check found, errors and warnings. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** The errors that keep the deployed tree from coming into force. */
  get errors(): Finding[] {
    return this.#findings.filter(({ severity }) => severity === "error");
  }

  get zones(): { nodeId: string; name: string }[] {
    return [...this.#zones.values()].map(({ value: { nodeId, name } }) => ({ nodeId, name }));
  }

  /** Identities of the charge points that are deployed. */
  get identities(): string[] {
    return [...this.#chargePoints.values()].map(({ value: { identity } }) => identity);
  }

  /** Name of the zone in force that a connector (`<id>/<n>`), a charge point, a meter or the zone itself belongs to; null = none. */
  zoneOf(subject: string): string | null {
    const { connectors = [], zones = [] } = this.#tree ?? {};
    const held = connectors.find(({ id, chargePoint }) => id === subject || chargePoint === subject);
    const isOf = ({ zone, meters }: PlantTree["zones"][number]) =>
      zone.id === subject || meters.some(({ meter }) => meter === subject);
    return held?.zoneName ?? zones.find(isOf)?.zone.id ?? null;
  }

  /**
   * A charge point as far as it may be served while its description is not in force (S5): wiring and safe current are those of the
   * tree in force, and a connector that this tree does not hold falls back to 0 A. Outside all zones it is served as described.
   */
  asInForce(described: ChargePointDefinition): ChargePointDefinition {
    const held = this.#tree?.connectors.filter(({ chargePoint }) => chargePoint === described.identity) ?? [];
    const zone = held[0]?.zoneName ?? described.zone;
    const placement = this.#placementOf(described.identity);
    if (held.length === 0 && !placement?.zoneNodeId && zone === null) return described;
    const inForce = held.map(({ connector: number, wiring }) => {
      const { name, socketType, sessionMeter } = described.connectors.find((one) => one.number === number) ?? {};
      return {
        ...{ number, ...wiring },
        ...(name !== undefined && { name }),
        ...(socketType !== undefined && { socketType }),
        ...(sessionMeter !== undefined && { sessionMeter }),
      };
    });
    const others = described.connectors
      .filter(({ number }) => !inForce.some((one) => one.number === number))
      .map((connector) => ({ ...connector, safeA: 0 }));
    return { ...described, zone, connectors: [...inForce, ...others] };
  }

  /** Nominal voltage between phase and neutral, V. */
  get voltageV(): number {
    return this.#site.voltageV;
  }

  /**
   * Takes note of all zones of which an `ev-dlm` saw the own load for a whole day. Nothing needs to be assumed of them any more: the
   * warning is withdrawn, and listeners are told.
   */
  sawADay(dlm: string, zones: ReadonlySet<string>): void {
    const known = this.#seenADay.get(dlm);
    if (known?.size === zones.size && [...zones].every((zone) => known.has(zone))) return;
    this.#seenADay.set(dlm, zones);
    const nodes = new Set(this.#tree?.zones.flatMap(({ zone, nodeId }) => (zones.has(zone.id) ? [nodeId] : [])));
    const left = this.#findings.filter(({ code, nodeId }) => code !== "NOTHING_ASSUMED" || !nodes.has(nodeId));
    if (left.length === this.#findings.length) return;
    this.#findings = left;
    for (const listener of this.#listeners) listener();
  }

  setSite(site: PlantDefinition["site"]): void {
    this.#site = site;
  }

  putZone(zone: ZoneDefinition): void {
    this.#zones.set(zone.nodeId, { value: zone, live: true });
  }

  putChargePoint(placement: ChargePointPlacement): void {
    this.#chargePoints.set(placement.nodeId, { value: placement, live: true });
  }

  putDlm(nodeId: string, zoneNodeId: string): void {
    this.#dlm.set(nodeId, { value: { nodeId, zoneNodeId }, live: true });
  }

  /**
   * Name of the root zone in force that an `ev-dlm` is to control; null = none. While what is deployed is refused, the one that
   * controlled a zone goes on, whatever it names now; where it is gone, the first that names the zone. Never two for one zone, and none
   * is left without as long as one can be found.
   */
  controlledBy(nodeId: string): string | null {
    const roots = this.#tree?.zones.filter(({ zone }) => zone.parent === null) ?? [];
    return roots.find((root) => this.#controllerOf(root.nodeId ?? "") === nodeId)?.zone.id ?? null;
  }

  #controllerOf(zoneNodeId: string): string | null {
    const { controllers = {} } = this.#tree ?? {};
    const before = controllers[zoneNodeId];
    const deployed = values(this.#dlm);
    if (before !== undefined && this.#dlm.has(before)) return before;
    const busy = new Set(Object.values(controllers));
    return deployed.find((one) => one.zoneNodeId === zoneNodeId && !busy.has(one.nodeId))?.nodeId ?? null;
  }

  /** A zone or charge point that cannot be read: without it the tree cannot be trusted, so it is refused. */
  putBroken(nodeId: string, text: string): void {
    this.#broken.set(nodeId, { value: text, live: true });
  }

  /** A node closes; what it described stays until the next commit, in case the deploy makes it anew. */
  retire(kind: Kind, nodeId: string): void {
    for (const entries of [this.#entries(kind), this.#broken]) {
      const entry = entries.get(nodeId);
      if (entry) entry.live = false;
    }
  }

  /** Called when findings or tree may have changed. @returns a function that stops it */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Checks what is deployed now. Without errors it comes into force; with errors the tree before stays (S5).
   * @param exists whether the charge point of a connector was ever there: one that no node describes any more stays reserved (S8)
   * @returns the tree when it changed, for keeping
   */
  commit(
    producedMeters: string[],
    otherSiteZones: { nodeId: string; name: string }[],
    meterRoles: Readonly<Record<string, string>> = {},
    exists: (connector: PlantConnector) => boolean = () => false,
  ): PlantTree | null {
    for (const entries of [this.#zones, this.#chargePoints, this.#dlm, this.#broken]) {
      for (const [nodeId, { live }] of entries) if (!live) entries.delete(nodeId);
    }
    const definition: PlantDefinition = {
      site: this.#site,
      zones: values(this.#zones),
      chargePoints: values(this.#chargePoints),
      rootDlm: values(this.#dlm),
      producedMeters,
      meterRoles,
      otherSiteZones,
      seenADay: new Set([...this.#seenADay.values()].flatMap((zones) => [...zones])),
    };
    const { tree, findings } = checkPlant(definition);
    const broken = [...this.#broken].map(
      ([nodeId, { value: text }]): Finding => ({ nodeId, severity: "error", code: "BROKEN", text }),
    );
    this.#findings = [...broken, ...findings];
    const accepted = broken.length ? null : tree;
    if (accepted && this.#tree) accepted.connectors.push(...departing(this.#tree, accepted, exists));
    if (accepted) this.#tree = accepted;
    for (const listener of this.#listeners) listener();
    return accepted;
  }

  /** Takes charge points that no node describes any more out of the tree in force. */
  forget(identities: readonly string[]): void {
    const tree = this.#tree;
    if (!tree) return;
    const isGone = ({ departed, chargePoint }: PlantConnector) => departed === true && identities.includes(chargePoint);
    this.#tree = { ...tree, connectors: tree.connectors.filter((connector) => !isGone(connector)) };
  }

  #placementOf(identity: string): ChargePointPlacement | undefined {
    return values(this.#chargePoints).find((placement) => placement.identity === identity);
  }

  #entries(kind: Kind): Map<string, { live: boolean }> {
    return kind === "zone" ? this.#zones : kind === "chargePoint" ? this.#chargePoints : this.#dlm;
  }
}

function values<T>(entries: Map<string, Entry<T>>): T[] {
  return [...entries.values()].map(({ value }) => value);
}

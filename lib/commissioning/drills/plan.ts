import type { SeemingDraw } from "../../dlm/inputs/drill.ts";
import { pminW } from "../../dlm/inputs/outside/pmin.ts";
import type { PlantConnector } from "../../dlm/topology/plant.ts";
import { pathOf, placeOf } from "../../dlm/topology/root-plant.ts";
import { EvError } from "../../errors.ts";
import { allowedA } from "../../over-limit.ts";
import { END_DOUBT_MS, SAFE_A, SETTLED_MS, TELLING_A } from "../../thresholds.ts";
import type { Note, Values } from "../../words/types.ts";
import { type Row, rowsAbove } from "../rows.ts";
import { fallAt, type MeterPoint } from "./fall.ts";
import {
  type Counted,
  commandedSum,
  connectorsBelow,
  drawA,
  factsOf,
  fullestPhase,
  measuredSince,
  measuredSum,
  phasesOf,
  type Sight,
  toldA,
} from "./loads.ts";
import { type DrillAsked, LONGEST_S } from "./request.ts";
import { type Ceilings, makeRoom, ROOM_A } from "./room.ts";
import type { DrillKind } from "./view-types.ts";

/** A limit, or a lower share for others, has reached the chargers after this, s: leases, gaps between calls, slow answers. */
const REACHED_S = 15;
/** What can be seen of a lease's end comes so much later at most, s. */
const DOUBT_S = END_DOUBT_MS / 1000;
/** A drill takes so much longer than what it waits for at most, s. */
const SPARE_S = 15;
/** What others have to give way for, A, and the most that a charger seems to draw too much. */
const GIVE_A = 8;
const LEAST_GIVE_A = 2;
const MOST_EXCESS_A = 20;
/** Of what others can give up so much is asked. */
const PART = 0.8;
const LIMIT_S = 60;
/** A charger that was told less has so long to follow before others give way for it, s. */
const FOLLOWS_S = SETTLED_MS / 1000;
const DISOBEY_S = 60;

/** A charger as a drill sees it. */
export interface DrilledCharger {
  ocpp: boolean;
  /** In service: connected, and past its start. */
  ready: boolean;
  /** Its firmware is being updated. */
  updating: boolean;
  /** Left alone it goes to its safe current by itself, as far as is known of its model. */
  fallsBack: boolean;
  /** When the last of its limits ends that ends downwards, monotonic; −Infinity without one. @param connector its number */
  leaseEndMs(connector: number): number;
  /** Its energy register at the newest reading, Wh; null = it has none. */
  energyWh(connector: number): number | null;
}

/** What a drill takes away or lets be seen. */
export interface Effect {
  /** Identity of the charge point whose connection is held shut. */
  shut?: string;
  /** Name of the meter whose readings are ignored. */
  hides?: string;
  limit?: { zone: string; powerW: number };
  draw?: SeemingDraw;
}

/** What was seen at one moment, in the unit of the plan. */
export interface Looked {
  commanded: number | null;
  isCommanded: boolean;
  measured: number | null;
  /** When what is drawn was seen to be safe, monotonic; null = not yet. */
  measuredAtMs: number | null;
}

/** What the drill has heard so far. */
export interface Heard {
  startedMs: number;
  /** When the chargers had confirmed what is safe, monotonic; null = not yet. */
  commandedAtMs: number | null;
  /** Since when the other chargers have been told and drawn the same, s: what a meter shows from then on is not theirs. */
  calmFromS: number;
  /** Samples of each meter since a while before the start. */
  samples: ReadonlyMap<string, readonly MeterPoint[]>;
}

/** A drill that may begin. */
export interface Plan {
  kind: DrillKind;
  target: string;
  /** The most that its fault lasts, s. */
  seconds: number;
  unit: "A" | "W";
  /** At or below this the chargers are safe. */
  limit: number;
  allowedS: number;
  root: string;
  /** What stays as it is meanwhile: no connector is raised. */
  holds: boolean;
  /** The fault ends before a phase above has less than this left, A; null = that does not matter to it. */
  leastRoomA: number | null;
  /** What others have to leave before it can begin; null = there is room. */
  room: Ceilings | null;
  effect: Effect;
  began: Note;
  /** The connectors whose rows are watched. */
  members: readonly PlantConnector[];
  look(sight: Sight, heard: Heard): Looked;
}

export interface PlanOptions {
  sight: Sight;
  asked: DrillAsked;
  charger(chargePoint: string): DrilledCharger | undefined;
}

/** @throws EvError EV_DRILL with `field` for why a drill would not be safe, or would show nothing */
export function planDrill(options: PlanOptions): Plan {
  const { sight, asked } = options;
  const silent = sight.decision.view.meters.find(({ state }) => state !== "good");
  if (silent) throw refused(asked, "drillMeterBad", { meter: silent.meter });
  switch (asked.kind) {
    case "link":
      return planLink(options);
    case "meter":
      return planMeter(options);
    case "limit":
      return planLimit(options);
    case "disobey":
      return planDisobey(options);
  }
}

/** Why a drill does not begin. */
export function refused(
  { kind, target }: Pick<DrillAsked, "kind" | "target">,
  field: string,
  values: Values = {},
): EvError {
  return new EvError("EV_DRILL", `the drill "${kind}" at ${target || "the site"} cannot begin (${field})`, {
    field,
    values: { target, ...values },
  });
}

/** The rows above some connectors, each zone once; what is left counts to the limit itself. */
export function rowsOf({ decision: { view, result } }: Sight, members: readonly PlantConnector[]): Row[] {
  const rows = new Map<string, Row>();
  for (const member of members)
    for (const row of rowsAbove(member, view, result, false)) if (!rows.has(row.zone)) rows.set(row.zone, row);
  return [...rows.values()];
}

function planLink({ sight, asked, charger }: PlanOptions): Plan {
  const { decision, nowMs } = sight;
  const member = chargingAt(sight, asked);
  const { id, chargePoint, connector, wiring } = member;
  const station = charger(chargePoint);
  const facts = factsOf(decision, id)!;
  if (!station?.ocpp) throw refused(asked, "drillNoOcpp");
  if (!station.ready) throw refused(asked, "drillOffline");
  if (station.updating) throw refused(asked, "drillUpdating");
  if (!station.fallsBack || facts.aloneA !== undefined) throw refused(asked, "drillNoFallBack");
  const endMs = station.leaseEndMs(connector);
  if (!Number.isFinite(endMs)) throw refused(asked, "drillUnconfirmed");
  const { safeA } = wiring;
  const drawnA = drawA(decision, id) ?? toldA(sight, id);
  if (Math.min(drawnA, toldA(sight, id)) < safeA + TELLING_A)
    throw refused(asked, "drillNothing", { current: amps(drawnA), safe: amps(safeA) });
  const room = roomFor(sight, asked, [member], (one) => (one.id === id ? safeA + TELLING_A + 1 : one.wiring.minA));
  const leaseS = Math.ceil((endMs - nowMs) / 1000);
  const above = pathOf(decision.view.plant, member.zone);
  const meters = above.flatMap(({ meters: listed }) =>
    listed.filter(({ location }) => location === "including").map(({ meter }) => meter),
  );
  const phases = phasesOf(decision, id);
  return {
    ...base(sight, asked),
    seconds: secondsOf(asked, leaseS + DOUBT_S + SPARE_S),
    unit: "A",
    limit: safeA,
    allowedS: leaseS + DOUBT_S,
    holds: true,
    leastRoomA: 1,
    room,
    effect: { shut: chargePoint },
    began: { code: "drill.beganLink", values: { target: chargePoint } },
    members: [member],
    look: ({ acceptedA }, { samples, startedMs, calmFromS }) => {
      const commanded = acceptedA(id);
      const traces = meters.map((meter) => (samples.get(meter) ?? []).filter(({ atS }) => atS >= calmFromS));
      // A fall that others hid is not known: nothing is said of what it drew.
      const isWatched = calmFromS < leaseS - DOUBT_S;
      const fellS = traces.map((trace) => fallAt(trace, phases, drawnA - safeA)).find((atS) => atS !== null) ?? null;
      return {
        commanded,
        isCommanded: commanded !== null && commanded <= safeA,
        measured: isWatched ? estimate(traces[0] ?? [], phases, drawnA) : null,
        measuredAtMs: fellS === null ? null : startedMs + fellS * 1000,
      };
    },
  };
}

/** What a charger draws, by what a meter above it shows less than in its first sample, A; null = there is none. */
function estimate(trace: readonly MeterPoint[], phases: readonly number[], drawnA: number): number | null {
  const before = trace[0];
  const now = trace.at(-1);
  if (!before || !now) return null;
  const fell = phases.map((phase) => (before.currentA[phase] ?? Number.NaN) - (now.currentA[phase] ?? Number.NaN));
  const mean = fell.reduce((sum, one) => sum + one, 0) / fell.length;
  return Number.isNaN(mean) ? null : Math.max(0, drawnA - mean);
}

function planMeter({ sight, asked }: PlanOptions): Plan {
  const { decision } = sight;
  const { plant } = decision.view;
  const { target: meter } = asked;
  const zones = plant.zones.filter(({ meters }) => meters.some((one) => one.meter === meter));
  if (zones.length === 0) throw refused(asked, "drillUnknownMeter");
  const members = plant.connectors.filter(({ id, zone }) => {
    const isBelow = pathOf(plant, zone).some((above) => zones.includes(above));
    return isBelow && factsOf(decision, id)?.state !== "offline" && toldA(sight, id) > 0;
  });
  const mostA = new Map(
    members.map(({ id, zone }) => {
      const failSafeA = pathOf(plant, zone)
        .filter((above) => zones.includes(above))
        .map((above) => above.zone.failSafeA ?? SAFE_A);
      return [id, Math.min(toldA(sight, id), ...failSafeA)];
    }),
  );
  const isTelling = (roomA?: Ceilings | null) =>
    members.some(
      ({ id }) => Math.min(toldA(sight, id), roomA?.get(id) ?? Number.POSITIVE_INFINITY) >= mostA.get(id)! + 1,
    );
  if (!isTelling()) throw refused(asked, "drillNothingAbove");
  const room = roomFor(sight, asked, members, ({ wiring }) => wiring.minA);
  if (!isTelling(room)) throw tooTight(sight, asked, members);
  const staleS = Math.max(
    ...zones.flatMap(({ meters }) => meters.filter((one) => one.meter === meter)).map(({ staleAfterS }) => staleAfterS),
  );
  const counted: Counted = { phase: fullestPhase(sight, members) };
  const onPhase = members.filter(({ id }) => phasesOf(decision, id).includes(counted.phase));
  return {
    ...base(sight, asked),
    seconds: secondsOf(asked, staleS + REACHED_S + SPARE_S),
    unit: "A",
    limit: round(onPhase.reduce((sum, { id }) => sum + mostA.get(id)!, 0)),
    allowedS: staleS + REACHED_S,
    holds: false,
    leastRoomA: 1,
    room,
    effect: { hides: meter },
    began: { code: "drill.beganMeter", values: { target: meter } },
    members,
    look: (now, { commandedAtMs, startedMs }) => {
      const isCommanded = members.every(({ id }) => toldA(now, id) <= mostA.get(id)! + NEAR);
      const isDrawn = members.every(({ id }) => (drawA(now.decision, id) ?? 0) <= allowedA(mostA.get(id)!));
      return {
        commanded: commandedSum(now, members, counted),
        isCommanded,
        measured: measuredSum(now, members, counted),
        measuredAtMs: isDrawn && commandedAtMs !== null ? measuredSince(now, members, startedMs) : null,
      };
    },
  };
}

function planLimit({ sight, asked }: PlanOptions): Plan {
  const { plant } = sight.decision.view;
  const zone = asked.target || plant.zones.find(({ zone: { parent } }) => parent === null)!.zone.id;
  if (!plant.byName.has(zone)) throw refused(asked, "drillUnknownZone");
  const members = connectorsBelow(sight.decision, zone);
  const devices = new Set(members.map(({ chargePoint }) => chargePoint)).size;
  if (devices === 0) throw refused(asked, "drillUnknownZone");
  const powerW = Math.round(asked.limitW ?? pminW({ devices, ems: true }));
  const nowW = commandedSum(sight, members, "power");
  if (nowW <= powerW * 1.05)
    throw refused({ ...asked, target: zone }, "drillBelow", { power: Math.round(nowW), limit: powerW });
  return {
    ...base(sight, { ...asked, target: zone }),
    seconds: secondsOf(asked, LIMIT_S, REACHED_S),
    unit: "W",
    limit: powerW,
    allowedS: REACHED_S,
    holds: false,
    leastRoomA: null,
    room: null,
    effect: { limit: { zone, powerW } },
    began: {
      code: asked.limitW === null ? "drill.beganLimit" : "drill.beganLimitGiven",
      values: { target: zone, limit: powerW, devices },
    },
    members,
    look: (now, { commandedAtMs, startedMs }) => {
      const commanded = commandedSum(now, members, "power");
      const measured = measuredSum(now, members, "power");
      const isDrawn = measured !== null && measured <= powerW * 1.05 + 115;
      return {
        commanded,
        isCommanded: commanded <= powerW * 1.001 + 12,
        measured,
        measuredAtMs: isDrawn && commandedAtMs !== null ? measuredSince(now, members, startedMs) : null,
      };
    },
  };
}

function planDisobey({ sight, asked }: PlanOptions): Plan {
  const { decision } = sight;
  const member = chargingAt(sight, asked);
  const { id } = member;
  if (drawA(decision, id) === null) throw refused(asked, "drillNoReading");
  const row = tightestRow(sight, member);
  if (!row) throw refused(asked, "drillAlone");
  const { others, counted, slackA, giveA } = row;
  if (slackA + giveA > MOST_EXCESS_A) throw refused(asked, "drillRoomy", { room: amps(slackA) });
  const seemsA = round(toldA(sight, id) + slackA + giveA);
  const limit = round(commandedSum(sight, others, counted) - giveA);
  return {
    ...base(sight, asked),
    seconds: secondsOf(asked, DISOBEY_S, REACHED_S + FOLLOWS_S),
    unit: "A",
    limit,
    allowedS: REACHED_S + FOLLOWS_S,
    holds: true,
    leastRoomA: null,
    room: null,
    effect: { draw: { connector: id, drawA: seemsA, isReported: true } },
    began: {
      code: "drill.beganDisobey",
      values: { target: id, current: amps(seemsA), limit: amps(toldA(sight, id)) },
    },
    members: others,
    look: (now, { commandedAtMs, startedMs }) => {
      const commanded = commandedSum(now, others, counted);
      const measured = measuredSum(now, others, counted);
      const isDrawn = measured !== null && measured <= limit + 1;
      return {
        commanded,
        isCommanded: commanded <= limit + NEAR,
        measured,
        measuredAtMs: isDrawn && commandedAtMs !== null ? measuredSince(now, others, startedMs) : null,
      };
    },
  };
}

/** Where a greater draw of a connector has to be made up for by others first; null = no other could. */
function tightestRow(sight: Sight, member: PlantConnector) {
  const { decision } = sight;
  const { plant } = decision.view;
  const rows = pathOf(plant, member.zone).flatMap(({ zone: { id: zone } }) =>
    phasesOf(decision, member.id).flatMap((phase) => {
      const counted = { phase: phase as 0 | 1 | 2 };
      const below = connectorsBelow(decision, zone);
      const slackA = Math.max(
        0,
        (decision.result.target.zones[zone]?.capacityA[counted.phase] ?? 0) - commandedSum(sight, below, counted),
      );
      const others = below.filter(({ id }) => {
        const isCharging = factsOf(decision, id)?.state === "charging";
        return id !== member.id && isCharging && phasesOf(decision, id).includes(phase);
      });
      const givableA = others.reduce((sum, { id, wiring }) => sum + Math.max(0, toldA(sight, id) - wiring.minA), 0);
      const giveA = Math.min(GIVE_A, Math.floor(givableA * PART));
      return [{ others, counted, slackA, giveA }];
    }),
  );
  const tightest = rows.toSorted((a, b) => a.slackA - b.slackA)[0];
  return tightest && tightest.giveA >= LEAST_GIVE_A ? tightest : null;
}

/** The connector at which a car charges and obeys. */
function chargingAt(sight: Sight, asked: DrillAsked): PlantConnector {
  const { decision } = sight;
  const member = placeOf(decision.view.plant, asked.target);
  const facts = factsOf(decision, asked.target);
  if (!member || !facts) throw refused(asked, "drillUnknown");
  if (facts.state === "offline") throw refused(asked, "drillOffline");
  if (facts.reservedA !== null) throw refused(asked, "drillDisobeys");
  if (facts.state !== "charging" || toldA(sight, asked.target) < member.wiring.minA) throw refused(asked, "drillNoCar");
  return member;
}

/** @returns what others have to leave first; null = there is room @throws EvError where the cars cannot leave so much */
function roomFor(
  sight: Sight,
  asked: DrillAsked,
  members: readonly PlantConnector[],
  leastA: (member: PlantConnector) => number,
): Ceilings | null {
  const rows = rowsOf(sight, members);
  if (rows.every(({ roomA }) => roomA >= ROOM_A)) return null;
  const room = makeRoom(sight, rows, leastA);
  if (!room) throw tooTight(sight, asked, members);
  return room;
}

function tooTight(sight: Sight, asked: DrillAsked, members: readonly PlantConnector[]): EvError {
  const tight = rowsOf(sight, members).toSorted((a, b) => a.roomA - b.roomA)[0]!;
  return refused(asked, "drillRoom", { zone: tight.zone, room: amps(Math.max(0, tight.roomA)) });
}

/** @param needS what it needs @param leastS what it needs at least to show anything */
function secondsOf(asked: DrillAsked, needS: number, leastS = needS): number {
  if (needS > LONGEST_S) throw refused(asked, "drillLong", { seconds: Math.round(needS) });
  if (asked.seconds !== null && asked.seconds < leastS)
    throw refused(asked, "drillShort", { seconds: Math.ceil(leastS) });
  return asked.seconds ?? Math.ceil(needS);
}

function base({ decision }: Sight, { kind, target }: DrillAsked): Pick<Plan, "kind" | "target" | "root"> {
  return { kind, target, root: decision.view.plant.zones[0]!.root };
}

const NEAR = 0.1;
const round = (value: number): number => Math.round(value * 10) / 10;
const amps = (value: number): string => `${round(value)} A`;

/** Where everything of the single-line diagram stands. Pure: figures in, figures out, px. */
import type { ChargerItem, ZoneItem } from "../../../../lib/overview/types.ts";

/** More chargers on one zone than this are drawn as small squares. */
const MOST_ROWS = 8;
const EDGE = 10;
const INDENT = 18;
/** Deeper zones are not indented further: bars need room. */
const DEEPEST = 6;
const TILE = 16;

export interface DiagramPlace {
  x: number;
  y: number;
}

export interface ZonePlace extends DiagramPlace {
  id: string;
  /** 1 = root. */
  level: number;
  /** Where its busbar ends. */
  busToY: number;
}

export interface LeafPlace extends DiagramPlace {
  id: string;
  level: number;
  kind: "meter" | "row" | "tile";
}

export interface Stub extends DiagramPlace {
  toX: number;
}

export interface Layout {
  width: number;
  height: number;
  zones: ZonePlace[];
  leaves: LeafPlace[];
  /** From a busbar to what hangs on it. */
  stubs: Stub[];
  /** Grid connections, one above each root. */
  supplies: DiagramPlace[];
}

/** Heights of one zone's own part and of one row. */
export const ZONE_HEIGHT = 80;
export const ROW_HEIGHT = 22;
const SUPPLY_HEIGHT = 30;

/**
 * Lays the trees of zones below each other. What hangs on a zone: its meters, its chargers, then the zones below it.
 * @param width of the drawing, px
 */
export function layOut(zones: readonly ZoneItem[], chargers: readonly ChargerItem[], width: number): Layout {
  const layout: Layout = { width, height: 0, zones: [], leaves: [], stubs: [], supplies: [] };
  const names = new Set(zones.map(({ id }) => id));
  let y = 4;
  for (const root of zones.filter(({ parent }) => parent === null || !names.has(parent))) {
    layout.supplies.push({ x: EDGE, y: y + 8 });
    y = placeZone(root, 1, y + SUPPLY_HEIGHT, { layout, zones, chargers });
    y += 10;
  }
  layout.height = y;
  return layout;
}

interface Context {
  layout: Layout;
  zones: readonly ZoneItem[];
  chargers: readonly ChargerItem[];
}

/** @returns y below everything that hangs on it */
function placeZone(zone: ZoneItem, level: number, top: number, context: Context): number {
  const { layout, zones } = context;
  const x = EDGE + INDENT * (Math.min(level, DEEPEST) - 1);
  const place: ZonePlace = { id: zone.id, x, y: top + 8, level, busToY: top + 16 };
  layout.zones.push(place);
  const inner = EDGE + INDENT * (Math.min(level + 1, DEEPEST) - 1);
  const stub = (y: number): void => {
    layout.stubs.push({ x, y, toX: Math.max(inner, x + 6) });
    place.busToY = y;
  };
  let y = top + ZONE_HEIGHT;
  for (const id of zone.meters) {
    layout.leaves.push({ kind: "meter", id, level: level + 1, x: Math.max(inner, x + 12), y: y + ROW_HEIGHT / 2 });
    stub(y + ROW_HEIGHT / 2);
    y += ROW_HEIGHT;
  }
  y = placeChargers(zone.id, level + 1, { x: Math.max(inner, x + 12), y }, context, stub);
  for (const below of zones.filter(({ parent }) => parent === zone.id)) {
    y += 8;
    stub(y - 1);
    y = placeZone(below, level + 1, y, context);
  }
  return y;
}

function placeChargers(
  zone: string,
  level: number,
  { x, y }: DiagramPlace,
  { layout, chargers }: Context,
  stub: (y: number) => void,
): number {
  const hung = chargers.filter((charger) => charger.zone === zone);
  if (hung.length === 0) return y;
  if (hung.length <= MOST_ROWS) {
    for (const [index, { id }] of hung.entries()) {
      const middle = y + ROW_HEIGHT * (index + 0.5);
      layout.leaves.push({ kind: "row", id, level, x, y: middle });
      stub(middle);
    }
    return y + ROW_HEIGHT * hung.length;
  }
  const across = Math.max(1, Math.floor((layout.width - EDGE - x + TILE / 2) / TILE));
  for (const [index, { id }] of hung.entries()) {
    const at = { x: x + TILE * (index % across), y: y + TILE * (Math.floor(index / across) + 0.5) };
    layout.leaves.push({ kind: "tile", id, level, ...at });
  }
  stub(y + TILE / 2);
  return y + TILE * Math.ceil(hung.length / across) + 4;
}

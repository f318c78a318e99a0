import { seeded } from "../../lib/simulator/random.ts";

/** A day of a house with PV, second by second, without any car. */
export interface PvDay {
  name: string;
  /** Power of the PV plant and of the house, W, from 06:00 on. */
  pvW: Float64Array;
  houseW: Float64Array;
}

export type Sky = "sunny" | "cloudy" | "flapping";

const HOURS = 14;
const SECONDS = HOURS * 3600;
const PLANT_W = 9900;

/** A day from 06:00 to 20:00 below a sky, the same for the same seed: a plant of 9.9 kWp and an ordinary household. */
export function pvDay(sky: Sky, seed: number): PvDay {
  const random = seeded(seed);
  const clouds = { sunny, cloudy, flapping }[sky](random);
  const pvW = Float64Array.from({ length: SECONDS }, (_, s) => {
    const flicker = 1 + 0.004 * (random() - 0.5);
    return Math.max(0, PLANT_W * clearSky(s) * clouds[s]! * flicker);
  });
  return { name: sky, pvW, houseW: household(random) };
}

/** Share of the peak that a plant facing south gives below a clear sky in June, s after 06:00. */
function clearSky(second: number): number {
  const hour = 6 + second / 3600;
  return 0.92 * Math.max(0, Math.sin((Math.PI * (hour - 5.4)) / 15.6)) ** 1.35;
}

/** Haze that comes and goes, and now and then a cloud. */
function sunny(random: () => number): Float64Array {
  const sky = wander(random, { mean: 0.97, spread: 0.02, timeS: 1800 });
  for (let i = 0; i < 4; i++) shade(sky, Math.floor(random() * SECONDS), 40 + random() * 120, 0.45 + random() * 0.3);
  return sky;
}

/** A closed cover that is thinner and thicker over tens of minutes, with texture. */
function cloudy(random: () => number): Float64Array {
  const cover = wander(random, { mean: 0.45, spread: 0.18, timeS: 1500 });
  const texture = wander(random, { mean: 1, spread: 0.06, timeS: 60 });
  return cover.map((value, s) => Math.min(1, Math.max(0.06, value * texture[s]!)));
}

/** Cumulus: sun for minutes, shade for minutes, edges of seconds, brighter than clear beside a cloud. */
function flapping(random: () => number): Float64Array {
  const sky = new Float64Array(SECONDS).fill(1.02);
  for (let s = 0; s < SECONDS; ) {
    s += 60 + Math.floor(exponential(random) * 240);
    const lastsS = 20 + Math.floor(exponential(random) * 110);
    shade(sky, s, lastsS, 0.28 + random() * 0.25);
    s += lastsS;
  }
  return sky;
}

/** A cloud's shadow: its edges pass in 4 to 14 s. */
function shade(sky: Float64Array, fromS: number, lastsS: number, depth: number): void {
  const edgeS = 4 + (lastsS % 10);
  for (let s = Math.max(0, Math.floor(fromS - edgeS)); s < Math.min(sky.length, fromS + lastsS + edgeS); s++) {
    const inS = Math.min(s - (fromS - edgeS), fromS + lastsS + edgeS - s);
    const share = Math.min(1, Math.max(0, inS / edgeS));
    sky[s]! *= 1 - share * (1 - depth);
  }
}

/** A value that wanders around its mean (Ornstein-Uhlenbeck). */
function wander(random: () => number, walk: { mean: number; spread: number; timeS: number }): Float64Array {
  let off = 0;
  const pull = 1 / walk.timeS;
  return Float64Array.from({ length: SECONDS }, () => {
    off += -off * pull + walk.spread * Math.sqrt(2 * pull) * normal(random);
    return walk.mean + off;
  });
}

/** What the household draws, W: always something, a refrigerator, and appliances when people use them. */
function household(random: () => number): Float64Array {
  const load = wander(random, { mean: 230, spread: 25, timeS: 300 });
  for (let s = Math.floor(random() * 2400); s < SECONDS; s += 2000 + Math.floor(random() * 800)) add(load, s, 900, 90);
  for (const [hour, times] of [
    [7, 2],
    [10, 1],
    [13, 1],
    [16, 2],
    [19, 1],
  ] as const)
    for (let i = 0; i < times; i++) add(load, at(hour, random), 90 + random() * 90, 2000);
  thermostat(load, at(12, random), 2700, 1500, random);
  thermostat(load, at(18, random), 3300, 2200, random);
  const washS = at(9, random);
  add(load, washS + 300, 900, 1950);
  add(load, washS + 1800, 2700, 180);
  const dishesS = at(14, random);
  add(load, dishesS + 600, 840, 1900);
  add(load, dishesS + 3600, 600, 1900);
  return load.map((value) => Math.max(80, value));
}

/** A hob or an oven: on and off by its thermostat. */
function thermostat(load: Float64Array, fromS: number, lastsS: number, powerW: number, random: () => number): void {
  for (let s = fromS; s < fromS + lastsS; ) {
    const onS = 15 + random() * 60;
    add(load, s, onS, powerW);
    s += Math.floor(onS + 10 + random() * 70);
  }
}

function add(load: Float64Array, fromS: number, lastsS: number, powerW: number): void {
  const from = Math.floor(fromS);
  for (let s = Math.max(0, from); s < Math.min(load.length, from + Math.floor(lastsS)); s++) load[s]! += powerW;
}

function at(hour: number, random: () => number): number {
  return Math.floor((hour - 6 + random() * 0.8) * 3600);
}

function exponential(random: () => number): number {
  return -Math.log(1 - random());
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

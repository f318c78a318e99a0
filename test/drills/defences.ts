/**
 * Ways to take one defence out of the installed package, so that a drill can show that it sees the harm. The copy in one user
 * directory is changed; the product itself has no such switches.
 */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";

interface Removal {
  /** Module below `dist/`. */
  file: string;
  /** Added to its end; `exports` is what it exports. */
  code: string;
}

/** Named for what is missing then. */
export const DEFENCES = {
  /** A meter that says nothing any more counts as fresh. */
  staleMeters: [
    {
      file: "lib/dlm/meter-bank.js",
      code: `const { condition } = exports.MeterBank.prototype;
        exports.MeterBank.prototype.condition = function (...args) {
          const found = condition.apply(this, args);
          return { ...found, state: found.currentA ? "good" : found.state, ageS: 0 };
        };`,
    },
  ],
  /** A meter may repeat itself for ever. */
  frozenMeters: [
    { file: "lib/metering/frozen.js", code: "exports.FrozenWatch.prototype.add = () => null;" },
    {
      file: "lib/dlm/meter-watch.js",
      code: `const { add } = exports.MeterWatch.prototype;
        exports.MeterWatch.prototype.add = function (sample, nowMs, lifeS) {
          return add.call(this, sample, nowMs, lifeS, false);
        };`,
    },
  ],
  /** Whatever is decoded is believed, and nothing is 0 A. */
  readingQuality: [
    {
      file: "lib/metering/judge.js",
      code: `const { judge } = exports.Judge.prototype;
        exports.Judge.prototype.judge = function (...args) {
          const judged = judge.apply(this, args);
          const currentA = judged.measurement.currentA.map((amps) => amps ?? 0);
          return { ...judged, measurement: { ...judged.measurement, currentA }, quality: "good", problems: [], frozenSinceMs: null };
        };`,
    },
  ],
  /** A charger that is away counts as none. */
  offlineReserve: [
    {
      file: "lib/station/facts.js",
      code: `const { connectorFacts } = exports;
        exports.connectorFacts = (...args) => ({ ...connectorFacts(...args), disconnectedA: 0 });`,
    },
  ],
  /** Limits have no end, and nothing lies below them. */
  leases: [
    {
      file: "lib/profile/compile.js",
      code: `const { compileLimit, compileBaseline } = exports;
        const endless = (request) => {
          request.csChargingProfiles.chargingSchedule.chargingSchedulePeriod.length = 1;
          return request;
        };
        exports.compileLimit = (...args) => compileLimit(...args).slice(0, 1).map(endless);`,
    },
  ],
  /** A deploy closes everything and makes it anew. */
  lingering: [
    {
      file: "lib/lingering.js",
      code: `const { release } = exports;
        exports.release = (kind, key) => release(kind, key, true);`,
    },
  ],
  /** Ages and leases are counted by the wall clock. */
  monotonicClock: [{ file: "lib/clock.js", code: "exports.systemClock.nowMs = () => Date.now();" }],
  /** The first reading of a meter holds for ever. */
  newReadings: [
    {
      file: "lib/dlm/meter-watch.js",
      code: `const { sight } = exports.MeterWatch.prototype;
        const first = new WeakMap();
        exports.MeterWatch.prototype.sight = function () {
          const seen = sight.call(this);
          if (seen.currentA && !first.has(this)) first.set(this, seen.currentA);
          return { ...seen, currentA: first.get(this) ?? seen.currentA };
        };`,
    },
  ],
  /** A fault is a fault: no outlet may be live then. */
  weldedReserve: [
    {
      file: "lib/station/state-mapping.js",
      code: `const { connectorState } = exports;
        exports.connectorState = (reported) => connectorState({ ...reported, errorCode: null });`,
    },
  ],
} as const satisfies Record<string, readonly Removal[]>;

export type Defence = keyof typeof DEFENCES;

const PACKAGE = "node_modules/@phasewise/node-red-ev-charging/dist";

/** Takes a defence out of the package installed in a user directory. @throws Error when the module is not there any more */
export function takeOut(userDir: string, defence: Defence): void {
  for (const { file, code } of DEFENCES[defence]) {
    const path = join(userDir, PACKAGE, file);
    if (!existsSync(path)) throw new Error(`${defence}: there is no ${file} in the package`);
    appendFileSync(path, `\n;{\n${code}\n}\n`);
  }
}

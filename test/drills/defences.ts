/**
 * Ways to take one defence out of the installed package, so that a drill can show that it sees the harm. The copy in one user
 * directory is changed; the product itself has no such switches.
 */
import { changeInstalled } from "../e2e/package.ts";

interface Removal {
  /** Module below `dist/`. */
  file: string;
  /** Added to its end; `exports` is what it exports. */
  code: string;
}

const ANY_READING: Removal = {
  file: "lib/metering/judge.js",
  code: `const { judge } = exports.Judge.prototype;
        exports.Judge.prototype.judge = function (...args) {
          const judged = judge.apply(this, args);
          const currentA = judged.measurement.currentA.map((amps) => amps ?? 0);
          return { ...judged, measurement: { ...judged.measurement, currentA }, quality: "good", problems: [], frozenSinceMs: null };
        };`,
};

const NO_DOUBTS: Removal = {
  file: "lib/dlm/meters/plausibility/meter-doubts.js",
  code: "exports.MeterDoubts.prototype.of = () => null;",
};

const SILENT_METERS: Removal = {
  file: "lib/dlm/meters/meter-bank.js",
  code: `const { condition } = exports.MeterBank.prototype;
        exports.MeterBank.prototype.condition = function (...args) {
          const found = condition.apply(this, args);
          return { ...found, state: found.currentA ? "good" : found.state, ageS: 0 };
        };`,
};

const FIRST_READING: Removal = {
  file: "lib/dlm/meters/meter-watch.js",
  code: `const { sight } = exports.MeterWatch.prototype;
        const first = new WeakMap();
        exports.MeterWatch.prototype.sight = function () {
          const seen = sight.call(this);
          if (seen.currentA && !first.has(this)) first.set(this, seen.currentA);
          return { ...seen, currentA: first.get(this) ?? seen.currentA };
        };`,
};

/** Named for what is missing then. */
export const DEFENCES = {
  /** A meter that says nothing any more counts as fresh. */
  staleMeters: [SILENT_METERS],
  /** A meter may repeat itself for ever. */
  frozenMeters: [
    { file: "lib/metering/frozen.js", code: "exports.FrozenWatch.prototype.add = () => null;" },
    {
      file: "lib/dlm/meters/meter-watch.js",
      code: `const { add } = exports.MeterWatch.prototype;
        exports.MeterWatch.prototype.add = function (sample, nowMs, lifeS) {
          return add.call(this, sample, nowMs, lifeS, false);
        };`,
    },
  ],
  /** Nobody compares a meter with the chargers behind it. */
  meterSteps: [NO_DOUBTS],
  /** Whatever is decoded is believed, and nothing is 0 A. */
  readingQuality: [ANY_READING],
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
        const endless = (profile) => ({ ...profile, periods: profile.periods.slice(0, 1) });
        exports.compileLimit = (...args) => compileLimit(...args).slice(0, 1).map(endless);`,
    },
  ],
  /** A pause is leased as any other limit, and nobody asks whether a limit fits beside what the others hold by themselves. */
  lateEnds: [
    {
      file: "lib/profile/lease.js",
      code: `exports.upwardLeaseS = () => 0;
        exports.upwardLeftS = () => -20;`,
    },
    { file: "lib/profile/write-gate.js", code: "exports.WriteGate.prototype.admits = () => true;" },
    {
      file: "lib/station/facts.js",
      code: `const { connectorFacts } = exports;
        exports.connectorFacts = (...args) => ({ ...connectorFacts(...args), aloneA: undefined });`,
    },
  ],
  /** A deploy closes everything and makes it anew. */
  lingering: [
    {
      file: "lib/shared-resources.js",
      code: `const { release } = exports;
        exports.release = (kind, key) => release(kind, key, true);`,
    },
  ],
  /** Ages and leases are counted by the wall clock. */
  monotonicClock: [{ file: "lib/clock.js", code: "exports.systemClock.nowMs = () => Date.now();" }],
  /** The first reading of a meter holds for ever. */
  newReadings: [FIRST_READING],
  /** After a stall things go on as they were, whatever was missed. */
  afterStalls: [SILENT_METERS, FIRST_READING],
  /** A fault is a fault: no outlet may be live then. */
  weldedReserve: [
    {
      file: "lib/station/capabilities/state-mapping.js",
      code: `const { connectorState } = exports;
        exports.connectorState = (reported) => connectorState({ ...reported, mayBeLive: false });`,
    },
  ],
  /** Answers on a serial line count whatever their check sum says, and so does what they say. */
  checkSums: [
    ANY_READING,
    NO_DOUBTS,
    {
      file: "lib/modbus/rtu-frames.js",
      code: `const { findFrame, answerKind } = exports;
        exports.findFrame = (bytes, expected) => {
          const found = findFrame(bytes, expected);
          if (found !== "corrupt") return found;
          const answers = (start) => answerKind(bytes.subarray(start), expected) === "data";
          const start = [...bytes.keys()].findIndex(answers);
          const end = start + 5 + 2 * expected.count;
          return start < 0 || end > bytes.length ? found : { start, end };
        };`,
    },
    {
      file: "lib/modbus/codec.js",
      code: `const { decode } = exports.Codec.prototype;
        const { withCrc } = require("./crc.js");
        exports.Codec.prototype.decode = function (frame, what) {
          return decode.call(this, withCrc(frame[0], frame.subarray(1, frame.length - 2)), what);
        };`,
    },
  ],
  /** Whatever answer comes is taken for the answer to the question that waits, on a connection that is never given up. */
  answerMatching: [
    {
      file: "lib/modbus/mbap.js",
      code: `const { encodeMbap, MbapFramer } = exports;
        const { feed } = MbapFramer.prototype;
        const newest = new Map();
        exports.encodeMbap = (frame) => {
          newest.set(frame.pdu.readUInt16BE(3), frame.transactionId);
          return encodeMbap(frame);
        };
        MbapFramer.prototype.feed = function (chunk) {
          return feed.call(this, chunk).map((frame) => ({ ...frame, transactionId: newest.get(frame.pdu[1] / 2) }));
        };`,
    },
    { file: "lib/modbus/silence-watch.js", code: "exports.SilenceWatch.prototype.unheard = () => false;" },
    { file: "lib/modbus/back-off.js", code: "exports.BackOff.prototype.failed = () => {};" },
  ],
  /** Nothing is on a disk. */
  journal: [
    {
      file: "lib/store/sqlite.js",
      code: `const { openStore } = exports;
        exports.openStore = (path, ...rest) => openStore(":memory:", ...rest);`,
    },
  ],
  /** Nobody asks whether a charger is still there. */
  pings: [
    {
      file: "lib/ocpp/server/socket.js",
      code: `Object.defineProperty(exports.OcppSocket.prototype, "pingMs", { set() {} });`,
    },
  ],
  /** Chargers are believed to draw what they were told. */
  ownDraw: [
    {
      file: "lib/station/facts.js",
      code: `const { connectorFacts } = exports;
        exports.connectorFacts = (...args) => ({ ...connectorFacts(...args), measuredA: null, reservedA: null, trouble: null });`,
    },
  ],
  /** Who ignores every limit may go on. */
  lastResort: [
    { file: "lib/profile/compliance/emergency-stop.js", code: "exports.EmergencyStop.prototype.pump = () => {};" },
  ],
  /** A breaker over its limit is taken to bear nothing. */
  breakerCurve: [{ file: "lib/breaker-curve.js", code: "exports.bearsS = () => 1;" }],
  /** Any charger may be stopped for a breaker, whether it keeps to its limit or not. */
  disobedience: [
    {
      file: "lib/dlm/runtime/unrelievable-overload.js",
      code: `maybeStopped = () => true;
        const { look } = exports.UnrelievableOverloads.prototype;
        exports.UnrelievableOverloads.prototype.look = function (beyond, facts, ...rest) {
          const connectors = facts.map(({ id }) => id);
          return look.call(this, beyond.map((over) => ({ ...over, connectors })), facts, ...rest);
        };`,
    },
  ],
  /** After a reboot limits are written when there is time. */
  promptRewrite: [
    {
      file: "lib/profile/connector-limiter.js",
      code: `const { arm, pump } = exports.ConnectorLimiter.prototype;
        const busyUntilMs = new WeakMap();
        exports.ConnectorLimiter.prototype.arm = function () {
          busyUntilMs.set(this, performance.now() + 20_000);
          arm.call(this);
        };
        exports.ConnectorLimiter.prototype.pump = function () {
          if (performance.now() > (busyUntilMs.get(this) ?? 0)) pump.call(this);
        };`,
    },
  ],
  /** The newest connection is the right one. */
  takeoverProbe: [
    { file: "lib/ocpp/server/socket.js", code: "exports.OcppSocket.prototype.probe = async () => false;" },
  ],
  /** Who is said to be on another phase is on another phase. */
  strays: [{ file: "lib/dlm/guard/wrong-phase-probe.js", code: "exports.unrelievedPhases = () => [];" }],
  /** A charger of unknown rotation is taken to be wired as most are. */
  unknownRotation: [
    {
      file: "lib/dlm/topology/plant.js",
      code: `const { buildTree } = exports;
        exports.buildTree = (...args) => {
          const tree = buildTree(...args);
          for (const { wiring } of tree.connectors) if (wiring.rotation === "Unknown") wiring.rotation = "RST";
          return tree;
        };`,
    },
  ],
  /** What cannot be written ends the process. */
  writeErrors: [
    {
      file: "lib/store/sqlite.js",
      code: `const { openStore } = exports;
        exports.openStore = (...args) =>
          new Proxy(openStore(...args), {
            get(store, key) {
              const value = Reflect.get(store, key, store);
              if (typeof value !== "function") return value;
              return (...given) => {
                try {
                  return value.apply(store, given);
                } catch (error) {
                  setImmediate(() => { throw error; });
                  throw error;
                }
              };
            },
          });`,
    },
  ],
  /** Each commit waits for the disk itself. */
  diskBeside: [
    {
      file: "lib/store/disk/write-ahead-log.js",
      code: `exports.WriteAheadLog.of = (database) => {
          database.exec("PRAGMA synchronous = FULL");
          return null;
        };`,
    },
  ],
  /** A zone with another name is another zone. */
  zoneNames: [
    { file: "lib/dlm/topology/zone-names.js", code: "exports.ZoneNames.prototype.follow = () => new Map();" },
  ],
  /** Limits live on without the node that they were given to. */
  withdrawal: [
    { file: "lib/profile/connector-limiter.js", code: "exports.ConnectorLimiter.prototype.withdraw = () => {};" },
  ],
  /** What is taken out of the flow is taken to be off the wall. */
  departures: [{ file: "lib/dlm/topology/departed.js", code: "exports.departing = () => [];" }],
  /** Whatever is deployed comes into force. */
  deployCheck: [
    {
      file: "lib/dlm/topology/checks/lint.js",
      code: `const { buildTree } = require("../plant.js");
        exports.checkPlant = (definition) => ({ tree: buildTree(definition), findings: [] });`,
    },
  ],
  /** A load management about which the deploy check has something to say does not begin. */
  oneController: [
    {
      file: "lib/site/site-plant.js",
      code: `const { controlledBy } = exports.SitePlant.prototype;
        exports.SitePlant.prototype.controlledBy = function (nodeId) {
          return this.errors.some((error) => error.nodeId === nodeId) ? null : controlledBy.call(this, nodeId);
        };`,
    },
  ],
  /** What a load management remembers is in force, however long ago. */
  endedLeases: [
    {
      file: "lib/dlm/snapshot/commanded.js",
      code: `const { reported } = exports.CommandedLimits.prototype;
        exports.CommandedLimits.prototype.reported = function (plant, facts) {
          const isFirst = !this.isAsked;
          this.isAsked = true;
          return reported.call(this, plant, isFirst ? facts.map(({ heldA: _, ...rest }) => rest) : facts);
        };`,
    },
  ],
  /** The load management begins with nothing after a restart. */
  dlmMemory: [
    {
      file: "lib/dlm/runtime/runtime.js",
      code: `const { createDlmRuntime } = exports;
        exports.createDlmRuntime = (options) => createDlmRuntime({ ...options, saved: undefined });`,
    },
  ],
} as const satisfies Record<string, readonly Removal[]>;

export type Defence = keyof typeof DEFENCES;

/** Takes a defence out of the package installed in a user directory. @throws Error when the module is not there any more */
export function takeOut(userDir: string, defence: Defence): void {
  for (const { file, code } of DEFENCES[defence])
    changeInstalled(userDir, `dist/${file}`, (text) => `${text}\n;{\n${code}\n}\n`);
}

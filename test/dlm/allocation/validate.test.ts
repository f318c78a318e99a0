import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import type { AllocationInput } from "../../../lib/dlm/types.ts";

/** A complete input in which every property is present, to be spoilt one place at a time. */
function complete(): Record<string, unknown> {
  return {
    zones: [
      { id: "main", parent: null, limitA: [63, 63, 63] },
      {
        id: "sub",
        parent: "main",
        limitA: 32,
        operatorLimitA: 30,
        headroomA: [1, 1, 1],
        assumedLoadA: 2,
        maxPowerW: 20_000,
        imbalanceA: 20,
        failSafeA: 6,
        gridLimit: { powerW: 15_000, currentA: 25, scope: "total", creditW: 100 },
        meters: [
          {
            id: "m",
            location: "including",
            currentA: [1, 2, 3],
            ageS: 1,
            staleAfterS: 10,
            onStale: "fallbackLoad",
            fallbackA: [9, 9, 9],
          },
          { id: "n", location: "excluding", currentA: null, ageS: 99 },
        ],
      },
    ],
    connectors: [
      {
        id: "a",
        zone: "sub",
        phases: 3,
        rotation: "RST",
        detectedPhases: [1, 2],
        minA: 6,
        maxA: 32,
        demandCapA: 20,
        externalLimitA: 25,
        priorityClass: 1,
        weight: 1,
        mode: "fast",
        state: "charging",
        incumbent: true,
        arrivalS: 0,
        chargingS: 0,
        energyWh: 0,
        disconnectedA: 6,
        measuredA: [6, null, 0],
      },
      { id: "b", zone: "main", reservedA: 3 },
    ],
    pv: { surplusW: 1000 },
    config: {
      voltageV: 230,
      stepA: 0.1,
      minA1p: 6,
      minA3p: 6,
      failSafeA: 6,
      shedding: "fifo",
      priorityPolicy: "minFirst",
      idlePolicy: "zero",
      fairness: "power",
      creditGeneration: false,
      itNetwork: false,
    },
  };
}

type Path = readonly (string | number)[];

const shown = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    "",
  );

function spoilt(path: Path, value: unknown): AllocationInput {
  const input = complete();
  let holder = input as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[path[path.length - 1]!] = value;
  return input as unknown as AllocationInput;
}

/** Every path in the complete input whose value satisfies a predicate. */
function pathsTo(matches: (value: unknown) => boolean, value: unknown = complete(), path: Path = []): Path[] {
  const found = matches(value) ? [path] : [];
  if (Array.isArray(value)) return [...found, ...value.flatMap((entry, i) => pathsTo(matches, entry, [...path, i]))];
  if (typeof value !== "object" || value === null) return found;
  return [...found, ...Object.entries(value).flatMap(([key, entry]) => pathsTo(matches, entry, [...path, key]))];
}

function assertRejected(path: Path, value: unknown, named = shown(path)): void {
  const thrown = (error: unknown) =>
    (error instanceof TypeError || error instanceof RangeError) && error.message.startsWith(`${named} must be `);
  assert.throws(() => allocate(spoilt(path, value)), thrown, `${shown(path)} = ${String(value)}`);
}

const SIGNED = /currentA|measuredA|surplusW|arrivalS|chargingS|energyWh/;

describe("allocate, given malformed input", () => {
  it("takes the complete input and the empty one", () => {
    assert.equal(Object.keys(allocate(complete() as unknown as AllocationInput).connectors).length, 2);
    const nothing = allocate({ zones: [], connectors: [] });
    assert.deepEqual([Object.keys(nothing.zones), Object.keys(nothing.connectors)], [[], []]);
  });

  it("rejects NaN, infinities and texts in the place of every number", () => {
    for (const path of pathsTo((value) => typeof value === "number")) {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, "6", true, {}]) {
        assertRejected(path, wrong);
      }
    }
  });

  it("rejects a negative value wherever a sign has no meaning", () => {
    for (const path of pathsTo((value) => typeof value === "number")) {
      if (!SIGNED.test(shown(path)) || shown(path).includes("gridLimit")) assertRejected(path, -1);
    }
  });

  it("rejects zero for a minimum, a weight, a step, a voltage and a number of phases", () => {
    const last = (path: Path) => String(path[path.length - 1]);
    const positive = ["minA", "minA1p", "minA3p", "weight", "stepA", "voltageV", "phases"];
    for (const path of pathsTo((value) => typeof value === "number"))
      if (positive.includes(last(path))) assertRejected(path, 0);
    assertRejected(["connectors", 0, "detectedPhases", 1], 4);
    assertRejected(["connectors", 0, "priorityClass"], 0.5);
  });

  it("rejects anything else in the place of a name, a choice or a switch", () => {
    for (const path of pathsTo((value) => typeof value === "string")) {
      for (const wrong of [7, null, [], "", "no such thing"]) {
        const isFree = path[path.length - 1] === "id" && wrong === "no such thing";
        const isRoot = path[path.length - 1] === "parent" && wrong === null;
        if (!isFree && !isRoot) assertRejected(path, wrong);
      }
    }
    for (const path of pathsTo((value) => typeof value === "boolean")) {
      for (const wrong of [0, "true", null]) assertRejected(path, wrong);
    }
  });

  it("rejects anything else in the place of an object or a list", () => {
    for (const path of pathsTo((value) => typeof value === "object" && value !== null && !Array.isArray(value))) {
      if (path.length === 0) continue;
      for (const wrong of [null, [], "x", 1]) assertRejected(path, wrong);
    }
    for (const list of [["zones"], ["connectors"], ["zones", 1, "meters"], ["connectors", 0, "detectedPhases"]]) {
      for (const wrong of [null, {}, "x", 1]) assertRejected(list, wrong);
    }
    for (const wrong of [undefined, null, [], 5, "x"]) {
      assert.throws(() => allocate(wrong as unknown as AllocationInput), /^TypeError: input must be an object/);
    }
  });

  it("rejects lists of phases that are too short or too long", () => {
    assertRejected(["zones", 0, "limitA"], [63, 63]);
    assertRejected(["zones", 1, "headroomA"], [1, 1, 1, 1]);
    assertRejected(["zones", 1, "meters", 0, "currentA"], [1, 2, 3, 4]);
    assertRejected(["connectors", 0, "measuredA"], [1, 2, 3, 4]);
    assertRejected(["zones", 0, "limitA"], [63, null, 63], "zones[0].limitA[1]");
  });

  it("rejects what the rest depends on when it is missing", () => {
    const required: Path[] = [
      ["zones", 0, "id"],
      ["zones", 0, "parent"],
      ["zones", 0, "limitA"],
      ["zones", 1, "gridLimit", "scope"],
      ["zones", 1, "meters", 0, "id"],
      ["zones", 1, "meters", 0, "location"],
      ["zones", 1, "meters", 0, "currentA"],
      ["zones", 1, "meters", 0, "ageS"],
      ["zones", 1, "meters", 0, "fallbackA"],
      ["connectors", 0, "id"],
      ["connectors", 0, "zone"],
      ["pv", "surplusW"],
    ];
    for (const path of required) assertRejected(path, undefined);
  });

  it("rejects a tree that does not hold together, naming the zone", () => {
    assertRejected(["zones", 1, "parent"], "nowhere");
    assertRejected(["zones", 1, "parent"], "sub");
    assertRejected(["zones", 0, "parent"], "sub");
    assertRejected(["zones", 1, "id"], "main");
    assertRejected(["connectors", 1, "zone"], "nowhere");
    assertRejected(["connectors", 1, "id"], "a");
    assertRejected(["zones", 1, "meters", 1, "location"], "including");
    assertRejected(["zones", 1, "meters", 1, "id"], "m");
  });

  it("finds a cycle that hangs below nothing", () => {
    const zones = ["a", "b", "c"].map((id, i, ids) => ({ id, parent: ids[(i + 1) % 3]!, limitA: 10 }));
    const root = { id: "root", parent: null, limitA: 10 };
    assert.throws(
      () => allocate({ zones: [root, ...zones], connectors: [] }),
      /^RangeError: zones\[1\]\.parent must be free of cycles/,
    );
  });

  it("ignores what it does not know", () => {
    const input = spoilt(["zones", 0, "colour"], "green");
    assert.ok(allocate(input).zones["main"]);
  });

  it("treats ids that are names of Object's own members like any other", () => {
    const ids = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const result = allocate({
      zones: ids.map((id, i) => ({ id, parent: i === 0 ? null : ids[i - 1]!, limitA: 63 })),
      connectors: ids.map((id) => ({ id, zone: id, maxA: 10 })),
    });
    assert.deepEqual(Object.keys(result.connectors).sort(), [...ids].sort());
    for (const id of ids) assert.equal(result.connectors[id]!.limitA, 10);
    for (const id of ids) assert.equal(result.zones[id]!.failSafe, false);
    assert.equal(result.connectors["valueOf"], undefined);
    assert.equal(Object.getPrototypeOf({}), Object.prototype);
  });

  it("leaves its input as it was", () => {
    const input = complete();
    allocate(input as unknown as AllocationInput);
    assert.deepEqual(input, complete());
  });
});

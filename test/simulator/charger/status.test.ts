import { strict as assert } from "node:assert";
import type { ConnectorStatus, StatusFacts } from "../../../lib/simulator/charger/status.ts";
import { statusOf } from "../../../lib/simulator/charger/status.ts";

const free: StatusFacts = {
  faulted: false,
  operative: true,
  plugged: false,
  transaction: false,
  ended: false,
  awaitsCar: false,
  reserved: false,
  offeredA: 0,
  currentA: 0,
  wanted: false,
};
const plugged = { ...free, plugged: true, wanted: true };
const running = { ...plugged, transaction: true };

describe("the status of a connector", () => {
  const table: [string, StatusFacts, ConnectorStatus, ConnectorStatus][] = [
    ["is Available without a car", free, "Finishing", "Available"],
    ["is Preparing with an accepted badge and no car", { ...free, awaitsCar: true }, "Available", "Preparing"],
    ["is Reserved for a badge while no car is there", { ...free, reserved: true }, "Available", "Reserved"],
    ["is Preparing with a car and no transaction", plugged, "Available", "Preparing"],
    ["is Charging while current flows", { ...running, offeredA: 16, currentA: 12 }, "Preparing", "Charging"],
    ["is Charging while current still flows after a pause began", { ...running, currentA: 3 }, "Charging", "Charging"],
    ["is SuspendedEVSE when nothing is offered", running, "Charging", "SuspendedEVSE"],
    [
      "is SuspendedEV when the car takes nothing",
      { ...running, offeredA: 16, wanted: false },
      "Charging",
      "SuspendedEV",
    ],
    ["stays SuspendedEVSE while the car wakes up", { ...running, offeredA: 16 }, "SuspendedEVSE", "SuspendedEVSE"],
    ["stays Preparing while the car wakes up", { ...running, offeredA: 16 }, "Preparing", "Preparing"],
    ["is Finishing after the transaction until the car leaves", { ...plugged, ended: true }, "Charging", "Finishing"],
    ["is Unavailable when out of service", { ...plugged, operative: false }, "Preparing", "Unavailable"],
    [
      "lets a transaction end before it goes out of service",
      { ...running, operative: false, currentA: 6 },
      "Charging",
      "Charging",
    ],
    ["is Faulted whatever else", { ...running, faulted: true, currentA: 6 }, "Charging", "Faulted"],
  ];
  for (const [sentence, facts, previous, expected] of table) {
    it(sentence, () => assert.equal(statusOf(facts, previous), expected));
  }
});

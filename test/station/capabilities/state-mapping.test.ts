import { strict as assert } from "node:assert";
import {
  carConnected,
  connectorState,
  mayDraw,
  type ReportedStatus,
} from "../../../lib/station/capabilities/state-mapping.ts";

const reported = (status: string, change: Partial<ReportedStatus> = {}): ReportedStatus => ({
  status,
  mayBeLive: false,
  hasTransaction: false,
  authorized: false,
  ...change,
});

describe("OCPP status to connector state", () => {
  const rows: [ReportedStatus, ReturnType<typeof connectorState>][] = [
    [reported("Available"), "available"],
    [reported("Preparing"), "available"],
    [reported("Preparing", { authorized: true }), "waiting"],
    [reported("Preparing", { hasTransaction: true }), "waiting"],
    [reported("Charging"), "charging"],
    [reported("SuspendedEVSE"), "waiting"],
    [reported("SuspendedEV"), "idle"],
    [reported("Finishing"), "available"],
    [reported("Reserved"), "available"],
    [reported("Unavailable"), "available"],
    [reported("Faulted"), "available"],
    [reported("Faulted", { mayBeLive: true }), "offline"],
    [reported("Available", { mayBeLive: true }), "offline"],
    [reported("Charging", { mayBeLive: true }), "charging"],
    [reported("Occupied"), "available"],
    [reported("Charging", { hasTransaction: true, refused: true }), "available"],
    [reported("SuspendedEV", { hasTransaction: true, refused: true }), "available"],
    [reported("Charging", { hasTransaction: true, refused: true, mayBeLive: true }), "offline"],
    [reported("Charging", { hasTransaction: true, refused: true, authorized: true }), "charging"],
  ];
  for (const [from, to] of rows) {
    const why = [
      from.hasTransaction && "transaction",
      from.authorized && "badge",
      from.refused && "its badge was refused",
      from.mayBeLive && "outlet may be live",
    ];
    it(`${from.status} (${why.filter(Boolean).join(", ") || "nothing else"}) is ${to}`, () => {
      assert.equal(connectorState(from), to);
    });
  }

  it("knows from the status whether a car is there, and that Faulted does not say", () => {
    for (const status of ["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"])
      assert.equal(carConnected(status), true);
    for (const status of ["Available", "Reserved", "Unavailable"]) assert.equal(carConnected(status), false);
    assert.equal(carConnected("Faulted"), null);
  });

  it("expects no current before and after charging", () => {
    for (const status of ["Available", "Preparing", "Finishing", "Unavailable"]) assert.equal(mayDraw(status), false);
    for (const status of ["Charging", "SuspendedEV", "SuspendedEVSE", "Faulted"]) assert.equal(mayDraw(status), true);
  });
});

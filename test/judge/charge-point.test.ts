import { strict as assert } from "node:assert";
import type { Kind } from "./charge-point.ts";
import { profile, time, Wire } from "./wire.ts";

/** The permanent profile below: 6 A at any time. */
const BASELINE = profile(-86_400, [[0, 6]], { chargingProfileId: 1, stackLevel: 0 });

describe("The reference charge point", () => {
  let wire: Wire;
  const charging = (kind: Partial<Kind> = {}) => {
    wire = new Wire(kind);
    wire.start(0, 7);
  };
  beforeEach(() => charging());

  describe("without profiles", () => {
    it("gives what its hardware can while a car charges (errata 3.43)", () => {
      assert.deepEqual(wire.curve(0), [[0, 32]]);
    });

    it("gives nothing to an outlet without a car, and all to the car that may come", () => {
      wire = new Wire();
      assert.deepEqual(wire.curve(0), [[0, 0]]);
      assert.deepEqual(wire.curve(0, "cars"), [[0, 32]]);
    });
  });

  describe("Absolute schedules", () => {
    it("go through their periods, the last of which does not end", () => {
      wire.set(
        0,
        profile(-60, [
          [0, 16],
          [240, 6],
        ]),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [180, 6],
      ]);
    });

    it("rise, too", () => {
      wire.set(
        0,
        profile(-60, [
          [0, 0],
          [240, 6],
        ]),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 0],
        [180, 6],
      ]);
    });

    it("leave the outlet to the level below before they begin and after their duration", () => {
      wire.set(0, BASELINE);
      wire.set(0, profile(30, [[0, 16]], { schedule: { duration: 60 } }));
      assert.deepEqual(wire.curve(0), [
        [0, 6],
        [30, 16],
        [90, 6],
      ]);
    });

    it("leave it without a limit where there is no level below", () => {
      wire.set(0, profile(0, [[0, 16]], { schedule: { duration: 60 } }));
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [60, 32],
      ]);
    });

    it("hold only within their validity", () => {
      wire.set(0, BASELINE);
      wire.set(0, profile(-60, [[0, 16]], { validFrom: time(10), validTo: time(100) }));
      assert.deepEqual(wire.curve(0), [
        [0, 6],
        [10, 16],
        [100, 6],
      ]);
    });

    it("say nothing before a first period that is not at 0 (errata 3.45)", () => {
      wire.set(0, BASELINE);
      wire.set(0, profile(0, [[20, 16]]));
      assert.deepEqual(wire.curve(0), [
        [0, 6],
        [20, 16],
      ]);
    });

    it("count on the charge point's own clock", () => {
      // Its clock is 5 s fast: 12:03:00 there is 12:02:55.
      charging({ clockOffsetsMs: [5000] });
      wire.set(
        0,
        profile(-60, [
          [0, 16],
          [240, 6],
        ]),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [175, 6],
      ]);
    });

    it("are taken at their worst where the clock is not known", () => {
      charging({ clockOffsetsMs: [-5000, 5000] });
      wire.set(
        0,
        profile(-60, [
          [0, 16],
          [240, 6],
        ]),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [185, 6],
      ]);
      wire.set(
        0,
        profile(-60, [
          [0, 0],
          [240, 6],
        ]),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 0],
        [175, 6],
      ]);
    });

    it("count from the start of charging where they name no start (§7.13)", () => {
      wire.set(
        20,
        profile(null, [
          [0, 10],
          [60, 6],
        ]),
      );
      assert.deepEqual(wire.curve(20), [
        [20, 10],
        [60, 6],
      ]);
    });
  });

  describe("Relative schedules", () => {
    const relative = profile(
      null,
      [
        [0, 16],
        [100, 6],
      ],
      { chargingProfileKind: "Relative" },
    );

    it("count from the start of the transaction", () => {
      wire.set(50, relative);
      assert.deepEqual(wire.curve(50), [
        [50, 16],
        [100, 6],
      ]);
    });

    it("count from their receipt where the charge point does that", () => {
      charging({ relativeFrom: "receipt" });
      wire.set(50, relative);
      assert.deepEqual(wire.curve(50), [
        [50, 16],
        [150, 6],
      ]);
    });

    it("begin anew with the next car, whenever that comes", () => {
      wire.set(150, relative);
      assert.deepEqual(wire.curve(150), [[150, 6]]);
      assert.deepEqual(wire.curve(150, "cars"), [[150, 16]]);
    });

    it("that rise have risen for the car that came first", () => {
      wire = new Wire();
      wire.set(
        0,
        profile(
          null,
          [
            [0, 6],
            [100, 16],
          ],
          { chargingProfileKind: "Relative" },
        ),
      );
      assert.deepEqual(wire.curve(0, "cars"), [
        [0, 6],
        [100, 16],
      ]);
    });
  });

  describe("Recurring schedules", () => {
    it("come again each day, and let the level below hold between", () => {
      wire.set(0, BASELINE);
      const daily = {
        chargingProfileKind: "Recurring",
        recurrencyKind: "Daily",
        schedule: { duration: 3600 },
      } as const;
      // From 11:00 to 12:00 yesterday and every day since.
      wire.set(
        0,
        profile(
          -86_400 - 1800,
          [
            [0, 10],
            [1800, 16],
          ],
          daily,
        ),
      );
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [1800, 6],
        [84_600, 10],
        [86_400, 16],
      ]);
    });

    it("come again each week", () => {
      wire.set(0, BASELINE);
      const weekly = {
        chargingProfileKind: "Recurring",
        recurrencyKind: "Weekly",
        schedule: { duration: 600 },
      } as const;
      wire.set(0, profile(300 - 7 * 86_400, [[0, 16]], weekly));
      assert.deepEqual(wire.curve(0), [
        [0, 6],
        [300, 16],
        [900, 6],
      ]);
    });
  });

  describe("units", () => {
    it("W are spread over the phases at 230 V, three where nothing is said (§7.14)", () => {
      wire.set(0, profile(0, [[0, 6900]], { schedule: { chargingRateUnit: "W" } }));
      assert.deepEqual(wire.curve(0), [[0, 10]]);
    });

    it("W of an outlet with one phase are all on that phase", () => {
      charging({ phases: 1 });
      wire.set(0, profile(0, [[0, 2300]], { schedule: { chargingRateUnit: "W" } }));
      assert.deepEqual(wire.curve(0), [[0, 10]]);
    });

    it("W for one phase are on one phase", () => {
      const chargingSchedulePeriod = [{ startPeriod: 0, limit: 2300, numberPhases: 1 }];
      wire.set(0, profile(0, [], { schedule: { chargingRateUnit: "W", chargingSchedulePeriod } }));
      assert.deepEqual(wire.curve(0), [[0, 10]]);
    });

    it("never allow more than the hardware", () => {
      wire.set(0, profile(0, [[0, 63]]));
      assert.deepEqual(wire.curve(0), [[0, 32]]);
    });

    it("0 A is the least current where the charge point knows no pause", () => {
      charging({ zeroA: 6 });
      wire.set(0, profile(0, [[0, 0]]));
      assert.deepEqual(wire.curve(0), [[0, 6]]);
    });
  });

  describe("purposes", () => {
    const mine = profile(
      -60,
      [
        [0, 20],
        [240, 8],
      ],
      { chargingProfilePurpose: "TxProfile", transactionId: 7 },
    );

    it("a TxProfile goes before a default profile, whatever their levels (§3.13.1)", () => {
      wire.set(0, { ...BASELINE, stackLevel: 5 });
      wire.set(0, mine);
      assert.deepEqual(wire.curve(0), [
        [0, 20],
        [180, 8],
      ]);
    });

    it("a TxProfile of another transaction says nothing", () => {
      wire.set(0, BASELINE);
      wire.set(0, { ...mine, transactionId: 8 });
      assert.deepEqual(wire.curve(0), [[0, 6]]);
    });

    it("a TxProfile that names no transaction is for the running one", () => {
      const { transactionId: _, ...anyone } = mine;
      wire.set(0, anyone);
      assert.deepEqual(wire.curve(0), [
        [0, 20],
        [180, 8],
      ]);
    });

    it("a TxProfile vanishes with its transaction, and the default profile holds the next car", () => {
      wire.set(0, BASELINE);
      wire.set(0, mine);
      assert.deepEqual(
        wire.curve(0, "cars"),
        [
          [0, 20],
          [180, 8],
        ],
        "the running one may go on",
      );
      wire.stop(10, 7);
      wire.start(20, 7);
      assert.deepEqual(wire.curve(20), [[20, 6]]);
    });

    it("what a TxProfile holds down rises when its transaction ends", () => {
      wire.set(0, BASELINE);
      wire.set(0, {
        ...mine,
        ...profile(-60, [
          [0, 0],
          [900, 6],
        ]),
        chargingProfilePurpose: "TxProfile",
      });
      assert.deepEqual(wire.curve(0), [
        [0, 0],
        [840, 6],
      ]);
      assert.deepEqual(wire.curve(0, "cars"), [[0, 6]]);
    });

    it("the same start sent again is the same transaction", () => {
      wire.set(0, mine);
      wire.tell(5, "StartTransaction", { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: time(0) });
      assert.deepEqual(wire.curve(5), [
        [5, 20],
        [180, 8],
      ]);
    });

    it("a ChargePointMaxProfile caps the outcome (§3.13.3)", () => {
      wire.set(0, mine);
      const most = profile(
        0,
        [
          [0, 32],
          [60, 10],
        ],
        { chargingProfilePurpose: "ChargePointMaxProfile", chargingProfileId: 9 },
      );
      wire.set(0, most, "Accepted", 0);
      assert.deepEqual(wire.curve(0), [
        [0, 20],
        [60, 10],
        [180, 8],
      ]);
    });

    it("a default profile of all outlets holds where the outlet has none on its level", () => {
      wire.set(0, profile(0, [[0, 10]], { chargingProfileId: 9 }), "Accepted", 0);
      assert.deepEqual(wire.curve(0), [[0, 10]]);
      wire.set(0, profile(0, [[0, 12]], { chargingProfileId: 2 }));
      assert.deepEqual(wire.curve(0), [[0, 12]]);
    });

    it("a changed default profile governs the running transaction (errata 3.8)", () => {
      wire.set(0, profile(0, [[0, 10]]));
      wire.set(5, profile(0, [[0, 12]]));
      assert.deepEqual(wire.curve(5), [[5, 12]]);
    });

    it("or only the next one, where the charge point keeps to what it had", () => {
      wire = new Wire({ defaultsGovernRunning: false });
      wire.set(0, profile(0, [[0, 10]]));
      wire.start(2, 7);
      wire.set(5, profile(0, [[0, 12]]));
      assert.deepEqual(wire.curve(5), [[5, 10]]);
      assert.deepEqual(wire.curve(5, "cars"), [[5, 12]]);
    });
  });

  describe("stack levels", () => {
    it("the highest that says something holds", () => {
      wire.set(0, BASELINE);
      wire.set(0, profile(0, [[0, 16]]));
      assert.deepEqual(wire.curve(0), [[0, 16]]);
    });

    it("of a charge point that looks at the top only leave it without a limit when the top ends", () => {
      charging({ fallsBack: false });
      wire.set(0, BASELINE);
      wire.set(0, profile(0, [[0, 16]], { schedule: { duration: 60 } }));
      assert.deepEqual(wire.curve(0), [
        [0, 16],
        [60, 32],
      ]);
    });
  });

  describe("replacing and clearing", () => {
    it("the same id replaces, wherever it was (§5.16.3)", () => {
      wire.set(0, profile(0, [[0, 16]], { stackLevel: 3 }));
      wire.set(1, profile(0, [[0, 8]], { stackLevel: 1 }));
      assert.deepEqual(wire.curve(1), [[1, 8]]);
    });

    it("the same purpose and level replace, whatever the id", () => {
      wire.set(0, profile(0, [[0, 8]], { chargingProfileId: 3 }));
      wire.set(1, profile(0, [[0, 16]], { chargingProfileId: 4 }));
      wire.clear(2, { id: 4 });
      assert.deepEqual(wire.curve(2), [[2, 32]]);
    });

    it("the same place at another outlet is another place", () => {
      wire = new Wire({}, [1, 2]);
      wire.start(0, 7, 1);
      wire.set(0, profile(0, [[0, 8]], { chargingProfileId: 3 }), "Accepted", 1);
      wire.set(0, profile(0, [[0, 10]], { chargingProfileId: 4 }), "Accepted", 2);
      assert.deepEqual(wire.curve(0), [[0, 8]]);
    });

    it("clears what has every field given (errata 3.25)", () => {
      wire.set(0, BASELINE);
      wire.set(0, profile(0, [[0, 16]]));
      wire.clear(1, { id: 2, stackLevel: 0 });
      assert.deepEqual(wire.curve(1), [[1, 16]]);
      wire.clear(2, { chargingProfilePurpose: "TxDefaultProfile", stackLevel: 1 });
      assert.deepEqual(wire.curve(2), [[2, 6]]);
    });

    it("clears everything where no field is given", () => {
      wire.set(0, BASELINE);
      wire.clear(1, {});
      assert.deepEqual(wire.curve(1), [[1, 32]]);
    });
  });

  describe("requests that are not accepted", () => {
    for (const status of ["Rejected", "NotSupported", "CALLERROR"])
      it(`change nothing when refused with ${status}`, () => {
        wire.set(0, BASELINE);
        wire.set(1, profile(0, [[0, 16]]), status);
        assert.deepEqual(wire.curve(1), [[1, 6]]);
      });

    it("may have worked or not while there is no answer", () => {
      wire.set(
        0,
        profile(-60, [
          [0, 16],
          [240, 6],
        ]),
      );
      // A lower limit with a later end.
      wire.set(
        30,
        profile(-30, [
          [0, 10],
          [300, 8],
        ]),
        null,
      );
      assert.deepEqual(wire.curve(30), [
        [30, 16],
        [180, 10],
        [270, 8],
      ]);
      assert.equal(wire.point.cases, 2);
    });

    it("may have worked or not when the connection ended before the answer", () => {
      wire.set(
        0,
        profile(-60, [
          [0, 0],
          [900, 6],
        ]),
      );
      wire.set(
        30,
        profile(-30, [
          [0, 16],
          [240, 6],
        ]),
        null,
      );
      wire.point.disconnected();
      wire.point.connected();
      assert.deepEqual(wire.curve(40), [
        [40, 16],
        [210, 6],
      ]);
      wire.set(
        50,
        profile(-10, [
          [0, 0],
          [900, 6],
        ]),
      );
      assert.deepEqual(
        wire.curve(50),
        [
          [50, 0],
          [890, 6],
        ],
        "what took its place is certain",
      );
      assert.equal(wire.point.cases, 1);
    });

    it("in two places make four cases", () => {
      wire.set(0, profile(0, [[0, 16]], { chargingProfileId: 2, stackLevel: 1 }), null);
      wire.set(0, profile(0, [[0, 6]], { chargingProfileId: 1, stackLevel: 0 }), null);
      assert.equal(wire.point.cases, 4);
      assert.deepEqual(wire.curve(0), [[0, 32]]);
    });

    it("are known once the answer comes late", () => {
      const id = wire.set(0, profile(0, [[0, 16]]), null);
      wire.answer(40, id, "Accepted");
      assert.deepEqual(wire.curve(40), [[40, 16]]);
    });

    it("stay open when a later one is answered first", () => {
      wire.set(0, profile(0, [[0, 16]], { stackLevel: 2, chargingProfileId: 5 }), null);
      wire.set(30, BASELINE);
      assert.deepEqual(wire.curve(30), [[30, 16]]);
      assert.equal(wire.point.cases, 2);
    });

    it("an unanswered clearing may have taken the limit away", () => {
      wire.set(0, BASELINE);
      wire.clear(1, { id: 1 }, null);
      assert.deepEqual(wire.curve(1), [[1, 32]]);
    });
  });

  describe("the end of a transaction that nobody numbered", () => {
    it("is that of the only one that has no number", () => {
      wire = new Wire();
      wire.start(0, null);
      wire.set(0, BASELINE);
      wire.stop(5, -1);
      assert.deepEqual(wire.curve(5), [[5, 0]]);
    });
  });

  describe("a restart", () => {
    const held = profile(
      -60,
      [
        [0, 0],
        [900, 6],
      ],
      { chargingProfilePurpose: "TxProfile", transactionId: 7, chargingProfileId: 3 },
    );

    it("leaves default profiles and takes TxProfiles (errata 3.37)", () => {
      wire.set(0, BASELINE);
      wire.set(0, held);
      assert.deepEqual(wire.curve(0, "restart"), [[0, 6]]);
    });

    it("raises nothing where a default profile of its own holds the outlet down", () => {
      wire.set(0, BASELINE);
      wire.set(0, held);
      wire.set(
        0,
        profile(
          -60,
          [
            [0, 0],
            [900, 6],
          ],
          { chargingProfileId: 2 },
        ),
      );
      assert.deepEqual(wire.curve(0, "restart"), [
        [0, 0],
        [840, 6],
      ]);
    });

    it("takes everything where profiles are not kept", () => {
      charging({ keepsOverRestart: false });
      wire.set(0, BASELINE);
      assert.deepEqual(wire.curve(0, "restart"), [[0, 32]]);
      assert.deepEqual(wire.curve(0, "cars"), [[0, 6]]);
    });

    it("in 1970 finds no schedule that begins later", () => {
      charging({ clockAfterRestart: "1970" });
      wire.set(0, BASELINE);
      assert.deepEqual(wire.curve(0, "restart")[0], [0, 32]);
      const always = {
        ...BASELINE,
        chargingSchedule: { ...BASELINE.chargingSchedule, startSchedule: "1970-01-01T00:00:00Z" },
      };
      wire.set(0, always);
      assert.deepEqual(wire.curve(0, "restart"), [[0, 6]]);
    });

    it("leaves an outlet without a car alone, and gives to one that is plugged in", () => {
      wire = new Wire();
      wire.set(0, BASELINE);
      assert.deepEqual(wire.curve(0, "restart"), [[0, 0]]);
      wire.status(1, "Finishing");
      assert.deepEqual(wire.curve(1, "restart"), [[1, 6]]);
      assert.deepEqual(wire.curve(1), [[1, 0]]);
    });

    it("that was reported may have taken TxProfiles, or not", () => {
      wire.set(0, BASELINE);
      wire.set(0, held);
      wire.tell(10, "BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
      assert.deepEqual(wire.curve(10), [[10, 6]]);
      assert.equal(wire.point.cases, 2);
      wire.set(20, held);
      assert.equal(wire.point.cases, 1);
      assert.deepEqual(wire.curve(20), [
        [20, 0],
        [840, 6],
      ]);
    });
  });

  it("that was asked to say who it is has not restarted", () => {
    wire.set(0, BASELINE);
    wire.set(0, profile(0, [[0, 0]], { chargingProfilePurpose: "TxProfile", transactionId: 7, chargingProfileId: 3 }));
    wire.ask(5, "TriggerMessage", { requestedMessage: "BootNotification" });
    wire.tell(6, "BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
    assert.deepEqual(wire.curve(6), [[6, 0]]);
  });

  describe("a lost connection", () => {
    it("takes the profiles of a charge point that drops them then", () => {
      charging({ dropsProfiles: "disconnect" });
      wire.set(0, BASELINE);
      assert.deepEqual(wire.curve(0), [[0, 32]], "nobody is there any more");
    });

    it("takes them when it comes back, of one that drops them then", () => {
      charging({ dropsProfiles: "reconnect" });
      wire.set(0, BASELINE);
      assert.deepEqual(wire.curve(0), [[0, 6]]);
      wire.point.disconnected();
      wire.point.connected();
      assert.deepEqual(wire.curve(0), [[0, 32]]);
    });

    it("brings the limit that the charge point has for it", () => {
      charging({ offlineA: 8 });
      wire.set(0, profile(0, [[0, 16]]));
      assert.deepEqual(wire.curve(0), [[0, 8]]);
    });
  });

  it("without transactions gives to whoever its status shows", () => {
    wire = new Wire({ withoutTransactions: true });
    wire.set(0, BASELINE);
    wire.status(0, "Preparing");
    assert.deepEqual(wire.curve(0), [[0, 0]]);
    wire.status(1, "Charging");
    assert.deepEqual(wire.curve(1), [[1, 6]]);
  });
});

import { strict as assert } from "node:assert";
import { dialectOf } from "../../../lib/ocpp/dialects.ts";
import type { OrderName, StationOrders } from "../../../lib/ocpp/orders.ts";
import { strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { OCPP16 } from "../../../lib/ocpp/v16/dialect.ts";

const ORDERS: { [Name in OrderName]: StationOrders[Name][] } = {
  report: [{ what: "MeterValues", connector: 1 }, { what: "BootNotification" }],
  setProfile: [
    {
      connector: 1,
      id: 101,
      level: 1,
      purpose: "TxProfile",
      transactionId: "1780315321",
      startsAt: "2026-06-01T12:00:00Z",
      unit: "A",
      periods: [
        { startS: 0, limit: 13.5, phases: 3 },
        { startS: 180, limit: 6 },
      ],
    },
    {
      connector: 0,
      id: 1,
      level: 0,
      purpose: "ChargePointMaxProfile",
      transactionId: null,
      startsAt: null,
      unit: "W",
      periods: [{ startS: 0, limit: 4140 }],
    },
  ],
  readSchedule: [{ connector: 1, durationS: 300, unit: "A" }],
  clearProfiles: [{ id: 7 }, { purpose: "TxProfile" }],
  setOperative: [
    { connector: 0, operative: true },
    { connector: 2, operative: false },
  ],
  readKeys: [{ keys: [] }, { keys: ["HeartbeatInterval"] }],
  writeKey: [{ key: "HeartbeatInterval", value: "60" }],
  startTransaction: [{ idTag: "04AB" }],
  stopTransaction: [{ transactionId: "1780315321" }],
  reserve: [
    { id: 100_001, connector: 1, idTag: "04AB", until: "2026-06-01T12:30:00Z" },
    { id: 100_002, connector: 2, idTag: "04AB", parentIdTag: "FLEET", until: "2026-06-01T12:30:00Z" },
  ],
  cancelReservation: [{ id: 100_001 }],
  listVersion: [{}],
  sendList: [{ listVersion: 1, updateType: "Full", localAuthorizationList: [{ idTag: "A" }] }],
};

/** Orders that the station layer notes, whoever gives them. */
const NOTED: readonly OrderName[] = ["report", "setOperative", "writeKey", "startTransaction"];

describe("OCPP 1.6 as a dialect", () => {
  for (const order of Object.keys(ORDERS) as OrderName[]) {
    it(`says ${order} in a message that its schema allows`, () => {
      for (const given of ORDERS[order]) {
        const { action, payload } = OCPP16.request(order, given as never);
        assert.equal(strictFault(OCPP16.actions.get(action)!.request, payload), null, action);
        assert.deepEqual(OCPP16.meaning(action, payload), NOTED.includes(order) ? { order, given } : null);
      }
    });
  }

  it("finds no meaning in a message without what it needs", () => {
    for (const payload of [undefined, null, {}]) assert.equal(OCPP16.meaning("RemoteStartTransaction", payload), null);
  });

  it("is found by its subprotocol in any letter case, and no other is", () => {
    assert.equal(dialectOf("OCPP1.6"), OCPP16);
    for (const name of ["ocpp2.0.1", "", "constructor"]) assert.equal(dialectOf(name), undefined);
  });
});

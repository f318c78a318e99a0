import { strict as assert } from "node:assert";
import { sampledTransactionOf, transactionIdOf, withTransactionNumbers } from "../../../lib/ocpp/v16/transaction-id.ts";

describe("Ids of transactions in OCPP 1.6", () => {
  it("are text of what a charge point names; what has more than 32 bits names none", () => {
    assert.deepEqual([1780315321, -77, 2 ** 31, 1e300, 0.5].map(transactionIdOf), [
      "1780315321",
      "-77",
      "-1",
      "-1",
      "-1",
    ]);
  });

  it("of samples are none where a charge point says 0, -1 or nothing", () => {
    assert.deepEqual([undefined, 0, -1, 7].map(sampledTransactionOf), [null, null, null, "7"]);
  });

  it("are numbers in requests, however a flow writes them", () => {
    for (const transactionId of ["7", 7]) {
      const csChargingProfiles = { stackLevel: 0, transactionId };
      assert.deepEqual(withTransactionNumbers("RemoteStopTransaction", { transactionId }), { transactionId: 7 });
      assert.deepEqual(withTransactionNumbers("SetChargingProfile", { connectorId: 1, csChargingProfiles }), {
        connectorId: 1,
        csChargingProfiles: { stackLevel: 0, transactionId: 7 },
      });
    }
  });

  it("that are no numbers stay as they are, to be refused with their name", () => {
    const requests = [{ transactionId: "seven" }, { transactionId: "" }, { transactionId: null }, {}, null, "7"];
    for (const request of requests) assert.deepEqual(withTransactionNumbers("RemoteStopTransaction", request), request);
    assert.deepEqual(withTransactionNumbers("DataTransfer", { transactionId: "7" }), { transactionId: "7" });
  });
});

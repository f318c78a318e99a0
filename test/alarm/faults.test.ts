import { strict as assert } from "node:assert";
import { errorCodeOf, FAULTS, faultOf, faultText, type ReportedFault, vendorOf } from "../../lib/alarm/faults.ts";
import { ERROR_CODES } from "../../lib/ocpp/status-words.ts";

const reported = (change: Partial<ReportedFault>): ReportedFault => ({
  vendor: null,
  errorCode: "NoError",
  vendorErrorCode: null,
  info: null,
  ...change,
});
const keyOf = (change: Partial<ReportedFault>): string | null => faultOf(reported(change))?.key ?? null;

describe("faults of charge points in plain words", () => {
  it("knows 56 faults of two vendors and every code of OCPP, each under a key of its own, each with something to do", () => {
    assert.equal(FAULTS.filter(({ vendor }) => vendor !== null).length, 56);
    assert.equal(new Set(FAULTS.map(({ key }) => key)).size, FAULTS.length);
    assert.deepEqual(
      FAULTS.filter((fault) => faultText(fault, "en-US").action.length < 10).map(({ key }) => key),
      [],
    );
    for (const code of ERROR_CODES) if (code !== "NoError") assert.equal(keyOf({ errorCode: code }), `ocpp/${code}`);
  });

  it("says nothing where nothing is wrong", () => {
    assert.equal(keyOf({}), null);
    assert.equal(keyOf({ vendor: "Bender", info: "Residual current cleared" }), null);
    assert.equal(keyOf({ vendor: "Schneider Electric", vendorErrorCode: "0" }), null);
  });

  it("finds an EVlink event by its number, however it is written", () => {
    for (const vendorErrorCode of ["5", "05", "005", "Evt5", "Evt #05"])
      assert.equal(keyOf({ vendor: "Schneider Electric", errorCode: "OtherError", vendorErrorCode }), "evlink/5");
    assert.equal(keyOf({ vendor: "EVlink", errorCode: "OtherError", vendorErrorCode: "23" }), "ocpp/OtherError");
  });

  it("finds why a charge at an EVlink outlet failed, also where OCPP's code says that nothing is wrong", () => {
    assert.equal(keyOf({ vendor: "Schneider Electric", vendorErrorCode: "KO_BadgeUnknown" }), "evlink/KO_BadgeUnknown");
    assert.equal(keyOf({ vendor: "Schneider Electric", info: "KO_EvNotDetected" }), "evlink/KO_EvNotDetected");
  });

  it("finds a Bender fault by its words", () => {
    const bender = { vendor: "Bender GmbH & Co. KG" };
    assert.equal(
      keyOf({ ...bender, errorCode: "PowerSwitchFailure", info: "Contactor welded" }),
      "bender/contactor-welded",
    );
    assert.equal(keyOf({ ...bender, errorCode: "GroundFailure", info: "RCD tripped" }), "bender/rcd");
    assert.equal(
      keyOf({ ...bender, errorCode: "PowerMeterFailure", info: "no words of its own" }),
      "ocpp/PowerMeterFailure",
    );
  });

  it("takes a vendor's numbers for nobody else's", () => {
    assert.equal(keyOf({ vendor: "Alfen", errorCode: "OtherError", vendorErrorCode: "5" }), "ocpp/OtherError");
    assert.equal(vendorOf("Mennekes"), "bender");
    assert.equal(vendorOf(null), null);
  });

  it("understands the names of manuals: OCPP 1.5, lower case, and what a translation made of them", () => {
    assert.equal(errorCodeOf("groundFailure"), "GroundFailure");
    assert.equal(errorCodeOf("mode3Error"), "EVCommunicationError");
    assert.equal(errorCodeOf("aboutCurrentFailure"), "OverCurrentFailure");
    assert.equal(errorCodeOf("nonsense"), null);
    assert.equal(
      keyOf({ errorCode: "SomethingNew", vendorErrorCode: "aboutCurrentFailure" }),
      "ocpp/OverCurrentFailure",
    );
  });

  it("finds OCPP's code beside OtherError, where a charge point names it by a word that OCPP 1.6 no longer has", () => {
    const other = { errorCode: "OtherError" };
    assert.equal(keyOf({ ...other, vendorErrorCode: "Mode3Error" }), "ocpp/EVCommunicationError");
    assert.equal(keyOf({ ...other, info: "groundFailure" }), "ocpp/GroundFailure");
    assert.equal(keyOf({ ...other, info: "NoError" }), "ocpp/OtherError");
  });

  it("calls an outlet live that may be, by OCPP's code and by the vendor's", () => {
    assert.equal(faultOf(reported({ errorCode: "PowerSwitchFailure" }))?.effect, "mayBeLive");
    const contactor = { vendor: "Schneider Electric", errorCode: "InternalError", vendorErrorCode: "5" };
    assert.equal(faultOf(reported(contactor))?.effect, "mayBeLive");
  });
});

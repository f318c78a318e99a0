import { strict as assert } from "node:assert";
import { redactFrame } from "../../../lib/station/connection/events.ts";

describe("a frame as it is shown", () => {
  for (const [what, frame, shown] of [
    [
      "the password of a charger",
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"00\\"ff"}]',
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
    ],
    [
      "the login of an upload",
      '[2,"1","GetLog",{"log":{"remoteLocation":"ftp://user:secret@192.0.2.1/logs"}}]',
      '[2,"1","GetLog",{"log":{"remoteLocation":"ftp://***@192.0.2.1/logs"}}]',
    ],
  ] as const) {
    it(`has not ${what}`, () => assert.equal(redactFrame(frame), shown));
  }

  it("is as it came where there is no secret", () => {
    const frame = '[2,"1","DataTransfer",{"vendorId":"me@home","data":"https://192.0.2.1/a@b"}]';
    assert.equal(redactFrame(frame), frame);
  });
});

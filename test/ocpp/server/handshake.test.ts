import { strict as assert } from "node:assert";
import {
  basicCredentials,
  chooseSubprotocol,
  identityOf,
  isBelow,
  offeredSubprotocols,
} from "../../../lib/ocpp/server/handshake.ts";

const basic = (bytes: string | Buffer) => `Basic ${Buffer.from(bytes).toString("base64")}`;

describe("a charge point's identity", () => {
  for (const [target, identity] of [
    ["/CP1", "CP1"],
    ["/ocpp/WebSocket/CP1", "CP1"],
    ["/ocpp//CP%2B1/?x=1", "CP+1"],
    ["/+49*839*0000000001", "+49*839*0000000001"],
    ["/CP1/", "CP1"],
    ["ws://box:9000/CP1?token=a/b", "CP1"],
    ["/CP%201", "CP 1"],
    ["/%E5%85%85", "充"],
    ["/CP%252F", "CP%2F"],
    ["/__proto__", "__proto__"],
    ["/..", ".."],
    ["/?id=CP1", "CP1"],
    ["/?cpid=+4", "+4"],
    ["?station=CP1&x=2", "CP1"],
  ] as const) {
    it(`is ${identity} for ${target}`, () => assert.deepEqual(identityOf(target, "/", null), { identity }));
  }

  for (const [target, httpStatus] of [
    ["/%", 400],
    ["/%E0%A4%A", 400],
    ["/%00", 400],
    ["/CP%0A1", 400],
    ["/CP%E2%80%AE1", 400],
    ["/", 404],
    ["", 404],
    ["/?x=1", 404],
    [`/${"x".repeat(49)}`, 404],
    [`/${"x".repeat(4096)}`, 404],
  ] as const) {
    it(`is refused with ${httpStatus} for ${target.slice(0, 30) || "an empty target"}`, () => {
      const result = identityOf(target, "/", null);
      assert.equal("httpStatus" in result && result.httpStatus, httpStatus);
    });
  }

  it("is the user name when the path names none", () => {
    assert.deepEqual(identityOf("/", "/", "CP7"), { identity: "CP7" });
    assert.deepEqual(identityOf("/CP1", "/", "CP7"), { identity: "CP1" });
  });

  it("is looked for below the path that is served", () => {
    assert.deepEqual(identityOf("/ocpp/CP1", "/ocpp/", null), { identity: "CP1" });
    for (const target of ["/CP1", "/ocppx/CP1", "/ocpp", "/ocpp/"]) {
      const result = identityOf(target, "ocpp", null);
      assert.equal("httpStatus" in result && result.httpStatus, 404, target);
    }
  });

  it("lies below a path by whole segments", () => {
    assert.ok(isBelow("/a/b", "/a/b/c"));
    assert.ok(isBelow("/", "/x"));
    assert.ok(!isBelow("/a/b", "/a/bc"));
    assert.ok(!isBelow("/a/b", "/a"));
  });
});

describe("Basic credentials", () => {
  it("are split where the identity ends, even if it holds a colon", () => {
    const found = basicCredentials(basic("CP:1:se:cret"), "CP:1");
    assert.equal(found?.user.toString(), "CP:1");
    assert.equal(found?.password.toString(), "se:cret");
  });

  it("are split at the first colon for another user", () => {
    const found = basicCredentials(basic("CP2:se:cret"), "CP1");
    assert.equal(found?.user.toString(), "CP2");
    assert.equal(found?.password.toString(), "se:cret");
  });

  it("keep a binary password byte for byte", () => {
    const key = Buffer.from([0, 255, 58, 128, 10]);
    const found = basicCredentials(basic(Buffer.concat([Buffer.from("CP1:"), key])), "CP1");
    assert.ok(found?.password.equals(key));
  });

  it("may have an empty password", () => assert.equal(basicCredentials(basic("CP1:"), "CP1")?.password.length, 0));

  for (const header of [undefined, "", "Basic", "Basic ", "Bearer abc", basic("no colon"), "Basic §§§"]) {
    it(`are none in ${JSON.stringify(header)}`, () => assert.equal(basicCredentials(header, "CP1"), null));
  }
});

describe("the subprotocol", () => {
  it("is ours wherever it stands, in the letter case it was offered in", () => {
    assert.equal(chooseSubprotocol(offeredSubprotocols("ocpp9.9, ocpp1.6")), "ocpp1.6");
    assert.equal(chooseSubprotocol(offeredSubprotocols("OCPP1.6")), "OCPP1.6");
  });

  it("is none of the others", () => {
    assert.equal(chooseSubprotocol(offeredSubprotocols("ocpp2.0.1,ocpp1.5")), undefined);
    assert.deepEqual(offeredSubprotocols(" , "), []);
    assert.deepEqual(offeredSubprotocols(undefined), []);
  });
});

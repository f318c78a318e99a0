import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ADDRESS_KEYS, FORMER_KEYS } from "../../../lib/upstream/former/address-keys.ts";
import { formerBackEnds, type OwnPlace, type ToldKey } from "../../../lib/upstream/former/former-back-end.ts";

const OWN: OwnPlace = { dialled: "192.0.2.7:9000", addresses: ["127.0.0.1", "192.0.2.7", "2001:db8::7"] };
const of = (keys: Record<string, string>, own = OWN) =>
  formerBackEnds(
    Object.entries(keys).map(([key, value]): ToldKey => ({ key, value })),
    "CP1",
    own,
  );
const only = (keys: Record<string, string>) => {
  const { found } = of(keys);
  assert.equal(found.length, 1, JSON.stringify(found));
  const { key: _key, ...rest } = found[0]!;
  return rest;
};

describe("The back end that a charger was given before", () => {
  it("is read from the keys of each maker", () => {
    for (const [keys, url, identity] of [
      [
        { "BackOffice-URL-wired": "wss://ace.example", "BackOffice-Path-wired": "/ocpp/16" },
        "wss://ace.example/ocpp/16",
        null,
      ],
      [{ NetworkConnectionProfile1: "wss://csms.example/ocpp" }, "wss://csms.example/ocpp", null],
      [{ CentralSystemURI: "ws://csms.example/steve/AB7", ChargePointId: "AB7" }, "ws://csms.example/steve", "AB7"],
      [{ G_ServerURL: "ws://grow.example/", G_ChargerID: "IOG1" }, "ws://grow.example", "IOG1"],
      [
        {
          CentralSystemAddress: "keba.example",
          CentralSystemPort: "8443",
          CentralSystemPath: "ocpp",
          ChargeBoxIdentity: "27",
        },
        "ws://keba.example:8443/ocpp",
        "27",
      ],
      [{ CentralSystemAddress: "keba.example", CentralSystemPort: "443" }, "wss://keba.example", null],
      [{ ConnectionURL: "wss://vestel.example/7001" }, "wss://vestel.example", "7001"],
      [{ ocppcentraladdress: "ws://evlink.example:80/o?key=1" }, "ws://evlink.example/o?key=1", null],
      [{ OCPPEndPoint: "wss://evnex.example/x/cp1" }, "wss://evnex.example/x", "cp1"],
    ] as [Record<string, string>, string, string | null][]) {
      const found = only(keys);
      assert.deepEqual([found.url, found.identity, found.hasLogin, found.preset], [url, identity, false, null]);
    }
  });

  it("is told without the name and the password in its address", () => {
    const found = only({ CentralSystemURI: "wss://user:secret@csms.example/ocpp" });
    assert.equal(found.hasLogin, true);
    assert.doesNotMatch(JSON.stringify(found), /user|secret/);
  });

  it("is known by its operator's machines, or by the path of its software", () => {
    const presetOf = (url: string) => only({ CentralSystemURI: url }).preset;
    assert.equal(presetOf("wss://ocpp.monta.app"), "monta");
    assert.equal(presetOf("wss://eu.monta.app/x"), "monta");
    assert.equal(presetOf("wss://notmonta.app"), null);
    assert.equal(presetOf("ws://10.1.2.3:8180/steve/websocket/CentralSystemService/"), "steve");
    assert.equal(presetOf("ws://10.1.2.3:8180/other"), null);
  });

  it("is not this server, by whatever name the charger knows it", () => {
    for (const url of [
      "ws://192.0.2.7:9000/ocpp",
      "192.0.2.7:9000",
      "ws://127.0.0.1:9000",
      "ws://[2001:db8::7]:9000/CP1",
    ]) {
      assert.deepEqual(of({ CentralSystemURI: url }), { found: [], tellsOurs: true }, url);
    }
    const beside = of({ CentralSystemURI: "ws://192.0.2.7:9000", NetworkConnectionProfile2: "wss://csms.example" });
    assert.deepEqual([beside.found.map(({ url }) => url), beside.tellsOurs], [["wss://csms.example"], true]);
    // Another back end on the same machine.
    assert.equal(only({ CentralSystemURI: "ws://192.0.2.7:8180/steve" }).url, "ws://192.0.2.7:8180/steve");
  });

  it("is none where no key holds an address that can be dialled", () => {
    for (const value of ["", "none", "0", "http://soap.example/ocpp", "wss://", "a b.c", "://x.y", "ws:// x.y"]) {
      assert.deepEqual(of({ CentralSystemURI: value }), { found: [], tellsOurs: false }, value);
    }
    assert.deepEqual(of({ HeartbeatInterval: "300", AuthorizationKey: "secret.example" }).found, []);
  });

  it("stands there once, however many keys hold it", () => {
    assert.equal(
      of({ NetworkConnectionProfile1: "wss://a.example", CentralSystemURI: "wss://a.example/" }).found.length,
      1,
    );
  });

  it("is one that the dialog takes, or none, whatever a charger says", () => {
    const part = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
    const host = fc.constantFrom("a.example", "10.0.0.1", "[::1]", "user:word@b.example", "");
    const address = fc.tuple(fc.constantFrom("ws://", "wss://", "http://", ""), host, part, part);
    const value = fc.oneof(
      fc.string(),
      address.map(([scheme, name, path, query]) => `${scheme}${name}/${path}?${query}`),
    );
    const keys = fc.array(fc.record({ key: fc.constantFrom(...FORMER_KEYS), value }), { maxLength: 12 });
    fc.assert(
      fc.property(keys, (told) => {
        for (const { url, identity } of formerBackEnds(told, "CP1", OWN).found) {
          assert.match(url, /^wss?:\/\/[^\s/]+(\/\S*)?$/);
          assert.ok(identity === null || identity !== "");
        }
      }),
    );
  });
});

describe("Keys in which chargers keep their back end", () => {
  it("have a maker and a source each, and no name twice as an address", () => {
    for (const { chargers, source, url } of ADDRESS_KEYS) assert.ok(chargers !== "" && source !== "", url);
    assert.equal(new Set(ADDRESS_KEYS.map(({ url }) => url.toLowerCase())).size, ADDRESS_KEYS.length);
  });

  it("never are keys of passwords", () => {
    assert.deepEqual(
      FORMER_KEYS.filter((key) => /password|authori|secret|token/i.test(key)),
      [],
    );
  });
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { redactFrame } from "../../../lib/ocpp/log/redact.ts";
import { isSecretName } from "../../../lib/ocpp/log/secret-names.ts";

const setting = (key: string, value: unknown): string =>
  JSON.stringify([2, "1", "ChangeConfiguration", { key, value }]);

describe("A frame that is shown or kept", () => {
  for (const key of [
    "AuthorizationKey",
    "WifiPSK",
    "WIFI_PSK",
    "APNPwd",
    "SimPIN",
    "SIMPin",
    "sim_pin_code",
    "FtpPass",
    "WlanPassphrase",
    "ApiToken",
    "ClientSecret",
    "TlsPrivateKey",
    "wpa-key",
    "PUK",
  ])
    it(`has not the value of ${key}`, () => assert.equal(redactFrame(setting(key, "hunter2")), setting(key, "***")));

  for (const key of ["HeartbeatInterval", "MaxPingInterval", "Shipping", "MeterPublicKey", "LocalAuthListMaxLength"])
    it(`has the value of ${key}`, () => assert.equal(redactFrame(setting(key, "17")), setting(key, "17")));

  for (const [what, frame, shown] of [
    ["a value in front of its name", '{"value":"x","key":"SimPIN"}', '{"value":"***","key":"SimPIN"}'],
    ["a number", '{"key":"SimPIN","value":1234}', '{"key":"SimPIN","value":"***"}'],
    ["values in lists", '{"passwords":["a",{"b":"c"}],"d":1}', '{"passwords":["***",{"b":"***"}],"d":1}'],
    [
      "one of many settings, and has the others",
      '[3,"1",{"configurationKey":[{"key":"A","value":"1"},{"key":"APNPwd","value":"x"}]}]',
      '[3,"1",{"configurationKey":[{"key":"A","value":"1"},{"key":"APNPwd","value":"***"}]}]',
    ],
    [
      "the password of a login with slashes and an @",
      '{"location":"ftp://user:se/cr@et@192.0.2.1/logs"}',
      '{"location":"ftp://***@192.0.2.1/logs"}',
    ],
    [
      "secret members of a query",
      '{"location":"https://h/up?token=abc&part=1&sig=9%20a&%6bey=1"}',
      '{"location":"https://h/up?token=***&part=1&sig=***&%6bey=***"}',
    ],
    [
      "the token of an address for files",
      '{"location":"http://h/ev-files/0123456789abcdef0123/log"}',
      '{"location":"http://h/ev-files/***/log"}',
    ],
    ["a private key", '{"data":"-----BEGIN PRIVATE KEY-----\\nAA=="}', '{"data":"***"}'],
    ["secrets of JSON in a text", '{"data":"{\\"password\\":\\"x\\"}"}', '{"data":"{\\"password\\":\\"***\\"}"}'],
    [
      "what a message of a maker sets",
      '{"messageId":"SetWifiPsk","data":"x"}',
      '{"messageId":"SetWifiPsk","data":"***"}',
    ],
    ["a value that is cut off", '{"key":"SimPIN","value":"12…', '{"key":"SimPIN","value":"***"'],
    ["a value whose name is cut off", '{"value":"hunter2","ke…', '{"value":"***","ke…'],
    ["an assignment in a text", '{"info":"pin: 1234, code: 5"}', '{"info":"pin: ***, code: 5"}'],
    ["an assignment outside of JSON", "password=hunter2 rest", "password=*** rest"],
    ["JSON behind other characters", 'x{"password":"hunter2"}', 'x{"password":"***"}'],
  ] as const)
    it(`has not ${what}`, () => assert.equal(redactFrame(frame), shown));

  it("is as it came where nothing is secret, to the letter", () => {
    for (const frame of [
      '[ 2,"a" ,"Authorize",{"idTag":"0\\u0034AB"}]',
      '{"data":"https://192.0.2.1/a@b?id=7"}',
      "]]",
      "",
    ])
      assert.equal(redactFrame(frame), frame);
  });

  it("never has a secret, wherever it stands in whatever JSON, and stays JSON", () => {
    const secret = "hunter2-is-secret";
    const name = fc.constantFrom("password", "WifiPSK", "SimPIN", "apiToken", "AuthorizationKey");
    const hidden = fc.oneof(
      name.map((key) => ({ [key]: secret })),
      name.map((key) => ({ value: secret, key })),
      name.map((key) => ({ [key]: [{ a: secret }] })),
      fc.constant(`ftp://u:${secret}@h/x`),
      name.map((key) => `http://h/?${key}=${secret}`),
      name.map((key) => JSON.stringify({ [key]: secret })),
    );
    const anywhere = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, hidden, fc.jsonValue(), tie("list"), tie("object")),
      list: fc.array(tie("value"), { maxLength: 4 }),
      object: fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    })).value;
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 0, max: 2 }), (value, indent) => {
        const text = JSON.stringify([2, "a", "X", value], null, indent);
        const shown = redactFrame(text);
        assert.ok(!shown.includes(secret), shown);
        JSON.parse(shown);
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });

  it("is read whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => typeof redactFrame(text) === "string"),
      { seed: 20261122 },
    );
    const pieces = fc.constantFrom(
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "password",
      "key",
      "value",
      "ftp://a:b@c",
      "1",
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((all) => all.join("")),
        (text) => typeof redactFrame(text) === "string",
      ),
      { seed: 20261122 },
    );
  });
});

describe("A name of a secret", () => {
  it("is looked at in its first characters only", () => {
    assert.equal(isSecretName(`${"x".repeat(500)}password`), false);
    assert.equal(isSecretName(`password${"x".repeat(500_000)}`), true);
  });
});

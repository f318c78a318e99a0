import { strict as assert } from "node:assert";
import { addressOf, type ServerAddress } from "../../nodes/editor/address.ts";

describe("the address to type into a charger", () => {
  const own = { port: 1880, isSecure: false };
  const rows: [string, Partial<ServerAddress>, string, typeof own, string][] = [
    ["has the server's own port", {}, "10.0.0.5", own, "ws://10.0.0.5:9000/"],
    ["begins with wss where that speaks TLS", { isSecure: true }, "box", own, "wss://box:9000/"],
    ["has the path, however it is written", { path: "/ocpp/cellar/" }, "box", own, "ws://box:9000/ocpp/cellar/"],
    ["puts IPv6 into brackets", {}, "fd00::2", own, "ws://[fd00::2]:9000/"],
    ["has Node-RED's port without one of its own", { port: "", path: "ocpp" }, "box", own, "ws://box:1880/ocpp/"],
    [
      "is as secure as Node-RED's server then, whatever was chosen",
      { port: "", isSecure: false },
      "box",
      { port: 443, isSecure: true },
      "wss://box:443/",
    ],
  ];
  for (const [says, more, host, server, address] of rows) {
    it(says, () => {
      assert.equal(addressOf({ host: "", port: "9000", path: "/", isSecure: false, ...more }, host, server), address);
    });
  }
});

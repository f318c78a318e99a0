import { strict as assert } from "node:assert";
import type { EvModbusNode } from "../../nodes/ev-modbus.ts";
import { deploy, errorsOf, node, stop } from "./helper.ts";

describe("ev-modbus", () => {
  afterEach(stop);

  it("has a line with default values", async () => {
    await deploy(["ev-modbus"], [{ id: "bus", type: "ev-modbus" }]);
    assert.equal(node<EvModbusNode>("bus").line?.timeoutMs, 1000);
    assert.deepEqual(errorsOf("bus"), []);
  });

  it("shares one connection between nodes that name the same host and port", async () => {
    await deploy(
      ["ev-modbus"],
      [
        { id: "one", type: "ev-modbus", host: "10.0.0.1", port: "502" },
        { id: "same", type: "ev-modbus", host: "10.0.0.1", port: 502, timeoutMs: 3000 },
        { id: "other", type: "ev-modbus", host: "10.0.0.1", port: 503 },
      ],
    );
    const [one, same, other] = ["one", "same", "other"].map((id) => node<EvModbusNode>(id).line);
    assert.equal(one?.bus, same?.bus);
    assert.equal(same?.timeoutMs, 3000);
    assert.notEqual(one?.bus, other?.bus);
  });

  const wrong: [object, RegExp][] = [
    [{ port: 70_000 }, /EV_CONFIG_INVALID: port is 70000; it must be a whole number from 1 to 65535/],
    [{ host: "" }, /EV_CONFIG_INVALID: host is empty/],
    [{ host: "http://meter" }, /EV_CONFIG_INVALID: host is "http:\/\/meter"/],
    [{ timeoutMs: "soon" }, /EV_CONFIG_INVALID: timeoutMs is "soon"/],
    [{ transport: "rtu" }, /EV_CONFIG_INVALID: transport is "rtu"; it must be tcp/],
    [{ transport: 7 }, /EV_CONFIG_INVALID: transport is 7/],
  ];
  for (const [properties, message] of wrong) {
    it(`reports ${JSON.stringify(properties)} and has no line`, async () => {
      await deploy(["ev-modbus"], [{ id: "bus", type: "ev-modbus", ...properties }]);
      assert.match(coded(errorsOf("bus")[0]), message);
      assert.equal(node<EvModbusNode>("bus").line, undefined);
    });
  }
});

/** An error as a Catch node sees it. */
function coded(error: Error | undefined): string {
  return `${(error as Error & { code?: string })?.code}: ${error?.message}`;
}

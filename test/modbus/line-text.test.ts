import { strict as assert } from "node:assert";
import { lineText } from "../../lib/modbus/line.ts";

describe("lineText", () => {
  it("tells how a line is reached, with the usual settings where none are given", () => {
    assert.equal(lineText({ transport: "tcp", host: "10.0.0.1" }), "TCP 10.0.0.1:502");
    assert.equal(lineText({ transport: "udp", host: "10.0.0.1", port: 503 }), "UDP 10.0.0.1:503");
    assert.equal(lineText({ transport: "rtu", serialPort: "COM3" }), "RTU COM3 19200 8N1");
    assert.equal(
      lineText({ transport: "rtu-over-tcp", host: "gateway", baudRate: 9600, parity: "even", stopBits: 2 }),
      "RTU over TCP gateway:502 9600 8E2",
    );
  });
});

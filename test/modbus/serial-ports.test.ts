import { strict as assert } from "node:assert";
import type { SerialPackage } from "../../lib/modbus/rtu-lines.ts";
import { listSerialPorts } from "../../lib/modbus/rtu-lines.ts";

describe("listSerialPorts", () => {
  const packageWith = (ports: object[]) => async () =>
    ({ SerialPort: { list: async () => ports } }) as unknown as SerialPackage;

  it("lists the ports by path, with what is known of their adapters", async () => {
    const ports = [{ path: "/dev/ttyUSB1" }, { path: "/dev/ttyUSB0", manufacturer: "FTDI", serialNumber: "A10K" }];
    assert.deepEqual(await listSerialPorts(packageWith(ports)), [
      { path: "/dev/ttyUSB0", text: "FTDI A10K" },
      { path: "/dev/ttyUSB1", text: "" },
    ]);
  });

  it("names the package that is missing", async () => {
    const missing = () => Promise.reject(new Error("Cannot find module 'serialport'"));
    await assert.rejects(listSerialPorts(missing), { code: "EV_MODBUS_SERIAL", message: /npm install serialport/ });
  });
});

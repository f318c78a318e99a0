/** A process of its own that attacks ports for managers until it is ended: ports of Modbus and SEMP, and how many connections it opens. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const [modbus = 0, semp = 0, connections = 0] = process.argv.slice(2).map(Number);

function frame(...pdu: number[]): Buffer {
  return Buffer.from([0, 1, 0, 0, 0, pdu.length + 1, 1, ...pdu]);
}

const high = (value: number) => [value >> 8, value & 0xff];
const ONES = [0xff, 0xff];
/** Every function that is none, and all ones and 6,553 A where limits are written. */
const MODBUS = Buffer.concat([
  ...Array.from({ length: 128 }, (_, code) => frame(code, 0, 0, 0, 1)),
  ...[1040, 130, 1041].map((register) => frame(6, ...high(register), ...high(0xfffe))),
  frame(16, ...high(1040), 0, 2, 4, ...ONES, ...ONES),
  frame(16, ...high(131), 0, 2, 4, ...ONES, 0xff, 0xfe),
]);
const body = `<EM2Device><DeviceControl><DeviceId>F-00000000-000000000000-00</DeviceId><On>true</On><RecommendedPowerConsumption>9999999</RecommendedPowerConsumption></DeviceControl></EM2Device>`;
const SEMP = Buffer.from(
  `GET /semp HTTP/1.1\r\nHost: x\r\n\r\nPOST /semp HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);

/** Nobody waits longer for one connection. */
const LONGEST_MS = 100;

async function attack(port: number, bytes: Buffer): Promise<void> {
  const socket: Socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  const sending = setInterval(() => socket.writable && socket.write(bytes), 50);
  socket.once("close", () => clearInterval(sending));
  const tried = new Promise((resolve) => setTimeout(resolve, LONGEST_MS));
  await Promise.race([once(socket, "connect"), once(socket, "close"), tried]).catch(() => {});
}

const AT_ONCE = 50;
for (let opened = 0; opened < connections; opened += 2 * AT_ONCE)
  await Promise.all(Array.from({ length: AT_ONCE }, () => [attack(modbus, MODBUS), attack(semp, SEMP)]).flat());
process.send?.("opened");

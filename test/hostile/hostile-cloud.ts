/**
 * A back end gone bad, in a process of its own, so that what it costs itself is not measured as somebody's wait. Accepts every boot and
 * then does one thing without a pause. To be forked with that thing; tells its port, and when it is asked, how often it did it.
 */
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const call = (action: string, payload: object) => JSON.stringify([2, "same", action, payload]);
const profile = {
  ...{
    chargingProfileId: 1,
    stackLevel: 9,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
  },
  chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 1000 }] },
};

const HABITS = {
  commands: (socket: WebSocket) => {
    for (let count = 0; count < 200; count++) {
      socket.send(call("SetChargingProfile", { connectorId: 1, csChargingProfiles: profile }));
      socket.send(call("GetConfiguration", {}));
      socket.send(call("TriggerMessage", { requestedMessage: "StatusNotification" }));
    }
  },
  greatFrames: (socket: WebSocket) => socket.send(call("DataTransfer", { vendorId: "v", data: "x".repeat(255_000) })),
  pings: (socket: WebSocket) => {
    for (let count = 0; count < 500; count++) socket.ping();
  },
} as const;

export type CloudHabit = keyof typeof HABITS;

/** Sent and not yet taken, bytes: more would only fill this process. */
const MOST_WAITING = 4_000_000;

let rounds = 0;
const act = HABITS[process.argv[2] as CloudHabit];
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "ocpp1.6" });
server.on("connection", (socket) => {
  const timer = setInterval(() => {
    if (socket.bufferedAmount >= MOST_WAITING) return;
    act(socket);
    rounds += 1;
  }, 1);
  socket.on("error", () => {});
  socket.on("close", () => clearInterval(timer));
  socket.on("message", (data) => {
    const [type, id, action] = JSON.parse(String(data)) as [number, string, string];
    if (type !== 2) return;
    const boot = { status: "Accepted", interval: 300, currentTime: new Date().toISOString() };
    if (action === "BootNotification") socket.send(JSON.stringify([3, id, boot]));
  });
});
server.on("listening", () => process.send?.((server.address() as AddressInfo).port));
process.on("message", () => process.send?.(rounds));

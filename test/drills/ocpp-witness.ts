/**
 * A charge point that behaves, in a thread of its own so that nothing but the central system can hold it up: asks all the time, one
 * CALL after the other, and reports how long the answers took, less the time that the machine gave to others. `workerData`: `{port,
 * identity, pid}`, the last of the central system.
 */
import { parentPort, workerData } from "node:worker_threads";
import { WebSocket } from "ws";
import { FairWatch } from "../starvation.ts";

/** What it says about a time. */
export interface Testimony {
  answers: number;
  p99Ms: number;
  longestMs: number;
  /** Anything but a confirmation, or the end of its connection. */
  complaints: string[];
}

const { port, identity, pid } = workerData as { port: number; identity: string; pid: number };
/** How long it waits before it dials again, ms: the port may open a moment after the flows have started. */
const REDIAL_MS = 50;
let socket = dial();
let tookMs: number[] = [];
let complaints: string[] = [];
let asked = 0;
/** The last question has no answer yet. */
let open = false;
const watch = new FairWatch(pid);

function dial(): WebSocket {
  const dialled = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, "ocpp1.6");
  dialled.on("error", () => undefined);
  dialled.on("open", () => ask("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" }));
  dialled.on("message", (data) => hear(JSON.parse(data.toString()) as unknown[]));
  dialled.on("close", (code) => {
    if (asked > 0) complaints.push(`its connection was closed with ${code}`);
    else
      setTimeout(() => {
        socket = dial();
      }, REDIAL_MS);
  });
  return dialled;
}

function hear(frame: unknown[]): void {
  if (frame[0] === 2) socket.send(JSON.stringify([3, frame[1], { status: "Accepted" }]));
  else if (frame[1] === `w${asked}`) answered(frame);
  else complaints.push(`an answer to something else: ${JSON.stringify(frame)}`);
}

parentPort!.on("message", (message: "report" | "end") => {
  if (message === "report") {
    const sorted = tookMs.toSorted((a, b) => a - b);
    const waitingMs = asked > 0 && open ? watch.tookMs() : 0;
    const testimony: Testimony = {
      answers: sorted.length,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      longestMs: Math.max(sorted.at(-1) ?? 0, waitingMs),
      complaints,
    };
    parentPort!.postMessage(testimony);
    tookMs = [];
    complaints = [];
  } else {
    socket.removeAllListeners("close");
    socket.terminate();
    parentPort!.close();
  }
});

function answered(frame: unknown[]): void {
  tookMs.push(watch.tookMs());
  open = false;
  if (frame[0] !== 3) complaints.push(`no confirmation: ${JSON.stringify(frame)}`);
  const sampledValue = [{ value: "230.1", measurand: "Voltage", unit: "V" }];
  const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
  // It leaves the central system time for others.
  setTimeout(() => {
    if (asked % 3 === 0) ask("Heartbeat", {});
    else if (asked % 3 === 1) ask("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
    else ask("MeterValues", { connectorId: 1, meterValue });
  }, 2);
}

function ask(action: string, payload: object): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  asked += 1;
  open = true;
  watch.start();
  socket.send(JSON.stringify([2, `w${asked}`, action, payload]));
}

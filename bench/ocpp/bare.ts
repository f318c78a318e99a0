import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { isoTime } from "../../lib/clock.ts";

/** What is answered without a thought: the least that chargers can work with. */
export const ANSWERS: Record<string, () => object> = {
  Authorize: () => ({ idTagInfo: { status: "Accepted" } }),
  BootNotification: () => ({ currentTime: isoTime(Date.now()), interval: 60, status: "Accepted" }),
  Heartbeat: () => ({ currentTime: isoTime(Date.now()) }),
  MeterValues: () => ({}),
  StartTransaction: () => ({ transactionId: ++transactionId, idTagInfo: { status: "Accepted" } }),
  StatusNotification: () => ({}),
  StopTransaction: () => ({}),
};
let transactionId = 0;

export interface BareOptions {
  /** Told of each CALL. */
  onCall?(action: string, payload: unknown): void;
  /** What the answer waits for; undefined = it leaves at once. */
  ready?(action: string): Promise<void> | undefined;
}

/** A `ws` server that parses each message and answers it, checks and keeps nothing. @returns its port */
export async function startBare({ onCall, ready }: BareOptions = {}): Promise<number> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const [, id, action, payload] = JSON.parse(data.toString()) as [number, string, string, unknown];
      const answer = () => socket.send(JSON.stringify([3, id, ANSWERS[action]?.() ?? {}]));
      const waits = ready?.(action);
      if (waits) void waits.then(answer);
      else answer();
      onCall?.(action, payload);
    });
  });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A central system small enough for a test to hold in its hand: one charge point, answers that the test can change. */
import { once } from "node:events";
import { Agent, get } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { CallOptions } from "../../lib/ocpp/port.ts";
import { OcppSocket } from "../../lib/ocpp/server/socket.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import { FakeClock } from "../fake-clock.ts";

export type Payload = Record<string, unknown>;

export interface Received {
  action: string;
  payload: Payload;
}

export class TestCentral {
  readonly clock = new FakeClock();
  /** All CALLs of the charge point, oldest first. */
  readonly received: Received[] = [];
  /** What is answered, by action; change it at will. A thrown error becomes a CALLERROR. */
  readonly answers: Record<string, (payload: Payload) => Payload> = {
    BootNotification: () => ({
      status: "Accepted",
      interval: 60,
      currentTime: new Date(this.clock.wallMs()).toISOString(),
    }),
    Heartbeat: () => ({ currentTime: new Date(this.clock.wallMs()).toISOString() }),
    Authorize: () => ({ idTagInfo: { status: "Accepted" } }),
    StartTransaction: () => ({ transactionId: ++this.lastTransactionId, idTagInfo: { status: "Accepted" } }),
    StopTransaction: () => ({}),
    DataTransfer: () => ({ status: "Accepted" }),
  };
  lastTransactionId = 100;
  /** False = connections are refused. */
  reachable = true;
  /** Times at which a connection was tried, ms of the fake clock. */
  readonly triedAtMs: number[] = [];
  authorization: string | undefined;
  path: string | undefined;
  #server = new WebSocketServer({ host: "127.0.0.1", port: 0, verifyClient: () => this.#tried() });
  readonly #agent = new Agent({ keepAlive: true });
  #webSocket: WebSocket | null = null;
  #socket: OcppSocket | null = null;

  constructor() {
    this.#server.on("connection", (webSocket, request) => {
      this.authorization = request.headers.authorization;
      this.path = request.url;
      this.#webSocket = webSocket;
      this.#socket = new OcppSocket(webSocket, {
        clock: this.clock,
        side: "centralSystem",
        remoteAddress: "test",
        pingMs: 0,
        callTimeoutMs: 30_000,
        strictOutbound: false,
        handle: (action, payload) => {
          this.received.push({ action, payload });
          return this.answers[action]?.(payload) ?? {};
        },
        onClosed: () => {},
      });
    });
  }

  #tried(): boolean {
    this.triedAtMs.push(this.clock.nowMs());
    return this.reachable;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connected(): boolean {
    return this.#socket?.open ?? false;
  }

  async listening(): Promise<this> {
    if (!this.#server.address()) await once(this.#server, "listening");
    return this;
  }

  call(action: string, payload: object, options?: CallOptions): Promise<Payload> {
    return this.#socket!.call(action, payload, options);
  }

  /** The payloads received for an action, oldest first. */
  of(action: string): Payload[] {
    return this.received.filter((entry) => entry.action === action).map((entry) => entry.payload);
  }

  /** Cuts the line and refuses new ones. */
  vanish(): void {
    this.reachable = false;
    this.#webSocket?.terminate();
  }

  /** Lets simulated time pass in steps of 250 ms, with every message of a step delivered before the next. */
  async pass(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 4; step++) {
      this.clock.advance(250);
      await this.settle();
    }
  }

  /** Lets simulated time pass until something holds. */
  async until(holds: () => boolean, what = holds.toString(), withinS = 600): Promise<void> {
    for (let step = 0; !holds(); step++) {
      if (step > withinS * 4) throw new Error(`not within ${withinS} s: ${what}`);
      await this.pass(0.25);
    }
  }

  /** Waits until what both sides have sent is read, or a connection that is being made is answered. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      await (this.connected ? this.#ping() : this.#knock());
    }
  }

  #ping(): Promise<void> {
    const webSocket = this.#webSocket!;
    return new Promise((resolve) => {
      const done = (): void => {
        webSocket.off("pong", done).off("close", done);
        resolve();
      };
      webSocket.on("pong", done).on("close", done).ping();
    });
  }

  /** A plain request, answered after the upgrade requests that came before it. */
  #knock(): Promise<void> {
    return new Promise((resolve, reject) => {
      get(this.url.replace("ws:", "http:"), { agent: this.#agent }, (response) =>
        response.resume().on("end", resolve),
      ).on("error", reject);
    });
  }

  async close(): Promise<void> {
    this.#webSocket?.terminate();
    this.#agent.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** A central system and a charge point connected to it, started; `changes` are the states it reported. */
export interface Pair {
  central: TestCentral;
  chargePoint: SimulatedChargePoint;
  changes: SimulatedState[];
  close(): Promise<void>;
}

export async function pair(
  options: Partial<SimulatorOptions> = {},
  prepare: (central: TestCentral) => void = () => {},
): Promise<Pair> {
  const central = await new TestCentral().listening();
  prepare(central);
  const changes: SimulatedState[] = [];
  const chargePoint = new SimulatedChargePoint({
    url: central.url,
    identity: "CP1",
    socPercent: 20,
    ...options,
    clock: central.clock,
    onChange: (state) => changes.push(state),
  });
  chargePoint.start();
  const close = async (): Promise<void> => {
    await chargePoint.close();
    await central.close();
  };
  return { central, chargePoint, changes, close };
}

/** A profile as a central system would send it: TxDefaultProfile, Absolute since a minute ago, with changes. */
export function profileOf(
  central: TestCentral,
  limits: [startS: number, limit: number][],
  change: Payload = {},
  unit = "A",
): Payload {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    ...change,
    chargingSchedule: {
      startSchedule: new Date(central.clock.wallMs() - 60_000).toISOString(),
      chargingRateUnit: unit,
      chargingSchedulePeriod: limits.map(([startPeriod, limit]) => ({ startPeriod, limit })),
    },
  };
}

/** Sends a profile for connector 1 and returns the answer's status. */
export async function limit(
  central: TestCentral,
  limits: [startS: number, limit: number][],
  change: Payload = {},
  unit = "A",
): Promise<unknown> {
  const csChargingProfiles = profileOf(central, limits, change, unit);
  const { status } = await central.call("SetChargingProfile", { connectorId: 1, csChargingProfiles });
  return status;
}

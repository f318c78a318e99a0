import { EventEmitter, once } from "node:events";
import { type ClientConnection, connectClient } from "../../lib/ocpp/client.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";

type Payload = Record<string, unknown>;

/** A charge point that takes every command, for tests that look at what it is sent. */
export class Charger {
  readonly identity: string;
  /** Commands as they come: `emit(action, payload)`. */
  readonly commands = new EventEmitter();
  /** The answer to a command; a throw is a CALLERROR. */
  answer: (action: string, payload: Payload) => Payload = () => ({ status: "Accepted" });
  /** What it shows of its configuration: all of it, whatever is asked for. */
  configuration: Payload[] = [];
  #connection: ClientConnection | undefined;

  constructor(identity = "CP1") {
    this.identity = identity;
  }

  /** Connects and boots. @param boot what it says of itself */
  async connect(
    port: number,
    password?: string,
    boot: Payload = { chargePointVendor: "Maker", chargePointModel: "Box" },
  ): Promise<void> {
    this.#connection = await connectClient({
      url: `ws://127.0.0.1:${port}`,
      identity: this.identity,
      ...(password !== undefined && { password }),
      onCall: (action, payload) => {
        this.commands.emit(action, payload);
        return action === "GetConfiguration"
          ? { configurationKey: this.configuration }
          : this.answer(action, payload as Payload);
      },
    });
    await this.say("BootNotification", boot);
  }

  say(action: string, payload: Payload): Promise<Payload> {
    return this.#connection!.call(action, payload);
  }

  status(status: string): Promise<Payload> {
    return this.say("StatusNotification", { connectorId: 1, errorCode: "NoError", status });
  }

  async next(action: string): Promise<Payload> {
    const [payload] = (await once(this.commands, action)) as [Payload];
    return payload;
  }

  /** The next limit of at least two periods: a lease, no baseline. */
  async nextLeaseA(): Promise<number> {
    for (;;) {
      const { csChargingProfiles } = (await this.next("SetChargingProfile")) as SetChargingProfileRequest;
      const [first, tail] = csChargingProfiles.chargingSchedule.chargingSchedulePeriod;
      if (first && tail) return first.limit;
    }
  }

  close(): void {
    this.#connection?.terminate("closed");
  }
}

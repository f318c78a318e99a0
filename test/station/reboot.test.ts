import { strict as assert } from "node:assert";
import { once } from "node:events";
import { WebSocket } from "ws";
import { systemClock } from "../../lib/clock.ts";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { definition } from "./fake-charge-point.ts";

const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

/** A charge point on a bare WebSocket that says what it was sent, and answers what it is told to. */
class RawCharger {
  readonly heard: string[] = [];
  /** By action; actions that are not there are not answered. */
  answers: Record<string, object> = {};
  #socket: WebSocket | undefined;
  #sent = 0;
  #waiting: { until: () => boolean; resolve: () => void }[] = [];

  async connect(port: number): Promise<void> {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    this.#socket.on("message", (data) => this.#frame(JSON.parse(String(data)) as [number, string, string, object]));
    await once(this.#socket, "open");
  }

  send(action: string, payload: object): void {
    this.#socket?.send(JSON.stringify([2, `${action} ${++this.#sent}`, action, payload]));
  }

  /** Resolves as soon as what was heard fulfils this. */
  hears(until: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ until, resolve });
      this.#look();
    });
  }

  async cut(): Promise<void> {
    if (!this.#socket || this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.terminate();
    await closed;
  }

  #frame([type, id, action, payload]: [number, string, string, object]): void {
    this.heard.push(type === 2 ? worded(action, payload) : `answer to ${id.split(" ")[0]}`);
    const answer = type === 2 ? this.answers[action] : undefined;
    if (answer) this.#socket?.send(JSON.stringify([3, id, answer]));
    this.#look();
  }

  #look(): void {
    for (const { until, resolve } of this.#waiting) if (until()) resolve();
  }
}

interface ProfilePayload {
  csChargingProfiles?: { chargingSchedule: { chargingSchedulePeriod: { limit: number }[] } };
}

function worded(action: string, payload: object): string {
  const limitA = (payload as ProfilePayload).csChargingProfiles?.chargingSchedule.chargingSchedulePeriod[0]?.limit;
  const requested = (payload as { requestedMessage?: string }).requestedMessage;
  return [action, limitA ?? requested].filter((word) => word !== undefined).join(" ");
}

describe("On a real socket, what comes first", () => {
  let store: Store;
  let stations: Stations;
  let limiter: Limiter;
  let endpoint: Endpoint;
  let charger: RawCharger;
  let port: number;

  const listen = async (overrides = {}): Promise<void> => {
    stations = new Stations({ store, clock: systemClock });
    limiter = createLimiter({ stations, store, clock: systemClock, setpoint: () => null });
    stations.configure(definition({ overrides }));
    const directory = createDirectory(stations, () => POLICY);
    endpoint = createEndpoint({ host: "127.0.0.1", port: 0 }, directory, systemClock);
    port = (await endpoint.listen()).port;
  };
  const shutDown = async (): Promise<void> => {
    await charger.cut();
    await endpoint.close();
    limiter.close();
    stations.close();
  };

  beforeEach(() => {
    store = openStore(":memory:", { clock: systemClock });
    charger = new RawCharger();
    charger.answers = { SetChargingProfile: { status: "Accepted" }, ClearChargingProfile: { status: "Unknown" } };
  });

  afterEach(async () => {
    await shutDown();
    store.close();
  });

  const want = (limitA: number) => limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
  const boot = () => charger.send("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
  const seen = (word: string) => () => charger.heard.includes(word);
  const profiles = () => charger.heard.filter((word) => word.startsWith("SetChargingProfile"));

  it("after a boot is its answer, then baseline and limit, although nothing else is ever answered", async () => {
    await listen();
    want(16);
    await charger.connect(port);
    boot();
    await charger.hears(seen("answer to BootNotification"));
    const sinceMs = performance.now();
    await charger.hears(seen("SetChargingProfile 16"));
    assert.ok(performance.now() - sinceMs < 2000);
    const [answer, ...rest] = charger.heard.filter((word) => word !== "ClearChargingProfile");
    assert.equal(answer, "answer to BootNotification");
    assert.deepEqual(rest.slice(0, 2), ["SetChargingProfile 6", "SetChargingProfile 16"]);
  });

  it("after a reboot that lost its profiles are the same again, at once", async () => {
    await listen();
    want(16);
    await charger.connect(port);
    boot();
    await charger.hears(seen("SetChargingProfile 16"));
    await charger.cut();
    charger.heard.length = 0;
    await charger.connect(port);
    boot();
    await charger.hears(seen("SetChargingProfile 16"));
    assert.deepEqual(profiles(), ["SetChargingProfile 6", "SetChargingProfile 16"]);
    assert.deepEqual(charger.heard.slice(0, 3), ["answer to BootNotification", ...profiles()]);
  });

  it("after a reconnect without a boot are baseline and lease, then questions for states and readings", async () => {
    charger.answers = { ...charger.answers, TriggerMessage: { status: "Accepted" } };
    await listen({ transport: { bootGraceS: 0 } });
    want(16);
    await charger.connect(port);
    await charger.hears(seen("SetChargingProfile 16"));
    await charger.hears(() => charger.heard.filter((word) => word.startsWith("Trigger")).length > 0);
    const order = charger.heard.filter((word) => word !== "ClearChargingProfile");
    assert.deepEqual(order.slice(0, 3), [
      "SetChargingProfile 6",
      "SetChargingProfile 16",
      "TriggerMessage StatusNotification",
    ]);
  });

  it("after our own restart is known before it comes back: what it may draw, what it is and what it can", async () => {
    await listen();
    want(16);
    await charger.connect(port);
    boot();
    await charger.hears(seen("SetChargingProfile 16"));
    const accepted = new Promise<void>((resolve) => {
      limiter.onResult(({ result }) => result.status === "accepted" && result.acceptedA === 14 && resolve());
    });
    want(14);
    await accepted;
    stations.get("CP1")?.learn("smart.stackMax", 1, "test");
    await shutDown();
    await listen();
    const station = stations.get("CP1")!;
    const [facts] = station.facts(systemClock.nowMs());
    assert.deepEqual([facts?.state, facts?.disconnectedA], ["offline", 14]);
    assert.equal(station.vendor, "Maker");
    assert.equal(station.traits.smart.stackMax, 1);
  });
});

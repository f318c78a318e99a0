import { strict as assert } from "node:assert";
import { EventEmitter, once } from "node:events";
import { systemClock } from "../../lib/clock.ts";
import { type ClientConnection, connectClient } from "../../lib/ocpp/client.ts";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { definition } from "./fake-charge-point.ts";

/** A site with a listening central system. */
class Building {
  readonly stations: Stations;
  readonly limiter: Limiter;
  readonly endpoint: Endpoint;
  port = 0;

  constructor(store: Store) {
    this.stations = new Stations({ store, clock: systemClock });
    this.limiter = createLimiter({ stations: this.stations, store, clock: systemClock, setpoint: () => null });
    const policy = {
      unknownChargePoints: "reject",
      sharedPassword: null,
      requirePassword: false,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    } as const;
    this.endpoint = createEndpoint(
      { host: "127.0.0.1", port: 0 },
      createDirectory(this.stations, () => policy),
      systemClock,
    );
  }

  async listen(): Promise<this> {
    this.stations.configure(definition());
    this.port = (await this.endpoint.listen()).port;
    return this;
  }

  async close(): Promise<void> {
    await this.endpoint.close();
    this.limiter.close();
    this.stations.close();
  }
}

/** A charge point that takes every profile and reports it. */
class Charger {
  readonly profiles = new EventEmitter();
  #connection: ClientConnection | undefined;

  async connect(port: number): Promise<void> {
    this.#connection = await connectClient({
      url: `ws://127.0.0.1:${port}`,
      identity: "CP1",
      onCall: (action, payload) => {
        if (action === "SetChargingProfile") this.profiles.emit("profile", payload);
        return action === "GetConfiguration" ? { configurationKey: [] } : { status: "Accepted" };
      },
    });
  }

  say(action: string, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.#connection!.call(action, payload);
  }

  async nextProfile(): Promise<SetChargingProfileRequest> {
    const [profile] = (await once(this.profiles, "profile")) as [SetChargingProfileRequest];
    return profile;
  }

  cut(): void {
    this.#connection?.terminate("cut");
  }
}

const limitA = ({ csChargingProfiles }: SetChargingProfileRequest) =>
  csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit;

describe("Charge point on a real socket", () => {
  let store: Store;
  let building: Building;
  let charger: Charger;

  beforeEach(async () => {
    store = openStore(":memory:", { clock: systemClock });
    building = await new Building(store).listen();
    charger = new Charger();
  });

  afterEach(async () => {
    charger.cut();
    await building.close();
    store.close();
  });

  const status = (word: string) =>
    charger.say("StatusNotification", { connectorId: 1, errorCode: "NoError", status: word });
  const ask = (askedA: number) =>
    building.limiter.request({ chargePoint: "CP1", connector: 1, limitA: askedA, zone: null, ageMs: 0 });
  const boot = async (): Promise<void> => {
    await charger.connect(building.port);
    await charger.say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
  };

  it("boots, gets its baseline, charges in a transaction under a limit, and ends it", async () => {
    await charger.connect(building.port);
    const baseline = charger.nextProfile();
    const confirmation = await charger.say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
    assert.equal(confirmation["status"], "Accepted");
    assert.equal(limitA(await baseline), 6);
    assert.deepEqual(await status("Charging"), {});
    const first = charger.nextProfile();
    ask(16);
    assert.equal((await first).csChargingProfiles.chargingProfilePurpose, "TxDefaultProfile");
    const inTransaction = charger.nextProfile();
    const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: new Date().toISOString() };
    const { transactionId } = await charger.say("StartTransaction", start);
    assert.deepEqual((await inTransaction).csChargingProfiles.transactionId, transactionId);
    const lower = charger.nextProfile();
    ask(8);
    assert.equal(limitA(await lower), 8);
    const stop = { transactionId, meterStop: 100, timestamp: new Date().toISOString() };
    assert.deepEqual(await charger.say("StopTransaction", stop), {});
    assert.deepEqual(store.openTransactions("CP1"), []);
  });

  it("is answered with a CALLERROR while a transaction cannot be made durable, and with its id afterwards", async () => {
    await boot();
    const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: new Date().toISOString() };
    const write = store.startTransaction.bind(store);
    store.startTransaction = () => assert.fail("disk full");
    await assert.rejects(charger.say("StartTransaction", start), { ocppCode: "InternalError" });
    store.startTransaction = write;
    const { transactionId } = await charger.say("StartTransaction", start);
    assert.equal(store.openTransactions("CP1")[0]?.transactionId, String(transactionId));
  });

  it("comes back after a restart without booting: transaction and reserved limit are still known", async () => {
    await boot();
    const accepted = new Promise<void>((resolve) => {
      building.limiter.onResult(({ result }) => result.status === "accepted" && resolve());
    });
    ask(16);
    await accepted;
    const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: new Date().toISOString() };
    const { transactionId } = await charger.say("StartTransaction", start);
    await building.close();
    building = await new Building(store).listen();
    const station = building.stations.get("CP1")!;
    assert.equal(station.facts(systemClock.nowMs())[0]?.disconnectedA, 16);
    await charger.connect(building.port);
    await status("Charging");
    assert.equal(station.connectors.get(1)?.transaction?.transactionId, String(transactionId));
    assert.deepEqual(
      await charger.say("StopTransaction", { transactionId, meterStop: 1, timestamp: start.timestamp }),
      {},
    );
    assert.equal(station.connectors.get(1)?.transaction, null);
  });

  it("that nobody configured is refused with 404", async () => {
    building.stations.remove("CP1");
    await assert.rejects(charger.connect(building.port), { httpStatus: 404 });
  });
});

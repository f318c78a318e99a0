/** The servers that `managers.ts` measures, in a process of their own: ours with some connectors, and modbus-serial's bare one. */
import { once } from "node:events";
import { ServerTCP } from "modbus-serial";
import { ModbusDoor } from "../lib/managers/modbus/modbus-door.ts";
import { FakeClock } from "../test/fake-clock.ts";
import { CHARGING, MadeUpSite } from "../test/managers/site.ts";

export interface ManagerServers {
  bare: number;
  ours: number[];
}

const FIRST_PORT = 21_502;
const BARE_PORT = 21_501;

/** A made-up site on the machine's own time. */
class LiveClock extends FakeClock {
  override nowMs = (): number => performance.now();
}

/** @param send to the one that measures */
async function serve(send: (message: ManagerServers | number) => void): Promise<void> {
  const identities = Array.from({ length: Number(process.argv[2]) }, (_, i) => `CP${i}`);
  const site = new MadeUpSite(new LiveClock(), identities);
  for (const identity of identities) site.reported.set(`${identity}/1`, CHARGING);
  const settings = { map: "victron", connector: "", unitId: 1, host: "127.0.0.1", port: FIRST_PORT } as const;
  const rights = { writable: true, writers: [], leaseS: 120, fallbackA: null, announce: false };
  const door = new ModbusDoor(
    "bench",
    site,
    { ...settings, ...rights },
    { wrote: () => {}, claim: () => {}, free: () => {} },
  );
  await door.follow();
  const values = Array.from({ length: 54 }, (_, i) => i);
  const bare = new ServerTCP(
    {
      getMultipleHoldingRegisters: (_address: number, count: number, _unit: number, done) =>
        done(null, values.slice(0, count)),
    },
    { host: "127.0.0.1", port: BARE_PORT, unitID: 1 },
  );
  await once(bare, "initialized");
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    send((user + system) / 1e6);
  });
  process.on("disconnect", () => process.exit());
  send({ bare: BARE_PORT, ours: [...door.ports] } satisfies ManagerServers);
}

if (process.send) await serve((message) => void process.send!(message));

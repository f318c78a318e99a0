import { ModbusDoor, type ModbusDoorSettings, type WriteNews } from "../../../lib/managers/modbus/modbus-door.ts";
import { freePort } from "../../free-port.ts";
import type { MadeUpSite } from "../site.ts";

/** A door of a made-up site that listens, and what it tells. */
export async function openDoor(site: MadeUpSite, more: Partial<ModbusDoorSettings> = {}) {
  const news: WriteNews[] = [];
  const settings: ModbusDoorSettings = {
    map: "phasewise",
    connector: "",
    unitId: 1,
    host: "127.0.0.1",
    port: await freePort(),
    writable: true,
    writers: [],
    leaseS: 120,
    fallbackA: null,
    announce: false,
    ...more,
  };
  const host = { wrote: (one: WriteNews) => void news.push(one), claim: () => {}, free: () => {} };
  const door = new ModbusDoor("door", site, settings, host);
  await door.follow();
  return { door, news, port: settings.port };
}

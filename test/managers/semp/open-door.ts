import { type ControlNews, SempDoor, type SempDoorSettings } from "../../../lib/managers/semp/semp-door.ts";
import { freePort } from "../../free-port.ts";
import type { MadeUpSite } from "../site.ts";

/** A door of a made-up site that listens, what it tells, and how to ask it. */
export async function openDoor(site: MadeUpSite, more: Partial<SempDoorSettings> = {}) {
  const news: ControlNews[] = [];
  const settings: SempDoorSettings = {
    host: "127.0.0.1",
    port: await freePort(),
    writable: true,
    writers: [],
    leaseS: 120,
    fallbackA: null,
    announce: false,
    ...more,
  };
  const host = {
    controlled: (one: ControlNews) => void news.push(one),
    claim: () => {},
    free: () => {},
    log: () => {},
  };
  const door = new SempDoor("door", site, settings, host);
  await door.follow();
  const base = `http://127.0.0.1:${settings.port}`;
  const get = async (path: string): Promise<string> => (await fetch(`${base}${path}`)).text();
  const post = async (body: string, headers: Record<string, string> = { "content-type": "application/xml" }) =>
    (await fetch(`${base}/semp`, { method: "POST", body, headers })).status;
  return { door, news, base, port: settings.port, get, post };
}

/** As a Sunny Home Manager and evcc send it. */
export function em2Device(deviceId: string, on: boolean, powerW?: number): string {
  const power = powerW === undefined ? "" : `<RecommendedPowerConsumption>${powerW}</RecommendedPowerConsumption>`;
  return `<EM2Device xmlns="http://www.sma.de/communication/schema/SEMP/v1"><DeviceControl><DeviceId>${deviceId}</DeviceId><On>${on}</On>${power}<Timestamp>0</Timestamp></DeviceControl></EM2Device>`;
}

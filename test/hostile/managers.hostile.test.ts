import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort } from "../e2e/net.ts";
import { HostileSite, smallSite } from "./bench.ts";
import { actOut } from "./row.ts";
import { MANAGERS } from "./rows/managers.ts";

const CONNECTIONS = 10_000;
const INTERVAL_MS = 1000;
/** A reading older than this counts as stale, ms. */
const STALE_MS = 5000;
/** How long the meter is looked at without the attack, ms. */
const CALM_MS = 4000;

interface Ports {
  meter: number;
  modbus: number;
  semp: number;
}

/** The small site with a meter, a car that a flow drives, and both servers for managers; this machine may write. */
function siteWithDoors(ocpp: number, { meter, modbus, semp }: Ports): FlowNode[] {
  const place = { z: "tab", x: 100, y: 100 };
  const local = { site: "site", host: "127.0.0.1", writable: true, wires: [[]] };
  const told = [["shown"], [], []];
  return [
    ...smallSite({ ocpp }),
    { id: "flow-driven", type: "ev-charge-point", centralSystem: "", identity: "CAR", zone: "zone" },
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: meter },
    { ...place, id: "box", type: "ev-meter-simulator", port: meter, profile: "eastron-sdm630", wires: [] },
    {
      ...place,
      ...{ id: "meter", type: "ev-meter", bus: "bus", meter: "main", profile: "eastron-sdm630" },
      ...{ intervalMs: INTERVAL_MS, wires: [["samples"]] },
    },
    { ...place, id: "samples", type: "debug", active: true, tosidebar: true, complete: "true", wires: [] },
    { ...place, id: "dlm", type: "ev-dlm", zone: "zone", cycleS: 1, rampUpAps: 100, wires: told },
    { ...place, ...local, id: "modbus", type: "ev-modbus-server", port: modbus },
    { ...place, ...local, id: "semp", type: "ev-semp", port: semp, announce: false },
  ];
}

describe("hostile energy managers", () => {
  let site: HostileSite;

  after(() => site?.stop());

  actOut(MANAGERS, {
    async meters() {
      const ports = { meter: await freePort(), modbus: await freePort(), semp: await freePort() };
      site = await HostileSite.start({ flow: ({ ocpp }) => siteWithDoors(ocpp, ports) });
      const feed = await site.nodeRed.feed();
      /** Between readings of the meter, by its own clock, ms, the longest last. */
      const gapsSince = (sinceMs: number) =>
        feed
          .of<{ payload: { ts: string } }>("samples", sinceMs)
          .map(({ message }) => Date.parse(message.payload.ts))
          .map((atMs, i, all) => (i === 0 ? 0 : atMs - all[i - 1]!))
          .slice(1)
          .sort((a, b) => a - b);
      await feed.next("a sample", "samples", () => true);
      const calmMs = Date.now();
      await new Promise((resolve) => setTimeout(resolve, CALM_MS));
      const calm = gapsSince(calmMs);
      const beganMs = Date.now();
      const strangers = fork(join(import.meta.dirname, "manager-strangers.ts"), [
        String(ports.modbus),
        String(ports.semp),
        String(CONNECTIONS),
      ]);
      site.atEnd(() => strangers.kill());
      await once(strangers, "message");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const attacked = gapsSince(beganMs);
      strangers.kill();
      const median = (gaps: readonly number[]) => gaps[gaps.length >> 1] ?? Number.NaN;
      const said = `calm ${median(calm)} ms, longest ${calm.at(-1)} ms; attacked ${median(attacked)} ms, longest ${attacked.at(-1)} ms`;
      assert.ok(median(attacked) < 1.5 * INTERVAL_MS, said);
      assert.ok(attacked.at(-1)! < STALE_MS, said);
      site.assertAlive();
    },
  });
});

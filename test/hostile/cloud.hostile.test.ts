import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import type { FlowNode } from "../e2e/flows.ts";
import { until } from "../e2e/net.ts";
import type { RawCharger } from "../e2e/raw-charger.ts";
import { ForeignBackEnd, type Payload } from "../upstream/back-end.ts";
import { HostileSite, PASSWORD, smallSite } from "./bench.ts";
import type { CloudHabit } from "./hostile-cloud.ts";
import { actOut } from "./row.ts";
import { CLOUD } from "./rows/cloud.ts";

const HEAP_MB = 700;
const MOST_MS = 50;
const FLOOD_MS = 4000;
/** What the breaker of the small site has here, A. */
const BREAKER_A = 10;
const BOX = { chargePointVendor: "Maker", chargePointModel: "Box" };

/** The small site under load management; OPEN is reported to back ends, of which the first bills. */
const siteWith =
  (...urls: string[]) =>
  (ports: { ocpp: number }): FlowNode[] => {
    const place = { z: "tab", x: 100, y: 100 };
    const ids = urls.map((_, index) => `cloud-${index}`);
    const backEnds = urls.map((url, index) => ({
      ...{ id: ids[index]!, type: "ev-back-end", site: "site", name: `Cloud ${index}`, url, identity: "{identity}" },
      role: index === 0 ? "billing" : "reporting",
    }));
    const small = smallSite(ports).map((node) => {
      if (node.id === "zone") return { ...node, limitA: [BREAKER_A, BREAKER_A, BREAKER_A] };
      return node.id === "open" ? { ...node, backEnds: ids } : node;
    });
    const dlm = { ...place, id: "dlm", type: "ev-dlm", zone: "zone", cycleS: 1, wires: [["limits"], [], []] };
    return [
      ...small,
      ...backEnds,
      dlm,
      { ...place, id: "limits", type: "ev-charging-profile", site: "site", wires: [[]] },
    ];
  };

/** OPEN as a charger that charges a car. */
async function charging(site: HostileSite): Promise<RawCharger> {
  const open = await site.charger("OPEN");
  await open.call("BootNotification", BOX);
  const timestamp = new Date().toISOString();
  await open.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging", timestamp });
  await open.call("StartTransaction", { connectorId: 1, idTag: "CAR", meterStart: 0, timestamp });
  return open;
}

describe("hostile back ends", () => {
  /** A site whose charger is reported to a back end that the test plays. */
  const withCloud = async (play: (site: HostileSite, cloud: ForeignBackEnd) => Promise<void>): Promise<void> => {
    const cloud = new ForeignBackEnd();
    await cloud.open();
    const site = await HostileSite.start({ flow: siteWith(cloud.url) });
    try {
      await until("the back end has accepted it", () => cloud.actions("OPEN").includes("StatusNotification"));
      await play(site, cloud);
      site.assertAlive();
    } finally {
      await site.stop();
      await cloud.close();
    }
  };

  actOut(CLOUD, {
    limits: () =>
      withCloud(async (site, cloud) => {
        const open = await charging(site);
        const periods: Payload[][] = [
          [{ startPeriod: 0, limit: 1000 }],
          [{ startPeriod: 0, limit: 1e15 }],
          [
            { startPeriod: 0, limit: 0 },
            { startPeriod: 1, limit: 1e6 },
          ],
          [{ startPeriod: 2 ** 31 - 1, limit: 1e9 }],
        ];
        for (const chargingProfilePurpose of ["TxDefaultProfile", "TxProfile", "ChargePointMaxProfile"]) {
          for (const stackLevel of [0, 1, 99, 1000]) {
            for (const chargingSchedulePeriod of periods) {
              const csChargingProfiles = {
                ...{ chargingProfileId: 1, stackLevel, chargingProfilePurpose, chargingProfileKind: "Absolute" },
                ...{ validFrom: "1970-01-01T00:00:00Z", validTo: "9999-12-31T23:59:59Z" },
                chargingSchedule: {
                  chargingRateUnit: "A",
                  startSchedule: "1970-01-01T00:00:00Z",
                  chargingSchedulePeriod,
                },
              };
              const connectorId = chargingProfilePurpose === "ChargePointMaxProfile" ? 0 : 1;
              await cloud
                .command("OPEN", "SetChargingProfile", { connectorId, csChargingProfiles })
                .catch(() => undefined);
            }
          }
        }
        await cloud.command("OPEN", "ClearChargingProfile", {});
        await new Promise((resolve) => setTimeout(resolve, 3000));
        const limits = open.heard
          .filter(({ action }) => action === "SetChargingProfile")
          .map(({ payload }) => JSON.stringify(payload))
          .flatMap((text) => [...text.matchAll(/"limit":([\d.e+]+)/g)].map(([, limit]) => Number(limit)));
        assert.ok(limits.length > 0, "the charger was given limits");
        assert.ok(Math.max(...limits) <= BREAKER_A, `${Math.max(...limits)} A`);
      }),

    commands: () =>
      withCloud(async (site, cloud) => {
        const open = await charging(site);
        const location = "ftp://203.0.113.1/x";
        const commands: [string, Payload][] = [
          ...["AuthorizationKey", "SecurityProfile", "CentralSystemURL", "AllowOfflineTxForUnknownId"].map(
            (key): [string, Payload] => ["ChangeConfiguration", { key, value: "2" }],
          ),
          ["Reset", { type: "Hard" }],
          ["UpdateFirmware", { location, retrieveDate: new Date().toISOString() }],
          ["GetDiagnostics", { location }],
          ["SendLocalList", { listVersion: 1, updateType: "Full", localAuthorizationList: [] }],
          ["ChangeAvailability", { connectorId: 0, type: "Inoperative" }],
          ["UnlockConnector", { connectorId: 1 }],
          ["ClearCache", {}],
          ["DataTransfer", { vendorId: "maker", messageId: "shell", data: "reboot" }],
        ];
        const names = new Set(commands.map(([action]) => action));
        for (const [action, payload] of commands) {
          const answer = await cloud.command("OPEN", action, payload).catch(() => ({ status: "refused" }));
          // A restart waits for the end of the charge.
          if (action !== "Reset")
            assert.notEqual((answer as Payload)["status"], "Accepted", `${action} ${JSON.stringify(payload)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
        const reached = open.heard.filter(({ action, payload }) => {
          return (
            names.has(action) &&
            /AuthorizationKey|SecurityProfile|CentralSystemURL|Hard|203\.0|Inoperative|shell/.test(
              JSON.stringify(payload),
            )
          );
        });
        assert.deepEqual(reached, []);
      }),

    async rubbish() {
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "ocpp1.6" });
      await once(server, "listening");
      const answers = [
        (socket: WebSocket) => socket.send("rubbish"),
        (socket: WebSocket) => socket.send("[".repeat(3000)),
        (socket: WebSocket, id: string) => socket.send(JSON.stringify([3, `not ${id}`, { transactionId: 1 }])),
        (socket: WebSocket, id: string) => socket.send(JSON.stringify([3, id, { transactionId: "x", idTagInfo: 7 }])),
        (socket: WebSocket) => {
          for (let count = 0; count < 20; count++) socket.send(JSON.stringify([2, "same", "ClearCache", {}]));
        },
        () => {},
      ];
      let said = 0;
      server.on("connection", (socket) => {
        socket.on("error", () => {});
        socket.on("message", (data) => {
          const [type, id, action] = JSON.parse(String(data)) as [number, string, string];
          if (type !== 2) return;
          const boot = { status: "Accepted", interval: 300, currentTime: new Date().toISOString() };
          if (action === "BootNotification") socket.send(JSON.stringify([3, id, boot]));
          else answers[said++ % answers.length]!(socket, id);
        });
      });
      const site = await HostileSite.start({
        flow: siteWith(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`),
      });
      try {
        await until("it has heard the back end", () => said > 0);
        const open = await site.charger("OPEN");
        await open.call("BootNotification", BOX);
        for (let charge = 0; charge < 5; charge++) {
          const timestamp = new Date().toISOString();
          const start = { connectorId: 1, idTag: "CAR", meterStart: charge, timestamp };
          const [type, , begun] = await open.call("StartTransaction", start);
          assert.equal(type, 3);
          const { transactionId } = begun as { transactionId: number };
          assert.equal((await open.call("StopTransaction", { transactionId, meterStop: charge + 1, timestamp }))[0], 3);
        }
        site.assertAlive();
      } finally {
        await site.stop();
        for (const socket of server.clients) socket.terminate();
        server.close();
      }
    },

    async flood() {
      const habits: CloudHabit[] = ["commands", "greatFrames", "pings"];
      const clouds = habits.map((habit) => fork(join(import.meta.dirname, "hostile-cloud.ts"), [habit]));
      const urls = await Promise.all(
        clouds.map(async (cloud) => `ws://127.0.0.1:${((await once(cloud, "message")) as [number])[0]}/`),
      );
      const site = await HostileSite.start({ flow: siteWith(...urls), nodeArgs: [`--max-old-space-size=${HEAP_MB}`] });
      try {
        const safe = await site.charger("SAFE", PASSWORD);
        await safe.call("BootNotification", BOX);
        const tookMs: number[] = [];
        const endMs = performance.now() + FLOOD_MS;
        while (performance.now() < endMs) {
          const beganMs = performance.now();
          await safe.call("Heartbeat", {}, 20_000);
          tookMs.push(performance.now() - beganMs);
        }
        const medianMs = tookMs.sort((a, b) => a - b)[tookMs.length >> 1]!;
        const figures = `${medianMs.toFixed(2)} ms, ${Math.round(site.residentMB())} MB`;
        site.assertAlive();
        assert.ok(medianMs < MOST_MS, figures);
        assert.ok(site.residentMB() < HEAP_MB, figures);
        for (const cloud of clouds) {
          const told = once(cloud, "message");
          cloud.send("how often?");
          const [rounds] = (await told) as [number];
          assert.ok(rounds > 0, `${cloud.spawnargs.at(-1)} was not let in`);
        }
      } finally {
        await site.stop();
        for (const cloud of clouds) cloud.kill();
      }
    },
  });
});

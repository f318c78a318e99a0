import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { CopyView, Difference, SettingsPage } from "../../lib/maintenance/settings/types.ts";
import { CONFIGURATION_KEYS } from "../../lib/ocpp/configuration-keys.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import { signedIn } from "../rights/signed-in.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-command", "ev-alarms"];

/** Three models that tell their settings in three ways. */
const MODELS = ["keba", "growatt-thor", "charge-amps"];

interface Answer extends NodeMessage {
  text?: string;
  refusal?: string;
}

type Listed = { chargers: { chargePoint: string }[]; copies: CopyView[]; mayChange: boolean };

describe("the settings of chargers", () => {
  let port: number;
  let identities: string[];
  const open: { close(): unknown }[] = [];

  const start = async (names: string[]): Promise<void> => {
    port = await freePort();
    identities = names;
    await deploy(TYPES, flow());
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await stop();
  });

  const flow = (): FlowNode[] => [
    {
      ...{ id: "site", type: "ev-site", dataDir, otherUsers: "viewer" },
      roles: [
        { user: "ana", role: "admin" },
        { user: "bob", role: "operator" },
      ],
    },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, callTimeoutS: 2 },
    ...identities.map((identity) => ({
      id: `node of ${identity}`,
      type: "ev-charge-point",
      centralSystem: "cs",
      identity,
    })),
    { id: "command", type: "ev-command", wires: [["out"]] },
    { id: "out", type: "helper" },
    { id: "alarms", type: "ev-alarms", site: "site", wires: [["log"]] },
    { id: "log", type: "helper" },
    { id: "catch", type: "catch", scope: ["command"], wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];
  const receive = (name: string, payload: object, user: string): void =>
    node("command").receive({ topic: `settings/${name}`, payload, ...signedIn(user) } as never);
  const ask = async <T>(name: string, payload: object = {}, user = "ana"): Promise<T> => {
    const answer = nextMessage<Answer>("out", ({ topic }) => topic === `settings/${name}`);
    receive(name, payload, user);
    return (await answer).payload as T;
  };
  const refuses = async (name: string, payload: object, user = "ana"): Promise<{ refusal?: string; error?: Error }> => {
    const caught = nextMessage<Answer & { error: Error }>("caught");
    receive(name, payload, user);
    return caught;
  };
  const log = async (): Promise<string[]> => {
    const told = nextMessage<{ payload: { user: string; what: string }[] }>("log");
    node("alarms").receive({ topic: "audit/list", payload: { most: 500 } } as never);
    return (await told).payload.map(({ user, what }) => `${user}: ${what}`);
  };
  /** A copy once something holds for it. */
  const copyThat = async (what: string, holds: (copy: CopyView) => boolean): Promise<CopyView> => {
    for (let tries = 0; tries < 600; tries++) {
      const [copy] = await ask<CopyView[]>("copies");
      if (copy && holds(copy)) return copy;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no copy ${what}`);
  };
  const simulate = async (identity: string, more: object = {}): Promise<SimulatedChargePoint> => {
    const url = `ws://127.0.0.1:${port}`;
    const charger = new SimulatedChargePoint({ url, identity, plugged: false, ...more });
    open.push(charger);
    charger.start();
    await until(`${identity} is online`, () => charger.state.online);
    return charger;
  };
  const dial = async (identity: string, configuration: object[]): Promise<Charger> => {
    const charger = new Charger(identity);
    open.push(charger);
    charger.configuration = configuration as never;
    charger.answer = (action, { key, value }) => {
      if (action !== "ChangeConfiguration") return { status: "Accepted" };
      const entry = charger.configuration.find((one) => one["key"] === key);
      if (entry) entry["value"] = value;
      return { status: entry ? "Accepted" : "NotSupported" };
    };
    await charger.connect(port);
    return charger;
  };
  const isReady = (identity: string): boolean => {
    const { site } = node<never>(`node of ${identity}`) as unknown as {
      site: { stations: { get(id: string): { state: string } } };
    };
    return site.stations.get(identity).state === "ready";
  };

  it("go from one charger to 39 of three models, and every result is told", async () => {
    const names = Array.from({ length: 40 }, (_, at) => `CP${at + 1}`);
    await start(names);
    const chargers = new Map<string, SimulatedChargePoint>();
    const acts: Record<string, string> = {
      CP5: "refusesSettings",
      CP17: "refusesSettings",
      CP8: "settingsAfterRestart",
    };
    await Promise.all(
      names.map(async (identity, at) => {
        if (identity === "CP30") return;
        const behaviour = acts[identity] ?? "normal";
        chargers.set(identity, await simulate(identity, { vendorModel: MODELS[at % 3]!, behaviour }));
      }),
    );
    await until("all are ready", () => names.every((name) => name === "CP30" || isReady(name)), 30_000);
    const source = chargers.get("CP1")!.charger.configuration;
    source.write("ConnectionTimeOut", "90");
    source.write("TransactionMessageRetryInterval", "25");

    const { keys } = await ask<SettingsPage>("read", { chargePoint: "CP1" });
    const row = keys.find(({ key }) => key === "ConnectionTimeOut")!;
    assert.deepEqual([row.value, row.unit, row.range, row.readonly, row.notCopied], ["90", "s", "0..", false, null]);
    const notCopied = Object.fromEntries(keys.map((one) => [one.key, one.notCopied]));
    assert.deepEqual(
      ["HeartbeatInterval", "ConnectorPhaseRotation", "NumberOfConnectors"].map((key) => notCopied[key]),
      ["kept", "wiring", "readonly"],
    );

    const wanted = ["ConnectionTimeOut", "TransactionMessageRetryInterval"];
    await ask("copy", { from: "CP1", keys: wanted, to: names.slice(1), restart: true });
    const before = await copyThat("waits for one charger", ({ targets }) =>
      targets.every(({ state }) => !["waiting", "changing", "toRestart", "restarting"].includes(state)),
    );
    const told = new Map(before.targets.map((one) => [one.chargePoint, one]));
    assert.equal(before.state, "running");
    assert.deepEqual([told.size, told.get("CP30")!.state], [39, "away"]);
    assert.match(told.get("CP30")!.text, /^Not connected\. It gets the settings when it is back\.$/);
    for (const identity of ["CP5", "CP17"])
      assert.match(told.get(identity)!.text, /^It took nothing\. ConnectionTimeOut: refused; Tra.+: refused\.$/);
    assert.deepEqual([told.get("CP8")!.state, told.get("CP8")!.restarted], ["done", true]);
    const good = before.targets.filter(({ state }) => state === "done");
    assert.equal(good.length, 36);
    for (const { chargePoint, text } of good) {
      assert.match(text, /^It took everything\. ConnectionTimeOut: taken; TransactionMessageRetryInterval: taken\.$/);
      const { configuration } = chargers.get(chargePoint)!.charger;
      assert.deepEqual(
        wanted.map((key) => configuration.text(key)),
        ["90", "25"],
        chargePoint,
      );
    }

    const late = await simulate("CP30", { vendorModel: "keba" });
    const ended = await copyThat("ended", ({ state }) => state === "ended");
    assert.match(ended.text, /37 of 39 chargers took everything/);
    assert.equal(late.charger.configuration.text("ConnectionTimeOut"), "90");

    const lines = await log();
    assert.ok(
      lines.includes('ana: settings of CP2 (copy 1 from CP1): ConnectionTimeOut "60" → "90": accepted'),
      lines[0],
    );
    assert.ok(lines.includes('ana: settings of CP5 (copy 1 from CP1): ConnectionTimeOut "60" → "90": refused'));
    assert.equal(lines.filter((line) => line.includes("(copy 1 from CP1)")).length, 78);
  });

  const key = (name: string, value: string, readonly = false) => ({ key: name, value, readonly });
  const some = (seconds: string) => [key("ConnectionTimeOut", seconds), key("ResetRetries", "1")];
  const valueAt = ({ configuration }: Charger, name: string) =>
    configuration.find((one) => one["key"] === name)?.["value"];
  const ready = (...names: string[]) => until(`${names} are ready`, () => names.every(isReady));
  const stateOf = ({ targets }: CopyView, identity: string) =>
    targets.find(({ chargePoint }) => chargePoint === identity)!.state;

  it("stop at a charger that does not come back, and give it its old values when it does", async () => {
    await start(["CP1", "CP2", "CP3"]);
    await dial("CP1", some("90"));
    const [second, third] = [await dial("CP2", some("60")), await dial("CP3", some("60"))];
    await ready("CP1", "CP2", "CP3");
    const take = second.answer;
    second.answer = (action, payload) => {
      const answer = take(action, payload);
      if (payload["key"] === "ConnectionTimeOut") setImmediate(() => second.close());
      return answer;
    };
    await ask("copy", { from: "CP1", keys: ["ConnectionTimeOut"], to: ["CP2", "CP3"], waitS: 1 });
    const held = await copyThat("is held", ({ state }) => state === "held");
    assert.match(held.text, /^Stopped: CP2 does not come back since its change\./);
    assert.deepEqual([stateOf(held, "CP2"), stateOf(held, "CP3")], ["lost", "waiting"]);
    assert.equal(valueAt(third, "ConnectionTimeOut"), "60");

    await ask("goOn", { id: 1 });
    await copyThat("went on", (copy) => stateOf(copy, "CP3") === "done");
    second.answer = take;
    await second.connect(port);
    const ended = await copyThat("has ended", ({ state }) => state === "ended");
    assert.equal(stateOf(ended, "CP2"), "rolledBack");
    assert.equal(valueAt(second, "ConnectionTimeOut"), "60");
    assert.equal(valueAt(third, "ConnectionTimeOut"), "90");
  });

  it("are rolled back at a charger that is still connected and tells nothing any more", async () => {
    await start(["CP1", "CP2"]);
    await dial("CP1", some("90"));
    const second = await dial("CP2", some("60"));
    await ready("CP1", "CP2");
    const kept = second.configuration;
    const take = second.answer;
    second.answer = (action, payload) => {
      if (payload["key"] === "ConnectionTimeOut")
        Object.defineProperty(second, "configuration", {
          get: () => {
            throw new Error("no memory left");
          },
        });
      return payload["key"] ? { status: "Accepted" } : take(action, payload);
    };
    const written: unknown[] = [];
    second.commands.on("ChangeConfiguration", ({ key, value }) => key === "ConnectionTimeOut" && written.push(value));
    await ask("copy", { from: "CP1", keys: ["ConnectionTimeOut"], to: ["CP2"], waitS: 1 });
    const { targets } = await copyThat("has ended", ({ state }) => state === "ended");
    assert.deepEqual([targets[0]!.state, written], ["rolledBack", ["90", "60"]]);
    Object.defineProperty(second, "configuration", { value: kept, writable: true });
  });

  it("wait over a restart of Node-RED for a charger that is away, until somebody gives it up", async () => {
    await start(["CP1", "CP2", "CP3"]);
    const first = await dial("CP1", some("90"));
    await ready("CP1");
    await ask("copy", { from: "CP1", keys: ["ConnectionTimeOut"], to: ["CP2", "CP3"] });
    await copyThat("waits", ({ targets }) => targets.every(({ state }) => state === "away"));
    first.close();
    await stop({ keepData: true });
    await deploy(TYPES, flow());
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const second = await dial("CP2", some("60"));
    await copyThat("went on", (copy) => stateOf(copy, "CP2") === "done");
    assert.equal(valueAt(second, "ConnectionTimeOut"), "90");
    assert.match(
      (await refuses("copy", { from: "CP2", keys: ["ResetRetries"], to: ["CP3"] })).refusal ?? "",
      /on their way/,
    );
    await ask("giveUp", { id: 1, chargePoint: "CP3" });
    const ended = await copyThat("has ended", ({ state }) => state === "ended");
    assert.deepEqual([stateOf(ended, "CP3"), ended.targets[1]!.text], ["givenUp", "Given up. Nothing was sent."]);
  });

  it("are changed by who may, checked, held back where they would not stay, and stand in the log without secrets", async () => {
    await start(["CP1"]);
    const first = await dial("CP1", [
      ...some("60"),
      key("WebSocketPingInterval", "30"),
      key("BackendURL", "wss://bob:pass@host/ocpp?token=abc"),
      key("WifiPassword", "hush"),
      key("Own", "x"),
    ]);
    await ready("CP1");
    const change = (name: string, value: string, more: object = {}) => ({
      chargePoint: "CP1",
      key: name,
      value,
      ...more,
    });
    assert.match((await refuses("change", change("ConnectionTimeOut", "90"), "bob")).refusal ?? "", /^You may not/);
    const changed = await ask<{ status: string; old: string; value: string }>(
      "change",
      change("ConnectionTimeOut", "90"),
    );
    assert.deepEqual([changed.status, changed.old, changed.value], ["Accepted", "60", "90"]);
    assert.equal(valueAt(first, "ConnectionTimeOut"), "90");
    const said = async (name: string, value: string) => (await refuses("change", change(name, value))).refusal ?? "";
    assert.match(await said("ConnectionTimeOut", "soon"), /cannot have this value/);
    assert.match(await said("WebSocketPingInterval", "10"), /set from here at each start/);
    assert.match(await said("BackendURL", "wss://elsewhere"), /may not find back/);
    assert.match(await said("Nothing", "1"), /does not have this setting/);
    await ask("change", change("WifiPassword", "hush more"));

    const { keys } = await ask<SettingsPage>("read", { chargePoint: "CP1" }, "bob");
    const row = (name: string) => keys.find((one) => one.key === name)!;
    assert.deepEqual([row("WifiPassword").value, row("WifiPassword").notCopied], [null, "secret"]);
    assert.deepEqual(
      [row("BackendURL").value, row("BackendURL").notCopied],
      ["wss://•••@host/ocpp?token=•••", "address"],
    );
    assert.deepEqual([row("Own").meaning, row("Own").value, row("Own").notCopied], [null, "x", null]);
    const lines = (await log()).join("\n");
    assert.match(lines, /ana: settings of CP1: ConnectionTimeOut "60" → "90": Accepted/);
    assert.doesNotMatch(lines, /hush|pass@|abc/);
    const list = await ask<Listed>("list", {}, "bob");
    assert.deepEqual([list.chargers.map(({ chargePoint }) => chargePoint), list.mayChange], [["CP1"], false]);
  });

  it("are saved as a file, compared with one, and copied from one; a bad file is named", async () => {
    await start(["CP1", "CP2"]);
    await dial("CP1", [...some("90"), key("SimPin", "1234"), key("Own", "x")]);
    const second = await dial("CP2", some("60"));
    await ready("CP1", "CP2");
    const { name, data } = await ask<{ name: string; data: string }>("file", { chargePoint: "CP1" });
    assert.match(name, /^charger-settings-.*\d{4}-\d{2}-\d{2}\.json$/);
    const file = JSON.parse(data) as { format: string; version: number; keys: { key: string }[] };
    assert.deepEqual([file.format, file.version], ["phasewise-charger-settings", 1]);
    assert.deepEqual(
      file.keys.map((one) => one.key),
      ["ConnectionTimeOut", "Own", "ResetRetries"],
    );
    assert.doesNotMatch(data, /CP1|1234/);
    const { keys } = await ask<{ keys: Difference[] }>("compare", { from: data, to: "CP2" });
    assert.deepEqual(
      keys.map(({ key: of, from, to, state, notCopied }) => [of, from, to, state, notCopied]),
      [
        ["ConnectionTimeOut", "90", "60", "different", null],
        ["Own", "x", null, "onlyFrom", "missing"],
        ["ResetRetries", "1", "1", "same", null],
      ],
    );
    await ask("copy", { from: data, keys: ["ConnectionTimeOut", "Own"], to: ["CP2"] });
    const { targets } = await copyThat("has ended", ({ state }) => state === "ended");
    assert.equal(targets[0]!.text, "It did not take everything. ConnectionTimeOut: taken; Own: not there.");
    assert.equal(valueAt(second, "ConnectionTimeOut"), "90");
    const bad = await refuses("compare", { from: data.replace('"value": "90"', '"value": 90'), to: "CP2" });
    assert.match(bad.error?.message ?? "", /file of settings: keys\[0\]\.value must be /);
    assert.match(bad.refusal ?? "", /damaged \(keys\[0\]\.value\)/);
  });

  it("say of every key that is written from here at a start that it is kept", async () => {
    await start(["CP1"]);
    const written: unknown[] = [];
    const first = new Charger("CP1");
    open.push(first);
    first.configuration = CONFIGURATION_KEYS.map((one) => key(one.key, one.type === "integer" ? "7" : ""));
    first.commands.on("ChangeConfiguration", (payload: { key: string }) => written.push(payload.key));
    await first.connect(port);
    await ready("CP1");
    await until("its measurands are written", () => written.includes("MeterValuesSampledData"));
    const { keys } = await ask<SettingsPage>("read", { chargePoint: "CP1" });
    const kept = keys.filter((one) => one.kept).map((one) => one.key);
    assert.deepEqual(
      [...new Set(written)].filter((one) => !kept.includes(String(one))),
      [],
    );
    assert.ok(written.length >= 4, written.join());
  });

  it("restart a charger that needs it only once no car charges there", async () => {
    await start(["CP1", "CP2"]);
    await dial("CP1", some("90"));
    const second = await dial("CP2", some("60"));
    await ready("CP1", "CP2");
    const take = second.answer;
    second.answer = (action, payload) =>
      action === "ChangeConfiguration" ? { status: "RebootRequired" } : take(action, payload);
    const times = { timestamp: new Date().toISOString() };
    const begin = { connectorId: 1, idTag: "AB", meterStart: 0, ...times };
    const { transactionId } = await second.say("StartTransaction", begin);
    await ask("copy", { from: "CP1", keys: ["ConnectionTimeOut"], to: ["CP2"], restart: true, waitS: 5 });
    const waits = await copyThat("waits", (copy) => stateOf(copy, "CP2") === "toRestart");
    assert.match(waits.targets[0]!.text, /^Changed\. It restarts as soon as no car charges there\./);
    const reset = second.next("Reset");
    await second.say("StopTransaction", { transactionId, meterStop: 0, ...times });
    assert.deepEqual(await reset, { type: "Soft" });
    second.configuration = some("90");
    second.close();
    await second.connect(port);
    const { targets } = await copyThat("has ended", ({ state }) => state === "ended");
    assert.deepEqual([targets[0]!.state, targets[0]!.restarted], ["done", true]);
    assert.equal(targets[0]!.text, "It took everything. ConnectionTimeOut: taken.");
  });

  it("are watched after a copy has ended: a charger that leaves then and stays away gets its old values back", async () => {
    await start(["CP1", "CP2"]);
    await dial("CP1", some("90"));
    const second = await dial("CP2", some("60"));
    await ready("CP1", "CP2");
    await ask("copy", { from: "CP1", keys: ["ConnectionTimeOut"], to: ["CP2"], waitS: 1 });
    await copyThat("has ended", ({ state }) => state === "ended");
    second.close();
    await copyThat("is held", ({ state }) => state === "held");
    await second.connect(port);
    const { targets } = await copyThat("has ended again", ({ state }) => state === "ended");
    assert.match(targets[0]!.text, /^It dropped out after the change\. It has its old values again\./);
    assert.equal(valueAt(second, "ConnectionTimeOut"), "60");
  });
});

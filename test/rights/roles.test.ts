import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { OWN_ACTIONS } from "../../lib/maintenance/own-actions.ts";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { commandRole, commandText } from "../../lib/rights/command-roles.ts";
import { isQuestion } from "../../lib/rights/questions.ts";
import { Rights } from "../../lib/rights/rights.ts";
import {
  demand,
  OPEN_RULES,
  ROLES,
  type RoleRules,
  roleOf,
  senderOf,
  suffices,
  type Who,
} from "../../lib/rights/roles.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";
import { signedIn } from "./signed-in.ts";

const RULES: RoleRules = { users: new Map([["ana", "admin"]]), otherUsers: "viewer", flows: "operator" };

describe("roles", () => {
  it("takes the user from what the dashboard's server knows of a connection, not from the message", () => {
    assert.equal(senderOf({ _client: { socketId: signedIn("Ana")._client.socketId } }).user, "Ana");
    for (const _client of [
      { user: { username: "ana" } },
      { socketId: "another", user: "ana" },
      { socketId: ["x"] },
      {},
    ])
      assert.equal(senderOf({ _client }).user, null);
  });

  it("tells a browser without a login from a flow", () => {
    assert.equal(senderOf({ _client: { socketIp: "192.0.2.7" } }).browser, "192.0.2.7");
    for (const message of [{ _client: {} }, { _client: null }, { socketid: "1" }, { _socketId: "1" }, { _uib: {} }])
      assert.equal(senderOf(message).browser, "a browser");
    for (const message of [{}, null, "text", { payload: { _client: {} } }])
      assert.equal(senderOf(message).browser, null);
  });

  it("takes who did it and why from the message, in one line, and no rights from that", () => {
    const sender = senderOf({ by: "ana\r\nboss", payload: { reason: "guest" } });
    assert.deepEqual(sender, { user: null, browser: null, by: "ana boss", reason: "guest" });
    assert.equal(roleOf(sender, RULES), "operator");
  });

  it("gives listed users their role, others and whoever has not logged in the one for others, flows theirs", () => {
    assert.equal(roleOf({ user: "Ana" }, RULES), "admin");
    assert.equal(roleOf({ user: "bob" }, RULES), "viewer");
    assert.equal(roleOf({ user: null, browser: "192.0.2.7" }, RULES), "viewer");
    assert.equal(roleOf({ user: null }, RULES), "operator");
    assert.equal(roleOf({ user: "anyone" }, OPEN_RULES), "admin");
  });

  it("lets a higher role do what a lower one may, and never the other way", () => {
    const role = fc.constantFrom(...ROLES);
    const property = fc.property(role, role, (a, b) =>
      assert.equal(suffices(a, b), ROLES.indexOf(a) >= ROLES.indexOf(b)),
    );
    fc.assert(property, { seed: 20261122 });
  });

  it("says who was refused, what for, and what it takes", () => {
    const refused = (who: Who, name: string) =>
      assert.throws(() => demand(who, "viewer", "operator", "mode/CP1/1"), {
        code: "EV_ROLE_DENIED",
        message: `mode/CP1/1: ${name} has the role viewer; it takes operator`,
      });
    refused({ user: "bob" }, "user bob");
    refused({ user: null, browser: "192.0.2.7" }, "somebody without a login");
    refused({ user: null }, "a flow without a user");
  });
});

describe("what a command to a charge point takes", () => {
  const ASKING = [
    "GetConfiguration",
    "GetCompositeSchedule",
    "GetLocalListVersion",
    "GetInstalledCertificateIds",
    "CheckConfiguration",
    "MaintenanceReport",
    "CommissioningReport",
  ];
  const RUNNING = [
    "RemoteStartTransaction",
    "RemoteStopTransaction",
    "UnlockConnector",
    "ChangeAvailability",
    "ReserveNow",
    "CancelReservation",
    "Reset",
    "ClearCache",
    "SendLocalList",
    "TriggerMessage",
    "ExtendedTriggerMessage",
    "GetDiagnostics",
    "GetLog",
    "ExportSite",
  ];

  it("is in a list: a viewer asks, an operator runs the site, and everything else takes an admin", () => {
    const actions = [...ACTIONS.values()]
      .filter(({ initiator }) => initiator !== "chargePoint")
      .map(({ action }) => action);
    for (const action of [...actions, ...OWN_ACTIONS.keys(), "GetSomethingNew", "TriggerSomethingNew"]) {
      const expected = ASKING.includes(action) ? "viewer" : RUNNING.includes(action) ? "operator" : "admin";
      assert.equal(commandRole(action), expected, action);
    }
  });

  for (const [action, payload] of [
    ["GetDiagnostics", { location: "ftp://192.0.2.66/in" }],
    ["GetLog", { logType: "DiagnosticsLog", requestId: 1, log: { remoteLocation: "https://192.0.2.66/in" } }],
    ["UpdateFirmware", { location: "http://192.0.2.66/evil.bin" }],
    ["SignedUpdateFirmware", { firmware: { location: "http://192.0.2.66/evil.bin" } }],
    ["RemoteStartTransaction", { idTag: "A", chargingProfile: {} }],
    ["ExtendedTriggerMessage", { requestedMessage: "SignChargePointCertificate" }],
  ] as const) {
    it(`is an admin's word for ${action} with ${Object.keys(payload).join(", ")}`, () => {
      assert.equal(commandRole(action, payload), "admin");
    });
  }

  it("takes no more than running the site where files come here", () => {
    assert.equal(commandRole("GetDiagnostics", { location: "" }), "operator");
    assert.equal(commandRole("GetLog", { log: { remoteLocation: "" } }), "operator");
  });

  for (const [location, shown] of [
    ["ftp://user:secret@192.0.2.66/in", "ftp://192.0.2.66/in"],
    ["ftp://user:sec/ret@192.0.2.66/in", "ftp:192.0.2.66/in"],
    ["https://192.0.2.66/in?token=secret", "https://192.0.2.66/in"],
    ["ftp://192.0.2.66/x@good.example/", "ftp://192.0.2.66/x@good.example/"],
    ["box-1.2.bin", "box-1.2.bin"],
  ] as const) {
    it(`is logged with the place ${shown}, and without the secret in it`, () => {
      assert.equal(commandText("UpdateFirmware", "CP1", { location }), `UpdateFirmware to CP1 (file: ${shown})`);
    });
  }
});

describe("what only asks", () => {
  it("is in a list of topics; nothing else is a question, whatever it is called", () => {
    for (const [type, topic] of [
      ["ev-dlm", "view"],
      ["ev-dlm", "view/zones"],
      ["ev-dlm", "why/CP1/1"],
      ["ev-dlm", "recording"],
      ["ev-dlm", "evidence/Garage"],
      ["ev-sessions", "sessions/export"],
      ["ev-sessions", "sessions/books"],
      ["ev-alarms", "audit/list"],
      ["ev-authorization", "badges/trace"],
      ["ev-report", "report/list"],
    ])
      assert.ok(isQuestion(type!, topic), topic);
    for (const [type, topic] of [
      ["ev-dlm", "view/somethingNew"],
      ["ev-dlm", "measurement/grid"],
      ["ev-dlm", "why/"],
      ["ev-dlm", undefined],
      ["ev-dlm", ["view"]],
      ["ev-sessions", "sessions/prune"],
      ["ev-sessions", "sessions/repeat"],
      ["ev-report", "report/ack"],
      ["ev-report", undefined],
      ["ev-limit", "view"],
    ] as const)
      assert.ok(!isQuestion(type, topic), String(topic));
  });
});

describe("the log of commands", () => {
  it("keeps who changed what, why, and what was refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "phasewise-audit-"));
    const clock = new FakeClock();
    const store = openStore(join(folder, "site.sqlite"), { clock });
    const rights = new Rights(store, clock);
    rights.rules = RULES;
    const ana = { ...signedIn("Ana"), reason: "guest in a hurry" };
    rights.check(ana, "operator", "mode/CP1/1 fast", "ev-dlm");
    assert.throws(() => rights.check(signedIn("bob"), "operator", "clear/CP1/1", "ev-dlm"));
    rights.check({}, "operator", "Reset to CP1", 'ev-command "night"');
    const log = await rights.entries({ fromWallMs: 0, toWallMs: 9e12, most: 10 });
    assert.deepEqual(
      log.map(({ user, by, role, what, reason, allowed }) => [user, by, role, what, reason, allowed]),
      [
        [null, 'ev-command "night"', "operator", "Reset to CP1", null, true],
        ["bob", "at 192.0.2.9", "viewer", "clear/CP1/1", null, false],
        ["Ana", "at 192.0.2.9", "admin", "mode/CP1/1 fast", "guest in a hurry", true],
      ],
    );
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is not filled by who sends without end: what is too much in a minute is one entry", () => {
    const noted: string[] = [];
    const clock = new FakeClock();
    const audit = { add: ({ what }: { what: string }) => void noted.push(what), find: () => [], prune: () => {} };
    const store = { audit, durably: async <T>(write: () => T): Promise<T> => write() };
    const rights = new Rights(store, clock);
    rights.rules = RULES;
    const flood = { _client: { socketIp: "192.0.2.7" }, by: "a thousand names" };
    for (let count = 0; count < 1000; count++)
      assert.throws(() => rights.check({ ...flood, by: `name ${count % 5}` }, "operator", `try ${count}`, "ev-dlm"));
    for (let count = 0; count < 100; count++) rights.check({}, "operator", `flow ${count}`, "ev-dlm");
    const tries = noted.filter((what) => what.startsWith("try"));
    assert.equal(tries.length, 60);
    assert.equal(noted.length, 160, "flows are noted each time");
    clock.advance(60_000);
    assert.equal(noted.at(-1), "940 more within a minute, the last of them: try 999");
    assert.throws(() => rights.check(flood, "operator", "later", "ev-dlm"));
    assert.equal(noted.at(-1), "later");
    rights.close();
    assert.equal(clock.pending, 0);
  });
});

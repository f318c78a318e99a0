import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { commandRole } from "../../lib/rights/command-roles.ts";
import { Rights } from "../../lib/rights/rights.ts";
import { demand, OPEN_RULES, ROLES, type RoleRules, roleOf, senderOf, suffices } from "../../lib/rights/roles.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";

const RULES: RoleRules = { users: new Map([["ana", "admin"]]), otherUsers: "viewer", flows: "operator" };

describe("roles", () => {
  it("finds a user of the dashboard, whatever shape it comes in", () => {
    const named = [{ username: "ana" }, { userId: "ana" }, { email: "ana" }, { name: "ana" }, "ana"];
    for (const user of named) assert.equal(senderOf({ _client: { user } }).user, "ana");
    assert.equal(senderOf({ _client: { user: {} } }).user, "unknown");
    for (const message of [{}, { _client: {} }, { _client: null }, null, "text"])
      assert.equal(senderOf(message).user, null);
  });

  it("takes who did it and why from the message, and no rights from that", () => {
    const sender = senderOf({ by: "ana", payload: { reason: "guest" } });
    assert.deepEqual(sender, { user: null, by: "ana", reason: "guest" });
    assert.equal(roleOf(sender.user, RULES), "operator");
  });

  it("gives listed users their role, others and flows the one for them", () => {
    assert.equal(roleOf("Ana", RULES), "admin");
    assert.equal(roleOf("bob", RULES), "viewer");
    assert.equal(roleOf(null, RULES), "operator");
    assert.equal(roleOf("anyone", OPEN_RULES), "admin");
  });

  it("lets a higher role do what a lower one may, and never the other way", () => {
    const role = fc.constantFrom(...ROLES);
    fc.assert(fc.property(role, role, (a, b) => assert.equal(suffices(a, b), ROLES.indexOf(a) >= ROLES.indexOf(b))));
  });

  it("says who was refused, what for, and what it takes", () => {
    assert.throws(() => demand("bob", "viewer", "operator", "mode/CP1/1"), {
      code: "EV_ROLE_DENIED",
      message: "mode/CP1/1: user bob has the role viewer; it takes operator",
    });
  });

  it("leaves set-up, software and certificates to an admin, and questions to a viewer", () => {
    assert.equal(commandRole("GetConfiguration"), "viewer");
    assert.equal(commandRole("RemoteStopTransaction"), "operator");
    for (const action of [
      "ChangeConfiguration",
      "UpdateFirmware",
      "InstallCertificate",
      "SetChargingProfile",
      "RotateAuthorizationKey",
    ])
      assert.equal(commandRole(action), "admin");
  });
});

describe("the log of commands", () => {
  it("keeps who changed what, why, and what was refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "phasewise-audit-"));
    const clock = new FakeClock();
    const store = openStore(join(folder, "site.sqlite"), { clock });
    const rights = new Rights(store, clock);
    rights.rules = RULES;
    const ana = { _client: { user: { username: "Ana" } }, reason: "guest in a hurry" };
    rights.check(ana, "operator", "mode/CP1/1 fast", "ev-dlm");
    assert.throws(() => rights.check({ _client: { user: "bob" } }, "operator", "clear/CP1/1", "ev-dlm"));
    rights.check({}, "operator", "Reset to CP1", 'ev-command "night"');
    const log = await rights.entries({ fromWallMs: 0, toWallMs: 9e12, most: 10 });
    assert.deepEqual(
      log.map(({ user, by, role, what, reason, allowed }) => [user, by, role, what, reason, allowed]),
      [
        [null, 'ev-command "night"', "operator", "Reset to CP1", null, true],
        ["bob", null, "viewer", "clear/CP1/1", null, false],
        ["Ana", null, "admin", "mode/CP1/1 fast", "guest in a hurry", true],
      ],
    );
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

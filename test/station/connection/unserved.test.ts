import { strict as assert } from "node:assert";
import { UnservedCallers } from "../../../lib/station/connection/unserved.ts";
import { FakeClock } from "../../fake-clock.ts";

const call = (identity: string, address: string, protocols = "ocpp2.0.1") =>
  ({ kind: "version", identity, address, protocols, origin: "cs" }) as const;

describe("Charge points that ask for what is not spoken here", () => {
  let clock: FakeClock;
  let callers: UnservedCallers;
  const names = () => callers.list().map(({ identity }) => identity);
  beforeEach(() => {
    clock = new FakeClock();
    callers = new UnservedCallers(clock);
  });

  it("stand once each, with what they asked for last", () => {
    callers.note(call("CP1", "10.0.0.1"));
    callers.note(call("cp1", "10.0.0.1", "ocpp2.1"));
    assert.deepEqual(
      callers.list().map(({ identity, protocols }) => [identity, protocols]),
      [["cp1", "ocpp2.1"]],
    );
    callers.forget("CP1", "cs");
    assert.deepEqual(names(), []);
  });

  it("keep their places when one address invents names without end", () => {
    callers.note(call("HONEST", "10.0.0.1"));
    for (let n = 0; n < 10_000; n++) callers.note(call(`FALSE${n}`, "10.0.0.66"));
    assert.ok(names().includes("HONEST"));
    assert.equal(names().length, 7);
    callers.note(call("LATER", "10.0.0.2"));
    assert.ok(names().includes("LATER"));
  });

  it("keep their places when many addresses invent names, and one that comes later finds one", () => {
    callers.note(call("HONEST", "10.0.0.1"));
    for (let n = 0; n < 10_000; n++) callers.note(call(`FALSE${n}`, `10.0.1.${n % 40}`));
    assert.ok(names().includes("HONEST"));
    assert.ok(names().length <= 60);
    callers.note(call("LATER", "10.0.0.2"));
    assert.ok(names().includes("HONEST") && names().includes("LATER"));
  });

  it("are bounded in letters, and plain", () => {
    callers.note(call("CP1", "10.0.0.1", `<script>\n${"x".repeat(5000)}`));
    assert.match(callers.list()[0]?.protocols ?? "", /^scriptx{54}$/);
  });

  it("are forgotten when they stay away", () => {
    callers.note(call("CP1", "10.0.0.1"));
    clock.advance(7 * 3_600_000);
    assert.deepEqual(names(), []);
  });
});

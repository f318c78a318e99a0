import { strict as assert } from "node:assert";
import { LoginThrottle } from "../../../lib/ocpp/server/login-throttle.ts";
import { FakeClock } from "../../fake-clock.ts";

describe("Who guesses passwords", () => {
  let clock: FakeClock;
  let guard: LoginThrottle;
  beforeEach(() => {
    clock = new FakeClock();
    guard = new LoginThrottle(clock);
  });
  const fail = (times: number, address = "192.0.2.7", identity = "CP1"): void => {
    for (let time = 0; time < times; time++) guard.failed(address, identity);
  };

  it("has four tries for nothing, and then waits twice as long each time, up to a minute", () => {
    fail(4);
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 0);
    const waits = Array.from({ length: 7 }, () => {
      fail(1);
      return guard.waitS("192.0.2.7", "CP1");
    });
    assert.deepEqual(waits, [2, 4, 8, 16, 32, 60, 60]);
  });

  it("may try again when the wait is over", () => {
    fail(5);
    clock.advance(1999);
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 1);
    clock.advance(1);
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 0);
  });

  it("does not make others wait: neither the identity from elsewhere, nor the address for another identity", () => {
    fail(20);
    assert.equal(guard.waitS("192.0.2.8", "CP1"), 0);
    assert.equal(guard.waitS("192.0.2.7", "CP2"), 0);
  });

  it("gains nothing by another letter case, or by IPv4 in IPv6", () => {
    fail(5);
    assert.equal(guard.waitS("::ffff:192.0.2.7", "cp1"), 2);
  });

  it("gains nothing by another address of the same IPv6 network", () => {
    fail(5, "2001:db8:1:2::5");
    assert.equal(guard.waitS("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "CP1"), 2);
    assert.equal(guard.waitS("2001:db8:1:3::5", "CP1"), 0);
    fail(5, "::1");
    assert.equal(guard.waitS("::1", "CP1"), 2);
  });

  it("gets no more looked at by trying many at once", () => {
    const ends = Array.from({ length: 5 }, () => guard.trying("192.0.2.7", "CP1"));
    assert.equal(guard.waitS("192.0.2.7", "cp1"), 1);
    assert.equal(guard.waitS("192.0.2.7", "CP2"), 0);
    for (const end of ends) end();
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 0);
    fail(5);
    clock.advance(2000);
    guard.trying("192.0.2.7", "CP1");
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 1);
  });

  it("is forgiven after a right password, or ten minutes without a wrong one", () => {
    fail(9);
    guard.succeeded("192.0.2.7", "CP1");
    fail(4);
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 0);
    clock.advance(600_000);
    fail(4);
    assert.equal(guard.waitS("192.0.2.7", "CP1"), 0);
  });

  it("cannot fill the memory with identities: the ones that failed the longest ago make room", () => {
    fail(5, "192.0.2.7", "first");
    for (let number = 0; number < 10_000; number++) fail(1, "192.0.2.7", `CP${number}`);
    assert.equal(guard.waitS("192.0.2.7", "first"), 0);
    fail(4, "192.0.2.7", "CP9999");
    assert.equal(guard.waitS("192.0.2.7", "CP9999"), 2);
  });
});

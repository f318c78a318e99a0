import { strict as assert } from "node:assert";
import { FakeClock } from "../fake-clock.ts";
import { type Bench, openBench, until } from "./fixtures.ts";

describe("two connections with one identity", () => {
  let clock: FakeClock;
  let bench: Bench;
  beforeEach(async () => {
    clock = new FakeClock();
    bench = await openBench({}, clock);
  });
  afterEach(() => bench.close());

  const withPassword = () => {
    bench.directory.password = "key";
    return { headers: { authorization: `Basic ${Buffer.from("CP1:key").toString("base64")}` } };
  };

  it("with a password, the newcomer wins at once and the earlier one's calls are superseded", async () => {
    const options = withPassword();
    const earlier = await bench.dial("CP1", options);
    const connection = await until(() => bench.station("CP1").connection);
    const call = connection.call("ClearCache", {});
    const rejected = assert.rejects(call, { code: "EV_OCPP_SUPERSEDED" });
    const newcomer = await bench.dial("CP1", options);
    await rejected;
    assert.equal(await earlier.closed, 1008);
    assert.deepEqual(bench.station("CP1").log, ["attached", "detached: Replaced by a newer connection", "attached"]);
    assert.equal((await newcomer.ask("a", "Heartbeat"))[0], 3);
    assert.notEqual(bench.station("CP1").connection, connection);
    assert.equal(bench.endpoint.connections().get("CP1"), bench.station("CP1").connection);
  });

  it("with a wrong password, the newcomer changes nothing", async () => {
    const earlier = await bench.dial("CP1", withPassword());
    await assert.rejects(bench.dial("CP1"), { message: "HTTP 401" });
    assert.equal((await earlier.ask("a", "Heartbeat"))[0], 3);
    assert.deepEqual(bench.station("CP1").log, ["attached", "Heartbeat a"]);
  });

  it("without a password, a newcomer is refused with 409 while the earlier one answers", async () => {
    const earlier = await bench.dial("CP1");
    await assert.rejects(bench.dial("CP1"), { message: "HTTP 409" });
    assert.deepEqual(bench.station("CP1").log, ["attached", "conflict"]);
    assert.equal((await earlier.ask("a", "Heartbeat"))[0], 3);
  });

  it("without a password, a newcomer takes the place of one that is silent for two seconds", async () => {
    const earlier = await bench.dial("CP1", { autoPong: false });
    const pinged = new Promise((resolve) => earlier.socket.once("ping", resolve));
    const newcomer = bench.dial("CP1");
    await pinged;
    clock.advance(1999);
    assert.deepEqual(bench.station("CP1").log, ["attached"]);
    clock.advance(1);
    assert.equal((await (await newcomer).ask("a", "Heartbeat"))[0], 3);
    assert.equal(await earlier.closed, 1008);
    assert.equal(bench.endpoint.connections().size, 1);
  });

  it("without a password, any message within the two seconds counts as an answer", async () => {
    const earlier = await bench.dial("CP1", { autoPong: false });
    earlier.socket.once("ping", () => earlier.send([2, "a", "Heartbeat", {}]));
    await assert.rejects(bench.dial("CP1"), { message: "HTTP 409" });
  });

  it("a third that comes while the first is being asked is refused", async () => {
    const earlier = await bench.dial("CP1", { autoPong: false });
    const pinged = new Promise((resolve) => earlier.socket.once("ping", resolve));
    const second = bench.dial("CP1");
    await pinged;
    await assert.rejects(bench.dial("CP1"), { message: "HTTP 409" });
    clock.advance(2000);
    await second;
  });

  it("a newcomer that offers no subprotocol of ours takes nobody's place", async () => {
    const earlier = await bench.dial("CP1", withPassword());
    await assert.rejects(bench.dial("CP1", { ...withPassword(), protocols: ["ocpp2.0.1"] }));
    assert.equal((await earlier.ask("a", "Heartbeat"))[0], 3);
  });

  it("leaves no timer of a probe behind", async () => {
    bench.endpoint.configure({ pingS: 0 });
    await bench.dial("CP1");
    await assert.rejects(bench.dial("CP1"));
    assert.equal(clock.pending, 0);
  });
});

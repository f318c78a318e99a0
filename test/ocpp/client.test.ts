import { strict as assert } from "node:assert";
import { type ClientConnection, type ClientOptions, connectClient } from "../../lib/ocpp/client.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import { type Bench, BOOT, openBench, until } from "./fixtures.ts";

describe("ocpp client", () => {
  let bench: Bench;
  let ends: string[];
  const clients: ClientConnection[] = [];
  beforeEach(async () => {
    bench = await openBench();
    ends = [];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate("the test is over");
    await bench.close();
  });

  async function dial(options: Partial<ClientOptions> = {}): Promise<ClientConnection> {
    const client = await connectClient({
      url: bench.url,
      identity: "CP/1 ü",
      onCall: () => ({ status: "Accepted" }),
      onClosed: (reason) => ends.push(reason),
      ...options,
    });
    clients.push(client);
    return client;
  }

  it("calls the central system", async () => {
    const client = await dial();
    const { status } = await client.call("BootNotification", BOOT);
    assert.equal(status, "Accepted");
    assert.deepEqual(bench.station("CP/1 ü").log, ["attached", "BootNotification"]);
  });

  it("dials under its identity in front of what the address asks", async () => {
    await dial({ url: `${bench.url}/?auth=secret` });
    assert.deepEqual(bench.station("CP/1 ü").log, ["attached"]);
  });

  it("is called by the central system", async () => {
    const calls: unknown[] = [];
    await dial({
      onCall: (action, payload) => {
        calls.push(action, payload);
        return { status: "Rejected" };
      },
    });
    const connection = await until(() => bench.station("CP/1 ü").connection);
    assert.deepEqual(await connection.call("Reset", { type: "Hard" }), { status: "Rejected" });
    assert.deepEqual(calls, ["Reset", { type: "Hard" }]);
  });

  it("answers with the CALLERROR its handler throws", async () => {
    await dial({
      onCall: () => {
        throw new OcppCallError("NotSupported", "no smart charging");
      },
    });
    const connection = await until(() => bench.station("CP/1 ü").connection);
    await assert.rejects(connection.call("ClearCache", {}), { ocppCode: "NotSupported" });
  });

  it("sends its password, binary ones too", async () => {
    await dial({ password: Buffer.from([1, 255, 58]) });
    const basic = bench.directory.requests[0]?.basic;
    assert.equal(basic?.user.toString(), "CP/1 ü");
    assert.deepEqual([...(basic?.password ?? [])], [1, 255, 58]);
  });

  it("rejects with the HTTP status it is refused with", async () => {
    await assert.rejects(dial({ identity: "unknown" }), { code: "EV_OCPP_OFFLINE", httpStatus: 404 });
    assert.deepEqual(ends, []);
  });

  it("rejects when nobody listens, when the address is none, and when the subprotocol does not fit", async () => {
    await bench.endpoint.close();
    await assert.rejects(dial(), { code: "EV_OCPP_OFFLINE" });
    await assert.rejects(dial({ url: "not an address" }), { code: "EV_OCPP_OFFLINE" });
    bench = await openBench();
    await assert.rejects(dial({ subprotocols: ["ocpp2.0.1"] }), { code: "EV_OCPP_OFFLINE" });
  });

  it("says once that the connection is over, whoever ended it", async () => {
    await dial();
    (await until(() => bench.station("CP/1 ü").connection)).close(1000, "enough");
    await until(() => ends.length > 0);
    const second = await dial({ identity: "CP2" });
    second.close(1000, "bye");
    const third = await dial({ identity: "CP3" });
    third.terminate("power cut");
    await until(() => bench.endpoint.connections().size === 0);
    assert.deepEqual(ends.slice(1), ["bye", "power cut"]);
    assert.equal(ends.length, 3);
  });

  it("survives a close with a code that may not be sent", async () => {
    const client = await dial();
    client.close(1005, "reserved");
    await until(() => bench.endpoint.connections().size === 0);
  });
});

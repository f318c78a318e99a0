import { strict as assert } from "node:assert";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { writeText } from "../../../lib/ocpp/rpc/text-frame.ts";

describe("A server's text frame", () => {
  let server: WebSocketServer;
  let text = "";

  before(async () => {
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    server.on("connection", (_socket, request) => writeText(request.socket, text));
    await once(server, "listening");
  });
  after(() => server.close());

  /** What a WebSocket client reads. */
  const received = async (): Promise<string> => {
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [data, isBinary] = (await once(client, "message")) as [Buffer, boolean];
    client.terminate();
    assert.equal(isBinary, false);
    return data.toString();
  };

  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
    it(`of ${length} bytes is read as it was written`, async () => {
      text = "x".repeat(length);
      assert.equal(await received(), text);
    });
  }

  it("counts bytes, not characters", async () => {
    text = `${"ü".repeat(63)}€🚗`;
    assert.equal(await received(), text);
  });
});

import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connectClient, OcppRefusedError } from "../../lib/ocpp/client.ts";
import { connectFailure } from "../../lib/upstream/connect-failure.ts";
import { Authority } from "../certificates.ts";
import { ForeignBackEnd } from "./back-end.ts";

/** What somebody reads of a connection that does not come about. */
async function failureOf(url: string, tls = {}): Promise<string> {
  const options = { url, identity: "CP1", onCall: async () => ({}), tls };
  return connectClient(options).then(
    (connection) => {
      connection.terminate("it is there");
      return "none";
    },
    (error: unknown) => connectFailure(error, "en-US"),
  );
}

describe("Why a back end is not reached", () => {
  const authority = new Authority("Theirs");

  it("is said in plain words where its certificate is wrong", async () => {
    for (const [host, ca, words] of [
      ["127.0.0.1", new Authority("Others").cert, /^its certificate is not trusted here; choose a tls-config/],
      ["127.0.0.2", authority.cert, /^its certificate is for another name/],
    ] as const) {
      const cloud = new ForeignBackEnd(authority.issue("cloud", [host]));
      await cloud.open();
      assert.match(await failureOf(cloud.url, { ca }), words);
      assert.deepEqual(cloud.heard, []);
      await cloud.close();
    }
  });

  it("is said in plain words where it speaks no TLS, or its name is not known", async () => {
    const plain = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo;
    assert.match(await failureOf(`wss://127.0.0.1:${port}`), /^it answers without encryption/);
    await new Promise((resolve) => plain.close(resolve));
    assert.match(await failureOf("ws://nowhere.invalid"), /^its host is not found/);
  });

  it("names the status with which it refuses, and what is usually behind it", () => {
    assert.match(
      connectFailure(new OcppRefusedError(401), "en-US"),
      /HTTP 401: the password or the identity is wrong$/,
    );
    assert.match(connectFailure(new OcppRefusedError(503), "de"), /HTTP 503 ab$/);
    assert.equal(connectFailure(new Error("a reason of its own"), "en-US"), "a reason of its own");
  });
});

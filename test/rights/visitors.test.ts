import { strict as assert } from "node:assert";
import { type AddsUser, type DashboardConnection, DashboardVisitors } from "../../lib/rights/visitors.ts";

/** Who stands there after a message has come from this connection. */
function userOn(connection: Omit<DashboardConnection, "id">, ...plugins: AddsUser[]): string | null {
  const visitors = new DashboardVisitors();
  visitors.seen({ id: "1", ...connection }, plugins);
  return visitors.userOf("1");
}

/** As plug-ins behind a proxy do: the name is in a header that the proxy sets. */
const fromHeader: AddsUser = (connection, message) => {
  const { headers } = connection.request as { headers: Record<string, string> };
  const name = headers["x-forwarded-user"];
  return { ...message, _client: { ...(name && { user: { username: name } }) } };
};
/** As some do: what the browser said when it connected. */
const fromBrowser: AddsUser = ({ handshake }, message) => ({
  ...message,
  _client: { user: (handshake!.auth as { user?: object }).user },
});

const asked = (name?: string) => ({ request: { headers: name === undefined ? {} : { "x-forwarded-user": name } } });
const claimed = { handshake: { auth: { user: { username: "boss" } } } };

describe("who is logged in at a browser", () => {
  it("is whom a plug-in of the dashboard finds on the connection", () => {
    assert.equal(userOn(asked("ana"), fromHeader), "ana");
    assert.equal(userOn(asked(), fromHeader), null);
    assert.equal(userOn({}), null);
  });

  it("may come in any shape that plug-ins give a user", () => {
    for (const user of [{ username: "ana" }, { userId: "ana" }, { email: "ana" }, { name: "ana" }, "ana"])
      assert.equal(
        userOn({}, () => ({ _client: { user } })),
        "ana",
      );
    for (const user of [{}, "", 7, null, ["ana"]])
      assert.equal(
        userOn({}, () => ({ _client: { user } })),
        null,
      );
  });

  it("may be written into the message that a plug-in is asked with", () => {
    const add: AddsUser = (_connection, message) => void Object.assign(message, { _client: { user: "ana" } });
    assert.equal(userOn({}, add), "ana");
  });

  it("is nobody where a plug-in repeats what the browser says of itself", () => {
    assert.equal(userOn({ ...asked(), ...claimed }, fromBrowser), null);
    assert.equal(userOn({ ...asked("ana"), ...claimed }, fromBrowser, fromHeader), "ana");
  });

  it("may be shown by a token of the browser that a plug-in checks", () => {
    const checksToken: AddsUser = ({ handshake }) => {
      const { token } = handshake!.auth as { token?: string };
      return { _client: token === "signed" ? { user: "ana" } : {} };
    };
    assert.equal(userOn({ handshake: { auth: { token: "signed", user: "boss" } } }, checksToken), "ana");
  });

  it("is whom the server's own session names, where no plug-in knows anybody", () => {
    const request = { session: { user: { username: "ana" } } };
    assert.equal(userOn({ request, ...claimed }, fromBrowser), "ana");
  });

  it("is nobody where a plug-in fails, and the others are asked", () => {
    const fails: AddsUser = () => {
      throw new Error("no session store");
    };
    assert.equal(userOn(asked("ana"), fails), null);
    assert.equal(
      userOn(asked("ana"), fails, () => null, fromHeader),
      "ana",
    );
  });

  it("is looked at with each message, and forgotten after a thousand other connections", () => {
    const visitors = new DashboardVisitors();
    let name: string | undefined = "ana";
    const now: AddsUser = () => ({ _client: { user: name } });
    visitors.seen({ id: "1" }, [now]);
    name = undefined;
    visitors.seen({ id: "1" }, [now]);
    assert.equal(visitors.userOf("1"), null);
    name = "ana";
    visitors.seen({ id: "1" }, [now]);
    for (let count = 0; count < 999; count++) visitors.seen({ id: `other ${count}` }, []);
    assert.equal(visitors.userOf("1"), "ana");
    visitors.seen({ id: "one more" }, []);
    assert.equal(visitors.userOf("1"), null);
  });
});

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { OutsideSource } from "../../../../lib/dlm/inputs/outside/source.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../../../docs/outside-limits.md"), "utf8");
/** Its function nodes, in their order, as Node-RED calls them. */
const [byHttp, byMqtt] = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(
  ([, code]) => new Function("msg", code!) as (msg: object) => { payload: unknown } | null,
);
const MOMENT = { nowMs: 0, wallMs: Date.parse("2026-06-01T10:00:00Z") };

/** What an ev-limit makes of a message: limited, free, or limited because it is unknown. */
function said(message: { payload: unknown } | null): string {
  if (!message) return "nothing";
  const source = new OutsideSource(
    {
      ...{ kind: "contact", purpose: "limit", running: "continue", normallyClosed: false, limitA: 10, powerW: null },
      ...{ schedule: [], timeZone: "Europe/Berlin", staleAfterS: 10 },
    },
    undefined,
    MOMENT,
  );
  source.input(message.payload, MOMENT);
  const { known, limitA } = source.word(MOMENT);
  return known ? (limitA === null ? "free" : "limited") : "unknown";
}

describe("docs/outside-limits.md", () => {
  it("takes the input of a Shelly by HTTP as a contact, and a Shelly that is away as unknown", async () => {
    const input = { id: 0, state: false as boolean | null };
    const shelly = createServer((request, response) => {
      response.statusCode = request.url === "/rpc/Input.GetStatus?id=0" ? 200 : 404;
      response.end(JSON.stringify(input));
    });
    await new Promise<void>((resolve) => shelly.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(shelly.address() as AddressInfo).port}/rpc/Input.GetStatus?id=0`;
    // As the core node hands on: the answer's text, or the error with its code.
    const asked = async () => {
      try {
        const answer = await fetch(url);
        return said(byHttp!({ statusCode: answer.status, payload: await answer.text() }));
      } catch {
        return said(byHttp!({ statusCode: "ECONNREFUSED", payload: "RequestError: connect ECONNREFUSED" }));
      }
    };
    assert.equal(await asked(), "free");
    input.state = true;
    assert.equal(await asked(), "limited");
    input.state = null;
    assert.equal(await asked(), "unknown");
    shelly.closeAllConnections();
    await new Promise((resolve) => shelly.close(resolve));
    assert.equal(await asked(), "unknown");
  });

  it("takes the input of a Shelly by MQTT", () => {
    const told = (topic: string, payload: string) => said(byMqtt!({ topic: `garage/${topic}`, payload }));
    assert.equal(told("status/input:0", '{"id":0,"state":true}'), "limited");
    assert.equal(told("status/input:0", '{"id":0,"state":false}'), "free");
    assert.equal(told("status/input:0", '{"id":0,"state":null}'), "unknown");
    assert.equal(told("online", "false"), "unknown");
    assert.equal(told("online", "true"), "nothing");
    assert.equal(told("status/switch:0", '{"id":0,"output":true}'), "nothing");
  });
});

import { strict as assert } from "node:assert";
import { Writable } from "node:stream";
import { gatherText } from "../../../lib/ocpp/server/gathered-writes.ts";

const MOST_STREAMS = 32;

/** What was written, in order, by the names of the streams. */
let written: string[] = [];

function named(name: string): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(`${name}:${chunk.subarray(2)}`);
      done();
    },
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("What many are sent in one turn", () => {
  beforeEach(() => {
    written = [];
  });

  it("is written at its end, to one after the other", async () => {
    const [a, b] = [named("a"), named("b")];
    gatherText(a, "1");
    gatherText(b, "2");
    assert.deepEqual(written, []);
    await turn();
    assert.deepEqual(written, ["a:1", "b:2"]);
  });

  it("keeps its order, with what else the same stream is sent meanwhile", async () => {
    const stream = named("a");
    gatherText(stream, "1");
    stream.write("??ping");
    gatherText(stream, "2");
    await turn();
    assert.deepEqual(written, ["a:1", "a:ping", "a:2"]);
  });

  it(`waits for no more than ${MOST_STREAMS} streams`, () => {
    for (let index = 1; index < MOST_STREAMS; index++) gatherText(named("x"), "1");
    assert.equal(written.length, 0);
    gatherText(named("x"), "1");
    assert.equal(written.length, MOST_STREAMS);
  });

  it("is lost on a stream that was destroyed, and on no other", async () => {
    const [gone, other] = [named("gone"), named("other")];
    gatherText(gone, "1");
    gatherText(other, "2");
    gone.destroy();
    await turn();
    assert.deepEqual(written, ["other:2"]);
  });

  it("leaves before the end of a stream", async () => {
    const stream = named("a");
    gatherText(stream, "1");
    stream.end("??last");
    await turn();
    assert.deepEqual(written, ["a:1", "a:last"]);
  });
});

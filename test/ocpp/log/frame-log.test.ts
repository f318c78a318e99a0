import { strict as assert } from "node:assert";
import fc from "fast-check";
import { FrameLog, type FrameSource } from "../../../lib/ocpp/log/frame-log.ts";

const KB = 1024;

function contentOf(log: FrameLog, source: FrameSource): [number, string][] {
  const content: [number, string][] = [];
  const reading = log.read([source]);
  reading.each(source, (mark, text) => content.push([mark, text]));
  reading.close();
  return content;
}

describe("A log of frames", () => {
  const logOf = (mostFrames: number, mostBytes = 1024 * KB): FrameLog =>
    new FrameLog({ longestFrame: KB, mostFrames, mostBytes });

  it("gives back marks and texts as they came, each source's oldest first", () => {
    const log = logOf(500);
    const [one, other] = [log.source(), log.source()];
    const frames: [number, string][] = [
      [1_780_000_000_000.5, "[2]"],
      [-3, ""],
      [7, "ü€🚗\ud800"],
    ];
    for (const [mark, text] of frames) {
      log.add(one, mark, text);
      log.add(other, -mark, "another");
    }
    assert.deepEqual(contentOf(log, one), [...frames.slice(0, 2), [7, "ü€🚗\ufffd"]]);
    assert.deepEqual(
      contentOf(log, other).map(([mark]) => mark),
      [-1_780_000_000_000.5, 3, -7],
    );
  });

  it("gives the newest so many", () => {
    const log = logOf(3);
    const source = log.source();
    for (let mark = 0; mark < 10; mark++) log.add(source, mark, "x");
    assert.deepEqual(
      contentOf(log, source).map(([mark]) => mark),
      [7, 8, 9],
    );
  });

  it("keeps what a quiet source said while another one floods", () => {
    const log = logOf(500, 64 * KB);
    const [quiet, loud] = [log.source(), log.source()];
    for (let mark = 0; mark < 20; mark++) {
      log.add(quiet, mark, `quiet ${mark}`);
      for (let flood = 0; flood < 500; flood++) log.add(loud, flood, "x".repeat(200));
    }
    assert.deepEqual(
      contentOf(log, quiet),
      Array.from({ length: 20 }, (_, mark) => [mark, `quiet ${mark}`]),
    );
    assert.ok(log.bytes <= 64 * KB);
  });

  it("takes no more memory than one source's newest need", () => {
    const log = logOf(100, 1024 * KB);
    const source = log.source();
    for (let mark = 0; mark < 100_000; mark++) log.add(source, mark, "x".repeat(100));
    assert.equal(contentOf(log, source).length, 100);
    assert.ok(log.bytes <= 3 * 128 * KB, `${log.bytes}`);
  });

  it("forgets a source", () => {
    const log = logOf(500);
    const source = log.source();
    log.add(source, 1, "x");
    log.forget(source);
    assert.deepEqual(contentOf(log, source), []);
    const next = log.source();
    log.add(source, 2, "late");
    log.add(next, 3, "y");
    assert.deepEqual([contentOf(log, source), contentOf(log, next)], [[], [[3, "y"]]]);
  });

  it("takes any number of sources", () => {
    const log = logOf(500);
    const sources = Array.from({ length: 300 }, () => log.source());
    for (const [index, source] of sources.entries()) log.add(source, index, `of ${index}`);
    for (const [index, source] of sources.entries()) assert.deepEqual(contentOf(log, source), [[index, `of ${index}`]]);
  });

  it("can be read while more is written than it holds", () => {
    const log = logOf(500, 64 * KB);
    const source = log.source();
    for (let mark = 0; mark < 50; mark++) log.add(source, mark, `frame ${mark}`);
    const reading = log.read([source]);
    for (let mark = 0; mark < 5000; mark++) log.add(source, mark, "y".repeat(900));
    const texts: string[] = [];
    reading.each(source, (_, text) => texts.push(text));
    reading.close();
    assert.deepEqual(
      texts,
      Array.from({ length: 50 }, (_, mark) => `frame ${mark}`),
    );
  });

  it("keeps of each source the newest, at least as many as its share holds, whatever comes in whatever order", () => {
    const frame = fc.record({
      source: fc.nat({ max: 4 }),
      text: fc.tuple(fc.constantFrom("x", "ü", "€"), fc.nat({ max: 1000 })).map(([unit, times]) => unit.repeat(times)),
      times: fc.integer({ min: 1, max: 40 }),
    });
    const mostBytes = 60 * KB;
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 150 }), fc.integer({ min: 1, max: 60 }), (given, mostFrames) => {
        const log = logOf(mostFrames, mostBytes);
        const sources = Array.from({ length: 5 }, () => log.source());
        const all: [number, string][][] = sources.map(() => []);
        let mark = 0;
        for (const { source, text, times } of given) {
          for (let time = 0; time < times; time++) {
            log.add(sources[source]!, ++mark, text);
            all[source]!.push([mark, text]);
          }
        }
        for (const [index, source] of sources.entries()) {
          const kept = contentOf(log, source);
          const whole = all[index]!;
          assert.deepEqual(kept, whole.slice(whole.length - kept.length));
          assert.ok(kept.length <= mostFrames);
          const wanted = fitting(whole, mostFrames, mostBytes / 2 / sources.length);
          assert.ok(kept.length >= wanted, `${kept.length} of ${wanted}`);
        }
        assert.ok(log.bytes <= mostBytes);
      }),
      { numRuns: 60 },
    );
  });
});

/** How many of the newest fit into so many bytes, with what stands before each. */
function fitting(frames: readonly [number, string][], mostFrames: number, mostBytes: number): number {
  let bytes = 0;
  let count = 0;
  for (const [, text] of frames.toReversed()) {
    bytes += 32 + Buffer.byteLength(text);
    if (bytes > mostBytes || count === mostFrames) break;
    count += 1;
  }
  return count;
}

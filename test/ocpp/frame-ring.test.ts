import { strict as assert } from "node:assert";
import fc from "fast-check";
import { FrameRing } from "../../lib/ocpp/frame-ring.ts";

const NO_LIMIT = 1_000_000;
/** Bytes that stand before each frame. */
const HEAD = 12;

function contentOf(ring: FrameRing): [number, string][] {
  const content: [number, string][] = [];
  ring.each((mark, text) => content.push([mark, text]));
  return content;
}

describe("A ring of frames", () => {
  it("gives back marks and texts as they came, oldest first", () => {
    const ring = new FrameRing();
    const frames: [number, string][] = [
      [1_780_000_000_000.5, "[2]"],
      [-3, ""],
      [7, "ü€🚗"],
    ];
    for (const [mark, text] of frames) ring.add(mark, text, 500, NO_LIMIT);
    assert.deepEqual(contentOf(ring), frames);
  });

  it("keeps the newest so many", () => {
    const ring = new FrameRing();
    for (let mark = 0; mark < 10; mark++) ring.add(mark, "x", 3, NO_LIMIT);
    assert.deepEqual(
      contentOf(ring).map(([mark]) => mark),
      [7, 8, 9],
    );
  });

  it("keeps the last frame, however long it is", () => {
    const ring = new FrameRing();
    ring.add(1, "short", 500, 4096);
    ring.add(2, "x".repeat(10_000), 500, 4096);
    assert.deepEqual(contentOf(ring), [[2, "x".repeat(10_000)]]);
  });

  it("keeps the newest that fit, whatever comes in whatever order", () => {
    const frame = fc.string({ unit: "grapheme", maxLength: 400 });
    const limit = fc.constantFrom(2048, 3000, 4096, 20_000);
    const steps = fc.array(fc.record({ frame, limit, shrink: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (given, mostFrames) => {
        const ring = new FrameRing();
        const all: [number, string][] = [];
        for (const [mark, { frame, limit, shrink }] of given.entries()) {
          ring.add(mark, frame, mostFrames, limit);
          all.push([mark, frame]);
          if (shrink) ring.shrink(limit);
          const kept = contentOf(ring);
          assert.deepEqual(kept, all.slice(all.length - kept.length));
          assert.ok(kept.length >= 1 && kept.length <= mostFrames);
        }
      }),
    );
  });

  it("loses none that would fit", () => {
    const ring = new FrameRing();
    for (let mark = 0; mark < 300; mark++) ring.add(mark, "x".repeat(88), 500, 4096);
    assert.equal(contentOf(ring).length, Math.floor(4096 / (88 + HEAD)));
  });
});

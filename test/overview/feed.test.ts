import { strict as assert } from "node:assert";
import { applyDelta, type Push } from "../../lib/overview/delta.ts";
import { OverviewFeed } from "../../lib/overview/feed.ts";
import { EMPTY_OVERVIEW, type Overview, type SiteItem } from "../../lib/overview/types.ts";
import { FakeClock } from "../fake-clock.ts";

/** A site whose only news is its name. */
class Bench {
  readonly clock = new FakeClock();
  readonly sent: { connection: string; push: Push; atMs: number }[] = [];
  views = 0;
  name = "first";
  gone = false;
  readonly feed = new OverviewFeed({
    clock: this.clock,
    view: () => {
      this.views++;
      return this.gone ? null : this.view();
    },
    stamp: () => this.name,
    send: (connection, push) => this.sent.push({ connection, push, atMs: this.clock.nowMs() }),
  });

  view(): Overview {
    return { ...EMPTY_OVERVIEW, sites: [{ id: "site", name: this.name } satisfies SiteItem] };
  }

  /** A connection fetches the overview and watches it. */
  open(connection: string): Overview {
    const known = this.view();
    this.feed.watch(connection, this.feed.admit("site", known));
    return known;
  }
}

describe("the feed of an overview", () => {
  it("works only while somebody looks", () => {
    const bench = new Bench();
    bench.feed.admit("site", bench.view());
    bench.clock.advance(60_000);
    assert.equal(bench.views, 0);
    assert.equal(bench.clock.pending, 0);
    bench.open("tab");
    bench.clock.advance(10_000);
    assert.ok(bench.views > 0);
    bench.feed.leave("tab");
    const { views } = bench;
    bench.clock.advance(60_000);
    assert.equal(bench.views, views);
    assert.equal(bench.clock.pending, 0);
    assert.equal(bench.feed.busy, false);
  });

  it("tells a change at once when nothing was told lately, and what is told makes the present of what was fetched", () => {
    const bench = new Bench();
    const known = bench.open("tab");
    bench.clock.advance(5000);
    assert.equal(bench.sent.length, 0);
    bench.name = "second";
    bench.clock.advance(100);
    const { push } = bench.sent[0]!;
    assert.equal(push.seq, 1);
    assert.deepEqual(applyDelta(known, push.delta!), bench.view());
    bench.name = "third";
    const changedMs = bench.clock.nowMs();
    bench.clock.advance(1000);
    assert.ok(bench.sent[1]!.atMs - changedMs <= 1000);
  });

  it("tells a connection at most once a second, however fast things change", () => {
    const bench = new Bench();
    bench.open("tab");
    for (let change = 0; change < 100; change++) {
      bench.name = `name ${change}`;
      bench.clock.advance(100);
    }
    assert.ok(bench.sent.length <= 10, `${bench.sent.length} pushes in 10 s`);
    assert.ok(bench.sent.length >= 8, `${bench.sent.length} pushes in 10 s`);
  });

  it("tells those who came later only what they do not know", () => {
    const bench = new Bench();
    bench.open("early");
    bench.name = "second";
    bench.open("late");
    bench.clock.advance(1000);
    assert.deepEqual(
      bench.sent.map(({ connection }) => connection),
      ["early"],
    );
  });

  it("takes each ticket once, and none that nobody was given or that is old", () => {
    const bench = new Bench();
    const used = bench.feed.admit("site", bench.view());
    bench.feed.watch("tab", used);
    bench.feed.watch("thief", used);
    bench.feed.watch("guesser", "0");
    const old = bench.feed.admit("site", bench.view());
    bench.clock.advance(31_000);
    bench.feed.watch("sleeper", old);
    bench.name = "second";
    bench.clock.advance(2000);
    assert.deepEqual(
      bench.sent.map(({ connection }) => connection),
      ["tab"],
    );
  });

  it("says when the site is gone, once", () => {
    const bench = new Bench();
    bench.open("tab");
    bench.gone = true;
    bench.clock.advance(10_000);
    assert.deepEqual(
      bench.sent.map(({ push }) => push.delta),
      [null],
    );
    assert.equal(bench.clock.pending, 0);
  });
});

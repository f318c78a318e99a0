import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInput } from "../../lib/dlm/inputs/input.ts";
import type { EvidenceItem } from "../../lib/evidence/item.ts";
import { LimitEvidence } from "../../lib/evidence/limit-evidence.ts";
import { answerEvidence } from "../../lib/evidence/request.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { LimitCommandBook } from "../../lib/store/types.ts";
import { Building } from "../building/building.ts";
import { charger, METER, treeOf, zone } from "../building/plant.ts";

const DAY_S = 86_400;

/** A building with two cars whose limits from outside are witnessed, in a real database. */
class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "phasewise-evidence-"));
  readonly building = new Building(
    treeOf([zone("main", { limitA: [63, 63, 63], meters: [METER] })], [charger("A", "main"), charger("B", "main")]),
  );
  store = openStore(join(this.folder, "site.sqlite"), { clock: this.building.clock });
  acceptedA = new Map<string, number>();
  logs: string[] = [];
  evidence = this.begin();

  constructor() {
    this.building.runtime.start();
    this.building.run(120);
  }

  begin(book: LimitCommandBook = this.store.limitCommands): LimitEvidence {
    const evidence = new LimitEvidence({
      book,
      acceptedA: (id) => this.acceptedA.get(id) ?? null,
      voltageV: () => 230,
      log: (text) => this.logs.push(text),
    });
    this.building.decided = (decision) => evidence.decided(decision);
    return evidence;
  }

  get moment() {
    return { nowMs: this.building.clock.nowMs(), wallMs: this.building.clock.wallMs() };
  }

  /** A limit message, as ev-dlm takes it. */
  say(payload: object, topic = "limit/main"): void {
    const message = { topic, payload };
    try {
      this.building.runtime.input(message);
      const input = readInput(message);
      if (input.kind === "limit") this.evidence.received(input, this.moment);
    } catch (error) {
      this.evidence.refused(message, error, this.moment);
    }
  }

  items(more: object = {}): EvidenceItem[] {
    return answerEvidence({ topic: "evidence/main", payload: more }, this.store.limitCommands)
      .payload as EvidenceItem[];
  }

  close(): void {
    this.building.runtime.close();
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const seconds = (from: string, to: string | null) => (Date.parse(to ?? "") - Date.parse(from)) / 1000;
const DIM = { powerW: 7560, scope: "evse", source: "DSO", reason: "contact active" };

describe("the evidence of limits from outside", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  it("tells when a command came, when it was allocated, when it was measured, and when it ended", () => {
    bench.say(DIM);
    bench.building.run(60);
    bench.say({ limitA: null, source: "DSO" });
    const [item, ...others] = bench.items();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [item!.zone, item!.source, item!.scope, item!.limitA, item!.powerW, item!.refused, item!.end],
      ["main", "DSO", "evse", null, 7560, null, "released"],
    );
    assert.ok(seconds(item!.received, item!.allocated) <= 1, item!.allocated ?? "never");
    const measuredS = seconds(item!.received, item!.measured);
    assert.ok(measuredS > 0 && measuredS <= 10, `${measuredS} s`);
    assert.equal(seconds(item!.received, item!.ended), 60);
    assert.ok(item!.loadBeforeW! > 30_000, `${item!.loadBeforeW} W`);
    assert.ok(item!.loadAfterW! <= 7560 * 1.05 + 345, `${item!.loadAfterW} W`);
    assert.equal(item!.accepted, null, "no charger has said anything");
  });

  it("tells when the chargers have confirmed it", () => {
    for (const id of ["A/1", "B/1"]) bench.acceptedA.set(id, 31);
    bench.say(DIM);
    bench.building.run(20);
    assert.equal(bench.items()[0]!.accepted, null);
    for (const id of ["A/1", "B/1"]) bench.acceptedA.set(id, bench.building.limit(id)!);
    bench.building.run(10);
    const { received, accepted } = bench.items()[0]!;
    assert.ok(seconds(received, accepted) >= 20 && seconds(received, accepted) <= 26);
  });

  it("does not take a draw for lowered that was measured before, or is not", () => {
    for (const car of bench.building.cars.values()) car.reportEveryS = 60;
    bench.say(DIM);
    bench.building.run(20);
    assert.ok(bench.items()[0]!.allocated);
    assert.equal(bench.items()[0]!.measured, null);
    bench.building.run(80);
    assert.ok(bench.items()[0]!.measured);
  });

  it("is in force at once where nothing has to be lowered", () => {
    bench.say({ limitA: 200, source: "DSO" });
    bench.building.run(3);
    const { received, allocated, measured } = bench.items()[0]!;
    assert.ok(seconds(received, allocated) <= 1);
    assert.ok(seconds(received, measured) <= 3);
  });

  it("counts a repeated command once, another value as a new one", () => {
    for (let i = 0; i < 5; i++) {
      bench.say({ ...DIM, ttlS: 300 });
      bench.building.run(60);
    }
    assert.equal(bench.items().length, 1);
    bench.say({ ...DIM, powerW: 4200 });
    assert.deepEqual(
      bench.items().map(({ powerW, end }) => [powerW, end]),
      [
        [7560, "replaced"],
        [4200, null],
      ],
    );
  });

  it("tells when a command ran out by itself", () => {
    bench.say({ ...DIM, ttlS: 30 });
    bench.building.run(60);
    const { received, ended, end } = bench.items()[0]!;
    assert.equal(end, "expired");
    assert.ok(seconds(received, ended) >= 30 && seconds(received, ended) <= 36);
  });

  it("keeps a command that was refused, with the reason, and a repeated refusal once", () => {
    bench.say({ powerW: -5, source: "DSO" });
    bench.say({ powerW: -5, source: "DSO" });
    bench.say({ powerW: 4200, source: "DSO" }, "limit/roof");
    const items = answerEvidence({ topic: "evidence" }, bench.store.limitCommands).payload as EvidenceItem[];
    assert.deepEqual(
      items.map(({ zone: name, refused }) => [name, refused?.slice(0, 21)]),
      [
        ["main", "payload.powerW is -5;"],
        ["roof", 'topic is "limit/roof"'],
      ],
    );
    assert.equal(bench.items()[0]!.allocated, null);
  });

  it("survives a restart, and goes on with what is open", () => {
    for (const car of bench.building.cars.values()) car.reportEveryS = 60;
    bench.say(DIM);
    bench.building.run(10);
    bench.evidence = bench.begin();
    bench.building.run(100);
    bench.say({ limitA: null, source: "DSO" });
    const [item, ...others] = bench.items();
    assert.equal(others.length, 0);
    assert.ok(item!.measured);
    assert.equal(item!.end, "released");
  });

  it("keeps what the disk refuses until it takes it, and never fails the control loop", () => {
    const { limitCommands } = bench.store;
    let broken = true;
    const flaky = new Proxy(limitCommands, {
      get: (book, method: keyof LimitCommandBook) => {
        if (broken && method !== "open") return () => assert.fail("disk full");
        return book[method].bind(book);
      },
    });
    bench.evidence = bench.begin(flaky);
    bench.say(DIM);
    bench.building.run(20);
    assert.equal(bench.items().length, 0);
    assert.deepEqual(bench.logs, ["limits from outside cannot be kept: disk full"]);
    broken = false;
    bench.building.run(6);
    assert.ok(bench.items()[0]!.allocated);
  });

  it("keeps two years and forgets after three, never what still holds", () => {
    bench.say({ ...DIM, source: "old" });
    bench.say({ limitA: null, source: "old" });
    bench.say({ ...DIM, source: "for ever" });
    const later = (days: number) => {
      const { nowMs, wallMs } = bench.moment;
      const moment = { nowMs: nowMs + days * DAY_S * 1000, wallMs: wallMs + days * DAY_S * 1000 };
      bench.building.decided = (decision) => bench.evidence.decided({ ...decision, moment });
      bench.building.run(6);
      return bench.items().map(({ source }) => source);
    };
    assert.deepEqual(later(731), ["old", "for ever"]);
    assert.deepEqual(later(1100), ["for ever"]);
  });

  it("never holds more than its bound", () => {
    const { limitCommands } = bench.store;
    for (let i = 0; i < 20; i++) {
      bench.say({ ...DIM, powerW: 5000 + i });
      bench.building.run(1);
    }
    limitCommands.prune(0, 5);
    assert.deepEqual(
      bench.items().map(({ powerW }) => powerW),
      [5015, 5016, 5017, 5018, 5019],
    );
  });
});

describe("a request for evidence", () => {
  let bench: Bench;
  before(() => {
    bench = new Bench();
    for (const source of ["a", "b", "c"]) {
      bench.say({ limitA: 20.5, source, reason: source === "b" ? '=cmd|"x";1' : "why" });
      bench.building.run(60);
    }
  });
  after(() => bench.close());

  it("takes a time from and to", () => {
    const [, second] = bench.items();
    const sources = (payload: object) => bench.items(payload).map(({ source }) => source);
    assert.deepEqual(sources({ from: second!.received }), ["b", "c"]);
    assert.deepEqual(sources({ to: Date.parse(second!.received) }), ["a", "b"]);
    assert.deepEqual(sources({ from: second!.received, to: second!.received }), ["b"]);
    assert.deepEqual(sources({ from: "2036-01-01" }), []);
  });

  it("is answered as a table that a spreadsheet reads and does not run", () => {
    const ask = (payload: object) =>
      answerEvidence({ topic: "evidence/main", payload: { format: "csv", ...payload } }, bench.store.limitCommands);
    const { format, count, truncated, payload } = ask({ separator: ";", decimal: "," });
    assert.deepEqual([format, count, truncated], ["csv", 3, false]);
    const lines = String(payload).split("\r\n");
    assert.equal(lines.length, 5, "a header, three commands and the last line's end");
    assert.match(lines[1]!, /;main;a;why;total;20,5;;false;/);
    assert.match(lines[2]!, /;main;b;"'=cmd\|""x"";1";total;/);
  });

  it("that makes no sense is refused, naming the field", () => {
    const refused = (payload: object) => () =>
      answerEvidence({ topic: "evidence/main", payload }, bench.store.limitCommands);
    assert.throws(refused({ from: "yesterday" }), /payload.from is "yesterday"/);
    assert.throws(refused({ format: "pdf" }), /payload.format/);
    assert.throws(refused({ separator: "|" }), /payload.separator/);
  });
});

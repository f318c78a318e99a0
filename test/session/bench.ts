/** A site's sessions on a fake clock and a real database, told as a charge point would tell them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventMoment, SessionReading } from "../../lib/session/sessions/session-watch.ts";
import type { SessionNews } from "../../lib/session/sessions/sessions.ts";
import { Sessions } from "../../lib/session/sessions/sessions.ts";
import { ChargePointTransactions } from "../../lib/station/transactions/charge-point-transactions.ts";
import type { SessionQuery, SessionRecord } from "../../lib/store/books/session-types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

export const ALL: SessionQuery = {
  fromWallMs: null,
  toWallMs: null,
  chargePoint: null,
  connector: null,
  user: null,
  state: null,
};

export class SessionBench {
  readonly clock = new FakeClock();
  readonly news: { news: SessionNews; record: SessionRecord }[] = [];
  /** What the badge list says. */
  readonly badges = new Map<string, string>();
  limited: boolean | null = null;
  /** Register of the meter of each socket, Wh; null = it is silent, undefined = there is none. */
  socketMeterWh: number | null | undefined;
  /** When the day of the place ends that a moment is in; null = nobody knows. */
  dayEnd: ((wallMs: number) => number) | null = null;
  /** The chargers know no transactions. */
  isFree = false;
  store!: Store;
  sessions!: Sessions;
  #folder = mkdtempSync(join(tmpdir(), "phasewise-sessions-"));
  #stopped = false;

  constructor() {
    this.start();
  }

  /** A process begins: its memory is the database. */
  start(): void {
    this.store = openStore(join(this.#folder, "db.sqlite"), { clock: this.clock });
    this.sessions = new Sessions({
      store: this.store,
      clock: this.clock,
      outlet: () => ({
        ...{ zone: "garage", socketType: "T2", ceilingW: 50_000, isFree: this.isFree },
        ...(this.socketMeterWh !== undefined && { hasMeter: true }),
        ...(this.dayEnd && { dayEnd: this.dayEnd }),
      }),
      meter: (_chargePoint, _connector, { wallMs }) =>
        this.socketMeterWh == null ? null : { wallMs, registerWh: this.socketMeterWh, powerW: null },
      badge: (_chargePoint, idTag) => {
        const comment = this.badges.get(idTag) ?? null;
        return { user: comment, comment };
      },
      limited: () => this.limited,
    });
    this.sessions.onNews((news, record) => this.news.push({ news, record }));
    this.#stopped = false;
  }

  /** The process is killed: nothing is written any more. */
  kill(): void {
    this.store.close();
    this.sessions.close();
    this.#stopped = true;
  }

  /** Puts another database in the place of the one there was, after the process ended. @param put writes it at a path */
  replace(put: (path: string) => void): void {
    for (const file of readdirSync(this.#folder)) rmSync(join(this.#folder, file));
    put(join(this.#folder, "db.sqlite"));
  }

  close(): void {
    if (!this.#stopped) {
      this.sessions.close();
      this.store.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  charger(identity = "CP1"): BenchCharger {
    return new BenchCharger(this, identity);
  }

  get moment(): EventMoment {
    return { nowMs: this.clock.nowMs(), wallMs: this.clock.wallMs() };
  }

  records(query: Partial<SessionQuery> = {}): SessionRecord[] {
    return this.store.sessions.page({ ...ALL, ...query }, null, 1000);
  }

  /** What was told of sessions, in order: `open`, `close`. */
  told(): string[] {
    return this.news.filter(({ news }) => news !== "update").map(({ news, record }) => `${news} ${record.id}`);
  }
}

/** One charge point; its transactions go through the ledger, as in the product. */
export class BenchCharger {
  readonly #bench: SessionBench;
  readonly #identity: string;
  transactionId = "";

  constructor(bench: SessionBench, identity: string) {
    this.#bench = bench;
    this.#identity = identity;
  }

  get watch() {
    return this.#bench.sessions.of(this.#identity);
  }

  get #ledger(): ChargePointTransactions {
    return new ChargePointTransactions(this.#identity, this.#bench.store, this.watch);
  }

  async start({ meterWh = 0, idTag = "TAG", agoS = 0, connector = 1, replay = false } = {}): Promise<string> {
    const { clock } = this.#bench;
    const request = { connector, idTag, meterStartWh: meterWh, startedWallMs: clock.wallMs() - agoS * 1000 };
    const { record } = await this.#ledger.start(request, "Accepted", this.#context, replay);
    this.transactionId = record.transactionId;
    return record.transactionId;
  }

  async stop(
    { meterWh = 0, reason = "Local", agoS = 0, transactionId = this.transactionId } = {},
    readings: readonly Partial<SessionReading>[] = [],
  ): Promise<void> {
    const { clock } = this.#bench;
    const request = { transactionId, meterStopWh: meterWh, stoppedWallMs: clock.wallMs() - agoS * 1000, reason };
    await this.#ledger.stop(
      request,
      this.#context,
      readings.map((reading) => this.#whole(reading)),
    );
  }

  status(status: string, connector = 1): void {
    this.watch.status(connector, status, Number.NaN, this.#bench.moment);
  }

  read(
    reading: Partial<SessionReading>,
    { transactionId = this.transactionId || null, replay = false, connector = 1 }: ReadOptions = {},
  ): void {
    this.watch.reading(connector, this.#whole(reading), transactionId, replay, this.#bench.moment);
  }

  /** Charges for some minutes, with a reading each. @returns the register at the end */
  charge(minutes: number, fromWh: number, powerW = 6000, options: ReadOptions = {}): number {
    let registerWh = fromWh;
    const currentA = [powerW / 690, powerW / 690, powerW / 690];
    this.read({ energyWh: registerWh, powerW, currentA }, options);
    for (let minute = 0; minute < minutes; minute++) {
      this.#bench.clock.advance(60_000);
      registerWh += powerW / 60;
      this.read({ energyWh: registerWh, powerW, currentA }, options);
    }
    return registerWh;
  }

  #whole(reading: Partial<SessionReading>): SessionReading {
    const timestampMs = this.#bench.clock.wallMs();
    const nothing = { timestampMs, energyWh: null, powerW: null, currentA: null, voltageV: [null, null, null] };
    return { ...nothing, ...reading };
  }

  get #context() {
    return { messageId: "1", receivedAtMs: this.#bench.clock.nowMs(), receivedWallMs: this.#bench.clock.wallMs() };
  }
}

interface ReadOptions {
  transactionId?: string | null;
  replay?: boolean;
  connector?: number;
}

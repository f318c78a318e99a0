import { strict as assert } from "node:assert";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckpointProgress, DiskThread } from "../../lib/store/disk/disk-thread.ts";
import { type SqlDatabase, sqlDriver } from "../../lib/store/disk/driver.ts";
import { WalFile } from "../../lib/store/disk/wal-file.ts";
import { WriteAheadLog } from "../../lib/store/disk/write-ahead-log.ts";
import { until } from "../e2e/net.ts";
import { peek } from "../peek.ts";

const PAGE_BYTES = 4096;
const MOST_FRAMES = 60;

/** The thread, with a gate before each checkpoint. */
class GatedThread extends DiskThread {
  asked = 0;
  open: (() => void)[] = [];
  gated = false;

  override async checkpoint(path: string, names?: boolean): Promise<CheckpointProgress> {
    this.asked += 1;
    if (this.gated) await new Promise<void>((resolve) => this.open.push(resolve));
    return super.checkpoint(path, names);
  }

  /** On the only connection a checkpoint ends with the database being brought to the disk. */
  override async sync(path: string, name?: boolean): Promise<void> {
    this.asked += 1;
    if (this.gated) await new Promise<void>((resolve) => this.open.push(resolve));
    return super.sync(path, name);
  }
}

describe("The log of a database", () => {
  let folder: string;
  let path: string;
  let database: SqlDatabase;
  let thread: GatedThread;
  let log: WriteAheadLog;
  let file: WalFile;
  let lost: unknown[];
  let notes = 0;

  const open = (): void => {
    database = sqlDriver().open(path);
    database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL");
    database.exec("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)");
    const made = WriteAheadLog.of(database, path, {
      thread,
      mostFrames: MOST_FRAMES,
      lost: (error) => lost.push(error),
    });
    assert.ok(made);
    log = made;
    file = new WalFile(path);
  };
  const add = (text: string) =>
    log.run(() => database.prepare("INSERT INTO notes (text) VALUES (?) RETURNING id").get(text.padEnd(500, ".")));
  const texts = (from = path): string[] => {
    const found = peek(
      from,
      (reader) => reader.prepare("SELECT text FROM notes ORDER BY id").all() as { text: string }[],
    );
    return found.map(({ text }) => text.replace(/\.+$/, ""));
  };
  const addMany = (prefix: string): string[] => {
    const few = Array.from({ length: 25 }, () => `${prefix}${++notes}`);
    for (const text of few) add(text);
    return few;
  };
  /** Writes until the log has begun anew. */
  const untilAnew = async (prefix: string): Promise<string[]> => {
    const { generation } = file;
    const written: string[] = [];
    await until("the log begins anew", () => {
      written.push(...addMany(prefix));
      return file.generation !== generation;
    });
    return written;
  };
  /** Writes until a checkpoint waits at the gate. */
  const untilChecked = async (): Promise<string[]> => {
    const written: string[] = [];
    thread.gated = true;
    await until("a checkpoint is asked for", () => {
      written.push(...addMany("before "));
      return thread.open.length === 1;
    });
    return written;
  };
  /** Lets it through, until only what was written since is left to be moved. */
  const untilTheRest = async (): Promise<void> => {
    if (sqlDriver().alone) return;
    thread.open.shift()?.();
    await until("the rest is asked for", () => thread.open.length === 1);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-log-"));
    path = join(folder, "notes.sqlite");
    thread = new GatedThread();
    lost = [];
    open();
  });
  afterEach(() => {
    file.close();
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("counts its frames, also where those of earlier generations lie behind them", async () => {
    const framesInFile = () => (statSync(`${path}-wal`).size - 32) / (24 + PAGE_BYTES);
    add("one");
    assert.ok(file.frames > 0);
    assert.equal(file.frames, framesInFile());
    await untilAnew("a");
    await log.sync();
    assert.ok(file.frames < framesInFile());
  });

  it("begins anew behind a checkpoint, again and again, and loses nothing", async () => {
    const written: string[] = [];
    for (const prefix of ["a", "b", "c"]) written.push(...(await untilAnew(prefix)));
    await log.sync();
    assert.deepEqual(texts(), written);
    assert.deepEqual(lost, []);
  });

  it("commits nothing from the moment it begins anew until that is on the disk; what is written meanwhile is read and kept", async () => {
    const before = await untilChecked();
    await untilTheRest();
    const { frames, generation } = file;
    const committed = texts();
    const id = add("meanwhile")?.["id"];
    const read = database.prepare("SELECT text FROM notes WHERE id = ?").get(Number(id)) as { text: string };
    assert.match(read.text, /^meanwhile/);
    assert.deepEqual([file.frames, texts()], [frames, committed], "nothing of it is in the log yet");
    const told: string[] = [];
    const durable = log.sync().then(() => told.push("durable"));
    assert.deepEqual(told, []);
    thread.open.shift()?.();
    await durable;
    assert.notEqual(file.generation, generation);
    assert.deepEqual(texts(), [...before, "meanwhile"]);
    assert.equal((database.prepare("SELECT id FROM notes ORDER BY id DESC LIMIT 1").get() as { id: number }).id, id);
  });

  it("undoes what fails while nothing is committed, and nothing else", async () => {
    await untilChecked();
    await untilTheRest();
    add("first");
    assert.throws(
      () =>
        log.run(() => {
          database.exec("INSERT INTO notes (text) VALUES ('wrong')");
          throw new Error("changed its mind");
        }),
      /changed its mind/,
    );
    add("second");
    thread.open.shift()?.();
    await log.sync();
    assert.deepEqual(texts().slice(-2), ["first", "second"]);
    assert.ok(!texts().includes("wrong"));
  });

  it("ends with nothing left to be moved, also where a checkpoint is half done", async function () {
    if (sqlDriver().alone) this.skip();
    const written = await untilChecked();
    const moved = log.moveAll();
    await new Promise((resolve) => setImmediate(resolve));
    const { asked } = thread;
    thread.open.shift()?.();
    await until("the rest is asked for", () => thread.asked > asked);
    add("meanwhile");
    thread.gated = false;
    for (const open of thread.open.splice(0)) open();
    await moved;
    const alone = join(folder, "alone.sqlite");
    copyFileSync(path, alone);
    assert.deepEqual(texts(alone), [...written, "meanwhile"]);
  });

  it("goes on where a checkpoint fails, and tries again later", async function () {
    if (sqlDriver().alone) this.skip();
    const { checkpoint } = thread;
    thread.checkpoint = () => Promise.reject(new Error("no room"));
    const written: string[] = [];
    for (let index = 0; index < 200; index++) {
      written.push(`note ${index}`);
      add(written.at(-1)!);
      if (index % 20 === 0) await log.sync();
    }
    thread.checkpoint = checkpoint;
    written.push(...(await untilAnew("later ")));
    await log.sync();
    assert.deepEqual([texts(), lost], [written, []]);
  });

  it("survives a power cut at whatever part of its new beginning is on the disk", async () => {
    await untilChecked();
    await untilTheRest();
    const written = texts();
    const old = readFileSync(`${path}-wal`);
    const { generation } = file;
    thread.open.shift()?.();
    await until("it has begun anew", () => file.generation !== generation);
    const anew = readFileSync(`${path}-wal`);
    const sectors = Math.ceil((32 + 24 + PAGE_BYTES) / 512);
    for (let present = 0; present < 2 ** sectors; present += present % 2 === 0 ? 1 : 5) {
      const cut = join(folder, `cut-${present}.sqlite`);
      copyFileSync(path, cut);
      const mixed = Buffer.from(old);
      for (let sector = 0; sector < sectors; sector++)
        if (present & (1 << sector))
          anew.copy(mixed, sector * 512, sector * 512, Math.min((sector + 1) * 512, anew.length));
      const copy = openSync(`${cut}-wal`, "w");
      writeSync(copy, mixed);
      closeSync(copy);
      assert.deepEqual(texts(cut), written, `sectors ${present.toString(2)}`);
      rmSync(cut);
    }
  });

  it("leaves nothing behind when it ends beside everything else: all of it is in the database", async () => {
    add("one");
    await log.moveAll();
    log.close();
    assert.equal(existsSync(`${path}-wal`), false);
    assert.deepEqual(texts(), ["one"]);
  });

  it("leaves its frames where they are when it is dropped", () => {
    add("one");
    log.drop();
    assert.equal(existsSync(`${path}-wal`), true);
    assert.deepEqual(texts(), ["one"]);
  });

  it("takes no more than a bounded number of writes while the disk does not answer", async () => {
    await untilChecked();
    await untilTheRest();
    assert.throws(() => {
      for (let index = 0; index < 6000; index++)
        log.run(() => database.exec("UPDATE notes SET text = 'x' WHERE id = 1"));
    }, /does not answer/);
    thread.open.shift()?.();
    await log.sync();
    add("after");
  });
});

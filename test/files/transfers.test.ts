import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { partOf } from "../../lib/files/download.ts";
import { addressOf, newToken, placeOf, safeName } from "../../lib/files/place.ts";
import { RETENTION, Shelf } from "../../lib/files/shelf.ts";
import { MOST_UPLOAD_BYTES, type OpenTransfer, Transfers } from "../../lib/files/transfers.ts";
import type { ReceivedFile } from "../../lib/files/upload.ts";
import type { JsonValue } from "../../lib/units.ts";
import { FakeClock } from "../fake-clock.ts";

describe("Windows for files", () => {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-files-"));
  let clock: FakeClock;
  let transfers: Transfers;
  let documents: Map<string, JsonValue>;
  const store = {
    document: (key: string) => documents.get(key),
    saveDocument: (key: string, value: JsonValue) => void documents.set(key, value),
  };
  let server: Server;
  let base: string;

  beforeEach(async () => {
    clock = new FakeClock();
    documents = new Map();
    transfers = new Transfers(new Shelf(folder, clock), clock, store);
    server = createServer((incoming, response) => {
      if (!transfers.serve(incoming, response)) response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`;
  });
  afterEach(async () => {
    transfers.close();
    await new Promise<unknown>((resolve) => server.close(resolve).closeAllConnections());
    assert.equal(clock.pending, 0);
    rmSync(folder, { recursive: true, force: true });
  });

  interface Taken {
    window: OpenTransfer;
    files: ReceivedFile[];
    failures: string[];
    expired: number;
  }
  const take = (lastsMs = 60_000): Taken => {
    const taken: Taken = { window: null as never, files: [], failures: [], expired: 0 };
    taken.window = transfers.takeOne({
      chargePoint: "CP/1",
      kind: "diagnostics",
      requestId: 7,
      lastsMs,
      received: (file) => taken.files.push(file),
      failed: (reason) => taken.failures.push(reason),
      expired: () => taken.expired++,
    });
    return taken;
  };
  const put = (url: string, body: BodyInit, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { method: "PUT", body, ...init });

  describe("that take one", () => {
    it("put it on disk, under the charge point's name, and say what it is", async () => {
      const { window, files } = take();
      const response = await put(`${window.address(base)}log%201.txt`, "content");
      assert.equal(response.status, 201);
      const [file] = files;
      assert.equal(file?.name, "log 1.txt");
      assert.equal(file.size, 7);
      assert.equal(file.sha256, createHash("sha256").update("content").digest("hex"));
      assert.equal(readFileSync(file.path, "utf8"), "content");
      assert.match(file.path, /files.received.CP%2F1.2026-06-01T12-00-00-000Z_log_1\.txt$/);
    });

    for (const [how, path, init, name] of [
      ["by POST", "log.txt", { method: "POST", body: "content" }, "log.txt"],
      ["without a name", "", { method: "PUT", body: "content" }, "diagnostics.bin"],
      ["without a slash at the end", null, { method: "PUT", body: "content" }, "diagnostics.bin"],
    ] as const) {
      it(`take it ${how}`, async () => {
        const { window, files } = take();
        const address = window.address(base);
        await fetch(path === null ? address.slice(0, -1) : address + path, init);
        assert.deepEqual(
          files.map((file) => file.name),
          [name],
        );
      });
    }

    it("take it out of a form", async () => {
      const { window, files } = take();
      const body = new FormData();
      body.append("comment", "first");
      body.append("file", new Blob(["content"]), "in the form.log");
      assert.equal((await fetch(window.address(base), { method: "POST", body })).status, 201);
      assert.deepEqual([files[0]?.name, files[0]?.size], ["in the form.log", 7]);
    });

    for (const [what, given, told] of [
      ["folders", "../../etc/passwd", "passwd"],
      ["folders of another system", "C:\\Windows\\system.ini", "system.ini"],
      ["line ends and signs nobody sees", "a\r\nSet-Cookie: b\u202Etxt.exe\u0000", "aSet-Cookie_ btxt.exe"],
      ["markup", "<img src=x onerror=alert(1)>.log", "_img src=x onerror=alert(1)_.log"],
      ["nothing but dots", "...", "diagnostics.bin"],
      ["no end", `${"x".repeat(5000)}.log`, `${"x".repeat(96)}.log`],
    ] as const) {
      it(`tell no name with ${what} in it`, async () => {
        const { window, files } = take();
        assert.equal((await put(window.address(base) + encodeURIComponent(given), "content")).status, 201);
        assert.equal(files[0]?.name, told);
      });
    }

    it("close with it: a second one finds nothing", async () => {
      const { window, files } = take();
      await put(window.address(base), "content");
      assert.equal((await put(window.address(base), "again")).status, 404);
      assert.equal(files.length, 1);
      assert.equal(transfers.open, 0);
    });

    describe("after a restart", () => {
      let late: [string, string][];
      const restart = (): void => {
        late = [];
        transfers.close();
        transfers = new Transfers(new Shelf(folder, clock), clock, store);
        transfers.restore(({ chargePoint, requestId }, { name }) => late.push([`${chargePoint} ${requestId}`, name]));
      };

      it("still take it, once, until their time is over", async () => {
        const { window, files } = take();
        restart();
        assert.equal((await put(window.address(base), "content")).status, 201);
        assert.deepEqual([late, files], [[["CP/1 7", "diagnostics.bin"]], []]);
        assert.equal((await put(window.address(base), "again")).status, 404);
        const { window: other } = take(60_000);
        clock.advance(59_000);
        restart();
        clock.advance(1001);
        assert.equal((await put(other.address(base), "late")).status, 404);
        restart();
        assert.equal(transfers.open, 0);
      });

      it("are closed where they had been closed before", () => {
        const { window } = take();
        window.close();
        restart();
        assert.equal(transfers.open, 0);
      });

      it("stay as they are for whoever held them when all was closed", async () => {
        const { window } = take();
        transfers.close();
        window.close();
        restart();
        assert.equal((await put(window.address(base), "content")).status, 201);
      });

      it("are not open for longer when the clock was set back, and not known by what is stored", async () => {
        const { window } = take();
        const token = /ev-files\/([^/]+)/.exec(window.address(base))?.[1] ?? "";
        assert.ok(token.length === 32 && !JSON.stringify([...documents]).includes(token));
        const [upload] = documents.get("files/uploads") as { key: string; untilWallMs: number }[];
        documents.set("files/uploads", [{ ...upload!, untilWallMs: clock.wallMs() + 1e12 }, "nonsense", null] as never);
        restart();
        assert.equal(transfers.open, 1);
        assert.equal((await put(addressOf(base, upload!.key, null), "x")).status, 404);
        clock.advance(3_600_001);
        assert.equal(transfers.open, 0);
      });
    });

    it("keep nothing of one that breaks off, and take the next attempt", async () => {
      const taken = take();
      const url = new URL(taken.window.address(base));
      await new Promise<void>((resolve) => {
        const half = request(url, { method: "PUT", headers: { "Content-Length": 1000 } }, () => {});
        half.on("error", () => resolve());
        server.once("request", () => setImmediate(() => half.destroy()));
        half.write("half of it");
      });
      while (taken.failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(
        readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()),
        [],
      );
      assert.equal((await put(taken.window.address(base), "whole")).status, 201);
      assert.equal(taken.files[0]?.size, 5);
    });

    for (const [what, body, init, status] of [
      ["is empty", "", {}, 400],
      ["comes in parts", "part", { headers: { "Content-Range": "bytes 0-3/8" } }, 400],
      ["is no form although it says so", "x", { headers: { "Content-Type": "multipart/form-data; boundary=y" } }, 400],
    ] as const) {
      it(`refuse one that ${what}, and stay open`, async () => {
        const taken = take();
        assert.equal((await put(taken.window.address(base), body, init)).status, status);
        assert.deepEqual([taken.files.length, taken.failures.length, transfers.open], [0, 1, 1]);
      });
    }

    it("refuse one that says it is too large, before it comes", async () => {
      const { window } = take();
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { "Content-Length": MOST_UPLOAD_BYTES + 1, Expect: "100-continue" };
        const large = request(new URL(window.address(base)), { method: "PUT", headers }, (response) => {
          resolve(response.statusCode);
          large.destroy();
        });
        large.on("error", reject);
        large.flushHeaders();
      });
      assert.equal(status, 413);
    });

    it("refuse one in the middle, and outlive that", async () => {
      const { window } = take();
      const headers = { "Content-Type": "multipart/form-data; boundary=b" };
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const large = request(new URL(window.address(base)), { method: "PUT", headers }, ({ statusCode }) => {
          resolve(statusCode);
          large.destroy();
        });
        large.on("error", reject);
        large.write(`--b\r\n${"x".repeat(100_000)}`);
      });
      assert.equal(status, 400);
      assert.equal((await put(window.address(base), "whole")).status, 201);
    });

    it("let nothing out", async () => {
      const { window } = take();
      assert.equal((await fetch(window.address(base))).status, 405);
    });

    it("end by themselves, and cut what is on its way", async () => {
      const taken = take(1000);
      const cut = new Promise<void>((resolve) => {
        const slow = request(new URL(taken.window.address(base)), { method: "PUT", headers: { "Content-Length": 9 } });
        slow.on("error", () => resolve());
        server.once("request", () => setImmediate(() => clock.advance(1000)));
        slow.write("slow");
      });
      await cut;
      assert.equal(taken.expired, 1);
      assert.equal((await put(taken.window.address(base), "late")).status, 404);
    });

    it("keep names from leaving their folder", async () => {
      const { window, files } = take();
      await put(`${window.address(base)}..%2F..%2F.ssh%2Fauthorized_keys`, "content");
      assert.match(files[0]!.path, /received.CP%2F1.[\w-]+_authorized_keys$/);
    });
  });

  describe("that give one out", () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
    /** How often the present window's file was fetched: that of an earlier test may still be on its way. */
    let fetched: { times: number };
    const give = async (lastsMs = 60_000): Promise<OpenTransfer> => {
      const { shelf } = transfers;
      mkdirSync(shelf.firmware, { recursive: true });
      writeFileSync(join(shelf.firmware, "fw 1.2.bin"), content);
      const count = { times: 0 };
      fetched = count;
      const file = (await shelf.firmwareFile("fw 1.2.bin"))!;
      return transfers.giveOut({ file, lastsMs, fetched: () => count.times++ });
    };

    it("give it as often as it is asked for, and name it in the address", async () => {
      const window = await give();
      assert.match(window.address(base), /\/fw%201\.2\.bin$/);
      for (const times of [1, 2]) {
        const response = await fetch(window.address(base));
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), content);
        assert.equal(response.headers.get("content-length"), "1000");
        // The reader may have the end before the writer knows.
        while (fetched.times < times) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(fetched.times, times);
      }
    });

    for (const [range, status, first, length] of [
      ["bytes=0-99", 206, 0, 100],
      ["bytes=990-", 206, 990, 10],
      ["bytes=-5", 206, 995, 5],
      ["bytes=990-2000", 206, 990, 10],
      ["bytes=0-1,5-6", 200, 0, 1000],
      ["lines=1-2", 200, 0, 1000],
    ] as const) {
      it(`give the part that is asked for: ${range}`, async () => {
        const response = await fetch((await give()).address(base), { headers: { Range: range } });
        assert.equal(response.status, status);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), content.subarray(first, first + length));
        if (status === 206)
          assert.equal(response.headers.get("content-range"), `bytes ${first}-${first + length - 1}/1000`);
      });
    }

    it("say that a part beyond the end is not there", async () => {
      const response = await fetch((await give()).address(base), { headers: { Range: "bytes=1000-" } });
      assert.deepEqual([response.status, response.headers.get("content-range")], [416, "bytes */1000"]);
    });

    it("give the whole where the part asked for is of another file", async () => {
      const headers = { Range: "bytes=0-1", "If-Range": '"other"' };
      assert.equal((await fetch((await give()).address(base), { headers })).status, 200);
    });

    it("tell its size without sending it", async () => {
      const response = await fetch((await give()).address(base), { method: "HEAD" });
      assert.deepEqual([response.headers.get("content-length"), fetched.times], ["1000", 0]);
    });

    it("take nothing in, and end by themselves", async () => {
      const window = await give(1000);
      assert.equal((await put(window.address(base), "x")).status, 405);
      clock.advance(1000);
      assert.equal((await fetch(window.address(base))).status, 404);
    });
  });

  it("have paths that nobody can guess, and are found below any path", () => {
    assert.match(newToken(), /^[A-Za-z0-9_-]{32}$/);
    const token = newToken();
    assert.deepEqual(placeOf(`/deep/down/ev-files/${token}/a%20b?x=1`), { token, name: "a b" });
    assert.deepEqual(placeOf(new URL(addressOf("http://h:1/p/", token, null)).pathname), { token, name: null });
    for (const path of ["/", "/ev-files/", `/ev-files/${token}x`, `/ev-files/${token}/a/b`, `/x-ev-files/${token}`])
      assert.equal(placeOf(path), null);
  });

  it("are not there for a token of nobody", async () => {
    take();
    assert.equal((await put(addressOf(base, newToken(), null), "x")).status, 404);
  });

  it("call files by plain names", () => {
    for (const [name, safe] of [
      ["../../etc/passwd", "passwd"],
      ["..\\..\\boot.ini", "boot.ini"],
      [".hidden", "hidden"],
      ["a\u0000b<c>.log", "a_b_c_.log"],
      ["", "file"],
      ["....", "file"],
      ["x".repeat(300), "x".repeat(100)],
    ] as const)
      assert.equal(safeName(name, "file"), safe);
  });

  it("read parts of files of any size without a mistake", () => {
    assert.deepEqual(partOf("bytes=0-0", 1), { first: 0, last: 0 });
    assert.equal(partOf("bytes=-0", 10), "unsatisfiable");
    assert.equal(partOf("bytes=5-2", 10), null);
    assert.equal(partOf(undefined, 10), null);
    assert.deepEqual(partOf("bytes=-20", 10), { first: 0, last: 9 });
  });

  it("take two firmware files of one name at once: the last one whole stays, and is what it says it is", async () => {
    const { shelf } = transfers;
    const bodies = ["a", "b"].map((letter) => Array.from({ length: 50 }, () => Buffer.alloc(10_000, letter)));
    const added = await Promise.all(bodies.map((body) => shelf.addFirmware(Readable.from(body), "fw.bin", 1e7)));
    const content = readFileSync(added[0]!.path);
    assert.equal(content.length, 500_000);
    assert.ok(content.every((byte) => byte === content[0]));
    assert.deepEqual(readdirSync(shelf.firmware), ["fw.bin"]);
  });

  it("leave no draft behind that was cut off by the end of the process, and touch none that is being written", async () => {
    const { shelf } = transfers;
    const folder = dirname(await shelf.placeFor("CP1", "x"));
    mkdirSync(join(shelf.received, "%"), { recursive: true });
    for (const [name, ageS] of [
      [".old.part", 90_000],
      [".new.part", 10],
      [".other", 90_000],
    ] as const) {
      writeFileSync(join(folder, name), "x");
      utimesSync(join(folder, name), clock.wallMs() / 1000 - ageS, clock.wallMs() / 1000 - ageS);
    }
    await shelf.tidy();
    assert.deepEqual(readdirSync(folder).sort(), [".new.part", ".other"]);
    assert.deepEqual(await shelf.receivedFiles(), []);
  });

  it("leave so many files of each charge point, the newest, and none that is too old", async () => {
    const { shelf } = transfers;
    const ages = Array.from({ length: RETENTION.ofEach + 3 }, (_, index) => index);
    for (const hours of ages) {
      const path = await shelf.placeFor("CP1", `${hours}.log`);
      writeFileSync(path, "x");
      const atS = (clock.wallMs() - hours * 3_600_000) / 1000;
      utimesSync(path, atS, atS);
    }
    const old = await shelf.placeFor("CP2", "old.log");
    writeFileSync(old, "x");
    utimesSync(old, 1, 1);
    await shelf.tidy();
    const left = await shelf.receivedFiles();
    assert.deepEqual(new Set(left.map(({ chargePoint }) => chargePoint)), new Set(["CP1"]));
    assert.equal(left.length, RETENTION.ofEach);
    assert.match(left.at(-1)!.name, new RegExp(`_${RETENTION.ofEach - 1}\\.log$`));
  });
});

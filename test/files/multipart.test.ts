import { strict as assert } from "node:assert";
import { Readable } from "node:stream";
import { boundaryOf, FirstFile } from "../../lib/files/multipart.ts";

const form = (...parts: string[]): string => `${parts.map((part) => `--XX\r\n${part}\r\n`).join("")}--XX--\r\n`;
const file = (content: string, name = "log.txt"): string =>
  `Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n${content}`;
const field = 'Content-Disposition: form-data; name="comment"\r\n\r\nnot a file';

describe("A form with a file", () => {
  const read = async (body: string, pieceBytes = 1 << 20): Promise<{ content: string; name: string | null }> => {
    const bytes = Buffer.from(body);
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
      bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    );
    const first = new FirstFile("XX");
    const content = Buffer.concat(await Readable.from(pieces).pipe(first).toArray());
    return { content: content.toString(), name: first.fileName };
  };

  for (const pieceBytes of [1, 2, 3, 7, 64, 1 << 20]) {
    it(`gives its content, however it is cut: pieces of ${pieceBytes} bytes`, async () => {
      const content = "line\r\n--X\r\n-- --XY\r\n\r\nend\r\n";
      assert.deepEqual(await read(form(field, file(content), file("second")), pieceBytes), {
        content,
        name: "log.txt",
      });
    });
  }

  it("may hold an empty file, or one with a name in quotes", async () => {
    assert.deepEqual(await read(form(file("", 'a\\"b.log'))), { content: "", name: 'a"b.log' });
  });

  it("may begin with words before the first part", async () => {
    assert.equal((await read(`preamble\r\n${form(file("x"))}`)).content, "x");
  });

  for (const [what, body] of [
    ["breaks off", form(file("half")).slice(0, -12)],
    ["has no file", form(field)],
    ["is none", "just text"],
    ["has endless headers", `--XX\r\n${"x".repeat(20_000)}`],
  ] as const) {
    it(`is refused when it ${what}`, async () => {
      await assert.rejects(read(body), /form holds no whole file|headers of a part/);
    });
  }

  it("is known by its content type", () => {
    assert.equal(boundaryOf('multipart/form-data; boundary="a b"'), "a b");
    assert.equal(boundaryOf("Multipart/Form-Data; charset=utf-8; boundary=----x; z=1"), "----x");
    for (const type of [undefined, "text/plain", "multipart/form-data", "multipart/mixed; boundary=x"])
      assert.equal(boundaryOf(type), null);
  });
});

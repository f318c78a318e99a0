import { strict as assert } from "node:assert";
import { zipOf } from "../../lib/files/zip.ts";
import { unzip } from "./unzip.ts";

describe("A ZIP archive", () => {
  it("holds its files with their names and checksums", () => {
    const entries = [
      { name: "report.html", content: "<p>für Büro</p>".repeat(1000) },
      { name: "größe.json", content: "" },
    ];
    const files = unzip(zipOf(entries, Date.UTC(2026, 5, 1, 12)));
    assert.deepEqual(
      [...files],
      entries.map(({ name, content }) => [name, content]),
    );
  });
});

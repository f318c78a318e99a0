import { strict as assert } from "node:assert";
import { crc32, inflateRawSync } from "node:zlib";

/** Files of an archive as its directory at the end lists them. */
export function unzip(archive: Buffer): Map<string, string> {
  const end = archive.length - 22;
  assert.equal(archive.readUInt32LE(end), 0x06054b50);
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    assert.equal(archive.readUInt32LE(at), 0x02014b50);
    const [sum, packed, plain] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString();
    assert.equal(archive.readUInt32LE(local), 0x04034b50);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(begin, begin + packed));
    assert.equal(content.length, plain);
    assert.equal(crc32(content), sum);
    files.set(name, content.toString());
    at += 46 + nameLength;
  }
  return files;
}

/** The first file of a multipart/form-data body (RFC 7578), as forms and `curl -F` send it. */
import { Transform, type TransformCallback } from "node:stream";

/** Headers of one part are no longer. */
const MOST_HEADER_BYTES = 16 * 1024;
const HEADERS_END = Buffer.from("\r\n\r\n");

/** The boundary that a Content-Type names; null for a body that is not multipart. */
export function boundaryOf(contentType: string | undefined): string | null {
  if (!/^multipart\/form-data\b/i.test(contentType ?? "")) return null;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType ?? "") ?? [];
  return quoted ?? plain ?? null;
}

/** The body is no form with a file in it. */
export class NoFile extends Error {}

/**
 * Lets through the content of the first part with a file name, or, where none has one, nothing. Fails with `NoFile` when the body
 * ends before that part does, or is no multipart body.
 */
export class FirstFile extends Transform {
  readonly #delimiter: Buffer;
  #rest: Buffer = Buffer.from("\r\n");
  #state: "before" | "headers" | "skipped" | "content" | "after" = "before";
  /** As the part calls it; null until it is known. */
  fileName: string | null = null;

  constructor(boundary: string) {
    super();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    try {
      while (this.#step()) {}
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#state === "after" ? null : new NoFile("The form holds no whole file"));
  }

  /** Works on what is there. @returns whether there may be more to do */
  #step(): boolean {
    switch (this.#state) {
      case "before":
      case "skipped":
      case "content":
        return this.#toDelimiter();
      case "headers":
        return this.#headers();
      case "after":
        this.#rest = Buffer.alloc(0);
        return false;
    }
  }

  #toDelimiter(): boolean {
    const at = this.#rest.indexOf(this.#delimiter);
    const isContent = this.#state === "content";
    if (at < 0) {
      // The delimiter may have begun in what came last.
      const sure = Math.max(0, this.#rest.length - this.#delimiter.length + 1);
      if (isContent && sure > 0) this.push(this.#rest.subarray(0, sure));
      this.#rest = this.#rest.subarray(sure);
      return false;
    }
    if (isContent) {
      if (at > 0) this.push(this.#rest.subarray(0, at));
      this.#state = "after";
    } else {
      this.#rest = this.#rest.subarray(at + this.#delimiter.length);
      this.#state = "headers";
    }
    return true;
  }

  #headers(): boolean {
    const end = this.#rest.indexOf(HEADERS_END);
    if (end < 0) {
      if (this.#rest.length > MOST_HEADER_BYTES) throw new NoFile("The headers of a part are too long");
      return false;
    }
    const headers = this.#rest.subarray(0, end).toString("utf8");
    this.#rest = this.#rest.subarray(end + HEADERS_END.length);
    const isFile = /^content-disposition:.*;\s*filename\*?=/im.test(headers);
    if (isFile) this.fileName = nameIn(headers);
    this.#state = isFile ? "content" : "skipped";
    return true;
  }
}

function nameIn(headers: string): string | null {
  const [, quoted, plain] = /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(headers) ?? [];
  return (quoted ?? plain)?.replace(/\\(.)/g, "$1") || null;
}

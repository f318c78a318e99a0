import { createHash } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import { isoTime } from "../../clock.ts";
import type { Behaviour } from "./behaviour.ts";

/** What loading files needs of the charge point. */
export interface FileWorkPort {
  clock: Clock;
  identity: string;
  behaviour(): Behaviour;
  /** Reports a status; may be lost. */
  report(action: string, payload: Record<string, unknown>): void;
  /** New firmware is there: the charge point restarts with it. */
  installed(firmware: string): void;
}

/** How a charge point tells of a file: with the messages of the standard, or with those of the security extension. */
export interface Telling {
  action: string;
  requestId: number | null;
}

/** Longest firmware version in BootNotification. */
const LONGEST_VERSION = 50;

/** Uploads diagnostics and fetches firmware by HTTP, as the behaviour says. Owns its requests and timers. */
export class FileWork {
  readonly #port: FileWorkPort;
  readonly #work = new Set<AbortController>();
  readonly #timers = new Set<Timer>();
  /** Told once the charge point is back with new firmware. */
  #afterwards: (() => void) | null = null;

  constructor(port: FileWorkPort) {
    this.#port = port;
  }

  /** Breaks off what is under way. */
  close(): void {
    for (const work of this.#work) work.abort();
    for (const timer of this.#timers) this.#port.clock.clear(timer);
    this.#timers.clear();
  }

  /** Name of the file that an upload will have. */
  fileName(): string {
    const { clock, identity } = this.#port;
    return `diagnostics_${identity.replace(/[^\w-]+/g, "_")}_${isoTime(clock.wallMs()).replace(/[:.]/g, "-")}.log`;
  }

  /** Uploads a file and tells how it goes. @param location folder, as a URL */
  upload(location: string, name: string, telling: Telling): void {
    const failed = telling.requestId === null ? "UploadFailed" : "UploadFailure";
    this.#do(
      async (signal) => {
        this.#tell(telling, "Uploading");
        const { uploads } = this.#port.behaviour();
        if (uploads === "fail") throw new Error("it fails as it was told to");
        const folder = location.endsWith("/") ? location : `${location}/`;
        const response = await send(folder, name, this.#content(), uploads === "form", signal);
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        this.#tell(telling, "Uploaded");
      },
      () => this.#tell(telling, failed),
    );
  }

  /** Fetches firmware, when its time has come, and installs it. */
  update(location: string, notBeforeWallMs: number, telling: Telling): void {
    const waitMs = notBeforeWallMs - this.#port.clock.wallMs();
    if (!(waitMs > 0)) {
      this.#fetch(location, telling);
      return;
    }
    if (telling.requestId !== null) this.#tell(telling, "DownloadScheduled");
    const timer = this.#port.clock.setTimeout(() => {
      this.#timers.delete(timer);
      this.#fetch(location, telling);
    }, waitMs);
    this.#timers.add(timer);
  }

  /** The charge point is back in service. */
  backAgain(): void {
    this.#afterwards?.();
    this.#afterwards = null;
  }

  #fetch(location: string, telling: Telling): void {
    this.#do(
      async (signal) => {
        this.#tell(telling, "Downloading");
        const { firmware } = this.#port.behaviour();
        if (firmware === "downloadFails") throw new Error("it fails as it was told to");
        const response = await fetch(location, { signal, redirect: "error" });
        const bytes = Buffer.from(await response.arrayBuffer());
        if (!response.ok || bytes.length === 0) throw new Error(`HTTP ${response.status}`);
        this.#tell(telling, "Downloaded");
        this.#install(versionOf(location, bytes), telling);
      },
      () => this.#tell(telling, "DownloadFailed"),
    );
  }

  #install(version: string, telling: Telling): void {
    const { firmware } = this.#port.behaviour();
    const signed = telling.requestId !== null;
    if (signed) this.#tell(telling, firmware === "invalidSignature" ? "InvalidSignature" : "SignatureVerified");
    if (signed && firmware === "invalidSignature") return;
    this.#tell(telling, "Installing");
    if (firmware === "installFails") {
      this.#tell(telling, "InstallationFailed");
      return;
    }
    this.#afterwards = () => this.#tell(telling, "Installed");
    this.#port.installed(version);
  }

  #do(work: (signal: AbortSignal) => Promise<void>, failed: () => void): void {
    const control = new AbortController();
    this.#work.add(control);
    work(control.signal)
      .catch(() => {
        if (!control.signal.aborted) failed();
      })
      .finally(() => this.#work.delete(control));
  }

  #tell({ action, requestId }: Telling, status: string): void {
    this.#port.report(action, { status, ...(requestId !== null && { requestId }) });
  }

  #content(): string {
    const { clock, identity } = this.#port;
    return `${isoTime(clock.wallMs())} ${identity}: nothing unusual\n`.repeat(20);
  }
}

/** As most charge points do it: PUT of the file below the folder; some send a form. */
function send(folder: string, name: string, content: string, form: boolean, signal: AbortSignal): Promise<Response> {
  if (!form)
    return fetch(folder + encodeURIComponent(name), { method: "PUT", body: content, signal, redirect: "error" });
  const body = new FormData();
  body.append("file", new Blob([content]), name);
  return fetch(folder, { method: "POST", body, signal, redirect: "error" });
}

/** The file's name says what it is; without one its content does. */
function versionOf(location: string, bytes: Buffer): string {
  const name = URL.parse(location)?.pathname.split("/").at(-1) ?? "";
  const bare = decodeURIComponent(name).replace(/\.[a-z]+$/i, "");
  return (bare || createHash("sha256").update(bytes).digest("hex").slice(0, 8)).slice(0, LONGEST_VERSION);
}

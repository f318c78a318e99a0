import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import { record } from "../fields.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import type { BackEndSettings } from "./types.ts";

/** A restart waits for the end of a charge so long, ms; later it would surprise. */
const RESET_WAITS_MS = 86_400_000;
/** Reports on an update or an upload go to whoever asked, for so long, ms. */
const REPORTED_MS = 2 * 86_400_000;

/** Words of the notifications in OCPP 1.6 (§7.22, §7.25); other words of ours are not passed on. */
const STATUSES = {
  FirmwareStatusNotification: new Set([
    ...["Downloaded", "DownloadFailed", "Downloading", "Idle", "InstallationFailed", "Installing", "Installed"],
  ]),
  DiagnosticsStatusNotification: new Set(["Idle", "Uploaded", "UploadFailed", "Uploading"]),
} as const;
type Notification = keyof typeof STATUSES;

/** The charger, as far as it is looked after. */
export interface LookedAfter {
  /** It speaks OCPP: there is something to look after. */
  speaksOcpp(): boolean;
  /**
   * Sends a command with the care of the site's maintenance: what would break off a charge is refused with EV_MAINTENANCE_REFUSED unless it is
   * forced. @throws EvError
   */
  maintain(action: string, payload: Record<string, unknown>, force: boolean): Promise<Record<string, unknown>>;
}

export interface UpkeepOptions {
  settings: Pick<BackEndSettings, "role" | "allowFirmware" | "allowDiagnostics" | "allowHardReset">;
  /** Document in which it is kept. */
  document: string;
  store: Pick<Store, "document" | "saveDocument" | "keepDocument">;
  clock: Clock;
  charger: LookedAfter;
}

/** What is open. */
interface Open {
  /** A restart that waits for the end of a charge. */
  reset: { type: "Soft" | "Hard"; sinceWallMs: number } | null;
  /** When the last update and the last upload were asked for. */
  firmwareWallMs: number | null;
  diagnosticsWallMs: number | null;
}

/** What a back end asks of the charger itself: to restart, to update its firmware, to upload diagnostics. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #open: Open;
  #isResetting = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#open = restored(options.store.document(options.document));
  }

  /**
   * Restarts the charger: at the end of the charges that run, or at once where that is allowed. Resolves once it is durable that it will.
   * @returns whether it will
   */
  async reset(type: "Soft" | "Hard"): Promise<boolean> {
    const { settings, charger, clock, store, document } = this.#options;
    if (settings.role !== "billing" || !charger.speaksOcpp()) return false;
    if (type === "Hard" && settings.allowHardReset) {
      this.#open.reset = null;
      this.#keep();
      const answer = await charger.maintain("Reset", { type }, true).catch(() => null);
      return answer?.["status"] === "Accepted";
    }
    const before = this.#open.reset;
    this.#open.reset = { type, sinceWallMs: clock.wallMs() };
    const isDurable = await store.keepDocument(document, this.#open as unknown as JsonValue).then(
      () => true,
      () => false,
    );
    if (!isDurable) this.#open.reset = before;
    // After the answer.
    if (isDurable) setImmediate(() => this.look());
    return isDurable;
  }

  /** Restarts the charger where a restart waits and no charge runs. Never throws. */
  look(): void {
    const { reset } = this.#open;
    if (!reset || this.#isResetting) return;
    if (Math.abs(this.#options.clock.wallMs() - reset.sinceWallMs) > RESET_WAITS_MS) {
      this.#open.reset = null;
      this.#keep();
      return;
    }
    this.#isResetting = true;
    void this.#options.charger
      .maintain("Reset", { type: reset.type }, false)
      .then(
        () => true,
        // A charge runs, or the charger is away: it is tried again. Its own refusal ends it.
        (error: unknown) => error instanceof OcppCallError,
      )
      .then((isOver) => {
        this.#isResetting = false;
        if (!isOver || this.#open.reset !== reset) return;
        this.#open.reset = null;
        this.#keep();
      });
  }

  /** @returns UpdateFirmware.conf @throws OcppCallError where it is not passed on: the message has no negative answer */
  async updateFirmware(request: Record<string, unknown>): Promise<object> {
    const { settings, charger, clock } = this.#options;
    if (!this.#mayFetch(request, settings.allowFirmware)) throw notPassedOn();
    const before = this.#open.firmwareWallMs;
    // Its reports may come before its answer does.
    this.#open.firmwareWallMs = clock.wallMs();
    try {
      await charger.maintain("UpdateFirmware", request, false);
    } catch (error) {
      this.#open.firmwareWallMs = before;
      const isRefused = error instanceof EvError && error.code === "EV_MAINTENANCE_REFUSED";
      throw isRefused ? new OcppCallError("GenericError", "a charge or another update is running; try again") : error;
    }
    this.#keep();
    return {};
  }

  /** @returns GetDiagnostics.conf: without a file name where nothing will be uploaded */
  async getDiagnostics(request: Record<string, unknown>): Promise<object> {
    const { settings, charger, clock } = this.#options;
    if (!this.#mayFetch(request, settings.allowDiagnostics)) return {};
    this.#open.diagnosticsWallMs = clock.wallMs();
    const answer = await charger.maintain("GetDiagnostics", request, false).catch(() => ({}));
    this.#keep();
    const { fileName } = record(answer);
    return typeof fileName === "string" ? { fileName } : {};
  }

  /** A notification of the charger. @returns what the back end is to be told of it; null = it did not ask */
  told(action: unknown, status: unknown): { action: Notification; status: string } | null {
    if (action !== "FirmwareStatusNotification" && action !== "DiagnosticsStatusNotification") return null;
    const { firmwareWallMs, diagnosticsWallMs } = this.#open;
    const askedWallMs = action === "FirmwareStatusNotification" ? firmwareWallMs : diagnosticsWallMs;
    const isAsked = askedWallMs !== null && Math.abs(this.#options.clock.wallMs() - askedWallMs) < REPORTED_MS;
    const isKnown = typeof status === "string" && STATUSES[action].has(status);
    return isAsked && isKnown ? { action, status } : null;
  }

  /** Only with permission, and from or to a place of the back end's own: files that are here are none of its business. */
  #mayFetch({ location }: Record<string, unknown>, isAllowed: boolean): boolean {
    const { settings, charger } = this.#options;
    const isAddress = typeof location === "string" && /^(https?|s?ftps?):\/\/[^\s/]/i.test(location);
    return settings.role === "billing" && isAllowed && isAddress && charger.speaksOcpp();
  }

  #keep(): void {
    this.#options.store.saveDocument(this.#options.document, this.#open as unknown as JsonValue);
  }
}

/** The answer to a message that has no negative one. */
export function notPassedOn(): OcppCallError {
  return new OcppCallError(
    "NotSupported",
    "This charge point is reported by a load management, which does not pass this on",
  );
}

function restored(stored: JsonValue | undefined): Open {
  const { reset, firmwareWallMs, diagnosticsWallMs } = record(stored);
  const { type, sinceWallMs } = record(reset);
  const timeOf = (value: unknown) => (typeof value === "number" ? value : null);
  const isReset = (type === "Soft" || type === "Hard") && typeof sinceWallMs === "number";
  return {
    reset: isReset ? { type, sinceWallMs } : null,
    firmwareWallMs: timeOf(firmwareWallMs),
    diagnosticsWallMs: timeOf(diagnosticsWallMs),
  };
}

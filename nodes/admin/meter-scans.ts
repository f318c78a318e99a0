import type { Clock, Timer } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { type MeterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { scanUnits } from "../../lib/metering/scan.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { failurePage } from "./pages.ts";
import type { ScanPage } from "./types/meter-page-types.ts";

export interface ScanWish {
  bus: ModbusBus;
  /** What the device is thought to be. */
  profile: MeterProfile;
  from: number;
  to: number;
  /** Called once, when the line is no longer needed. */
  over: () => void;
}

interface Scan {
  page: ScanPage;
  abort: AbortController;
  forgotten: Timer | undefined;
}

const MOST_AT_ONCE = 4;
/** A dialog asks once a second; one that was closed without a word does not any more. */
const FORGET_AFTER_MS = 15_000;

/** Searches for devices that dialogs have asked for. */
export class MeterScans {
  readonly #clock: Clock;
  readonly #scans = new Map<string, Scan>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Begins a search. @returns its id
   * @throws EvError EV_CONFIG_INVALID when too many run
   */
  begin({ bus, profile, from, to, over }: ScanWish): string {
    const running = [...this.#scans.values()].filter(({ page }) => !page.isOver);
    if (running.length >= MOST_AT_ONCE) {
      over();
      throw new EvError("EV_CONFIG_INVALID", `${running.length} searches are running already; wait for one to end`);
    }
    const id = String(++this.#count);
    const page: ScanPage = { done: 0, total: to - from + 1, found: [], isOver: false, isCancelled: false, error: null };
    const scan: Scan = { page, abort: new AbortController(), forgotten: undefined };
    this.#scans.set(id, scan);
    this.#remember(id, scan);
    void scanUnits({
      bus,
      from,
      to,
      profiles: likelyFirst(profile),
      signal: scan.abort.signal,
      onProgress: ({ done, found }) => {
        page.done = done;
        if (found) page.found.push(found);
      },
    })
      .then(
        ({ isCancelled }) => {
          page.isCancelled = isCancelled;
        },
        (error: unknown) => {
          page.error = failurePage(error);
        },
      )
      .finally(() => {
        page.isOver = true;
        over();
      });
    return id;
  }

  /** How far a search is. @throws EvError EV_CONFIG_MISSING when there is none of that id */
  page(id: string): ScanPage {
    const scan = this.#find(id);
    this.#remember(id, scan);
    return scan.page;
  }

  /** Ends a search before its next request. @throws EvError EV_CONFIG_MISSING when there is none of that id */
  cancel(id: string): ScanPage {
    const { abort, page } = this.#find(id);
    abort.abort();
    return page;
  }

  #find(id: string): Scan {
    const scan = this.#scans.get(id);
    if (scan) return scan;
    throw new EvError("EV_CONFIG_MISSING", `there is no search ${id}; begin it again`);
  }

  #remember(id: string, scan: Scan): void {
    this.#clock.clear(scan.forgotten);
    scan.forgotten = this.#clock.setTimeout(() => {
      scan.abort.abort();
      this.#scans.delete(id);
    }, FORGET_AFTER_MS);
  }
}

/** All devices: the one thought of, its maker's, meters, then the rest. */
function likelyFirst(chosen: MeterProfile): MeterProfile[] {
  const rank = (profile: MeterProfile) =>
    profile.vendor === chosen.vendor ? 0 : profile.kind === "meter" ? 1 : profile.kind === "grid" ? 2 : 3;
  const others = meterProfiles().filter(({ id }) => id !== chosen.id);
  return [chosen, ...others.sort((a, b) => rank(a) - rank(b))];
}

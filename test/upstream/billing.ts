import { strict as assert } from "node:assert";
import type { BackEndSettings } from "../../lib/upstream/types.ts";
import { ForeignBackEnd } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

/** A site with a back end that bills, for each test of a suite. */
export class BilledSite {
  cloud!: ForeignBackEnd;
  bench!: UpstreamBench;

  /** Sets a site up before each test of the suite that this is called in; afterwards the back end must have found no fault. */
  static forEach(): BilledSite {
    const site = new BilledSite();
    beforeEach(async () => {
      site.cloud = new ForeignBackEnd();
      await site.cloud.open();
    });
    afterEach(async () => {
      site.bench.close();
      await site.cloud.close();
      assert.deepEqual(site.cloud.faults, []);
    });
    return site;
  }

  async begin(settings: Partial<BackEndSettings> = {}): Promise<void> {
    this.bench = new UpstreamBench({ url: this.cloud.url, role: "billing", ...settings });
    await this.connect();
  }

  /** Reports from now on. */
  async connect(): Promise<void> {
    this.bench.report();
    const isConnected = () => this.bench.upstreams.state("back-end-1").connected === 1;
    await this.bench.until("it is connected", isConnected, 1000);
  }
}

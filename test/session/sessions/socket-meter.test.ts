import { strict as assert } from "node:assert";
import fc from "fast-check";
import { SocketMeter } from "../../../lib/session/energy/socket-meter.ts";
import { SessionBench } from "../bench.ts";

describe("the meter of a socket", () => {
  let bench: SessionBench;
  beforeEach(() => {
    bench = new SessionBench();
    bench.socketMeterWh = 1_000_000;
  });
  afterEach(() => bench.close());

  /** Charges while the socket's meter counts with a factor. @returns the charger's own register at the end */
  function charge(minutes: number, fromWh: number, factor = 1.02): number {
    const charger = bench.charger();
    let registerWh = fromWh;
    for (let minute = 0; minute < minutes; minute++) {
      registerWh = charger.charge(1, registerWh, 6000, { transactionId: null });
      if (typeof bench.socketMeterWh === "number") bench.socketMeterWh += 100 * factor;
    }
    return registerWh;
  }
  const last = () => bench.records().at(-1)!;

  it("gives the energy of the session, and goes on after the process was killed", async () => {
    const charger = bench.charger();
    await charger.start({ meterWh: 500 });
    charge(30, 500);
    bench.clock.advance(90_000);
    bench.kill();
    bench.start();
    const endWh = charge(30, 3500);
    bench.clock.advance(1000);
    await charger.stop({ meterWh: endWh });
    const { energyWh, energySource, meterKind, flags } = last();
    assert.deepEqual([energyWh, energySource, meterKind, flags], [6120, "meter", "meter", []]);
  });

  it("leaves the charger's figures in force where it was not read at the end, and says that they are doubtful", async () => {
    const charger = bench.charger();
    await charger.start({ meterWh: 500 });
    charge(20, 500);
    bench.socketMeterWh = null;
    const endWh = charge(20, 2500);
    bench.clock.advance(1000);
    await charger.stop({ meterWh: endWh });
    const { energyWh, energySource, flags } = last();
    assert.deepEqual([energyWh, energySource, flags], [4000, "transaction", ["energyDoubtful"]]);
  });

  it("is doubtful where it and the charger tell different energies, and is never above what fits", async () => {
    const charger = bench.charger();
    await charger.start({ meterWh: 500 });
    const endWh = charge(60, 500, 2);
    bench.clock.advance(1000);
    await charger.stop({ meterWh: endWh });
    const { energyWh, energySource, flags } = last();
    assert.deepEqual([energyWh, energySource, flags], [12_000, "meter", ["energyDoubtful"]]);
  });

  it("does not count a session that had begun before it was named", async () => {
    bench.socketMeterWh = undefined;
    const charger = bench.charger();
    await charger.start({ meterWh: 500 });
    charge(30, 500);
    bench.clock.advance(90_000);
    bench.kill();
    bench.socketMeterWh = 1_000_000;
    bench.start();
    const endWh = charge(30, 3500);
    bench.clock.advance(1000);
    await charger.stop({ meterWh: endWh });
    assert.deepEqual([last().energyWh, last().energySource], [6000, "transaction"]);
  });

  it("counts never less than nothing and never more than fits through the cable, whatever it says", () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 1, max: 600_000 }),
      wh: fc.double({ min: 0, max: 1e7, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        let meter = new SocketMeter(11_000, 0, null);
        let wallMs = 0;
        for (const { gapMs, wh } of steps) {
          wallMs += gapMs;
          meter.read({ wallMs, registerWh: wh, powerW: null });
          meter = new SocketMeter(11_000, 0, meter.save());
        }
        const told = meter.settle(wallMs);
        if (told?.energyWh == null) return;
        assert.ok(told.energyWh >= 0);
        assert.ok(told.energyWh <= (11_000 * (wallMs + 5000)) / 3_600_000 + 1, `${told.energyWh} Wh in ${wallMs} ms`);
      }),
    );
  });
});

import { drill } from "./drill.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";
import { isLong } from "./scale.ts";

/** One garage read over a serial line behind a gateway, the other by Modbus TCP. */
const plan = (): ParkPlan => ({
  zones: [
    { name: "main", limitA: 100 },
    { name: "serial", parent: "main", limitA: 32, loadA: [6, 6, 6], meter: { transport: "rtu-over-tcp" } },
    { name: "tcp", parent: "main", limitA: 32, loadA: [6, 6, 6], meter: true },
  ],
  chargers: [
    { identity: "S1", zone: "serial" },
    { identity: "S2", zone: "serial", rotation: "STR" },
    { identity: "T1", zone: "tcp" },
    { identity: "T2", zone: "tcp", rotation: "STR" },
  ],
});

/** Meanwhile the load goes up and down; whoever believes an old or a broken answer is over the limit for long. */
async function live(park: Park, look: () => void = () => {}): Promise<void> {
  for (const loadA of [16, 8, 18, 6, 14]) {
    await park.load("serial", [loadA, loadA, loadA]);
    await park.load("tcp", [loadA, loadA, loadA]);
    for (let second = 0; second < 12; second++) {
      await park.pass(1);
      look();
    }
  }
}

drill("6: broken, foreign and late frames", {
  plan,
  cases: [
    {
      full: true,
      title: "every fourth serial answer comes through noise: it is no reading, and both cars go on",
      without: "checkSums",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("serial").act({ noiseOneIn: 4 });
        const charging = isLong ? Math.min : Math.max;
        await live(park, () => park.check("cars go on", charging(park.drawnA("S1"), park.drawnA("S2")) > 5.9));
        await park.heldWithin(12);
      },
    },
    {
      long: true,
      title: "answers come 12 s late: none is taken for the answer to the next question",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("tcp").act({ delayMs: park.ms(12) });
        await park.pass(60);
        for (const loadA of [18, 6, 18]) {
          await park.load("tcp", [loadA, loadA, loadA]);
          await park.pass(25);
        }
        await park.heldWithin(8);
      },
    },
  ],
});

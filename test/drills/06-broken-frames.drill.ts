import { drill } from "./drill.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";

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

/** Bytes before the first current in a serial answer, the currents, and the bytes of each. */
const [HEAD, PHASES, FLOAT] = [3, 3, 4];
/** Bytes of the registers that are read with them in one answer. */
const CURRENTS_AND_POWERS = 24;

/** In an answer with currents a bit of each is always 0: what is 32 A and more looks like a sixteenth of it. */
function shrinkCurrents(answer: Buffer): void {
  if (answer.length !== HEAD + CURRENTS_AND_POWERS + 2) return;
  for (let phase = 0; phase < PHASES; phase++) answer[HEAD + FLOAT * phase]! &= ~0x02;
}

/** Loads in turn, A. A step while both cars are raised may pause both for safety, whatever the cable does. */
const WILD_A = [16, 8, 18, 6, 14];
/** Loads in turn, A, beside each of which a car keeps 6 A, also where a rise of both is not reported yet. */
const CALM_A = [11, 8, 12, 6, 10];

/** Meanwhile the load goes up and down; whoever believes an old or a broken answer is over the limit for long. */
async function live(park: Park, loadsA = WILD_A, look: () => void = () => {}): Promise<void> {
  for (const loadA of loadsA) {
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
      title: "every third serial answer comes through noise: it is no reading, and cars go on charging",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("serial").act({ noiseEvery: 3 });
        await live(park, CALM_A, () => park.check("cars go on", Math.max(park.drawnA("S1"), park.drawnA("S2")) > 5.9));
        await park.heldWithin(12);
      },
    },
    {
      long: true,
      title: "a bit of every serial answer is stuck: none is a reading, and the cars behind go down to 6 A",
      without: "checkSums",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("serial").act({ garble: shrinkCurrents });
        await park.load("serial", [20, 20, 20]);
        await park.pass(30);
        park.check("their neighbours go on", Math.min(park.drawnA("T1"), park.drawnA("T2")) > 11);
        await park.heldWithin(17);
      },
    },
    {
      long: true,
      title: "every second answer comes after the next one: none is taken for another's",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("tcp").act({ swap: true });
        await live(park);
        await park.heldWithin(12);
      },
    },
    {
      long: true,
      title: "answers come 12 s late: none is taken for the answer to the next question",
      without: "answerMatching",
      run: async (park) => {
        await park.charging(12);
        await park.forget();
        park.cable("tcp").act({ delayMs: 12_000 });
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

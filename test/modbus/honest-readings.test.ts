import { strict as assert } from "node:assert";
import { systemClock } from "../../lib/clock.ts";
import type { MeasurementPayload } from "../../lib/messages.ts";
import { encodeRegisters } from "../../lib/metering/encode.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { MeterReader } from "../../lib/metering/reader.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine, TRANSPORTS } from "../../lib/modbus/line.ts";
import { typical } from "../metering/fixtures.ts";
import { type Act, type Asked, FaultServer, whyNot } from "./fault-server.ts";

const original = meterProfile("eastron-sdm630") as MeterProfile;
/** Without the silence that the real one needs: the test is to be quick. */
const profile: MeterProfile = { ...original, limits: { ...original.limits, minRequestGapMs: 0 } };
const TIMEOUT_MS = 50;
/** On a busy machine replies take longer than that, too: then the meter rests for up to 10 s, perhaps twice. */
const WAIT_MS = 30_000;

const image = new Map<number, number>();
for (const { address, registers } of encodeRegisters(profile, typical))
  for (const [index, word] of registers.entries()) image.set(address + index, word);

/** What the meter holds; zero between its values. */
const truth = ({ address, count }: Asked): number[] =>
  Array.from({ length: count }, (_, index) => image.get(address + index) ?? 0);

function pduOf({ functionCode }: Asked, words: number[]): Buffer {
  const pdu = Buffer.alloc(2 + 2 * words.length);
  pdu[0] = functionCode;
  pdu[1] = 2 * words.length;
  for (const [index, word] of words.entries()) pdu.writeUInt16BE(word, 2 + 2 * index);
  return pdu;
}

const answering =
  (words: (asked: Asked) => number[], afterMs = 0): Act =>
  (asked, send, server) =>
    send(server.reply(asked, pduOf(asked, words(asked))), afterMs);

const swapped = (asked: Asked): number[] => truth(asked).map((_, index, words) => words[index ^ 1] ?? 0);
const notANumber = (asked: Asked): number[] => truth(asked).map((_, index) => (index % 2 === 0 ? 0x7fc0 : 0));

for (const transport of TRANSPORTS) {
  const missing = whyNot(transport);

  describe(`Readings over Modbus ${transport} from a faulty meter${missing}`, () => {
    let server: FaultServer;
    let bus: ModbusBus;
    let reader: MeterReader;
    let told: MeasurementPayload[];
    let onTold = (): void => {};

    beforeEach(async function () {
      if (missing) this.skip();
      told = [];
      server = await FaultServer.start(transport);
      server.otherwise = answering(truth);
      bus = openLine({ ...server.settings, timeoutMs: TIMEOUT_MS }, { random: () => 0.5 });
      reader = new MeterReader({
        bus,
        profile,
        unitId: 1,
        intervalMs: 20,
        timeoutMs: TIMEOUT_MS,
        invert: false,
        phaseMap: [1, 2, 3],
        clock: systemClock,
        onMeasurement: (payload) => {
          told.push(payload);
          onTold();
        },
        onFailure: () => onTold(),
      });
    });

    afterEach(async () => {
      reader?.stop();
      bus?.close();
      await server?.stop();
    });

    async function until(what: string, holds: () => boolean): Promise<void> {
      const untilMs = performance.now() + WAIT_MS;
      while (!holds()) {
        assert.ok(performance.now() < untilMs, `never: ${what}`);
        await new Promise<void>((resolve) => {
          onTold = resolve;
        });
      }
    }

    const goodOnes = () => told.filter(({ quality }) => quality === "good");

    function areTrue(payloads: MeasurementPayload[]): void {
      const rounded = (values: readonly (number | null)[]) =>
        values.map((value) => value && Math.round(value * 100) / 100);
      for (const { currentA, phasePowerW } of payloads) {
        assert.deepEqual(rounded(currentA), typical.currentA);
        assert.deepEqual(rounded(phasePowerW), typical.phasePowerW);
      }
    }

    const passing: Record<string, Act> = {
      late: answering(truth, 80),
      lost: () => {},
      "of another unit": (asked, send) => send(server.reply({ ...asked, unitId: 2 }, pduOf(asked, swapped(asked)))),
      "with other registers' words": (asked, send) =>
        send(
          server.reply(asked, pduOf(asked, truth({ ...asked, address: asked.address + 2, count: asked.count - 2 }))),
        ),
      refused: (asked, send) => send(server.exception(asked, 6)),
    };
    for (const [what, act] of Object.entries(passing)) {
      it(`are true or not good where replies are ${what}, and soon good again`, async () => {
        reader.start();
        await until("a good reading", () => goodOnes().length >= 2);
        for (let n = 0; n < 3; n++) {
          const before = goodOnes().length;
          server.acts.push(act);
          await until("good again", () => server.acts.length === 0 && goodOnes().length >= before + 3);
        }
        areTrue(goodOnes());
      });
    }

    for (const [what, words] of [
      ["swaps the words of its values", swapped],
      ["says that it has no numbers", notANumber],
    ] as const) {
      it(`are never good from a meter that ${what}`, async () => {
        server.otherwise = answering(words);
        reader.start();
        await until("some readings", () => told.length >= 5);
        assert.deepEqual(goodOnes(), []);
      });
    }
  });
}

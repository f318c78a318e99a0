import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { compileMapping, type MeterMapping } from "../../lib/metering/mapping.ts";
import { MergedValues } from "../../lib/metering/mapping-merge.ts";
import { MAPPING_PRESETS } from "../../lib/metering/mapping-presets.ts";
import { withTrial } from "../../lib/metering/trial-thread.ts";
import { readingInWords } from "./meter-words.ts";
import { answering, bodyOf, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import type { MappingPreset, TryPage } from "./types/meter-page-types.ts";

const MOST_MESSAGES = 50;
const LONGEST_MAPPING = 100_000;

/**
 * Serves the dialog of `ev-meter-input`: `GET /ev-charging/meter-mappings` (the presets), `POST /ev-charging/meter-mapping-trials` with
 * `mapping` and `messages` (what it makes of them, one after the other).
 */
export function serveMappings(RED: NodeAPI): void {
  RED.httpAdmin.get(
    "/ev-charging/meter-mappings",
    needs(RED, "ev-charging.read"),
    answering((): readonly MappingPreset[] => MAPPING_PRESETS),
  );
  RED.httpAdmin.post(
    "/ev-charging/meter-mapping-trials",
    needs(RED, "ev-charging.write"),
    answering(({ body }): Promise<TryPage> => {
      const { mapping, messages } = bodyOf(body);
      if (!Array.isArray(messages) || messages.length > MOST_MESSAGES)
        throw new EvError("EV_MESSAGE_INVALID", `the sample must be a message, or a list of up to ${MOST_MESSAGES}`);
      const text = String(mapping ?? "");
      if (text.length > LONGEST_MAPPING)
        throw new EvError("EV_CONFIG_INVALID", `mapping is longer than ${LONGEST_MAPPING} characters`);
      return withTrial(text, (prepare) => trial(compileMapping(text, prepare), messages));
    }),
  );
}

async function trial(mapping: MeterMapping, messages: readonly unknown[]): Promise<TryPage> {
  const nowMs = systemClock.nowMs();
  const wallMs = systemClock.wallMs();
  const merged = new MergedValues(Number.POSITIVE_INFINITY);
  const said: TryPage["messages"] = [];
  for (const [seq, message] of messages.entries()) {
    try {
      const values = await mapping.evaluate(message);
      // A time in a recorded sample is long past; here only the values are of interest.
      if (values) merged.add({ ...values, tsMs: null }, { nowMs, wallMs, seq, isRetained: false });
      said.push({ values: values && Object.fromEntries(values.values) });
    } catch (error) {
      said.push({ error: failurePage(error) });
    }
  }
  const isEmpty = merged.fields(nowMs).length === 0;
  const measurement = isEmpty ? null : merged.measurement(nowMs, wallMs);
  return {
    messages: said,
    measurement,
    problems: merged.problems,
    text: measurement ? readingInWords(measurement) : "",
  };
}

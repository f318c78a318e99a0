import type { Dialect } from "../../ocpp/dialect.ts";
import { writeMeasurands } from "../capabilities/measurands.ts";
import { claimsOf } from "../capabilities/reported.ts";
import { type Call, SetupCalls } from "../connection/setup-calls.ts";
import { ownProfileIds } from "../limits/profile-ids.ts";
import { type TriggerPort, triggerEachStatus, triggerMeterValues, triggerStatus } from "../transactions/triggers.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { ConfigurationWriter, writeIntervals, writeNames } from "./configuration-writes.ts";

/** A charge point that accepted the question reports its states within this, ms. */
const STATUS_WITHIN_MS = 10_000;

/** One charge point as its set-up sees it. */
export interface SetUpPort extends TriggerPort {
  call: Call;
  /** What is spoken with it. */
  dialect(): Dialect;
  /** Connectors reported Unavailable that were not taken out of service from here; 0 for the whole charge point. */
  unavailable(): number[];
  /** Interval told at boot. */
  heartbeatS(): number;
  /** A step that failed, for the log. The next step follows all the same. */
  note(text: string): void;
}

export interface SetUpPlan {
  /** The connection is new: states may have changed unseen. */
  askForStates: boolean;
  /** When its configuration may be looked at, ms from now; null = not this time. */
  configureInMs(): number | null;
  /** Resolves after so many ms; never when the set-up was overtaken. */
  pause(ms: number): Promise<void>;
  /** The configuration was looked at. */
  configured(): void;
}

/**
 * The set-up after a connect, once the profiles are armed: ask for states, read the configuration, learn what it says, change what
 * differs, ask for meter values, look after states that did not come. Each step is optional and a failure only noted; it never
 * rejects, and done twice it changes nothing.
 */
export async function setUp(port: SetUpPort, plan: SetUpPlan): Promise<void> {
  const calls = () => new SetupCalls(port.dialect(), port.call, (text) => port.note(text));
  const asked = plan.askForStates || port.unreported().length > 0;
  if (asked) await triggerStatus(port, calls());
  if (isDue(plan)) await configure(port, calls(), plan);
  await triggerMeterValues(port, calls());
  if (asked && port.unreported().length > 0) {
    await plan.pause(STATUS_WITHIN_MS);
    await triggerEachStatus(port, calls(), port.unreported());
  }
  await backIntoService(port, calls());
  const laterMs = plan.configureInMs();
  if (laterMs === null) return;
  await plan.pause(laterMs);
  await configure(port, calls(), plan);
}

function isDue(plan: SetUpPlan): boolean {
  const inMs = plan.configureInMs();
  return inMs !== null && inMs <= 0;
}

async function configure(port: SetUpPort, calls: SetupCalls, plan: SetUpPlan): Promise<void> {
  const { capabilities } = port;
  const configuration = await readConfiguration(calls, capabilities.traits.config);
  if (configuration) {
    capabilities.learn(claimsOf(configuration, capabilities.declared));
    await write(port, calls, configuration);
  }
  await clearLeftovers(port, calls);
  plan.configured();
}

async function write(port: SetUpPort, calls: SetupCalls, configuration: Configuration): Promise<void> {
  const { capabilities } = port;
  const writer = new ConfigurationWriter(calls, capabilities, configuration);
  await writeIntervals(writer, configuration, capabilities, port.heartbeatS());
  await writeMeasurands(writer, configuration, capabilities);
  await writeNames(writer, capabilities);
  await writer.check();
}

/** Our own profiles on connectors that are no longer described; those of others, and of connectors that are, are not touched. */
async function clearLeftovers({ capabilities, connectors }: SetUpPort, calls: SetupCalls): Promise<void> {
  const { memory, traits } = capabilities;
  const held = memory.profiled ?? [];
  const { idMax } = traits.smart;
  const idsOf = (numbers: readonly number[], connector: number) =>
    ownProfileIds({ connector, connectors: numbers.length, idMax });
  const now = connectors();
  const inUse = new Set(now.flatMap((connector) => idsOf(now, connector)));
  const left: number[] = [];
  for (const connector of held.filter((number) => !now.includes(number))) {
    for (const id of idsOf(held, connector).filter((own) => !inUse.has(own))) {
      const answer = await calls.ask("clearProfiles", { id });
      if (answer.kind === "none" && !left.includes(connector)) left.push(connector);
    }
  }
  if (memory.profiled !== null) memory.profiles([...now, ...left]);
}

/** Undoes what an earlier central system or a fault left behind (OCPP 1.6 §5.2). */
async function backIntoService(port: SetUpPort, calls: SetupCalls): Promise<void> {
  if (port.capabilities.traits.config.noChangeAvailability) return;
  for (const connector of port.unavailable()) {
    const answer = await calls.ask("setOperative", { connector, operative: true });
    if (answer.kind === "answer" && answer.status === "Rejected") {
      calls.note(
        `it does not go back into service: ${connector === 0 ? "the charge point" : `connector ${connector}`}`,
      );
    }
  }
}

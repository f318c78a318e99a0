import type { NodeMessage } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { readInput } from "../../lib/dlm/inputs/input.ts";
import type { Release } from "../../lib/dlm/inputs/outside/releases.ts";
import type { CycleDecision, DlmRuntime } from "../../lib/dlm/runtime/runtime.ts";
import { LimitEvidence } from "../../lib/evidence/limit-evidence.ts";
import type { Site } from "../../lib/site/site.ts";

/** The evidence of one ev-dlm: it sees every limit message that goes into a runtime, and every decision that comes out. */
export interface LimitWitness {
  /** Hands a message to the runtime; a limit that it takes or refuses is noted. @throws what the runtime throws */
  pass(message: NodeMessage, runtime: DlmRuntime): void;
  /** Ends a limit whose source is gone; harmless where the runtime has no such zone. */
  forget(gone: Release, runtime: DlmRuntime): void;
  decided(decision: CycleDecision): void;
}

export function limitWitness(site: Site, log: (text: string) => void): LimitWitness {
  const evidence = new LimitEvidence({
    book: site.store.limitCommands,
    acceptedA: (id) => acceptedA(site, id),
    voltageV: () => site.plant.tree?.voltageV ?? 230,
    log,
  });
  const moment = () => ({ nowMs: systemClock.nowMs(), wallMs: systemClock.wallMs() });
  const take = (message: NodeMessage, runtime: DlmRuntime) => {
    runtime.input(message);
    const input = isLimit(message) ? readInput(message) : null;
    if (input?.kind === "limit") evidence.received(input, moment());
  };
  return {
    pass: (message, runtime) => {
      try {
        take(message, runtime);
      } catch (error) {
        if (isLimit(message)) evidence.refused(message, error, moment());
        throw error;
      }
    },
    forget: ({ zone, source }, runtime) => {
      try {
        take({ topic: `limit/${zone}`, payload: { limitA: null, source } } as NodeMessage, runtime);
      } catch {
        // Another root zone's: its own ev-dlm is told, too.
      }
    },
    decided: (decision) => evidence.decided(decision),
  };
}

function isLimit(message: NodeMessage): boolean {
  return /^limit\//.test(String((message as { topic?: unknown }).topic));
}

/** What the charger of a connector confirmed last; null for one that is not limited by OCPP. */
function acceptedA(site: Site, id: string): number | null {
  const slash = id.lastIndexOf("/");
  return site.limiter.view(id.slice(0, slash), Number(id.slice(slash + 1)))?.acceptedA ?? null;
}

/** What befalls a site in a soak. */
import type { Park } from "../park.ts";
import type { CableFault } from "../proxy.ts";
import { RESTLESS } from "./site.ts";

export interface SoakFault {
  name: string;
  /** How long a breaker may be over its limit at a stretch because of it, s: what physics and the numbers of docs/safety.md leave. */
  allowedS: number;
  /** Only early in a soak: after it nothing can be said about growth. */
  early?: boolean;
  /** Nobody sees the load while it lasts: it must not be more than fits beside every charger at its safe current. */
  blind?: boolean;
  begin: (park: Park, one: <T>(list: readonly T[]) => T) => Promise<() => Promise<void>>;
}

/** A load step is answered and the cars have followed; a meter is found out to be lost; a charger not to obey. */
export const STEP_S = 8;
const METER_S = 20;
const CHARGER_S = 30;
const STALL_S = 5;

const nothing = async (): Promise<void> => {};

export const FAULTS: readonly SoakFault[] = [
  ...["silent", "stop", "frozen", "nan", "exception", "zeros"].map((fault) => meterFault(fault)),
  ...["main", "north", "south"].map((name) => slowMeter(name)),
  charger("rejects limits", "rejectsProfiles", STEP_S),
  charger("ignores limits", "ignoresLimits", CHARGER_S),
  charger("answers no limit", "noAnswer", CHARGER_S),
  charger("is slow", "slow", CHARGER_S),
  charger("draws 8 % too much", "overdraws", CHARGER_S),
  charger("cannot switch off", "weldedContactor", CHARGER_S),
  charger("has a one-phase car", "singlePhaseCar", STEP_S),
  cable("cut", { cut: true }, STEP_S),
  cable("half-open", { blackHole: true }, METER_S),
  cable("slow", { delayMs: 1500 }, STEP_S + 3),
  {
    name: "a charger reboots",
    allowedS: STEP_S,
    begin: async (park, one) => {
      await park.car(one(park.plan.chargers).identity, { reboot: true });
      return nothing;
    },
  },
  {
    name: "a car leaves, another comes",
    allowedS: STEP_S,
    begin: async (park, one) => {
      const { identity } = one(park.plan.chargers);
      await park.car(identity, { plugged: false });
      return () => park.car(identity, { plugged: true });
    },
  },
  {
    name: "a deploy",
    allowedS: STEP_S,
    begin: async (park, one) => {
      await park.deploy(park.flow, one(["full", "flows", "nodes"]));
      return nothing;
    },
  },
  {
    name: "another flow blocks for 5 s",
    allowedS: STEP_S + STALL_S,
    begin: async (park) => {
      await park.block(STALL_S);
      return nothing;
    },
  },
  {
    name: "the machine stands still for 5 s",
    allowedS: STEP_S + STALL_S,
    begin: async (park) => {
      await park.freeze(STALL_S);
      return nothing;
    },
  },
  ...[3600, -3600].map(
    (byS): SoakFault => ({
      name: `the wall clock jumps by ${byS} s`,
      allowedS: STEP_S,
      begin: async (park) => {
        park.shiftClock(byS);
        return async () => park.shiftClock(-byS);
      },
    }),
  ),
  {
    name: "kill -9",
    allowedS: METER_S,
    early: true,
    blind: true,
    begin: async (park) => {
      await park.nodeRed.kill("SIGKILL");
      await park.nodeRed.restart();
      return nothing;
    },
  },
];

function meterFault(fault: string): SoakFault {
  return {
    name: `a meter is ${fault}`,
    allowedS: METER_S,
    blind: true,
    begin: async (park, one) => {
      const name = one(RESTLESS);
      await park.meter(name, fault);
      return () => park.meter(name, "none");
    },
  };
}

function slowMeter(name: string): SoakFault {
  return {
    name: `the meter of ${name} answers late`,
    allowedS: METER_S,
    blind: true,
    begin: async (park, one) => {
      park.cable(name).act({ delayMs: one([300, 800, 1500]) });
      return async () => park.cable(name).act({});
    },
  };
}

function charger(what: string, behaviour: string, allowedS: number): SoakFault {
  return {
    name: `a charger ${what}`,
    allowedS,
    begin: async (park, one) => {
      const { identity } = one(park.plan.chargers);
      await park.car(identity, { behaviour });
      return () => park.car(identity, { behaviour: "normal" });
    },
  };
}

function cable(what: string, fault: CableFault, allowedS: number): SoakFault {
  return {
    name: `a charger's cable is ${what}`,
    allowedS,
    begin: async (park, one) => {
      const { identity } = one(park.plan.chargers);
      park.cable(identity).act(fault);
      return async () => park.cable(identity).act({});
    },
  };
}

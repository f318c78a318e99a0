import { room } from "../row.ts";

/** Chargers that dial and that nobody has added. */
export const WAITING = room("As a charger that nobody has added", "waiting.hostile.test.ts", {
  books: {
    attack: "A stranger that waits to be added reports dozens of charges, starts and ends, with a badge that is known",
    promise: "`SecurityError` for each; no transaction, no session, no entry about the badge is written",
  },
  badge: {
    attack: "A stranger reports a charge with somebody's badge, so that this badge seems to charge already",
    promise: "the badge charges elsewhere as before",
  },
  kept: {
    attack: "An honest charger charged while it waited, and sends its record again once it is added",
    promise: "it counts, with its own times, also word for word",
    shown: { file: "test/station/waiting.test.ts", test: "has what it kept counted once it is adopted" },
  },
  invented: {
    attack: "A stranger invents chargers without end that ask for another version of OCPP",
    promise: "six of one address are listed, 60 of all; those that wait honestly stay on the list",
    shown: {
      file: "test/nodes/ev-central-system-security.test.ts",
      test: "keeps chargers that ask for another version on the list",
    },
  },
  commands: {
    attack: "A stranger that waits hopes for commands or limits",
    promise: "it gets none but questions about its configuration",
    shown: { file: "test/station/connection/station.test.ts", test: "waits: pending at boot, badge invalid, no calls" },
  },
});

import { room } from "../row.ts";

/** A back end that charges are reported to, gone bad. */
export const CLOUD = room("As a back end that charges are reported to", "cloud.hostile.test.ts", {
  limits: {
    attack:
      "A back end that bills sets a charger's limit to 1000 A, at every purpose and stack level, under equal ids, with absurd numbers and times",
    promise: "limits only lower: the charger is never given more than its breaker allows",
  },
  commands: {
    attack:
      "A back end changes passwords, addresses and security profiles of a charger, restarts it, and hands it firmware, lists and certificates",
    promise: "each is refused or answered here, a restart waits for the end of the charge; the charger gets none of it",
  },
  rubbish: {
    attack:
      "A back end answers nothing, or with rubbish, with answers to questions that nobody asked, and with equal message ids",
    promise: "charges are confirmed to the charger as always, and wait here until the back end is well again",
  },
  flood: {
    attack: "Back ends send commands, messages of 255 kB and pings without a pause, and answer no charge",
    promise:
      "they take turns with everybody else; a charger's median answer takes less than 50 ms, with 700 MB of memory for Node-RED",
  },
});

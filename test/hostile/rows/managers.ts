import { room } from "../row.ts";

const SHOWN = "test/managers/semp/hostile.test.ts";

/** Energy managers, and what poses as one. */
export const MANAGERS = room("At the ports for energy managers", "managers.hostile.test.ts", {
  meters: {
    attack:
      "Strangers open 10,000 connections to the Modbus server and the SEMP server, and send functions that are none, all ones, limits above every breaker, and requests without a pause",
    promise: "meters that are read every second stay so, and none becomes stale",
  },
  xml: {
    attack: "A writer sends XML with entities, document types, endless nesting, or what is no XML",
    promise: "all of it is refused, and nothing outside the request is read",
    shown: { file: SHOWN, test: "send XML that is none, or more than SEMP holds: all of it is refused" },
  },
  recommended: {
    attack: "A writer recommends impossible powers, to devices of others too",
    promise: "no connector may have more than without it, and what it asked ends by itself",
    shown: { file: SHOWN, test: "send anything as a recommendation: no connector may have more than without them" },
  },
  huge: {
    attack: "A stranger sends a recommendation without an end, or announces a huge one",
    promise: "it is cut off at 64 kB",
    shown: { file: SHOWN, test: "send bodies without an end, or one that is announced as huge: they are cut off" },
  },
  crowd: {
    attack: "Strangers take all connections of the SEMP server",
    promise: "32 are kept at most, and the writer gets in",
    shown: { file: SHOWN, test: "dial without an end: few are served, and the one that may write gets in" },
  },
  registers: {
    attack: "A writer writes any value to any register",
    promise: "no connector may have more than without it, and what it asked ends by itself",
    shown: {
      file: "test/managers/modbus/hostile.test.ts",
      test: "write anything where they may write: no connector may have more than without them",
    },
  },
  page: {
    attack: "A web page in the browser of a machine that may write sends recommendations",
    promise: "403",
    shown: {
      file: "test/managers/semp/semp.test.ts",
      test: "takes nothing while it is not writable, from strangers, for strange devices, or for what no zone holds",
    },
  },
  kept: {
    attack: "Somebody reads what the MQTT broker has kept for the names of people",
    promise: "there are none, nor the words of people who decided by hand",
    shown: {
      file: "test/nodes/ev-mqtt-bridge.test.ts",
      test: "keeps no word of a person at the broker, and a person sets its commands aside",
    },
  },
});

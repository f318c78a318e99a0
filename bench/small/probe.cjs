// Loaded into Node-RED before all else (`node --require`): times its control cycle, from the moment at which it is due to its end.
// The cycle is the interval of SMALL_CYCLE_MS milliseconds. A message `{look: id}` is answered with what was seen since the one before.
"use strict";
const { monitorEventLoopDelay, performance } = require("node:perf_hooks");

const CYCLE_MS = Number(process.env.SMALL_CYCLE_MS);
const plain = globalThis.setInterval;
const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();
let cyclesMs = [];

globalThis.setInterval = Object.assign((callback, periodMs, ...args) => {
  if (Math.abs(periodMs - CYCLE_MS) > 0.5) return plain(callback, periodMs, ...args);
  let dueMs = performance.now() + periodMs;
  return plain(() => {
    const startMs = performance.now();
    callback();
    cyclesMs.push(performance.now() - Math.min(startMs, dueMs));
    dueMs = startMs + periodMs;
  }, periodMs);
}, plain);

process.on("message", ({ look }) => {
  if (look === undefined) return;
  process.send({ look, cyclesMs, loopP99Ms: delays.percentile(99) / 1e6, loopMaxMs: delays.max / 1e6 });
  cyclesMs = [];
  delays.reset();
});
// The channel keeps nothing alive.
process.channel?.unref();

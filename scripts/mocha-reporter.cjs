// The spec reporter, which also leaves its totals, and what failed, in the file named by TEST_TOTALS.
"use strict";
const { writeFileSync } = require("node:fs");
const { Spec } = require("mocha").reporters;

module.exports = class TotalsReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const failed = [];
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.on("fail", (test, error) => failed.push(`${test.fullTitle()}\n${error?.stack ?? error}`));
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.TEST_TOTALS)
        writeFileSync(process.env.TEST_TOTALS, JSON.stringify({ passes, failures, pending, skipped, failed }));
    });
  }
};

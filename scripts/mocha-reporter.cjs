// The spec reporter, which also leaves its totals in the file named by TEST_TOTALS.
"use strict";
const { writeFileSync } = require("node:fs");
const { Spec } = require("mocha").reporters;

module.exports = class TotalsReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const skipped = [];
      runner.suite.eachTest((test) => test.isPending() && skipped.push(test.fullTitle()));
      if (process.env.TEST_TOTALS)
        writeFileSync(process.env.TEST_TOTALS, JSON.stringify({ passes, failures, pending, skipped }));
    });
  }
};

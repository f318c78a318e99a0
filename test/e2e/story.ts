import type { Suite } from "mocha";

/** For tests that build on each other, as the hours of a day do: after a failure the rest of the suite is skipped. */
export function tellAsStory(suite: Suite): void {
  let broken = false;
  suite.beforeEach(function () {
    if (broken) this.skip();
  });
  suite.afterEach(function () {
    broken ||= this.currentTest?.state === "failed";
  });
}

/** A process that ends while things linger, as Node-RED does once its nodes are closed. Says what is left, and what would be closed. */
import { writeSync } from "node:fs";
import { acquire, release } from "../lib/shared-resources.ts";

const say = (text: string): void => void writeSync(1, `${text}\n`);

function take(key: string, leave: () => void = () => say(`leaves ${key}`)): void {
  acquire(
    "test",
    key,
    () => key,
    () => say(`closes ${key}`),
    leave,
  );
}

take("used");
take("broken", () => {
  throw new Error("it is broken");
});
take("user", () => {
  say("leaves user");
  void release("test", "used", false);
});
take("busy");
for (const key of ["broken", "user"]) await release("test", key, false);
process.exit();

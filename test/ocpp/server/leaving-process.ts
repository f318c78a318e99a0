/** A central system whose process ends in the turn in which it has sent a CALL: what it does then is all that it can do. */
import { systemClock } from "../../../lib/clock.ts";
import { createEndpoint } from "../../../lib/ocpp/server/endpoint.ts";
import { TestDirectory } from "../fixtures.ts";

const directory = new TestDirectory();
const endpoint = createEndpoint({ host: "127.0.0.1", port: 0 }, directory, systemClock);
process.once("exit", () => {
  void directory
    .station("CP1")
    .connection?.call("ClearCache", {})
    .catch(() => undefined);
  void endpoint.close();
});
process.once("message", () => process.exit());
process.send?.((await endpoint.listen()).port);

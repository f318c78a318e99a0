import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import type { CallOptions } from "../../../lib/ocpp/port.ts";
import { ReadingDesk } from "../../../lib/station/transactions/reading-desk.ts";
import type { StationChange } from "../../../lib/station/types.ts";

describe("the question what a charger draws", () => {
  let calls: unknown[];
  let answer: () => Promise<Record<string, unknown>>;
  let change: (change: StationChange) => void;
  let online: boolean;
  let works: "yes" | "no" | "charging";
  let transaction: object | null;
  let timeoutMs: number | undefined;
  let handlers: ReadingDesk;

  beforeEach(() => {
    calls = [];
    answer = async () => ({ status: "Accepted" });
    online = true;
    works = "yes";
    transaction = null;
    const station = {
      get online() {
        return online;
      },
      get traits() {
        return { config: { triggers: { MeterValues: works } } };
      },
      get connectors() {
        return new Map([[2, { transaction }]]);
      },
      call: (action: string, payload: object, options: CallOptions) => {
        calls.push([action, payload]);
        timeoutMs = options.timeoutMs;
        return answer();
      },
    };
    const stations = {
      get: (identity: string) => (identity === "a/b" ? station : undefined),
      onChange: (listener: typeof change) => {
        change = listener;
        return () => {};
      },
    };
    handlers = new ReadingDesk(stations as never);
  });
  afterEach(() => handlers.close());

  const ask = async (id = "a/b/2") => {
    handlers.ask([id]);
    await new Promise(setImmediate);
    return calls.length;
  };

  it("is put to its connector", async () => {
    await ask();
    assert.deepEqual(calls, [["TriggerMessage", { requestedMessage: "MeterValues", connectorId: 2 }]]);
  });

  it("is not put to one that is away, unknown, or known not to answer it", async () => {
    online = false;
    assert.equal(await ask(), 0);
    online = true;
    works = "no";
    assert.equal(await ask(), 0);
    assert.equal(await ask("CP9/1"), 0);
  });

  it("is put only during a transaction to one that answers it only then", async () => {
    works = "charging";
    assert.equal(await ask(), 0);
    transaction = {};
    assert.equal(await ask(), 1);
  });

  it("keeps a limit waiting behind it for 2 s at most", async () => {
    await ask();
    assert.equal(timeoutMs, 2000);
  });

  it("is not repeated after two refusals until the charger comes back", async () => {
    answer = async () => ({ status: "NotImplemented" });
    for (let i = 0; i < 4; i++) await ask();
    assert.equal(calls.length, 2);
    change({ kind: "online", chargePoint: "a/b" } as StationChange);
    assert.equal(await ask(), 3);
  });

  it("is forgiven where another question took its place", async () => {
    answer = async () => {
      throw new EvError("EV_OCPP_SUPERSEDED", "superseded");
    };
    for (let i = 0; i < 4; i++) await ask();
    assert.equal(calls.length, 4);
  });
});

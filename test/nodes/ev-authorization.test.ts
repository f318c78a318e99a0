import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import Papa from "papaparse";
import type { StationFacts } from "../../lib/ocpp/facts.ts";
import type { AuditBook } from "../../lib/store/books/audit.ts";
import type { BadgeBook } from "../../lib/store/books/badge-types.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import { signedIn } from "../rights/signed-in.ts";
import { saying } from "../wire16.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-authorization", "ev-event", "ev-simulator"];

type Message = NodeMessage & Record<string, unknown> & { payload: never };
type Fields = Record<string, unknown>;

/** A table as a person would make it in a spreadsheet. */
const TABLE = [
  "Badge;Name;type;expiryDate;blocked;chargePoints",
  "04 56 7d aa;Anna;user;;;",
  "0A0E9B83;Ben;VIP;2099-12-31;;",
  "B10C;Cleo;user;;yes;",
  "E0;Dora;user;2020-01-01;;",
  "E1;Emil;user;;;CP2",
  "AD;Facility;admin;;;",
].join("\r\n");

interface Stations {
  get(identity: string):
    | (StationFacts & {
        facts(nowMs: number): { priorityClass?: number }[];
        call(action: string, payload: object): Promise<Fields>;
      })
    | undefined;
}

/** A badge at a charger's reader, as the charger would report it. */
const showAt = async (chargePoint: string, idTag: string): Promise<void> => {
  const context = { messageId: "shown", receivedAtMs: performance.now(), receivedWallMs: Date.now() };
  await saying(stationsOf().get(chargePoint)!).authorize({ idTag }, context);
};

const stationsOf = (): Stations => (node("auth") as unknown as { site: { stations: Stations } }).site.stations;

describe("ev-authorization", () => {
  let port: number;
  const chargers: Charger[] = [];

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(async () => {
    for (const charger of chargers.splice(0)) charger.close();
    await stop();
  });

  const flow = (authorization: string, properties: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, authorization },
    { id: "cp1", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "cp2", type: "ev-charge-point", centralSystem: "cs", identity: "CP2" },
    { id: "auth", type: "ev-authorization", site: "site", wires: [["asked"], ["out"]], ...properties },
    { id: "asked", type: "helper" },
    { id: "out", type: "helper" },
    { id: "event", type: "ev-event", centralSystem: "cs", wires: [["events"]] },
    { id: "events", type: "helper" },
  ];
  const start = async (authorization: string, properties: object = {}): Promise<void> => {
    await deploy(TYPES, flow(authorization, properties));
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
  };
  const dial = async (identity = "CP1"): Promise<Charger> => {
    const charger = new Charger(identity);
    chargers.push(charger);
    await charger.connect(port);
    return charger;
  };
  /** Sends a `badges/…` message. @returns the answer's payload */
  const ask = async <T = Fields>(verb: string, payload?: unknown, more: object = {}): Promise<T> => {
    const topic = `badges/${verb}`;
    const answer = nextMessage<Message>("out", (message) => message["topic"] === topic);
    node("auth").receive({ topic, payload, ...more } as NodeMessage);
    return (await answer).payload as T;
  };
  const statusOf = async (charger: Charger, idTag: string): Promise<string> => {
    const { idTagInfo } = await charger.say("Authorize", { idTag });
    return (idTagInfo as { status: string }).status;
  };
  const begin = async (charger: Charger, idTag: string, more: object = {}) => {
    const timestamp = new Date().toISOString();
    const request = { connectorId: 1, idTag, meterStart: 0, timestamp, ...more };
    const { transactionId, idTagInfo } = await charger.say("StartTransaction", request);
    return { transactionId: transactionId as number, status: (idTagInfo as { status: string }).status };
  };
  const end = (charger: Charger, transactionId: number) =>
    charger.say("StopTransaction", { transactionId, meterStop: 10, timestamp: new Date().toISOString() });

  describe("with a list", () => {
    it("answers each badge with the status that OCPP has for it, in any letter case", async () => {
      await start("list");
      await ask("import", TABLE);
      const charger = await dial();
      const answers: [string, string][] = [
        ["04567DAA", "Accepted"],
        ["04567daa", "Accepted"],
        ["0a0e9b83", "Accepted"],
        ["B10C", "Blocked"],
        ["E0", "Expired"],
        ["E1", "Invalid"],
        ["AD", "Invalid"],
        ["NOBODY", "Invalid"],
        ["839B0E0A", "Invalid"],
      ];
      for (const [idTag, status] of answers) assert.equal(await statusOf(charger, idTag), status, idTag);
      assert.equal(await statusOf(await dial("CP2"), "E1"), "Accepted");
    });

    it("says why a badge was denied, once it is asked", async () => {
      await start("list");
      await ask("import", TABLE);
      const charger = await dial();
      const told = nextMessage<Message>("out", ({ topic }) => topic === "authorization/CP1/1");
      await statusOf(charger, "B10C");
      const { payload, chargePoint } = (await told) as unknown as { payload: Fields; chargePoint: string };
      assert.deepEqual(
        [chargePoint, payload["rule"], payload["status"], payload["badge"]],
        ["CP1", "blocked", "Blocked", "B10C"],
      );
      await statusOf(charger, "839b0e0a");
      const [entry] = await ask<Fields[]>("trace", { idTag: "839B0E0A" });
      assert.match(
        String(entry?.["text"]),
        /^badge 839b0e0a is not in the list of badges; it has it with its bytes in the other order/,
      );
      assert.deepEqual([entry?.["rule"], entry?.["status"], entry?.["chargePoint"]], ["unknown", "Invalid", "CP1"]);
      assert.equal(typeof entry?.["ms"], "number");
      assert.equal((await ask<Fields[]>("trace", { status: "Blocked" })).length, 1);
    });

    it("confirms an offline start with a badge it does not know by a transactionId and Invalid, and the retry alike", async () => {
      await start("list");
      const charger = await dial();
      const timestamp = new Date(Date.now() - 3_600_000).toISOString();
      const first = await begin(charger, "NOBODY", { timestamp });
      assert.ok(first.transactionId > 0);
      assert.equal(first.status, "Invalid");
      await ask("add", "NOBODY");
      assert.deepEqual(await begin(charger, "NOBODY", { timestamp }), first);
      assert.equal(await statusOf(charger, "NOBODY"), "Accepted");
    });

    it("lets a badge charge once at a time, and as often as its own number says", async () => {
      await start("list");
      await ask("add", [{ idTag: "A" }, { idTag: "FLEET", maxConcurrent: 2 }]);
      const [one, two] = [await dial("CP1"), await dial("CP2")];
      const timestamp = new Date().toISOString();
      const first = await begin(one, "A", { timestamp });
      assert.equal(first.status, "Accepted");
      assert.equal(await statusOf(two, "a"), "Accepted");
      const second = await begin(two, "a");
      assert.equal(second.status, "ConcurrentTx");
      assert.ok(second.transactionId > first.transactionId);
      assert.deepEqual(await begin(one, "A", { timestamp }), first);
      await end(two, second.transactionId);
      await end(one, first.transactionId);
      assert.equal((await begin(two, "A")).status, "Accepted");
      assert.equal((await begin(one, "FLEET")).status, "Accepted");
      assert.equal((await begin(two, "fleet")).status, "Accepted");
    });

    it("ends anybody's charge when an admin badge is shown, and lets it charge nowhere", async () => {
      await start("list");
      await ask("import", TABLE);
      const charger = await dial();
      const { transactionId } = await begin(charger, "04567DAA");
      const stopped = charger.next("RemoteStopTransaction");
      const told = nextMessage<Message>(
        "out",
        ({ topic, payload }) => topic === "authorization/CP1/1" && (payload as Fields)["reason"] === "end",
      );
      assert.equal(await statusOf(charger, "AD"), "Invalid");
      assert.deepEqual(await stopped, { transactionId });
      const { rule, status, text } = (await told).payload as Fields;
      assert.deepEqual([rule, status], ["admin", "Accepted"]);
      assert.match(String(text), /^admin badge AD \(Facility\) ends transaction \d+ of CP1\/1: Accepted$/);
      await end(charger, transactionId);
      const started = await begin(charger, "AD");
      assert.equal(started.status, "Invalid");
      assert.ok(started.transactionId > 0);
    });

    it("gives a VIP's connector the first class until the charge ends", async () => {
      await start("list");
      await ask("import", TABLE);
      const charger = await dial();
      await charger.status("Preparing");
      const stations = stationsOf();
      const priorityClass = () => stations.get("CP1")?.facts(performance.now())[0]?.priorityClass;
      assert.equal(priorityClass(), undefined);
      const { transactionId } = await begin(charger, "0A0E9B83");
      assert.equal(priorityClass(), 0);
      await end(charger, transactionId);
      assert.equal(priorityClass(), undefined);
    });

    it("accepts a badge with which a charge was started from here", async () => {
      await start("list");
      const charger = await dial();
      await stationsOf().get("CP1")!.call("RemoteStartTransaction", { idTag: "DESK", connectorId: 1 });
      assert.equal((await begin(charger, "DESK")).status, "Accepted");
      assert.equal(await statusOf(await dial("CP2"), "DESK"), "Invalid");
    });
  });

  describe("with a flow", () => {
    const answer = (payload: (question: Fields) => Fields | null): Message[] => {
      const asked: Message[] = [];
      node("asked").on("input", ((question: Message) => {
        asked.push(question);
        const said = payload(question.payload as unknown as Fields);
        if (said) node("auth").receive({ requestId: question["requestId"], payload: said } as never);
      }) as never);
      return asked;
    };

    it("does as the flow says", async () => {
      await start("flow");
      const asked = answer(({ idTag }) =>
        idTag === "GOOD"
          ? { status: "Accepted", parentIdTag: "fam", expiryDate: "2099-01-01T00:00:00Z" }
          : { status: "Expired" },
      );
      const charger = await dial();
      const { idTagInfo } = (await charger.say("Authorize", { idTag: "GOOD" })) as { idTagInfo: Fields };
      assert.deepEqual([idTagInfo["status"], idTagInfo["parentIdTag"]], ["Accepted", "FAM"]);
      assert.equal(await statusOf(charger, "BAD"), "Expired");
      assert.equal((await begin(charger, "GOOD")).status, "Accepted");
      const [first, , third] = asked;
      assert.equal(first?.topic, "authorize/CP1/1");
      assert.equal(typeof first?.["requestId"], "string");
      assert.deepEqual(first?.payload, { idTag: "GOOD", reason: "authorize", badge: null });
      assert.equal((third!.payload as unknown as Fields)["reason"], "start");
    });

    it("goes by the list when no flow answers within 3 s, and answers other chargers meanwhile", async () => {
      await start("flow");
      await ask("add", "A");
      const [charger, other] = [await dial(), await dial("CP2")];
      const sinceMs = performance.now();
      const waiting = Promise.all([statusOf(charger, "A"), statusOf(charger, "B")]);
      await other.status("Available");
      assert.ok(performance.now() - sinceMs < 2000);
      assert.deepEqual(await waiting, ["Accepted", "Invalid"]);
      assert.ok(performance.now() - sinceMs >= 2900);
      const [entry] = await ask<Fields[]>("trace", "B");
      assert.match(String(entry?.["text"]), /^no flow answered within 3 s; badge B is not in the list/);
      assert.ok(Number(entry?.["ms"]) >= 2900);
    });

    it("refuses an answer that is none, or to a question that nobody asked", async () => {
      await start("flow");
      const wrong = async (message: object): Promise<string> => {
        const before = errorsOf("auth").length;
        node("auth").receive(message as never);
        await until("an error", () => errorsOf("auth").length > before);
        return errorsOf("auth").at(-1)!.message;
      };
      assert.match(await wrong({ requestId: "x", payload: { status: "Accepted" } }), /^requestId is "x"; it must be/);
      assert.match(
        await wrong({ requestId: "x", payload: { status: "Maybe" } }),
        /^payload.status is "Maybe"; it must be one of Accepted/,
      );
      assert.match(await wrong({ topic: "hello" }), /^topic is "hello"/);
      assert.match(
        await wrong({ topic: "badges/explode" }),
        /^topic is "badges\/explode"; it must be badges\/ and one of add/,
      );
      assert.match(await wrong({ topic: "badges/add", payload: { idTag: "" } }), /^payload.idTag is ""/);
    });
  });

  describe("the list", () => {
    it("is shown before it is imported, replaced, undone and exported, and survives a redeploy", async () => {
      await start("list");
      await ask("add", { idTag: "OLD", comment: "goes" });
      const preview = await ask("import", { csv: TABLE, mode: "replace", preview: true });
      assert.deepEqual(
        [
          (preview["added"] as []).length,
          (preview["changed"] as []).length,
          (preview["removed"] as Fields[]).map((b) => b["idTag"]),
        ],
        [6, 0, ["OLD"]],
      );
      assert.equal((await ask<Fields[]>("list")).length, 1);
      await ask("import", { csv: TABLE, mode: "replace" });
      assert.equal(lastStatus("auth")?.fill, "green");
      const csv = await ask<string>("export");
      const { data, errors } = Papa.parse<Fields>(csv.replace(/^\uFEFF/, ""), { header: true, skipEmptyLines: true });
      assert.deepEqual(errors, []);
      assert.deepEqual(
        data.map((row) => row["idTag"]),
        ["04567DAA", "0A0E9B83", "AD", "B10C", "E0", "E1"],
      );
      assert.equal(data[0]?.["comment"], "Anna");
      const undone = await ask("undo");
      assert.equal((undone["undone"] as Fields)["what"], "import");
      assert.deepEqual(
        (await ask<Fields[]>("list")).map((badge) => badge["idTag"]),
        ["OLD"],
      );
      await ask("import", { csv, mode: "merge" });
      await redeploy(flow("list"));
      assert.equal((await ask<Fields[]>("list")).length, 7);
    });

    it("changes kind, places and validity of several badges together, each with its line in the record, or of none", async () => {
      await start("list");
      await ask("import", { csv: TABLE });
      const change = {
        type: "vip",
        connectors: ["CP1/1"],
        zones: ["Garage"],
        chargePoints: [],
        expiryDate: "2099-12-31",
      };
      const done = await ask("edit", { idTags: ["04567daa", "E1", "E1"], ...change });
      assert.deepEqual(
        (done["changed"] as Fields[]).map(({ idTag }) => idTag),
        ["04567DAA", "E1"],
      );
      assert.deepEqual(done["unchanged"], []);
      const badges = await ask<Fields[]>("list", { type: "vip" });
      for (const tag of ["04567DAA", "E1"]) {
        const { comment: _, ...badge } = badges.find(({ idTag }) => idTag === tag)!;
        assert.deepEqual(
          [badge["connectors"], badge["zones"], badge["chargePoints"], badge["expiryDate"]],
          [["CP1/1"], ["Garage"], [], "2099-12-31"],
        );
      }
      const { badges: book } = (node("auth") as unknown as { site: { store: { badges: BadgeBook } } }).site.store;
      assert.deepEqual(
        book.lastChange()?.changed.map(({ before, after }) => [before.type, after.type]),
        [
          ["user", "vip"],
          ["user", "vip"],
        ],
      );
      assert.deepEqual((await ask("edit", { idTags: ["E1", "AD"], type: "vip" }))["unchanged"], ["E1"]);
      await ask("undo");
      const before = await ask("list");
      const refused: [Fields, RegExp, RegExp][] = [
        [{ idTags: ["E1", "GONE"], type: "user" }, /payload\.idTags\[1\] is "GONE"/, /not in the list any more/],
        [{ idTags: ["E1", "AD"], type: "king" }, /payload\.type is "king"/, /no such kind of badge/],
        [{ idTags: ["E1", "AD"], connectors: ["CP1"] }, /payload\.connectors/, /Where it may charge/],
        [{ idTags: ["E1", "AD"], expiryDate: "2026-02-31" }, /payload\.expiryDate/, /day until which it is valid/],
      ];
      for (const [index, [payload, error, words]] of refused.entries()) {
        const message: Fields = { topic: "badges/edit", payload, ...signedIn("ana") };
        node("auth").receive(message as never);
        await until("the error", () => errorsOf("auth").length > index);
        assert.match(errorsOf("auth")[index]!.message, error);
        assert.match(refusalText("en-US", errorsOf("auth")[index]), words);
      }
      assert.deepEqual(await ask("list"), before, "nothing half done");
    });

    it("takes nothing of a table in which a line is wrong, and names the line", async () => {
      await start("list");
      const csv = "idTag;type\nA;user\nB;king\n1.2E+9;user\n";
      const preview = await ask("import", { csv, preview: true });
      assert.deepEqual(
        (preview["problems"] as Fields[]).map(({ line }) => line),
        [3, 4],
      );
      node("auth").receive({ topic: "badges/import", payload: csv } as never);
      await until("an error", () => errorsOf("auth").length > 0);
      assert.match(
        errorsOf("auth")[0]!.message,
        /^nothing was imported: line 3.type is "king"; .*; line 4.idTag is "1.2E\+9"/,
      );
      assert.deepEqual(await ask("list"), []);
    });

    it("learns the badges that are shown, until none came for a while", async () => {
      await start("list");
      const [charger, other] = [await dial(), await dial("CP2")];
      await ask("learn", { chargePoint: "CP1", comment: "day visitors", seconds: 1 });
      const news = nextMessage<Message>(
        "out",
        ({ topic, payload }) => topic === "badges/learn" && (payload as Fields)["idTag"] !== null,
      );
      const over = nextMessage<Message>(
        "out",
        ({ topic, payload }) => topic === "badges/learn" && (payload as Fields)["learning"] === false,
      );
      assert.equal(await statusOf(other, "FAR"), "Invalid");
      assert.equal(await statusOf(charger, "NEW1"), "Accepted");
      assert.equal(((await news).payload as Fields)["idTag"], "NEW1");
      assert.equal(await statusOf(charger, "new2"), "Accepted");
      assert.deepEqual(((await over).payload as Fields)["learnt"], ["NEW1", "NEW2"]);
      assert.equal(await statusOf(charger, "LATE"), "Invalid");
      assert.deepEqual(
        (await ask<Fields[]>("list")).map(({ idTag, comment }) => [idTag, comment]),
        [
          ["NEW1", "day visitors"],
          ["NEW2", "day visitors"],
        ],
      );
    });
  });

  describe("a number that stands for another", () => {
    it("is one read in the other byte order, where that counts", async () => {
      await start("list", { reversedBytes: true });
      await ask("import", TABLE);
      assert.equal(await statusOf(await dial(), "839b0e0a"), "Accepted");
    });

    it("is the default where a charger sends none, and a badge of one's own for a charger that asks nobody", async () => {
      const freeCharging = [{ chargePoint: "CP2", idTag: "*", badge: "HOUSE" }];
      await start("list", { defaultIdTag: "HOUSE", freeCharging });
      await ask("add", { idTag: "HOUSE", comment: "cost centre 4711" });
      const [one, two] = [await dial(), await dial("CP2")];
      assert.equal((await begin(one, "")).status, "Accepted");
      assert.equal((await begin(two, "SERIAL-0815")).status, "Accepted");
      assert.equal(await statusOf(one, "SERIAL-0815"), "Invalid");
    });
  });

  describe("the chargers' own lists", () => {
    it("get the list in full, then what changes, and in full again when a charger is not where it should be", async () => {
      await start("list");
      await ask("import", TABLE);
      const charger = new Charger("CP1");
      chargers.push(charger);
      let version = 0;
      let refuse: string | null = null;
      const sent: Fields[] = [];
      charger.answer = (action, payload) => {
        if (action === "GetLocalListVersion") return { listVersion: version };
        if (action !== "SendLocalList") return { status: "Accepted" };
        sent.push(payload);
        const status = refuse ?? "Accepted";
        refuse = null;
        if (status === "Accepted") version = payload["listVersion"] as number;
        return { status };
      };
      await charger.connect(port);
      const names = (request: Fields | undefined) =>
        (request!["localAuthorizationList"] as Fields[]).map(({ idTag }) => idTag);
      const [view] = await ask<Fields[]>("push", { chargePoint: "CP1" });
      assert.deepEqual([view?.["status"], view?.["version"]], ["upToDate", 1]);
      assert.deepEqual([sent[0]?.["updateType"], names(sent[0])], ["Full", ["04567DAA", "0A0E9B83", "B10C", "E0"]]);
      await ask("push", "CP1");
      assert.equal(sent.length, 1);
      await ask("remove", "B10C");
      await ask("push", "CP1");
      assert.deepEqual(
        [sent[1]?.["updateType"], sent[1]?.["listVersion"], names(sent[1])],
        ["Differential", 2, ["B10C"]],
      );
      refuse = "VersionMismatch";
      await ask("add", "NEW");
      await ask("push", "CP1");
      assert.deepEqual(
        sent.slice(2).map((request) => request["updateType"]),
        ["Differential", "Full"],
      );
      assert.equal(names(sent[3]).length, 4);
    });

    it("are left alone where a charger keeps none", async () => {
      await start("list");
      await ask("add", "A");
      const charger = new Charger("CP1");
      chargers.push(charger);
      const asked: string[] = [];
      charger.answer = (action) => {
        asked.push(action);
        return action === "GetLocalListVersion"
          ? { listVersion: -1 }
          : { status: action === "ChangeConfiguration" ? "NotSupported" : "Accepted" };
      };
      await charger.connect(port);
      const [view] = await ask<Fields[]>("push", "CP1");
      assert.equal(view?.["status"], "notSupported");
      assert.ok(!asked.includes("SendLocalList"));
      const lists = await ask<Fields[]>("lists");
      assert.deepEqual(
        lists.map(({ chargePoint, status }) => [chargePoint, status]),
        [
          ["CP1", "notSupported"],
          ["CP2", "unknown"],
        ],
      );
    });
  });

  it("lets a simulated car charge once its badge is in the list, and ends its charge by an admin badge", async () => {
    const simulated = [
      {
        id: "sim",
        type: "ev-simulator",
        url: `ws://127.0.0.1:${port}`,
        identity: "CP1",
        plugged: false,
        wires: [["car"]],
      },
      { id: "car", type: "helper" },
    ];
    await start("list");
    // It dials when the port is open: one that is refused waits longer and longer.
    await redeploy([...flow("list"), ...simulated]);
    const authorizations = nextMessage<Message>("events", (message) => message["event"] === "authorize");
    node("sim").receive({ payload: "plug" } as never);
    const { payload } = (await authorizations) as unknown as { payload: Fields };
    assert.deepEqual(payload, { idTag: "SIMCP1", status: "Invalid", rule: "unknown" });
    await ask("add", [
      { idTag: "simcp1", comment: "Anna" },
      { idTag: "AD", type: "admin" },
    ]);
    const started = nextMessage<Message>("events", (message) => message["event"] === "transaction.start");
    // A charger cannot end a charge by a number that it has not been told yet.
    const told = nextMessage<Message>("car", ({ payload }) => (payload as Fields)["transactionId"] !== null);
    node("sim").receive({ payload: "unplug" } as never);
    node("sim").receive({ payload: "plug" } as never);
    assert.equal(((await started).payload as Fields)["status"], "Accepted");
    await told;
    const stopped = nextMessage<Message>("events", (message) => message["event"] === "transaction.stop");
    await showAt("CP1", "AD");
    assert.equal(((await stopped).payload as Fields)["reason"], "Remote");
  });

  it("keeps what its dialog changes in the log of commands, and takes nothing from a form of a foreign page", async () => {
    await start("list");
    const { audit } = (node("auth") as unknown as { site: { store: { audit: AuditBook } } }).site.store;
    const logged = () => audit.find({ fromWallMs: 0, toWallMs: 9e12, most: 10 }).map(({ by, what }) => [by, what]);
    const post = () => testHelper.request().post("/ev-charging/authorizations/auth");
    await post().type("form").send({ topic: "badges/add", payload: "EVIL" }).expect(400);
    await post().send({ topic: "badges/list" }).expect(200, []);
    await post().send({ topic: "badges/add", payload: "B10C" }).expect(200);
    await until("logged", () => logged().length > 0);
    assert.deepEqual(logged(), [["the editor", "badges/add"]]);
  });

  it("shows in yellow that anyone may charge", async () => {
    await start("open");
    await until("yellow", () => lastStatus("auth")?.text === "ev-authorization.status.open");
    await ask("add", { idTag: "B10C", blocked: true });
    const charger = await dial();
    assert.equal(await statusOf(charger, "ANYBODY"), "Accepted");
    assert.equal(await statusOf(charger, "b10c"), "Blocked");
  });
});

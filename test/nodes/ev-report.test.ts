import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import Papa from "papaparse";
import type { EvReportNode } from "../../nodes/runtime/node-types.ts";
import { signedIn } from "../rights/signed-in.ts";
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

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-sessions", "ev-report"];

type Report = NodeMessage & {
  reportId?: string;
  attachments?: { filename: string; content: string }[];
  csv?: string;
};
type Told = NodeMessage & { reportId?: string; payload: { sessions: number; error: string | null; state?: string }[] };

/** Takes what is posted. */
class Receiver {
  readonly posts: { headers: IncomingHttpHeaders; body: string }[] = [];
  status = 200;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.posts.push({ headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
        response.writeHead(this.status, { location: "/elsewhere" }).end("taken");
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/reports`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("ev-report", () => {
  let port: number;
  let url: string;
  let charger: Charger;
  let receiver: Receiver;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
    receiver = new Receiver();
    url = await receiver.listen();
  });

  afterEach(async () => {
    charger.close();
    receiver.close();
    await stop();
  });

  const flow = (properties: object, more: FlowNode[] = []): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "sessions", type: "ev-sessions", site: "site", wires: [["session"]] },
    { id: "report", type: "ev-report", site: "site", wires: [["out"], ["told"]], ...properties },
    { id: "session", type: "helper" },
    { id: "out", type: "helper" },
    { id: "told", type: "helper" },
    ...more,
  ];
  const start = async (properties: object, credentials = {}): Promise<void> => {
    await deploy(TYPES, flow(properties), credentials);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
  };
  const charge = async (idTag = "04AB"): Promise<void> => {
    const at = (s: number) => new Date(Date.now() + s * 1000).toISOString();
    const begun = { connectorId: 1, idTag, meterStart: 1000, timestamp: at(-3600) };
    const { transactionId } = (await charger.say("StartTransaction", begun)) as { transactionId: number };
    await charger.say("StopTransaction", { transactionId, meterStop: 8000, timestamp: at(-1), reason: "Local" });
  };
  const told = (event: string) => nextMessage<Told>("told", ({ topic }) => topic === `report/${event}`);
  const ask = (topic: string, more: object = {}) => node("report").receive({ topic, ...more } as NodeMessage);
  const tags = (csv: string): (string | undefined)[] =>
    Papa.parse<Record<string, string>>(csv, { header: true, delimiter: ";", skipEmptyLines: true }).data.map(
      (row) => row["UID"],
    );

  it("sends a test from its dialog to the address that stands there, the deployed password to the deployed one alone", async () => {
    await start({ destination: "http", url }, { report: { user: "anna", password: "geheim" } });
    await charger.connect(port);
    await charge("04AB");
    const test = (body: object, status: number) =>
      testHelper.request().post("/ev-charging/reports/report/test").send(body).expect(status);
    const typed = { destination: "http", url, user: "bert" };
    assert.deepEqual((await test(typed, 200)).body, { sessions: 1, state: "posted" });
    assert.equal(receiver.posts[0]?.headers.authorization, `Basic ${btoa("bert:geheim")}`);
    await test({ ...typed, password: "neu" }, 200);
    assert.equal(receiver.posts[1]?.headers.authorization, `Basic ${btoa("bert:neu")}`);
    for (const other of [`${url}?elsewhere`, url.replace("127.0.0.1", "localhost")]) {
      const refused = (await test({ ...typed, url: other }, 400)).body;
      assert.match(refused.message, /^password: .* type it in/);
      await test({ ...typed, url: other, password: "" }, 200);
    }
    assert.ok(receiver.posts.slice(2).every(({ headers }) => headers.authorization === `Basic ${btoa("bert:")}`));
    receiver.status = 403;
    assert.match((await test(typed, 502)).body.message, /answered 403/);
    assert.equal((await test({ destination: "http", url: "ftp://x" }, 400)).body.code, "EV_CONFIG_INVALID");
    const out = nextMessage<Report>("out");
    assert.deepEqual((await test({ destination: "wired" }, 200)).body, { sessions: 1, state: "wired" });
    assert.match((await out).reportId ?? "", /^test-/);
  });

  it("sends no test for a report that is not deployed", async () => {
    await start({ destination: "wired" });
    const { body } = await testHelper.request().post("/ev-charging/reports/new/test").send({}).expect(400);
    assert.equal(body.code, "EV_CONFIG_MISSING");
  });

  it("posts a report with its key, and each session once", async () => {
    await start({ url }, { report: { user: "anna", password: "geheim" } });
    await charger.connect(port);
    await charge("04AB");
    const sent = told("sent");
    ask("report/send");
    const { reportId } = await sent;
    const [post] = receiver.posts;
    assert.equal(post?.headers["idempotency-key"], reportId);
    assert.match(post?.headers["content-type"] ?? "", /text\/csv/);
    assert.equal(post?.headers["authorization"], `Basic ${Buffer.from("anna:geheim").toString("base64")}`);
    assert.deepEqual(tags(post?.body ?? ""), ["04AB"]);
    await charge("04CD");
    const again = told("sent");
    ask("report/send");
    await again;
    assert.deepEqual(tags(receiver.posts[1]?.body ?? ""), ["04CD"]);
  });

  it("puts the table into a form where the receiver wants one", async () => {
    await start({ url, fieldName: "upload" });
    const tested = told("test");
    ask("report/test");
    await tested;
    const [post] = receiver.posts;
    assert.match(post?.headers["content-type"] ?? "", /multipart\/form-data/);
    assert.match(post?.body ?? "", /name="upload"; filename="sessions-[\d-]+\.csv"/);
  });

  for (const status of [500, 302, 404]) {
    it(`keeps a report that was answered ${status}, over a deploy, and sends it once with the same key`, async () => {
      receiver.status = status;
      await start({ url });
      await charger.connect(port);
      await charge();
      const failed = told("failed");
      ask("report/send");
      const { reportId, payload } = await failed;
      assert.match((payload as unknown as { error: string }).error, new RegExp(`answered ${status}`));
      assert.equal(lastStatus("report")?.fill, "yellow");
      receiver.status = 204;
      await redeploy(flow({ url, name: "renamed" }));
      const sent = told("sent");
      ask("report/retry");
      assert.equal((await sent).reportId, reportId);
      assert.deepEqual(
        receiver.posts.map(({ headers }) => headers["idempotency-key"]),
        [reportId, reportId],
      );
      const listed = told("list");
      ask("report/retry");
      ask("report/list");
      assert.equal((await listed).payload[0]?.state, "sent");
      assert.equal(receiver.posts.length, 2);
    });
  }

  it("says why nobody took a report", async () => {
    receiver.close();
    await start({ url });
    const tested = told("test");
    ask("report/test");
    const { error } = (await tested).payload as unknown as { error: string };
    assert.match(error, /127\.0\.0\.1:\d+\/reports: .*ECONNREFUSED/);
    await until("the error is shown", () => errorsOf("report").length > 0);
    assert.equal((errorsOf("report").at(-1) as { code?: string }).code, "EV_REPORT_DELIVERY");
  });

  it("gives up waiting for an answer", async () => {
    const deaf = createServer(() => {});
    deaf.listen(0, "127.0.0.1");
    await once(deaf, "listening");
    await start({ url: `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`, timeoutS: 1 });
    const tested = told("test");
    ask("report/test");
    assert.match(((await tested).payload as unknown as { error: string }).error, /no answer in time/);
    deaf.closeAllConnections();
    deaf.close();
  });

  it("sends for an operator, and shows a viewer what became of it", async () => {
    await deploy(TYPES, [{ ...flow({ url })[0]!, otherUsers: "viewer" }, ...flow({ url }).slice(1)]);
    const asBob = signedIn("bob");
    for (const topic of ["report/test", "report/send", "report/retry"]) ask(topic, asBob);
    await until("three refusals", () => errorsOf("report").length === 3);
    assert.equal((errorsOf("report")[0] as { code?: string }).code, "EV_ROLE_DENIED");
    const listed = told("list");
    ask("report/list", asBob);
    assert.deepEqual((await listed).payload, []);
    ask("report/ack", { ...asBob, reportId: "any" });
    await until("a viewer confirms no report", () => errorsOf("report").length === 4);
    assert.equal((errorsOf("report")[3] as { code?: string }).code, "EV_ROLE_DENIED");
    assert.equal(receiver.posts.length, 0);
  });

  describe("with the consumption of zones", () => {
    const row = { zone: "main", meter: "grid", period: "2026-05-31", energyWh: 20_500, carsWh: 8000, othersWh: 12_500 };
    const asked = async (properties: object, meanwhile = () => {}): Promise<void> => {
      await start({ consumption: true, ...properties });
      meanwhile();
      (node("report") as unknown as EvReportNode).site!.consumption.between = () => [row];
      const test = told("test");
      ask("report/test");
      await test;
    };
    const CSV = "zone;meter;period;energyKWh;carsKWh;othersKWh\r\nmain;grid;2026-05-31;20,5;8;12,5\r\n";

    it("hands over a second attachment", async () => {
      let out!: Promise<Report & { consumption: object[] }>;
      await asked({ destination: "wired" }, () => {
        out = nextMessage("out");
      });
      const { attachments, consumption, payload } = await out;
      assert.equal(attachments?.length, 2);
      assert.match(attachments?.[1]?.filename ?? "", /^consumption-.*\.csv$/);
      assert.equal(attachments?.[1]?.content, `\ufeff${CSV}`);
      assert.deepEqual(consumption, [row]);
      assert.match(String(payload), /Zone main: 20,5 kWh, of which cars took 8 kWh\./);
    });

    it("posts a second table with a key of its own, or a second file of the form", async () => {
      await asked({ url });
      const [first, second] = receiver.posts;
      assert.equal(second?.headers["idempotency-key"], `${first?.headers["idempotency-key"]}-consumption`);
      assert.match(second?.headers["content-disposition"] ?? "", /filename="consumption-/);
      assert.equal(second?.body, CSV);
      await stop();
      receiver.posts.length = 0;
      await asked({ url, fieldName: "table" });
      assert.equal(receiver.posts.length, 1);
      assert.deepEqual(receiver.posts[0]?.body.match(/name="table"; filename="[a-z]+/g), [
        'name="table"; filename="sessions',
        'name="table"; filename="consumption',
      ]);
    });
  });

  describe("through wired nodes", () => {
    const handedOver = async (): Promise<Report> => {
      await start({ destination: "wired", subject: "Main Street", separator: "\t" });
      await charger.connect(port);
      await charge();
      const out = nextMessage<Report>("out");
      ask("report/send");
      return out;
    };

    it("hands over a message for the e-mail node", async () => {
      const { topic, payload, attachments, csv, reportId } = await handedOver();
      assert.match(String(topic), /^Main Street 20\d\d-\d\d-\d\d$/);
      assert.match(String(payload), /^1 charging session, 7 kWh\./);
      assert.equal(attachments?.[0]?.content, `\ufeff${csv}`);
      assert.match(attachments?.[0]?.filename ?? "", /^sessions-.*\.csv$/);
      assert.match(csv?.split("\r\n")[1] ?? "", /^1\tCP1\t1\t/);
      assert.ok(reportId);
    });

    it("is content once a Complete node passes that message on", async () => {
      const report = await handedOver();
      const sent = told("sent");
      node("report").receive(report);
      assert.equal((await sent).reportId, report.reportId);
    });

    it("tries again when a Catch node says what went wrong", async () => {
      const report = await handedOver();
      const failed = told("failed");
      node("report").receive({ ...report, error: { message: "Invalid login", source: { id: "mail" } } } as NodeMessage);
      assert.equal(((await failed).payload as unknown as { error: string }).error, "Invalid login");
      const again = nextMessage<Report>("out");
      ask("report/retry");
      assert.equal((await again).reportId, report.reportId);
    });

    it("says why a test did not arrive, when a Catch node tells it", async () => {
      await handedOver();
      const out = nextMessage<Report>("out", ({ reportId }) => reportId?.startsWith("test-") ?? false);
      ask("report/test");
      const report = await out;
      const failed = nextMessage<Told>("told", ({ topic, payload }) => {
        const { error } = payload as unknown as { error: string | null };
        return topic === "report/test" && error !== null;
      });
      node("report").receive({ ...report, error: { message: "Invalid login" } } as NodeMessage);
      assert.equal(((await failed).payload as unknown as { error: string }).error, "Invalid login");
      assert.equal(lastStatus("report")?.fill, "yellow");
    });

    it("refuses an acknowledgement of something else", async () => {
      await handedOver();
      node("report").receive({ topic: "report/ack", reportId: "nothing" } as NodeMessage);
      await until("the error", () => errorsOf("report").length > 0);
      assert.match(errorsOf("report").at(-1)?.message ?? "", /reportId is "nothing"/);
    });
  });

  it("is refused when another one sends to the same address", async () => {
    await deploy(TYPES, flow({ url }, [{ id: "second", type: "ev-report", site: "site", url, wires: [[], []] }]));
    await until("one is red", () => errorsOf("second").length > 0);
    assert.equal((errorsOf("second")[0] as { code?: string }).code, "EV_NAME_DUPLICATE");
  });

  for (const [properties, message] of [
    [{ url: "ftp://somewhere" }, /url is "ftp:\/\/somewhere"; it must be an address with http or https/],
    [{ destination: "wired", at: "25:00" }, /at is "25:00"; it must be a time of day/],
  ] as const) {
    it(`is red with ${JSON.stringify(properties)}`, async () => {
      await deploy(TYPES, flow(properties));
      assert.match(errorsOf("report")[0]?.message ?? "", message);
      assert.equal(lastStatus("report")?.fill, "red");
    });
  }
});

import { strict as assert } from "node:assert";
import { NODES } from "../editor-contract.ts";
import { isFull } from "../full.ts";
import { needsBrowser } from "./browser.ts";
import { DialogBench, field } from "./dialogs.ts";
import { STORY_MAJORS } from "./node-red.ts";
import { idOf, oneOfEach } from "./one-of-each.ts";

/** Node-RED fills it in at a deploy. */
const FROM_ENVIRONMENT = ["$", "{GARAGE_A}"].join("");

/** Something wrong in a dialog, and what is said of it. */
interface Wrong {
  /** Property that is validated. */
  property: string;
  /** Put there before: what else must stand in the dialog for it to be wrong. */
  given?: Record<string, string>;
  /** Selector and wrong value; without a selector the property's own field. */
  at?: string;
  value: string;
  /** Says the field by its label, and what it must be. */
  says: RegExp;
}

const list = (id: string, column: string): string => `#${id} [data-column="${column}"]`;
const wrong = (property: string, value: string, says: RegExp, more: Partial<Wrong> = {}): Wrong => ({
  property,
  value,
  says,
  ...more,
});

/** For each type, one wrong value for each property that has a rule; a type comes before those that it refers to. */
const TABLE: Record<string, Wrong[]> = {
  "ev-pv-surplus": [
    wrong("residualW", "some", /^Keep exporting: must be a number/),
    wrong("enableDelayS", "-1", /^Start after: must be a number from 0/),
    wrong("disableDelayS", "", /^Stop after: must be filled in$/),
    wrong("minSocPercent", "101", /^.+: must be a number from 0 to 100$/, {
      given: { "#node-input-batteryMeter": "grid" },
    }),
  ],
  "ev-dlm": [
    wrong("cycleS", "0", /^Cycle: must be a number from 1 to 60$/),
    wrong("rampUpAps", "0", /^Current rises by: must be a number from 0.01 to 100$/),
    wrong("rotationS", "5", /^Waiting cars swap after: must be a number from 60 to 86400$/),
  ],
  "ev-limit": [
    wrong("limitA", "-1", /^Current: must be a number from 0 to 100000$/),
    wrong("powerW", "-1", /^Power: must be a number from 0/),
    wrong("staleAfterS", "x", /^Silent after: must be a number from 0 to 86400$/),
  ],
  "ev-charging-profile": [
    wrong("leaseS", "10", /^Lease: must be a number from 60 to 900$/),
    wrong("refreshS", "1", /^.+: must be a number from 10 to 600$/),
    wrong("minIncreaseS", "x", /^.+: must be a number from 0 to 300$/),
  ],
  "ev-authorization": [
    wrong("freeCharging", "", /^Free charging.*, line 1, Counts for badge: must be filled in$/, {
      at: list("ev-authorization-freeCharging", "badge"),
    }),
  ],
  "ev-report": [
    wrong("at", "25:00", /^Time of day: must be a time such as 22:30$/),
    wrong("url", "ftp://x", /^Address: must begin with http:\/\/ or https:\/\/$/),
    wrong("timeoutS", "0", /^Time-out: must be a number from 1 to 600$/),
  ],
  "ev-command": [wrong("payload", "{}", /^Payload: .*connectorId/)],
  "ev-modbus-server": [
    wrong("unitId", "0", /^Unit id: must be a whole number from 1 to 247$/),
    wrong("port", "x", /^Port: must be a whole number from 1 to 65535$/),
    wrong("host", "192.168.1.999", /^.+: must be a name or an address.*each number at most 255/),
    wrong("leaseS", "5", /^Limit ends after: must be a whole number from 10 to 900$/),
    wrong("fallbackA", "-1", /^Without a manager: must be a number from 0 to 1000$/),
  ],
  "ev-mqtt-bridge": [
    wrong("discoveryPrefix", "", /^Discovery prefix: must be filled in$/),
    wrong("baseTopic", "", /^Base topic: must be filled in$/),
    wrong("leaseS", "5", /^Limit ends after: must be a whole number from 10 to 900$/),
    wrong("fallbackA", "-1", /^Without a command: must be a number from 0 to 1000$/),
  ],
  "ev-semp": [
    wrong("port", "x", /^Port: must be a whole number from 1 to 65535$/),
    wrong("host", "192.168.1.999", /^.+: must be a name or an address.*each number at most 255/),
    wrong("leaseS", "5", /^Limit ends after: must be a whole number from 10 to 900$/),
    wrong("fallbackA", "-1", /^Without a manager: must be a number from 0 to 1000$/),
  ],
  "ev-simulator": [
    wrong("identity", "", /^Identity: must be filled in$/),
    wrong("url", "http://x", /^Server: .*ws:\/\//),
    wrong("maxA", "5", /^Maximum: must be a number from 6 to 1000$/),
    wrong("batteryWh", "0", /^Battery: must be a number from 1/),
  ],
  "ev-meter-simulator": [
    wrong("host", "", /^Address: must be filled in$/),
    wrong("port", "x", /^Port: must be a whole number from 1 to 65535$/),
    wrong("unitId", "-1", /^Unit id: must be a whole number from 0 to 255$/),
    wrong("loadA", "much", /^Base load L1: must be a number from -6300 to 6300$/, {
      at: "#ev-meter-simulator-load-l1",
    }),
    wrong("dayMinutes", "0", /^.+: must be a number from 1 to 1440$/),
  ],
  "ev-meter-input": [
    wrong("meter", "grid", /^Name: "grid" is already used by another node$/),
    wrong("staleAfterS", "0", /^.+: must be a number from 1 to 86400$/),
  ],
  "ev-meter": [
    wrong("meter", "", /^Name: must be filled in$/),
    wrong("unitId", "300", /^Unit id: must be a whole number from 0 to 255$/),
    wrong("intervalMs", "50", /^Interval: must be 0 \(on input only\) or at least 100 ms$/),
    wrong("phaseMap", "2", /^Phases: wire at least one phase of the meter, each to another/, {
      at: "#ev-meter-phase-1",
    }),
    wrong("contactAddress", "-1", /^Address: must be a whole number from 0 to 65535$/, {
      given: { "#node-input-contact": "own" },
    }),
    wrong("contactDebounceMs", "x", /^Has to stand: must be a number from 0 to 60000$/, {
      given: { "#node-input-contact": "own" },
    }),
  ],
  "ev-modbus": [
    wrong("host", "http://here", /^Host: must be a name or an address/),
    wrong("port", "0", /^Port: must be a whole number from 1 to 65535$/),
    wrong("timeoutMs", "1", /^Answer within: must be a number from 50 to 30000$/),
    wrong("inFlight", "9", /^At the same time: must be a whole number from 1 to 4$/),
  ],
  "ev-charge-point": [
    wrong("identity", "a/b", /^Identity: at most 48 characters, without a slash/),
    wrong("name", "x".repeat(81), /^Name: at most 80 characters$/),
    wrong("place", "x".repeat(81), /^Place: at most 80 characters$/),
    wrong("connectors", "0", /^Connectors, line 1, max A: must be a number from 1 to 1000$/, {
      at: list("ev-charge-point-connectors", "maxA"),
    }),
    wrong("aliases", "CP 1", /^Aliases: at most 48 characters, without a slash, spaces/, {
      at: "#ev-charge-point-aliases",
    }),
    wrong("stationLimitA", "0", /^Station limit: must be a number from 1 to 1000$/),
    wrong("safeA", "5", /^Safe current: must be 0, or at least the 6 A below which a connector pauses$/),
    wrong("overrides", "many", /^overrides\["smart.stackMax"\] is "many"; it must be .*whole number from 0 to 999/, {
      at: '#ev-charge-point-overrides [data-column="value"]',
    }),
  ],
  "ev-zone": [
    wrong("name", "Garage", /^Name: "Garage" is already used by another node$/),
    wrong("demandLimitW", "0", /^Demand limit: must be a number from 1 to 1000000000$/),
    wrong("demandWindowS", "5", /^Mean over: must be a number from 60 to 86400$/),
    wrong("limitA", "many", /^Limit L2: must be a number from 0 to 100000$/, { at: "#ev-zone-limitA-l2" }),
    wrong("operatorLimitA", "-1", /^Operator limit L1: must be a number from 0 to 100000$/, {
      at: "#ev-zone-operatorLimitA-l1",
      given: { "#ev-zone-operatorLimitA-l2": "10", "#ev-zone-operatorLimitA-l3": "10" },
    }),
    wrong("headroomA", "63", /^Headroom: must be below the limit, or nothing is left$/, {
      at: "#ev-zone-headroomA-l1",
    }),
    wrong("assumedLoadA", "x", /^Assumed load L3: must be a number/, { at: "#ev-zone-assumedLoadA-l3" }),
    wrong("maxPowerW", "0", /^Power limit: must be a number not below 1$/),
    wrong("imbalanceA", "much", /^Phase diff\.: must be a number from 0/),
    wrong("failSafeA", "", /^Fail-safe: must be filled in$/),
    wrong("meters", "0", /^Meters of this zone, line 1, too old after \(s\): must be a number from 1 to 86400$/, {
      at: list("ev-zone-meters", "staleAfterS"),
    }),
  ],
  "ev-central-system": [
    wrong("host", "http://here", /^Address: must be a name or an address, such as 192.168.1.20/),
    wrong("port", "70000", /^Port: must be a whole number from 1 to 65535$/),
    wrong("path", "/a b", /^Path: must be a path such as \/ocpp/),
    wrong("heartbeatS", "1", /^Heartbeat: must be a whole number from 5 to 86400$/),
    wrong("pingS", "", /^Ping: must be filled in$/),
    wrong("callTimeoutS", "soon", /^Answer within: must be a number from 1 to 120$/),
    wrong("messageLogMB", "0.5", /^Largest size of the messages: must be a number from 1 to 100000$/, {
      given: { "#ev-central-system-messageLog": "store" },
      at: "#ev-central-system-messageLogMB",
    }),
    wrong("certificates", "site", /^Signed by: must be nobody, as long as this server has no port and TLS/, {
      at: "#ev-central-system-certificates",
    }),
    wrong("messageLogDays", "none", /^Oldest message: must be a number from 1 to 3650$/, {
      at: "#ev-central-system-messageLogDays",
    }),
  ],
  "ev-site": [
    wrong("voltageV", "12", /^Voltage: must be a number from 100 to 300$/),
    wrong("tariff", "-1", /^.+: must be a number from 0 to /, { at: "#ev-site-perKWh" }),
    wrong("timeZone", "Mars", /^Time zone: must be empty or a name such as Europe\/Berlin$/),
    wrong("roles", "", /^Users of the dashboard, line 1, user: must be filled in$/, {
      at: list("ev-site-roles", "user"),
    }),
  ],
};

/** Rules about what is chosen from a list or described at length; their messages are read below, or in tests of these dialogs. */
const ELSEWHERE: Record<string, string[]> = {
  "ev-central-system": ["site", "tls", "backEnds"],
  "ev-zone": ["site", "parent"],
  "ev-charge-point": ["centralSystem", "zone", "backEnds"],
  "ev-modbus": ["serialPort", "baudRate"],
  "ev-meter": ["bus", "profile", "customProfile", "contact", "contactBit"],
  "ev-meter-input": ["mapping"],
  "ev-dlm": ["zone"],
  "ev-limit": ["zone", "schedule", "timeZone", "bus", "unitId", "address", "debounceMs"],
  "ev-authorization": ["site"],
  "ev-sessions": ["site"],
  "ev-alarms": ["site"],
  "ev-report": ["site"],
  "ev-modbus-server": ["site"],
  "ev-mqtt-bridge": ["site"],
  "ev-semp": ["site"],
  "ev-event": ["centralSystem"],
  "ev-command": ["centralSystem"],
  "ev-meter-simulator": ["profile", "customProfile", "zone"],
};

/** In the short form, the largest; and a connection, whose errors are what another node finds wrong with it. */
const TRIED = ["ev-modbus", "ev-zone", "ev-dlm", "ev-charge-point", "ev-report"];

for (const major of STORY_MAJORS) {
  describe(`what dialogs say of wrong values, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;

    before(async () => {
      bench = await DialogBench.start(major, await oneOfEach());
      assert.deepEqual(await bench.editor.invalid(), []);
    });
    after(() => bench?.stop());

    it("is asked about every property that has a rule", async () => {
      for (const type of new Set([...Object.keys(TABLE), ...Object.keys(ELSEWHERE)])) {
        const ruled = (await bench.editor.page.evaluate(
          `Object.entries(RED.nodes.getType(${JSON.stringify(type)}).defaults).filter(([, one]) => one.validate).map(([name]) => name)`,
        )) as string[];
        const covered = [...(TABLE[type] ?? []).map(({ property }) => property), ...(ELSEWHERE[type] ?? [])];
        assert.deepEqual(ruled.sort(), covered.sort(), type);
      }
    });

    it("opens and saves a new node of every type, and finds nothing wrong but what is still empty", async function () {
      if (!isFull) this.skip();
      for (const type of Object.keys(NODES)) {
        const id = await bench.add(type);
        await bench.open(id);
        await bench.leave("ok");
        for (const error of await bench.errors(id))
          assert.match(
            error,
            /must be filled in|choose at least one|one of the two|describe|Mapping|mapping/,
            `${type}: ${error}`,
          );
        // Of two, the next new node would have to choose one.
        await bench.editor.page.evaluate(`RED.nodes.remove(${JSON.stringify(id)})`);
        bench.editor.assertQuiet();
      }
    });

    for (const [type, rows] of Object.entries(TABLE)) {
      if (!isFull && !TRIED.includes(type)) continue;
      it(`names field and fix for every wrong value of ${type}`, async () => {
        await bench.open(idOf(type));
        for (const { property, given = {}, at = field(type, property), value } of rows) {
          for (const [selector, text] of Object.entries(given)) await bench.put(selector, text);
          await bench.put(at, value);
        }
        await bench.leave("ok");
        const errors = await bench.errors(idOf(type));
        for (const { property, says } of rows)
          assert.ok(
            errors.some((error) => says.test(error)),
            `${property}: ${errors.join("\n")}`,
          );
        assert.equal(errors.length, rows.length, errors.join("\n"));
        // Wrong or right, what was typed is what is saved.
        for (const { property, at, value } of rows)
          if (at === undefined) assert.equal(String((await bench.value(idOf(type), property)) ?? ""), value, property);
        bench.editor.assertQuiet();
      });
    }

    it("marks a wrong value while it is being typed, in lists and for single phases, too", async () => {
      const { page } = bench.editor;
      await bench.open("garage");
      await bench.type("#node-config-input-failSafeA", "x");
      await page.locator("#node-config-input-failSafeA.input-error").waitFor();
      await page.fill("#ev-zone-limitA-l1", "x");
      await page.locator("#ev-zone-limitA-l1.input-error[aria-invalid='true']").waitFor();
      await page.fill("#ev-zone-limitA-l1", FROM_ENVIRONMENT);
      await page.locator("#ev-zone-limitA-l1[aria-invalid='false']").waitFor();
      await bench.leave("cancel");
      bench.editor.assertQuiet();
    });

    it("says at once what a value that cannot be must be instead, below its field", async () => {
      const { page } = bench.editor;
      const said = (name: string) => page.locator(`#ev-problem-${name}[role="alert"]`);
      const gone = (name: string) => said(name).waitFor({ state: "detached" });
      await bench.open("garage");
      await page.fill("#ev-zone-limitA-l2", "-5");
      await said("limitA").getByText("Limit L2: must be a number from 0 to 100000").waitFor();
      assert.equal(await page.locator("#ev-zone-limits .input-error").count(), 1);
      await page.fill("#ev-zone-limitA-l2", "32");
      await gone("limitA");
      await page.fill("#ev-zone-headroomA-l2", "40");
      await said("headroomA").getByText("Headroom: must be below the limit, or nothing is left").waitFor();
      await page.locator("#ev-zone-headroomA-l2.input-error").waitFor();
      await page.fill("#ev-zone-limitA-l2", "63");
      await gone("headroomA");
      assert.equal(await page.locator("#ev-zone-limits .input-error").count(), 0);
      await bench.leave("cancel");
      await bench.open(idOf("ev-modbus"));
      await page.fill("#node-config-input-host", "192.168.1.999");
      await said("host").getByText("each number at most 255").waitFor();
      await page.fill("#node-config-input-host", "192.168.1.99");
      await gone("host");
      await bench.leave("cancel");
      await bench.open(idOf("ev-charge-point"));
      for (const identity of ["CP 1", "CP1!"]) {
        await page.fill("#node-config-input-identity", identity);
        await said("identity").getByText("without a slash, spaces or signs such as !").waitFor();
        await page.fill("#node-config-input-identity", "CP1");
        await gone("identity");
      }
      await page.locator('#ev-charge-point-connectors [data-column="minA"]').fill("12");
      await said("safeA").getByText("or at least the 12 A below which a connector pauses").waitFor();
      await page.locator('#ev-charge-point-connectors [data-column="maxA"]').fill("10");
      await said("connectors").getByText("min A: must not be above 10").waitFor();
      await bench.leave("cancel");
      bench.editor.assertQuiet();
    });

    it("does not reproach a new node for what nobody has typed yet", async () => {
      const { page } = bench.editor;
      const id = await bench.add("ev-charge-point");
      await bench.open(id);
      await page.locator("#node-config-input-identity.input-error").waitFor();
      assert.equal(await page.locator("#ev-problem-identity").count(), 0);
      await page.fill("#node-config-input-identity", "x");
      await page.fill("#node-config-input-identity", "");
      await page.locator("#ev-problem-identity").getByText("Identity: must be filled in").waitFor();
      await bench.leave("cancel");
      await page.evaluate(`RED.nodes.remove(${JSON.stringify(id)})`);
    });

    const says = async (type: string, property: string, value: unknown, more: object = {}): Promise<string> => {
      const node = `Object.assign({}, RED.nodes.node(${JSON.stringify(idOf(type))}), ${JSON.stringify(more)})`;
      const rule = `RED.nodes.getType(${JSON.stringify(type)}).defaults[${JSON.stringify(property)}].validate`;
      return String(await bench.editor.page.evaluate(`${rule}.call(${node}, ${JSON.stringify(value)}, {})`));
    };

    it("says what is wrong with what was chosen: gone, broken, or of another kind", async () => {
      assert.match(await says("ev-limit", "zone", ""), /^Zone: must be filled in$/);
      assert.match(await says("ev-limit", "zone", "deleted"), /^Zone: the chosen node does not exist any more; choose/);
      const contact = { bus: idOf("ev-modbus") };
      assert.match(
        await says("ev-limit", "bus", "deleted", contact),
        /^Modbus: the chosen node does not exist any more/,
      );
      assert.match(await says("ev-limit", "unitId", 300, contact), /^Unit id: must be a whole number from 0 to 255$/);
      assert.match(
        await says("ev-limit", "address", 65_533, { ...contact, purpose: "fnn" }),
        /^Address: must be a whole number from 0 to 65532$/,
      );
      assert.match(
        await says("ev-limit", "debounceMs", -1, contact),
        /^Has to stand: must be a number from 0 to 60000$/,
      );
      assert.match(
        await says("ev-meter", "bus", idOf("ev-modbus")),
        /^Connection: the chosen node has an error; open it/,
      );
      assert.match(await says("ev-dlm", "zone", "garage"), /root/);
      assert.match(await says("ev-zone", "parent", "garage"), /^Zone above: a zone cannot be below itself$/);
      assert.match(await says("ev-event", "centralSystem", "deleted"), /^Server: the chosen node does not exist any/);
      assert.match(
        await says("ev-charge-point", "centralSystem", "", { zone: "" }),
        /^Server or zone: choose at least/,
      );
      assert.match(await says("ev-central-system", "tls", "some", { port: "" }), /^TLS: must be none without a port/);
      bench.editor.assertQuiet();
    });

    it("looks at the address of a contact only where that is read by Modbus", async () => {
      const read = { kind: "contact", bus: idOf("ev-meter") };
      assert.equal(await says("ev-limit", "address", "-1", { kind: "contact", bus: "" }), "true");
      assert.match(await says("ev-limit", "address", "-1", read), /must be a whole number from 0 to 65535$/);
      assert.match(await says("ev-limit", "address", "65533", { ...read, purpose: "fnn" }), /from 0 to 65532$/);
      assert.match(await says("ev-limit", "unitId", "256", read), /to 255$/);
      assert.match(await says("ev-limit", "debounceMs", "-1", read), /must be a number from 0 to 60000$/);
      assert.match(await says("ev-limit", "bus", "deleted", read), /: the chosen node does not exist any more/);
    });

    it("takes a zone's name once in each site", async () => {
      assert.match(await says("ev-zone", "name", "Garage"), /^Name: "Garage" is already used by another node$/);
      assert.equal(await says("ev-zone", "name", "Garage", { site: "another" }), "true");
    });

    it("says which values do not go together", async () => {
      const connector = { number: 1, phases: 3, rotation: "RST", maxA: 16, minA: 6 };
      const list = (...rows: object[]) => says("ev-charge-point", "connectors", rows);
      assert.equal(await list(connector), "true");
      assert.match(await list(connector, connector), /^Connectors, line 1, No\.: "1" stands in another line, too$/);
      assert.match(await list({ ...connector, minA: 20 }), /^Connectors, line 1, min A: must not be above 16$/);
      assert.match(
        await list({ ...connector, minA3p: 5 }),
        /^Connectors, line 1, min 3-ph: must be empty, or not below 6$/,
      );
      assert.match(await says("ev-charging-profile", "refreshS", 160, { leaseS: 180 }), /must be at most 150 s/);
      const kind = { kind: "schedule", limitA: null, powerW: null };
      const windows = (...rows: object[]) => says("ev-limit", "schedule", rows, kind);
      assert.match(await windows(), /^Windows: needs at least one line$/);
      const evening = { days: "daily", from: "17:00", to: "21:00", limitA: 6, powerW: null };
      assert.equal(await windows(evening), "true");
      assert.match(
        await windows(evening, { ...evening, from: "25:00" }),
        /^Windows, line 2, from: must be a time such as/,
      );
      assert.match(
        await windows({ ...evening, days: "holidays" }),
        /^Windows, line 1, days: must be days such as mon-fri/,
      );
      assert.match(await windows({ ...evening, limitA: null }), /^Windows, line 1, A: fill in this or W$/);
      const fallback = { meter: "grid", staleAfterS: 10, onStale: "fallbackLoad", fallbackA: null };
      assert.match(
        await says("ev-zone", "meters", [fallback]),
        /^Meters of this zone, line 1, load \(A\): must be filled in$/,
      );
      assert.match(await says("ev-limit", "timeZone", "Mars"), /^Time zone: must be empty or a name such as/);
    });
  });
}

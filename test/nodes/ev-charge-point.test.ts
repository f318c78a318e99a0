import { strict as assert } from "node:assert";
import testHelper from "node-red-node-test-helper";
import { resolveTraits } from "../../lib/station/capabilities/models/resolve.ts";
import type {
  ChargePointPage,
  FormerBackEndPage,
  ModelsPage,
} from "../../nodes/admin/types/charge-point-page-types.ts";
import type { EvChargePointNode } from "../../nodes/runtime/node-types.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, errorsOf, type FlowNode, freePort, lastStatus, node, redeploy, stop } from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point"];

describe("ev-charge-point", () => {
  let port: number;
  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(stop);

  const flow = (...chargePoints: Record<string, unknown>[]): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "zone", type: "ev-zone", site: "site", name: "Garage" },
    ...chargePoints.map((more, i) => ({
      id: `cp${i + 1}`,
      type: "ev-charge-point",
      centralSystem: "cs",
      zone: "zone",
      identity: `CP${i + 1}`,
      ...more,
    })),
  ];
  const stations = () => node<EvChargePointNode>("cp1").site!.stations;
  const plant = () => node<EvChargePointNode>("cp1").site!.plant;

  it("places its connectors in the zone tree, with the contract's defaults", async () => {
    await deploy(TYPES, flow({}));
    const [connector] = plant().tree!.connectors;
    assert.equal(connector?.id, "CP1/1");
    assert.equal(connector.zoneName, "Garage");
    assert.deepEqual(connector.wiring, {
      phases: 3,
      rotation: "RST",
      maxA: 32,
      minA: 6,
      priorityClass: 1,
      mode: "fast",
      safeA: 6,
    });
  });

  it("has a name and a place for people, and a name for each connector, beside its identity", async () => {
    const connectors = [{ number: 1, name: "left" }, { number: 2 }];
    await deploy(TYPES, flow({ name: " Bay 12 ", place: "level −1", connectors }));
    const { names } = node<EvChargePointNode>("cp1").site!;
    assert.deepEqual(
      [names.called("CP1"), names.called("CP1/1"), names.connector("CP1", 2), names.place("CP1")],
      ["Bay 12 (CP1)", "Bay 12 · left (CP1/1)", "Bay 12 · 2", "level −1"],
    );
    assert.deepEqual(
      plant().tree!.connectors.map(({ id }) => id),
      ["CP1/1", "CP1/2"],
    );
    await redeploy(flow({ name: "x".repeat(81) }));
    assert.match(errorsOf("cp1")[0]?.message ?? "", /name is .*; it must be at most 80 characters, on one line/);
  });

  it("says on itself what is wrong with it in the zone tree", async () => {
    await deploy(TYPES, flow({ safeA: 5 }));
    assert.match(
      errorsOf("cp1")[0]?.message ?? "",
      /CP1: the safe current 5 A is below the minimum 6 A of connector 1/,
    );
    await redeploy(flow({ safeA: 6 }));
    assert.deepEqual(plant().errors, []);
  });

  it("takes outlets of which only one may charge, and a minimum of its own for three phases", async () => {
    await deploy(
      TYPES,
      flow({ exclusive: true, connectors: [{ number: 1, minA: 8, minA3p: 14, maxA: 32 }], safeA: 8 }),
    );
    const [connector] = plant().tree!.connectors;
    assert.equal(connector?.exclusive, true);
    assert.deepEqual([connector.wiring.minA, connector.wiring.minA3p], [8, 14]);
    await redeploy(flow({ connectors: [{ number: 1, minA: 8, minA3p: 7 }] }));
    assert.match(
      errorsOf("cp1")[0]?.message ?? "",
      /connectors\[0\]\.minA3p is 7; it must be empty, or not below minA/,
    );
  });

  it("counts a car on one phase on two lines where the site has no neutral", async () => {
    const [site, ...others] = flow({ connectors: [{ number: 1, phases: 1 }] });
    await deploy(TYPES, [{ ...site!, itNetwork: true }, ...others]);
    assert.equal(plant().tree!.itNetwork, true);
    assert.equal(plant().tree!.connectors[0]!.wiring.betweenLines, true);
  });

  it("refuses an identity that another node has, naming both", async () => {
    await deploy(TYPES, flow({}, { identity: "CP1" }));
    assert.match(errorsOf("cp2")[0]?.message ?? "", /CP1.*\(cp1\).*\(cp2\)/);
    assert.equal(lastStatus("cp2")?.fill, "red");
  });

  it("names the cell that is wrong, and the tree it belongs to is refused", async () => {
    await deploy(TYPES, flow({}, { connectors: [{ number: 1, maxA: "much" }] }));
    assert.match(errorsOf("cp2")[0]?.message ?? "", /connectors\[0\]\.maxA is "much"/);
    assert.match(plant().errors[0]?.text ?? "", /CP2.*connectors\[0\]\.maxA/);
    assert.equal(plant().tree, null);
  });

  it("says what to choose when it has neither central system nor zone", async () => {
    await deploy(TYPES, flow({ centralSystem: "", zone: "" }));
    assert.equal((errorsOf("cp1")[0] as { code?: string }).code, "EV_CONFIG_MISSING");
  });

  it("is renamed by a deploy: the old identity is unknown again", async () => {
    await deploy(TYPES, flow({}));
    await redeploy(flow({ identity: "Carport" }));
    assert.deepEqual(
      stations()
        .list()
        .map(({ identity }) => identity),
      ["Carport"],
    );
  });

  describe("with a model", () => {
    const traits = (identity = "CP1") => stations().get(identity)!.traits;

    it("takes the one that is chosen, whatever the charger will say", async () => {
      await deploy(TYPES, flow({ model: "abb-terra-ac" }));
      assert.equal(traits().smart.stackMax, 0);
      assert.equal(stations().get("CP1")?.modelProfile?.id, "abb-terra-ac");
    });

    it("refuses one that there is not", async () => {
      await deploy(TYPES, flow({ model: "abb" }));
      assert.match(errorsOf("cp1")[0]?.message ?? "", /model is "abb"; it must be auto, or one that the dialog lists/);
    });

    it("lets the user's own values overrule it, also typed as text", async () => {
      await deploy(TYPES, flow({ model: "abb-terra-ac", overrides: { "smart.stackMax": 2, "smart.settleS": "40" } }));
      assert.deepEqual([traits().smart.stackMax, traits().smart.settleS], [2, 40]);
      const sources = new Map(
        stations()
          .get("CP1")
          ?.traitViews()
          .map(({ path, source }) => [path, source]),
      );
      assert.equal(sources.get("smart.stackMax"), "user");
      assert.equal(sources.get("config.measurandMode"), "model");
    });

    it("refuses an own value that cannot be, naming its path and what it must be", async () => {
      await deploy(TYPES, flow({}, { overrides: { "smart.unit": "kW" } }));
      assert.match(
        errorsOf("cp2")[0]?.message ?? "",
        /overrides\["smart\.unit"\] is "kW"; it must be one of A, W, auto/,
      );
      assert.equal((errorsOf("cp2")[0] as { code?: string }).code, "EV_CONFIG_INVALID");
      assert.equal(lastStatus("cp2")?.fill, "red");
    });

    it("refuses a path that there is not, naming the nearest", async () => {
      await deploy(TYPES, flow({ overrides: { "smart.stacklevel": 0 } }));
      assert.match(
        errorsOf("cp1")[0]?.message ?? "",
        /overrides\["smart\.stacklevel"\] is no setting; the nearest is /,
      );
    });

    it("changes with a deploy", async () => {
      await deploy(TYPES, flow({ model: "huawei" }));
      assert.equal(traits().smart.unit, "W");
      await redeploy(flow({ model: "huawei", overrides: { "smart.unit": "A" } }));
      assert.equal(traits().smart.unit, "A");
    });
  });

  describe("for its dialog", () => {
    const page = async (identity: string) =>
      (
        await testHelper
          .request()
          .get(`/ev-charging/charge-points/${encodeURIComponent(identity)}`)
          .expect(200)
      ).body as ChargePointPage;

    it("lists every model with what departs from the standard, so that the dialog resolves as the runtime does", async () => {
      await deploy(TYPES, flow({}));
      const { body } = await testHelper.request().get("/ev-charging/charge-point-models").expect(200);
      const { models } = body as ModelsPage;
      const abb = models.find(({ id }) => id === "abb-terra-ac");
      assert.deepEqual(
        resolveTraits(abb!)
          .views()
          .find(({ path }) => path === "smart.stackMax"),
        { path: "smart.stackMax", value: 0, source: "model", note: "ABB Terra AC" },
      );
      assert.ok(abb!.commissioning.length > 0 && abb!.sources.length > 0);
      assert.equal(models.find(({ id }) => id === "bender-cc")?.appendsIdentity, true);
    });

    it("tells what a charger said, which model that is, and what holds", async () => {
      await deploy(TYPES, flow({}));
      const charger = new Charger("CP1");
      try {
        await charger.connect(port, undefined, {
          chargePointVendor: "Schneider Electric",
          chargePointModel: "EVlink Smart Wallbox",
          firmwareVersion: "3.4.0.2",
        });
        await charger.status("Preparing");
        const { identity, online, vendor, model, firmware, matched, learnt, connectors } = await page("cp1");
        assert.deepEqual(
          [identity, online, vendor, model, firmware],
          ["CP1", true, "Schneider Electric", "EVlink Smart Wallbox", "3.4.0.2"],
        );
        assert.equal(matched?.id, "schneider-evlink");
        assert.equal(learnt.firmware, "3.4.0.2");
        assert.equal(connectors[0]?.status, "Preparing");
        assert.deepEqual([connectors[0].limit?.trouble, connectors[0].limit?.acceptedA], [null, null]);
      } finally {
        charger.close();
      }
    });

    it("tells what else it showed, its clock among it, with how and when", async () => {
      await deploy(TYPES, flow({}));
      stations().get("CP1")!.learn("charger.clockOffsetS", -7200, "time stamps of three meter values in a row");
      const { facts } = await page("CP1");
      assert.deepEqual(
        facts.map(({ path, value, source }) => [path, value, source]),
        [["charger.clockOffsetS", -7200, "learnt"]],
      );
      assert.match(facts[0]!.note ?? "", /^time stamps of three meter values in a row, \d{4}-/);
    });

    it("asks a charger for the back end that it was given before, and tells it without name and password", async () => {
      await deploy(TYPES, flow({}));
      const former = async (identity: string): Promise<FormerBackEndPage> => {
        const path = `/ev-charging/charge-points/${identity}/former-back-end`;
        return (await testHelper.request().post(path).send({}).expect(200)).body as FormerBackEndPage;
      };
      const told = (key: string, value: string) => ({ key, value, readonly: false });
      assert.deepEqual(await former("CP1"), { state: "offline", found: [] });
      const charger = new Charger("CP1");
      try {
        await charger.connect(port);
        assert.equal((await former("CP1")).state, "silent");
        charger.configuration = [told("HeartbeatInterval", "300")];
        assert.deepEqual(await former("CP1"), { state: "untold", found: [] });
        charger.configuration = [told("CentralSystemURI", `ws://127.0.0.1:${port}/CP1`)];
        assert.deepEqual(await former("CP1"), { state: "ours", found: [] });
        charger.configuration = [
          told("NetworkConnectionProfile1", `ws://127.0.0.1:${port}`),
          told("NetworkConnectionProfile2", "wss://cpo:very-secret@ocpp.monta.app/CP1"),
          told("AuthorizationKey", "very-secret"),
        ];
        const found = { key: "NetworkConnectionProfile2", url: "wss://ocpp.monta.app", identity: "CP1" };
        assert.deepEqual(await former("CP1"), {
          state: "found",
          found: [{ ...found, hasLogin: true, preset: "monta" }],
        });
      } finally {
        charger.close();
      }
    });

    it("knows nothing of one that is neither described nor connected", async () => {
      await deploy(TYPES, flow({}));
      assert.equal(await page("nobody"), null);
      assert.equal((await page("CP1")).matched, null);
    });
  });
});

import { strict as assert } from "node:assert";
import type { StationEvent } from "../../../lib/messages.ts";
import type { Admission, ConnectRequest, StationDirectory } from "../../../lib/ocpp/port.ts";
import { type CentralSystemPolicy, createDirectory } from "../../../lib/station/connection/central-system.ts";
import { SecurityProfiles } from "../../../lib/station/connection/security-profiles.ts";
import { definition, StationBench } from "../fake-charge-point.ts";

const POLICY: CentralSystemPolicy = {
  unknownChargePoints: "park",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
};

const KEY = "00112233445566778899aabbccddeeff";

describe("Who may connect", () => {
  let bench: StationBench;
  let policy: CentralSystemPolicy;
  let directory: StationDirectory;
  let events: StationEvent[];

  beforeEach(() => {
    bench = new StationBench();
    policy = { ...POLICY };
    directory = createDirectory(bench.stations, () => policy, "cs1");
    events = [];
    bench.stations.onEvent((event) => events.push(event));
    bench.stations.configure(definition({ aliases: ["+49*123*1"] }));
  });

  afterEach(() => bench.close());

  const admit = (identity: string, change: Partial<ConnectRequest> = {}): Admission =>
    directory.admit({ identity, remoteAddress: "192.0.2.7", basic: null, origin: null, ...change }) as Admission;
  const basic = (user: string, password: string | Buffer) => ({
    basic: { user: Buffer.from(user), password: Buffer.from(password) },
  });
  const status = (admission: Admission): number => (admission.admitted ? 101 : admission.httpStatus);

  it("is found under its identity, an alias and any letter case, always as the same charge point", () => {
    for (const identity of ["CP1", "cp1", "+49*123*1"]) {
      const admission = admit(identity);
      assert.equal(admission.admitted && admission.station.identity, "CP1");
    }
  });

  it("is not let in by another central system than its own, whatever that one asks for", () => {
    bench.stations.configure(definition({ aliases: [], centralSystem: "cs2" }));
    assert.equal(status(admit("CP1")), 404);
    bench.stations.configure(definition({ aliases: [], centralSystem: "cs1" }));
    assert.equal(status(admit("CP1")), 101);
  });

  it("takes on the spelling of its node, also when it was known in another letter case before", () => {
    admit("new");
    bench.stations.configure(definition({ identity: "NEW", aliases: [] }));
    bench.stations.configure(definition({ identity: "Cp1", aliases: [] }));
    for (const identity of ["NEW", "Cp1"]) {
      const admission = admit(identity.toLowerCase());
      assert.equal(admission.admitted && admission.station.identity, identity);
    }
    assert.deepEqual(
      bench.stations
        .list()
        .map(({ identity }) => identity)
        .sort(),
      ["Cp1", "NEW"],
    );
  });

  for (const [unknownChargePoints, expected] of [
    ["park", 101],
    ["accept", 101],
    ["reject", 404],
  ] as const) {
    it(`unknown: ${unknownChargePoints} answers ${expected}`, () => {
      policy.unknownChargePoints = unknownChargePoints;
      assert.equal(status(admit("NEW")), expected);
      assert.equal(bench.stations.parked().length, unknownChargePoints === "park" ? 1 : 0);
      assert.equal(events[0]?.event, "unknown");
      assert.equal(events[0]?.chargePoint, "NEW");
    });
  }

  it("follows a changed policy at once", () => {
    assert.equal(status(admit("NEW")), 101);
    policy.unknownChargePoints = "reject";
    assert.equal(status(admit("NEW")), 404);
  });

  it("is never one with an empty, overlong or unprintable name", () => {
    for (const identity of ["", "x".repeat(49), "a\nb"]) assert.equal(status(admit(identity)), 404);
  });

  it("is not one that is configured as not using OCPP", () => {
    bench.stations.configure(definition({ identity: "WALL", aliases: [], ocpp: false }));
    assert.equal(status(admit("WALL")), 404);
  });

  it("makes room for at most 200 strangers, forgetting the one unseen for longest", () => {
    for (let number = 0; number < 205; number++) {
      bench.clock.advance(1000);
      admit(`NEW${number}`);
    }
    const parked = bench.stations.parked().map(({ identity }) => identity);
    assert.equal(parked.length, 200);
    assert.ok(!parked.includes("NEW0") && parked.includes("NEW204"));
  });

  it("passes on whether a missing subprotocol is allowed", () => {
    policy.allowMissingSubprotocol = true;
    const admission = admit("CP1");
    assert.equal(admission.admitted && admission.allowMissingSubprotocol, true);
  });

  describe("with a password", () => {
    const rows: [string, Partial<ConnectRequest>, number][] = [
      ["none", {}, 401],
      ["the wrong one", basic("CP1", "wrong"), 401],
      ["the right one under another name", basic("CP2", "secret"), 401],
      ["the right one", basic("CP1", "secret"), 101],
      ["the right one in another letter case of the name", basic("cp1", "secret"), 101],
      ["one that begins alike", basic("CP1", "secre"), 401],
      ["an empty one", basic("CP1", ""), 401],
    ];
    for (const [what, request, expected] of rows) {
      it(`of its own, given ${what}: ${expected}`, () => {
        bench.stations.configure(definition({ password: "secret" }));
        assert.equal(status(admit("CP1", request)), expected);
      });
    }

    it("of its own does not take the shared one", () => {
      policy.sharedPassword = "shared";
      bench.stations.configure(definition({ password: "secret" }));
      assert.equal(status(admit("CP1", basic("CP1", "shared"))), 401);
    });

    it("shared is checked for the others, strangers included", () => {
      policy.sharedPassword = "shared";
      assert.equal(status(admit("CP1", basic("CP1", "shared"))), 101);
      assert.equal(status(admit("NEW")), 401);
      assert.equal(status(admit("NEW", basic("NEW", "shared"))), 101);
    });

    it("in hexadecimal is right as text and as bytes", () => {
      bench.stations.configure(definition({ password: KEY }));
      assert.equal(status(admit("CP1", basic("CP1", KEY))), 101);
      assert.equal(status(admit("CP1", basic("CP1", Buffer.from(KEY, "hex")))), 101);
    });

    it("required and not there to check is a refusal", () => {
      policy.requirePassword = true;
      assert.equal(status(admit("CP1", basic("CP1", "anything"))), 401);
    });

    it("makes the connection one that may take another's place; without one it does not", () => {
      const open = admit("CP1");
      assert.equal(open.admitted && open.authenticated, false);
      bench.stations.configure(definition({ password: "secret" }));
      const checked = admit("CP1", basic("CP1", "secret"));
      assert.equal(checked.admitted && checked.authenticated, true);
    });
  });

  describe("without a password, from a web page", () => {
    const rows: [string | null, string, number][] = [
      [null, "10.0.0.5:9000", 101],
      ["http://evil.example", "10.0.0.5:9000", 403],
      ["https://evil.example", "10.0.0.5:9000", 403],
      ["null", "10.0.0.5:9000", 403],
      ["http://10.0.0.5:1880", "10.0.0.5:9000", 403],
      ["http://10.0.0.5:9000", "10.0.0.5:9000", 101],
      ["http://box.local:9000", "box.local:9000", 101],
      ["http://[fd00::1]:9000", "[fd00::1]:9000", 101],
      ["http://rebound.evil.example:9000", "rebound.evil.example:9000", 403],
      ["file://", "10.0.0.5:9000", 101],
    ];
    for (const [origin, host, expected] of rows) {
      it(`of origin ${origin} on ${host}: ${expected}`, () => {
        assert.equal(status(admit("CP1", { origin, host })), expected);
      });
    }

    it("is no matter where a password is checked", () => {
      bench.stations.configure(definition({ password: "secret" }));
      assert.equal(status(admit("CP1", { origin: "http://evil.example", ...basic("CP1", "secret") })), 101);
    });
  });

  it("is reported when refused, once a second at most, and never with the password", () => {
    bench.stations.configure(definition({ password: "secret" }));
    for (let attempt = 0; attempt < 50; attempt++) admit("CP1", basic("CP1", "guess"));
    assert.equal(events.length, 1);
    assert.deepEqual(events[0]?.payload, { httpStatus: 401, reason: "wrong password", address: "192.0.2.7" });
    assert.equal(events[0]?.event, "security");
  });

  describe("with a client certificate", () => {
    const rows: [string, Partial<ConnectRequest>, number][] = [
      ["of its identity", { certificateName: "CP1" }, 101],
      ["of its identity in another letter case", { certificateName: "cp1" }, 101],
      ["of an alias, as a serial number may be", { certificateName: "+49*123*1" }, 101],
      ["of another charge point", { certificateName: "CP2" }, 403],
      ["of another one, and the right password", { certificateName: "CP2", ...basic("CP1", "secret") }, 403],
      ["of nobody", { certificateName: null }, 403],
    ];
    for (const [what, request, expected] of rows) {
      it(`${what}: ${expected}`, () => {
        policy.requireCertificate = true;
        bench.stations.configure(definition({ aliases: ["+49*123*1"], password: "secret" }));
        const admission = admit("CP1", { encrypted: true, ...request });
        assert.equal(status(admission), expected);
        if (admission.admitted) assert.equal(admission.authenticated, true);
      });
    }

    it("cannot be one that nobody knows under a name that is not in it", () => {
      assert.equal(status(admit("NEW", { encrypted: true, certificateName: "CP1" })), 403);
    });
  });

  describe("after it has connected with a security profile", () => {
    let profiles: SecurityProfiles;
    const over = (profile: 0 | 1 | 2 | 3): Partial<ConnectRequest> => {
      bench.stations.configure(definition({ password: profile === 0 ? null : "secret" }));
      if (profile === 3) return { encrypted: true, certificateName: "CP1" };
      return { encrypted: profile === 2, ...basic("CP1", "secret") };
    };
    beforeEach(() => {
      profiles = new SecurityProfiles(bench.store);
      directory = createDirectory(bench.stations, () => policy, "cs1", profiles);
    });

    for (const before of [1, 2, 3] as const) {
      it(`${before}: with that or a higher one, and with no lower one, also after a restart`, () => {
        admit("CP1", over(before));
        profiles = new SecurityProfiles(bench.store);
        directory = createDirectory(bench.stations, () => policy, "cs1", profiles);
        for (const profile of [0, 1, 2, 3] as const)
          assert.equal(status(admit("CP1", over(profile))), profile < before ? 403 : 101, `profile ${profile}`);
      });
    }

    it("may come back with a lower one when a person allows it, and that is remembered", () => {
      admit("CP1", over(3));
      profiles.allowLower("CP1");
      assert.equal(status(admit("CP1", over(2))), 101);
      assert.equal(profiles.highest("CP1"), 2);
      assert.equal(status(admit("CP1", over(1))), 403);
    });

    it("is told apart by what was checked: TLS without a password is none", () => {
      admit("CP1", { encrypted: true });
      assert.equal(profiles.highest("CP1"), 0);
    });

    it("is reported when it tries a lower one", () => {
      admit("CP1", over(2));
      admit("CP1", over(1));
      const { event, payload } = events.at(-1)!;
      assert.equal(event, "security");
      assert.equal(
        payload["reason"],
        "security profile 1, after it has connected with 2 before; a person can allow that in the central system's dialog",
      );
    });

    it("leaves no trace of one that failed to sign in, or that nobody described", () => {
      admit("CP1", { encrypted: true, ...basic("CP1", "wrong") });
      policy.sharedPassword = "shared";
      admit("NEW", { encrypted: true, ...basic("NEW", "shared") });
      assert.deepEqual([profiles.highest("CP1"), profiles.highest("NEW")], [0, 0]);
    });
  });

  it("is forgotten after a day away, as long as nobody described it", () => {
    for (let name = 0; name < 20; name++) admit(`GHOST${name}`);
    assert.equal(bench.stations.parked().length, 20);
    bench.clock.advance(86_400_000 + 1);
    assert.deepEqual(bench.stations.parked(), []);
    assert.ok(bench.stations.get("CP1"));
  });

  it("cannot be configured under a name that another one has", () => {
    assert.throws(() => bench.stations.configure(definition({ identity: "CP2", aliases: ["cp1"] })), {
      code: "EV_NAME_DUPLICATE",
      message: "CP2: the name cp1 already belongs to the charge point CP1",
    });
  });
});

import { strict as assert } from "node:assert";
import { type AdminRoute, adminRoutes } from "./admin-routes.ts";

/** What may be looked at with `ev-charging.read`. */
const READ = [
  "GET /ev-charging/authorizations/:id",
  "GET /ev-charging/authorizations/:id/badges.csv",
  "GET /ev-charging/back-ends/:id",
  "GET /ev-charging/central-systems/:id",
  "GET /ev-charging/central-systems/:id/messages",
  "GET /ev-charging/charge-point-models",
  "GET /ev-charging/charge-points/:identity",
  "GET /ev-charging/commands",
  "GET /ev-charging/commissioning",
  "GET /ev-charging/commissioning-report",
  "GET /ev-charging/commissioning-reports",
  "GET /ev-charging/configuration-keys",
  "GET /ev-charging/drills",
  "GET /ev-charging/files",
  "GET /ev-charging/files/received",
  "GET /ev-charging/health",
  "GET /ev-charging/maintenance-report",
  "GET /ev-charging/meter-mappings",
  "GET /ev-charging/meter-profiles",
  "GET /ev-charging/modbus/:id",
  "GET /ev-charging/network",
  "GET /ev-charging/operations",
  "GET /ev-charging/overview",
  "GET /ev-charging/serial-ports",
  "GET /ev-charging/sessions/:id",
  "POST /ev-charging/plan",
  "POST /ev-charging/settings/ask",
  "GET /ev-charging/simulated-models",
  "GET /ev-charging/staff-files",
];

/** What changes or does something, and so takes `ev-charging.write`; a search for meters belongs to whoever may begin one. */
const WRITE = [
  "GET /ev-charging/bundle",
  "POST /ev-charging/authorizations/:id",
  "POST /ev-charging/central-systems/:id/forget-key",
  "POST /ev-charging/central-systems/:id/install-root",
  "POST /ev-charging/central-systems/:id/remove-certificate",
  "POST /ev-charging/central-systems/:id/renew-certificate",
  "POST /ev-charging/central-systems/:id/rotate-key",
  "POST /ev-charging/central-systems/:id/security-profile",
  "POST /ev-charging/charge-points/:identity/former-back-end",
  "POST /ev-charging/commissioning",
  "POST /ev-charging/data-folders",
  "POST /ev-charging/drills",
  "PUT /ev-charging/files/firmware/:name",
  "DELETE /ev-charging/files/firmware/:name",
  "POST /ev-charging/meter-mapping-trials",
  "POST /ev-charging/meter-profile-checks",
  "POST /ev-charging/meter-readings",
  "POST /ev-charging/meter-scans",
  "GET /ev-charging/meter-scans/:id",
  "DELETE /ev-charging/meter-scans/:id",
  "POST /ev-charging/modbus-tests",
  "POST /ev-charging/operations",
  "POST /ev-charging/overview/acknowledge",
  "POST /ev-charging/overview/repeat",
  "POST /ev-charging/port-checks",
  "POST /ev-charging/reports/:id/test",
  "POST /ev-charging/settings",
  "POST /ev-charging/staff-files",
];

describe("The endpoints that the package adds to the editor's server", () => {
  let routes: AdminRoute[];
  before(async () => {
    routes = await adminRoutes();
  });

  it("all lie below /ev-charging/, and there are some", () => {
    assert.ok(routes.length > 20, `${routes.length} endpoints`);
    for (const { path } of routes) assert.match(path, /^\/ev-charging\//);
  });

  it("each ask for a permission before anything else: the one that stands in the list", () => {
    const asking = (wanted: string | null) =>
      routes.filter(({ permission }) => permission === wanted).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(asking("ev-charging.read").sort(), [...READ].sort());
    assert.deepEqual(asking("ev-charging.write").sort(), [...WRITE].sort());
    assert.equal(routes.length, READ.length + WRITE.length);
  });

  it("each stand there once", () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual([...new Set(names)], names);
  });
});

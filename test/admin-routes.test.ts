import { strict as assert } from "node:assert";
import { type AdminRoute, adminRoutes } from "./admin-routes.ts";

describe("The endpoints that the package adds to the editor's server", () => {
  let routes: AdminRoute[];
  before(async () => {
    routes = await adminRoutes();
  });

  it("all lie below /ev-charging/, and there are some", () => {
    assert.ok(routes.length > 20, `${routes.length} endpoints`);
    for (const { path } of routes) assert.match(path, /^\/ev-charging\//);
  });

  it("each ask for a permission before anything else: to read, or to write where they change or do something", () => {
    for (const { method, path, permission } of routes) {
      const enough = method === "GET" ? ["ev-charging.read", "ev-charging.write"] : ["ev-charging.write"];
      assert.ok(enough.includes(permission ?? ""), `${method} ${path}: ${permission}`);
    }
  });

  it("each stand there once", () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual([...new Set(names)], names);
  });
});

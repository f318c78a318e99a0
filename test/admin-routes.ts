/** Every endpoint that the package adds to the editor's server, as its nodes register them. */
import { EventEmitter } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const METHODS = ["get", "post", "put", "delete", "patch", "all", "use", "options", "head"] as const;

export interface AdminRoute {
  method: string;
  path: string;
  /** What the first handler asks Node-RED for; null = nothing. */
  permission: string | null;
}

/** Loads everything in nodes/ into a Node-RED that only listens to what they register. */
export async function adminRoutes(): Promise<AdminRoute[]> {
  const routes: AdminRoute[] = [];
  let asked: string | null = null;
  const server = (): Record<string, unknown> =>
    Object.fromEntries(
      METHODS.map((method) => [
        method,
        (path: unknown, ...handlers: unknown[]) => {
          asked = null;
          (handlers[0] as (...call: unknown[]) => void)({}, {}, () => {});
          routes.push({ method: method.toUpperCase(), path: String(path), permission: asked });
        },
      ]),
    );
  const RED = {
    httpAdmin: server(),
    httpNode: server(),
    auth: {
      needsPermission: (permission: string) => () => {
        asked = permission;
      },
    },
    nodes: { registerType: () => {}, createNode: () => {}, eachNode: () => {}, getNode: () => null },
    plugins: { registerPlugin: () => {} },
    events: new EventEmitter(),
    settings: {},
    util: {},
    log: {},
    _: (key: string) => key,
  };
  for (const file of loadedFiles()) {
    const module = (await import(join(ROOT, "nodes", file))) as { default: (red: unknown) => void };
    module.default(RED);
  }
  return routes;
}

/** Everything that Node-RED loads, whether it is a node or something else. */
function loadedFiles(): string[] {
  return readdirSync(join(ROOT, "nodes")).filter((file) => file.endsWith(".ts") && !file.endsWith(".editor.ts"));
}

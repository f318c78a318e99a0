/** A site as an older release left it: its database and its flows. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { FlowNode } from "../e2e/flows.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const MOMENT = /\{now([+-]\d+)\}/g;

/** Its database as SQL. @param stoppedWallMs when the older release was stopped: all times in it lie around that moment */
export function olderSql(schema: string, stoppedWallMs: number): string {
  const text = readFileSync(join(FIXTURES, schema, "site.sql"), "utf8");
  return text.replace(MOMENT, (_, byMs: string) => String(stoppedWallMs + Number(byMs)));
}

/** Puts the database where Node-RED looks for it. @returns its path */
export function layDown(userDir: string, schema: string, stoppedWallMs: number): string {
  const folder = join(userDir, "ev-charging/site");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "ev-charging.sqlite");
  const database = new DatabaseSync(path);
  database.exec(olderSql(schema, stoppedWallMs));
  database.close();
  return path;
}

/** Its flows, with the ports of a flow of this drill that has the same nodes. */
export function olderFlow(schema: string, flow: readonly FlowNode[]): FlowNode[] {
  const older = JSON.parse(readFileSync(join(FIXTURES, schema, "flows.json"), "utf8")) as FlowNode[];
  const ports = new Map(flow.map(({ id, port }) => [id, port]));
  return older.map((node) => ("port" in node ? { ...node, port: ports.get(node.id) } : node));
}

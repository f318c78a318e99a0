import { constants } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import type { NodeAPI } from "node-red";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { Properties } from "../runtime/properties.ts";
import { dataFolderOf } from "../runtime/site.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import type { DataFolderPage } from "./types/dialog-page-types.ts";

const MB = 1_000_000;

/** Folders that many systems keep in memory, or empty when they start. */
const PASSING = [tmpdir(), "/tmp", "/run", "/dev/shm", "/var/run"];

/** Serves the dialog of a site: `POST /ev-charging/data-folders` with `{id, dataDir}` tells what is to be said of that folder. It makes none. */
export function serveDataFolders(RED: NodeAPI): void {
  RED.httpAdmin.post(
    "/ev-charging/data-folders",
    needs(RED, "ev-charging.write"),
    answering(({ body }) => {
      const read = new Properties(bodyOf(body));
      return lookAt(resolve(dataFolderOf(RED, read.text("id"), read.text("dataDir"))));
    }),
  );
}

async function lookAt(folder: string): Promise<DataFolderPage> {
  const { path: existing, isFolder } = await nearestExisting(folder);
  const files = existing === folder && isFolder ? await sizes(folder) : [];
  const state = !isFolder
    ? "noFolder"
    : !(await isWritable(existing))
      ? "readOnly"
      : existing !== folder
        ? "new"
        : files.some(({ name }) => name.endsWith(".sqlite"))
          ? "there"
          : "empty";
  const usedMB = Math.round(files.reduce((sum, { size }) => sum + size, 0) / MB);
  const isPassing = PASSING.some((passing) => folder === passing || folder.startsWith(passing + sep));
  return { folder, state, freeMB: await freeMB(existing), usedMB, isPassing, driver: sqlDriver().name };
}

/** The folder itself, else the nearest above it that is there. */
async function nearestExisting(folder: string): Promise<{ path: string; isFolder: boolean }> {
  for (let path = folder; ; path = dirname(path)) {
    const found = await stat(path).catch(() => null);
    if (found) return { path, isFolder: found.isDirectory() };
    if (path === dirname(path)) return { path, isFolder: true };
  }
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function sizes(folder: string): Promise<{ name: string; size: number }[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.map(async (name) => ({
      name,
      size: await stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  );
}

function freeMB(path: string): Promise<number | null> {
  return statfs(path).then(
    ({ bavail, bsize }) => Math.round((bavail * bsize) / MB),
    () => null,
  );
}

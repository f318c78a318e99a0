import type { Room } from "./row.ts";
import { BOOKS } from "./rows/books.ts";
import { CLOUD } from "./rows/cloud.ts";
import { MANAGERS } from "./rows/managers.ts";
import { RIGHTS } from "./rows/rights.ts";
import { WAITING } from "./rows/waiting.ts";
import { WIRE } from "./rows/wire.ts";

/** All of them, in the order in which SECURITY.md shows them. */
export const ROOMS: readonly Room[] = [WIRE, WAITING, RIGHTS, BOOKS, CLOUD, MANAGERS];

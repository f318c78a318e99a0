import { BADGES } from "./badge-rows.ts";
import { COMMANDS } from "./command-rows.ts";
import { CORE } from "./core-rows.ts";
import { PROFILES } from "./profile-rows.ts";
import type { Row } from "./row.ts";
import { RPC } from "./rpc-rows.ts";
import { SECURITY } from "./security-rows.ts";
import { SESSION } from "./session-rows.ts";
import { TRANSPORT } from "./transport-rows.ts";

/** What a central system must do, by rule. */
export const ROWS: readonly Row[] = [
  ...TRANSPORT,
  ...RPC,
  ...CORE,
  ...SESSION,
  ...BADGES,
  ...COMMANDS,
  ...PROFILES,
  ...SECURITY,
];

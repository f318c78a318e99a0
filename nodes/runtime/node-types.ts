import type { Node } from "node-red";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import type { CentralSystem } from "../../lib/site/central-system.ts";
import type { Site } from "../../lib/site/site.ts";
import type { ReportTestPage } from "../admin/types/dialog-page-types.ts";

/** What an `ev-site` keeps apart from its properties. */
export interface SiteCredentials {
  healthToken?: string;
}

/** An `ev-site` as nodes and pages of the editor see it, that find it by its id. So are the others here. */
export interface EvSiteNode extends Node<SiteCredentials> {
  /** undefined while its properties are wrong. */
  site?: Site;
}

/** What an `ev-central-system` keeps apart from its properties. */
export interface CentralSystemCredentials {
  sharedPassword?: string;
}

/** An `ev-central-system`. */
export interface EvCentralSystemNode extends Node<CentralSystemCredentials> {
  /** Both undefined while its properties are wrong. */
  site?: Site;
  centralSystem?: CentralSystem;
}

/** What an `ev-back-end` keeps apart from its properties. */
export interface BackEndCredentials {
  password?: string;
}

/** An `ev-back-end`. */
export interface EvBackEndNode extends Node<BackEndCredentials> {
  /** undefined while the site cannot be used. */
  site?: Site;
}

/** An `ev-zone`. */
export interface EvZoneNode extends Node {
  /** undefined while the site cannot be used. */
  site?: Site;
  /** undefined while its properties are wrong. */
  zoneName?: string;
}

/** What an `ev-charge-point` keeps apart from its properties. */
export interface ChargePointCredentials {
  password?: string;
}

/** An `ev-charge-point`. */
export interface EvChargePointNode extends Node<ChargePointCredentials> {
  /** Both undefined while its properties are wrong. */
  identity?: string;
  site?: Site;
}

/** An `ev-modbus`. */
export interface EvModbusNode extends Node {
  /** undefined while its properties are wrong. */
  line?: { bus: ModbusBus; timeoutMs: number; text: string; writable: boolean };
}

/** An `ev-authorization`. */
export interface EvAuthorizationNode extends Node {
  /** undefined while its properties are wrong. */
  site?: Site;
}

/** An `ev-sessions`. */
export interface EvSessionsNode extends Node {
  /** undefined while its properties are wrong. */
  site?: Site;
}

/** What an `ev-report` keeps apart from its properties. */
export interface ReportCredentials {
  user?: string;
  password?: string;
}

/** An `ev-report`. */
export interface EvReportNode extends Node<ReportCredentials> {
  /** Both undefined while its properties are wrong. */
  site?: Site;
  /**
   * Sends a test to the destination that these properties describe; a password left out is its own, for its own address. Rejects with why
   * it failed.
   */
  tryOut?: (destination: Record<string, unknown>) => Promise<ReportTestPage>;
}

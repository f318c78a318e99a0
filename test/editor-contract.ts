/** What a flow file may rely on, node by node: palette place, connections, and the defaults of every property. */

/** A property without a default of its own: it must exist, its value is the dialog's business. */
export const FREE = Symbol("any value");

export interface NodeContract {
  inputs: 0 | 1;
  outputs: number;
  /** Config nodes stand in no palette. */
  config?: true;
  defaults: Record<string, unknown>;
  credentials?: string[];
  /** It can change what flows through a cable: its help must warn. */
  movesCurrent?: true;
}

const config = { config: true, inputs: 0, outputs: 0 } as const;

export const NODES: Record<string, NodeContract> = {
  "ev-site": {
    ...config,
    defaults: {
      name: "",
      dataDir: "",
      voltageV: 230,
      country: "DE",
      itNetwork: false,
      language: "",
      timeZone: "",
      roles: [],
      otherUsers: "operator",
      flows: "admin",
    },
  },
  "ev-central-system": {
    ...config,
    movesCurrent: true,
    defaults: {
      site: "",
      host: "",
      port: 9000,
      path: "/",
      tls: "",
      versions: ["ocpp1.6"],
      unknownChargePoints: "park",
      allowMissingSubprotocol: false,
      requirePassword: false,
      authorization: "open",
      heartbeatS: 60,
      pingS: 20,
      callTimeoutS: 30,
      messageLog: "memory",
      messageLogMB: 100,
      messageLogDays: 30,
    },
    credentials: ["sharedPassword"],
  },
  "ev-charge-point": {
    ...config,
    movesCurrent: true,
    defaults: {
      centralSystem: "",
      identity: "",
      aliases: [],
      zone: "",
      model: "auto",
      overrides: {},
      connectors: [{ number: 1, phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast" }],
      stationLimitA: null,
      exclusive: false,
      safeA: 6,
      commissioned: [],
    },
    credentials: ["password"],
  },
  "ev-zone": {
    ...config,
    movesCurrent: true,
    defaults: {
      site: "",
      name: "",
      parent: "",
      limitA: [63, 63, 63],
      operatorLimitA: null,
      headroomA: [0, 0, 0],
      assumedLoadA: [0, 0, 0],
      maxPowerW: null,
      imbalanceA: null,
      failSafeA: 6,
      meters: FREE,
    },
  },
  "ev-modbus": {
    ...config,
    defaults: {
      transport: "tcp",
      host: FREE,
      port: 502,
      serialPort: "",
      baudRate: 19200,
      parity: "none",
      stopBits: 1,
      timeoutMs: 1000,
      inFlight: 1,
    },
  },
  "ev-meter": {
    inputs: 1,
    outputs: 1,
    defaults: {
      bus: "",
      meter: "",
      profile: FREE,
      customProfile: "",
      unitId: 1,
      intervalMs: 1000,
      invert: false,
      phaseMap: [1, 2, 3],
      role: "dlm",
      statistics: false,
    },
  },
  "ev-meter-input": { inputs: 1, outputs: 1, defaults: { meter: "", mapping: FREE, staleAfterS: 30 } },
  "ev-pv-surplus": {
    inputs: 1,
    outputs: 1,
    defaults: {
      gridMeter: "",
      residualW: 0,
      pvMeter: "",
      batteryMeter: "",
      batteryFirst: true,
      minSocPercent: 0,
      enableDelayS: 60,
      disableDelayS: 180,
    },
  },
  "ev-dlm": {
    inputs: 1,
    outputs: 3,
    movesCurrent: true,
    defaults: {
      zone: "",
      cycleS: 5,
      shedding: "fifo",
      priorityPolicy: "minFirst",
      idlePolicy: "minIfSpare",
      fairness: "current",
      rampUpAps: 0.5,
      rotationS: 900,
    },
  },
  "ev-limit": {
    inputs: 1,
    outputs: 1,
    movesCurrent: true,
    defaults: {
      zone: "",
      kind: "contact",
      scope: "evse",
      purpose: "limit",
      running: "continue",
      normallyClosed: false,
      limitA: null,
      powerW: null,
      schedule: [],
      timeZone: "",
      staleAfterS: 0,
    },
  },
  "ev-sessions": { inputs: 1, outputs: 1, defaults: { site: "", updates: true } },
  "ev-report": {
    inputs: 1,
    outputs: 2,
    defaults: {
      site: "",
      period: "daily",
      at: "00:01",
      destination: "http",
      url: "",
      fieldName: "",
      timeoutS: 30,
      separator: ";",
      decimal: ",",
      columns: "all",
      subject: "",
    },
    credentials: ["user", "password"],
  },
  "ev-charging-profile": {
    inputs: 1,
    outputs: 1,
    movesCurrent: true,
    defaults: { leaseS: 180, refreshS: 75, minIncreaseS: 5 },
  },
  "ev-alarms": {
    inputs: 1,
    outputs: 1,
    defaults: { name: "", site: "", minSeverity: "warning", format: "alarm", siteName: "" },
  },
  "ev-authorization": {
    inputs: 1,
    outputs: 2,
    defaults: { site: "", reversedBytes: false, defaultIdTag: "", freeCharging: [], localLists: true },
  },
  "ev-event": { inputs: 0, outputs: 1, defaults: { centralSystem: "", chargePoint: "", events: [], raw: false } },
  "ev-command": {
    inputs: 1,
    outputs: 1,
    movesCurrent: true,
    defaults: { centralSystem: "", chargePoint: "", action: FREE, payload: FREE },
  },
  "ev-simulator": {
    inputs: 1,
    outputs: 1,
    defaults: {
      url: FREE,
      identity: "",
      phases: 3,
      rotation: "RST",
      maxA: 16,
      batteryWh: FREE,
      plugged: true,
      behaviour: FREE,
    },
    credentials: ["password"],
  },
  "ev-meter-simulator": {
    inputs: 1,
    outputs: 0,
    defaults: {
      port: FREE,
      transport: "tcp",
      unitId: 1,
      profile: FREE,
      customProfile: "",
      loadA: FREE,
      includes: FREE,
    },
  },
};

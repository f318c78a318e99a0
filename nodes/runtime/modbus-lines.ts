import { EvError } from "../../lib/errors.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { type LineSettings, lineKey, openLine, TRANSPORTS } from "../../lib/modbus/line.ts";
import { acquire, release } from "../../lib/shared-resources.ts";
import type { Properties } from "./properties.ts";

/** A line as a node describes it. The time-out is the node's own: nodes that share a line may differ in it. */
export type NodeLine = LineSettings & { timeoutMs: number };

const SPEEDS: [number, number] = [300, 1_000_000];

/**
 * The line that an `ev-modbus` describes; properties that its transport does not need are not looked at.
 * @throws EvError EV_CONFIG_INVALID naming the property
 */
export function readLine(read: Properties): NodeLine {
  const transport = read.choice("transport", TRANSPORTS);
  const timeoutMs = read.number("timeoutMs", 1000, { min: 50, max: 30_000 });
  const place = transport === "rtu" ? { serialPort: read.name("serialPort") } : readAddress(read);
  const format = transport === "rtu" || transport === "rtu-over-tcp" ? readFormat(read) : {};
  const inFlight =
    transport === "tcp" ? { inFlight: read.number("inFlight", 1, { min: 1, max: 4, integer: true }) } : {};
  return { transport, timeoutMs, ...place, ...format, ...inFlight };
}

function readAddress(read: Properties): Pick<LineSettings, "host" | "port"> {
  const host = read.text("host", "127.0.0.1");
  if (!host || /[\s/]/.test(host)) throw read.wrong("host", "a host name or an IP address");
  return { host, port: read.number("port", 502, { min: 1, max: 65_535, integer: true }) };
}

function readFormat(read: Properties): Pick<LineSettings, "baudRate" | "parity" | "stopBits"> {
  const stopBits = read.number("stopBits", 1);
  if (stopBits !== 1 && stopBits !== 2) throw read.wrong("stopBits", "1 or 2");
  const [min, max] = SPEEDS;
  return {
    baudRate: read.number("baudRate", 19_200, { min, max, integer: true }),
    parity: read.choice("parity", ["none", "even", "odd"]),
    stopBits,
  };
}

/** A line that somebody uses. */
export interface LineUse {
  bus: ModbusBus;
  /** @param removed whether the line may close at once, without waiting for the nodes of a deploy */
  release(removed: boolean): Promise<void>;
}

/**
 * Joins the one owner of a line, under whichever name it is known: nodes that describe the same line share its connection. It outlives
 * a deploy; one that is described anew is opened anew.
 * @param user who, in words, for the error of another
 * @throws EvError EV_CONFIG_INVALID when somebody uses this line with other settings
 */
export function useLine(settings: LineSettings, user: string): LineUse {
  const key = lineKey(settings);
  const line = acquire(
    "modbus",
    key,
    () => new SharedLine(settings),
    (open) => open.bus.close(),
  );
  try {
    line.join(settings, user);
  } catch (error) {
    void release("modbus", key, false);
    throw error;
  }
  return {
    bus: line.bus,
    release: (removed) => {
      line.leave(user);
      return release("modbus", key, removed);
    },
  };
}

class SharedLine {
  #settings: LineSettings;
  #bus: ModbusBus;
  readonly #users: string[] = [];

  constructor(settings: LineSettings) {
    this.#settings = settings;
    this.#bus = openLine(settings);
  }

  get bus(): ModbusBus {
    return this.#bus;
  }

  join(settings: LineSettings, user: string): void {
    const difference = differenceOf(this.#settings, settings);
    const [other] = this.#users;
    if (difference && other !== undefined) {
      throw new EvError("EV_CONFIG_INVALID", `${difference}, which ${other} uses; give both the same settings`);
    }
    if (difference) {
      this.#bus.close();
      this.#settings = settings;
      this.#bus = openLine(settings);
    }
    this.#users.push(user);
  }

  leave(user: string): void {
    const index = this.#users.indexOf(user);
    if (index >= 0) this.#users.splice(index, 1);
  }
}

/** `baudRate is 9600, not the 19200 of the same line`; null where the line is the same. */
function differenceOf(before: LineSettings, now: LineSettings): string | null {
  for (const name of ["baudRate", "parity", "stopBits", "inFlight"] as const) {
    if (before[name] !== now[name]) return `${name} is ${now[name]}, not the ${before[name]} of the same line`;
  }
  return null;
}

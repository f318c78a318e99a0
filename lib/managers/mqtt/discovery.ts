/** Home Assistant's discovery of devices: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload */
import type { ManagedConnector, ManagedZone } from "../facts.ts";
import type { DeviceTopics } from "./topics.ts";

/** One thing that Home Assistant shows of a device. */
type Component = Readonly<Record<string, unknown>> & { platform: string };

export interface DiscoveryDevice {
  /** For ids: never changes. */
  id: string;
  name: string;
  model: string;
  topics: DeviceTopics;
  /** Where the bridge itself says that it is there. */
  bridge: string;
  components: Readonly<Record<string, Component>>;
}

/** What is sent, retained, to `<prefix>/device/<id>/config`. */
export function discoveryPayload({ id, name, model, topics, bridge, components }: DiscoveryDevice): object {
  const cmps = Object.fromEntries(
    Object.entries(components).map(([key, component]) => [key, { unique_id: `${id}_${key}`, ...component }]),
  );
  return {
    device: { identifiers: [id], name, manufacturer: "Phasewise", model },
    origin: { name: "Phasewise", support_url: "https://github.com/phasewise/node-red-ev-charging" },
    availability: [{ topic: bridge }, { topic: topics.available }],
    availability_mode: "all",
    state_topic: topics.state,
    components: cmps,
  };
}

/** @param names what people read, by key @param writable whether commands are taken */
export function chargerComponents(
  { phases, maxA }: ManagedConnector,
  topics: DeviceTopics,
  names: (key: string) => string,
  writable: boolean,
): Record<string, Component> {
  const numbers = {
    power: sensor("powerW", "power", "W"),
    energy: sensor("totalKWh", "energy", "kWh", "total_increasing", 2),
    session: sensor("sessionKWh", "energy", "kWh", "total_increasing", 2),
    offered: sensor("setpointA", "current", "A", "measurement", 1),
    current1: sensor("current1A", "current", "A", "measurement", 1),
    ...(phases > 1 && { current2: sensor("current2A", "current", "A", "measurement", 1) }),
    ...(phases > 2 && { current3: sensor("current3A", "current", "A", "measurement", 1) }),
  };
  const words = {
    state: { platform: "sensor", device_class: "enum", options: [...STATES], ...value("state") },
    reason: { platform: "sensor", icon: "mdi:information-outline", ...value("reason") },
    plugged: {
      platform: "binary_sensor",
      device_class: "plug",
      payload_on: "yes",
      payload_off: "no",
      ...value("plugged"),
    },
  };
  const commands = {
    limit: limit(topics, "askedA", maxA),
    mode: { platform: "select", options: [...MODES], command_topic: topics.command("mode"), ...value("mode") },
    permit: {
      platform: "switch",
      payload_on: "ON",
      payload_off: "OFF",
      state_on: "yes",
      state_off: "no",
      command_topic: topics.command("permit"),
      ...value("permit"),
    },
    release: { platform: "button", payload_press: "PRESS", command_topic: topics.command("release") },
  };
  return named({ ...numbers, ...words, ...(writable && commands) }, names);
}

export function zoneComponents(
  { limitA }: ManagedZone,
  topics: DeviceTopics,
  names: (key: string) => string,
  writable: boolean,
): Record<string, Component> {
  const loads = Object.fromEntries(
    [1, 2, 3].map((phase) => [`load${phase}`, sensor(`load${phase}A`, "current", "A", "measurement", 1)]),
  );
  const commands = {
    limit: limit(topics, "askedA", Math.max(...limitA)),
    release: { platform: "button", payload_press: "PRESS", command_topic: topics.command("release") },
  };
  return named({ ...loads, ...(writable && commands) }, names);
}

/** As Home Assistant and commands call them. */
export const STATES = ["offline", "free", "waiting", "charging", "idle", "faulted"] as const;
export const MODES = ["fast", "minpv", "pv", "off"] as const;

/** A value that is not known is `None`, which Home Assistant shows as unknown. */
function value(key: string): { value_template: string } {
  return { value_template: `{{ value_json.${key} }}` };
}

function sensor(key: string, deviceClass: string, unit: string, stateClass = "measurement", precision = 0): Component {
  return {
    platform: "sensor",
    device_class: deviceClass,
    unit_of_measurement: unit,
    state_class: stateClass,
    suggested_display_precision: precision,
    ...value(key),
  };
}

function limit({ command }: DeviceTopics, key: string, max: number): Component {
  return {
    platform: "number",
    device_class: "current",
    unit_of_measurement: "A",
    min: 0,
    max,
    step: 0.5,
    mode: "box",
    command_topic: command("limit"),
    ...value(key),
  };
}

function named(components: Record<string, Component>, names: (key: string) => string): Record<string, Component> {
  return Object.fromEntries(Object.entries(components).map(([key, one]) => [key, { name: names(key), ...one }]));
}

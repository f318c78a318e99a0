/** Writes docs/modbus-server.md from the register maps: `node scripts/modbus-maps.ts`. A test keeps the page and the maps equal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAPS } from "../lib/managers/modbus/modbus-door.ts";
import { type MapBlock, type MapRegister, type RegisterMap, wordsOf } from "../lib/managers/modbus/register-map.ts";

const PAGE = join(import.meta.dirname, "../docs/modbus-server.md");

const INTRODUCTION = `# Modbus server

\`ev-modbus-server\` shows the chargers of a site as Modbus TCP registers. A building management system reads and limits them, a Victron GX device shows them among its devices, evcc and other energy managers read them as a charger that they know. The registers below come from the data in \`lib/managers/modbus/maps/\`.

## Set it up

1. Put an \`ev-modbus-server\` into the flow, choose the *Registers* and deploy. A green status shows how many connectors are served.
2. Enter the address of this computer and the port in the energy manager. *Victron* and *Bender* have one port for each connector: the first has the port of the dialog, the next ones the ports after it.
3. To let it limit cars, tick *Allow writing* and enter the manager's address in *Who may write*. Programs on this computer may write without that.

| manager | entry |
|---|---|
| Victron GX | none with *Announce by mDNS* in the same network: *Settings → Modbus TCP devices* lists the chargers. Otherwise add the address and port there, unit 1 |
| evcc, registers *Victron* | \`chargers: [{ name: cp1, type: victron-evcs, uri: 192.168.1.10:1502, id: 1 }]\`; the connector's mode must be *as fast as possible* |
| evcc, registers *Bender* | \`chargers: [{ name: cp1, type: bender, uri: 192.168.1.10:1502, id: 255 }]\` |
| a building management system, registers *Phasewise* | function codes 3 and 4 read, 6 and 16 write; unit 1 |

Other managers, and openWB: [Energy managers](energy-managers.md). The registers come from the source of these programs, and are tested with the requests that they send. They were not tried with real devices.

## What a write does

- It only lowers. A connector gets the lowest current that load management, a person and all managers allow.
- It is a lease. It ends after *Limit ends after* (120 s; 10 to 900), unless the manager renews it. On *Victron* and *Bender* every request of the manager renews it, because their drivers write once and then only read. On *Phasewise* only a write renews it, best to the keep-alive register 8.
- While no limit of a manager holds, *Without a manager* is the highest current of each connector. If that field is empty, load management decides alone.
- A limit below the car's minimum pauses the car. Writing all ones (65535) ends a limit.
- The reason of the setpoint names it with the manager's address (\`HEMS\` or \`BMS\`). So do the log of Node-RED and the sidebar. The node sends a message for each write and each lease.
- To suspend the limits of managers for a while, send \`{topic: "override/CP1/1", payload: {aside: true, hours: 2, reason: "guests"}}\` into \`ev-dlm\`. This takes the role *operator*, is logged, and ends by itself ([decisions by hand](messages.md#decisions-by-hand)).
- A lease survives a restart of Node-RED.

## Unknown values

An unknown value reads as all ones (65535, or 4294967295 in two registers), never as 0. An unknown text is empty. All values of a charger without connection read as all ones; a GX device gets exception 11 instead and shows it as not connected. Badges are never shown.

| exception | means |
|---|---|
| 1 | the function is unknown, writing is not allowed, or the manager's address is not listed |
| 2 | there is no such register, or it cannot be written |
| 3 | the value, or the length of the request, is wrong |
| 4 | the connector is in no zone, so load management cannot limit it |
| 11 | another unit id, or the charger is not connected |

A port serves 32 connections. One more closes the connection that was silent longest; listed managers keep theirs. Answering takes a quarter of a core at most for all writers, and as much for all others: some thousand requests a second. The rest waits.
`;

/** The whole page. */
export function modbusPage(): string {
  return [INTRODUCTION, ...Object.values(MAPS).map(mapPart)].join("\n");
}

function mapPart(map: RegisterMap): string {
  const blocks: [string, MapBlock][] = [];
  const add = (title: string, block: MapBlock | undefined) => block && blocks.push([title, block]);
  if (map.serves === "site") {
    add("The site", map.site);
    add("Zones", map.zone);
    add("Connectors", map.connector);
  } else add("", map.connector);
  const sources = map.sources.length > 0 ? [`Read from: ${map.sources.map(linked).join("; ")}.`, ""] : [];
  return [
    `## ${map.title}`,
    "",
    map.about,
    "",
    ...sources,
    ...blocks.flatMap(([title, block]) => blockPart(title, block)),
  ].join("\n");
}

function linked(source: string): string {
  return source.replace(/https:\/\/[^\s,)]+/, (url) => `<${url}>`);
}

function blockPart(title: string, block: MapBlock): string[] {
  const { base, stride, most, registers } = block;
  const heading = title === "" ? [] : [`### ${title}`, ""];
  const where = stride > 0 ? [`Add ${stride} × (number − 1) to each address; numbers go from 1 to ${most}.`, ""] : [];
  const rows = registers.map((register) => row(base, register));
  return [...heading, ...where, "| address | type | unit | | holds |", "|---|---|---|---|---|", ...rows, ""];
}

function row(base: number, register: MapRegister): string {
  const { address, type, unit = "", scale = 1, write, writeOnly, what } = register;
  const words = wordsOf(register);
  const from = base + address;
  const place = words === 1 ? `${from}` : `${from}–${from + words - 1}`;
  const form = type === "littleText" ? "text, low byte first" : type;
  const inUnit = scale === 1 ? unit : `${unit} × ${scale}`;
  return `| ${place} | ${form} | ${inUnit.trim()} | ${writeOnly ? "W" : write ? "RW" : "R"} | ${what} |`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, modbusPage());

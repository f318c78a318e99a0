/** Writes docs/modbus-server.md from the register maps: `node scripts/modbus-maps.ts`. A test keeps the page and the maps equal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAPS } from "../lib/managers/modbus/modbus-door.ts";
import { type MapBlock, type MapRegister, type RegisterMap, wordsOf } from "../lib/managers/modbus/register-map.ts";

const PAGE = join(import.meta.dirname, "../docs/modbus-server.md");

const INTRODUCTION = `# Modbus server

\`ev-modbus-server\` shows the chargers of a site as Modbus TCP registers. A building management system reads and limits them, a Victron GX device shows them among its devices, evcc and other energy managers take them for a charger they know. The registers below come from the data in \`lib/managers/modbus/maps/\`.

## Set it up

1. Put an \`ev-modbus-server\` into the flow, choose the map and deploy. A green status shows how many connectors are served.
2. Point the manager at this machine and the port. *Victron* and *Bender* have one port for each connector, counted up from the port of the dialog by the connector's number.
3. To let it limit cars, tick *Allow writing* and list its address under *Writers*. Only this machine may write without being listed.

| manager | entry |
|---|---|
| Victron GX | none with *Announce by mDNS* in the same network: *Settings → Modbus TCP devices* lists the chargers. Otherwise add the address and port there, unit 1 |
| evcc, map *Victron* | \`chargers: [{ name: cp1, type: victron-evcs, uri: 192.168.1.10:1502, id: 1 }]\`; the connector's mode must be *as fast as possible* |
| evcc, map *Bender* | \`chargers: [{ name: cp1, type: bender, uri: 192.168.1.10:1502, id: 255 }]\` |
| a building management system, map *Phasewise* | function codes 3 and 4 read, 6 and 16 write; unit 1 |

Other managers, and openWB: [Energy managers](energy-managers.md). The registers come from the source of these programs, and are tested with the requests that they send. They were not tried on the devices.

## What a write does

- It only lowers or permits. A connector gets the least of what load management, a person and all writers allow.
- It is a lease. It ends after *Ends after* (120 s; 10 to 900) unless its writer is heard again. On *Victron* and *Bender* every request of the writer counts, because their drivers write once and then only read; on *Phasewise* only a write counts, best to the keep-alive register 8.
- When it has ended, *Current without a writer* holds. Where that is empty, load management decides alone.
- A limit below the car's minimum pauses the car. Writing all ones (65535) takes a limit back.
- It stands in the reason of the setpoint with the writer's address (\`HEMS\` or \`BMS\`), in the log of Node-RED and in the sidebar. The node's output tells each write and each lease.
- A person sets managers aside for a while: \`{topic: "override/CP1/1", payload: {aside: true, hours: 2, reason: "guests"}}\` into \`ev-dlm\`. It takes the role *operator*, is logged, and ends by itself ([decisions by hand](messages.md#decisions-by-hand)).
- A restart of Node-RED ends no lease before its time.

## What is unknown

Unknown reads as all ones (65535, or 4294967295 in two registers), never as 0. Unknown texts are empty. A charger that is away reads as all ones; to a GX device it answers with exception 11, which shows it as not connected. A badge is never told.

| exception | means |
|---|---|
| 1 | the function is unknown, writing is not allowed, or the writer's address is not listed |
| 2 | there is no such register, or it cannot be written |
| 3 | the value, or the length of the request, is wrong |
| 4 | no zone holds the connector, so nothing can limit it |
| 11 | another unit id, or the charger is away |

A port serves 32 connections; beyond that the one that was silent longest is closed, and listed writers keep theirs.
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

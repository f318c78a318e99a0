import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MAPS } from "../../../lib/managers/modbus/modbus-door.ts";
import { wordsOf } from "../../../lib/managers/modbus/register-map.ts";
import { modbusPage } from "../../../scripts/modbus-maps.ts";

describe("docs/modbus-server.md", () => {
  it("says what the maps say (write it anew with: node scripts/modbus-maps.ts)", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/modbus-server.md"), "utf8");
    assert.equal(page, modbusPage());
  });

  it("is made from maps whose registers stand beside one another, within their blocks", () => {
    for (const { site, zone, connector } of Object.values(MAPS).map((map) => ({
      site: undefined,
      zone: undefined,
      ...map,
    })))
      for (const block of [site, zone, connector]) {
        let end = 0;
        for (const register of block?.registers ?? []) {
          assert.ok(register.address >= end, `${register.what}`);
          end = register.address + wordsOf(register);
        }
        if (!block) continue;
        assert.ok(end <= block.size && (block.stride === 0 || block.size <= block.stride));
        assert.ok(block.base + block.stride * (block.most - 1) + block.size <= 65_536);
      }
    const { site, zone, connector } = MAPS.phasewise;
    assert.ok(site!.base + site!.size <= zone!.base);
    assert.ok(zone!.base + zone!.stride * zone!.most <= connector.base);
  });
});

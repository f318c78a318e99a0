import { strict as assert } from "node:assert";
import { pvDay } from "./days.ts";
import { SwitchingHome } from "./switching-home.ts";

describe("a charger that can choose its phases, driven by a flow", () => {
  it("charges from what three phases would be too much for, buying at most 3 %, with no more than five switches", () => {
    const home = new SwitchingHome();
    const { chargedWh, boughtWh, switches, afterSwitchA } = home.run(pvDay("flapping", 2));
    home.close();
    assert.ok(boughtWh <= 0.03 * chargedWh, `bought ${boughtWh} of ${chargedWh} Wh`);
    assert.ok(chargedWh > 30_000, `${chargedWh} Wh`);
    assert.ok(switches >= 1 && switches <= 5, `${switches} switches`);
    assert.ok(afterSwitchA <= 6, `${afterSwitchA} A on one phase at the moment of a switch`);
  });

  it("goes up to three phases when the sun stays", () => {
    const home = new SwitchingHome();
    const { chargedWh, boughtWh, switches } = home.run(pvDay("sunny", 2), 0, 8 * 3600);
    home.close();
    assert.ok(switches >= 1 && switches <= 5, `${switches} switches`);
    assert.ok(boughtWh <= 0.03 * chargedWh);
    assert.ok(chargedWh > 25_000, `${chargedWh} Wh`);
  });
});

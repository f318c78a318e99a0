import { onlyOne } from "./editor/candidates.ts";
import { saveNumbers } from "./editor/fields.ts";
import { type DoorWithPort, doorDefaults, doorIn, prepareDoor } from "./editor/manager-door.ts";
import { siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvSemp extends DoorWithPort {
  name: string;
  site: string;
}

RED.nodes.registerType<EvSemp>("ev-semp", {
  category: "EV charging",
  color: "#E9967A",
  icon: "ev-semp.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    ...doorDefaults(8899),
  },
  ...paletteWords("ev-semp", "name"),
  oneditprepare() {
    prepareDoor("ev-semp", this);
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["port", "leaseS", "fallbackA"]);
    const { writable, writers, announce } = doorIn("ev-semp", this);
    Object.assign(this, { writable, writers, announce });
  },
});

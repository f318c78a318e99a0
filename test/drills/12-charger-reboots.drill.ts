import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park } from "./park.ts";

async function reboot(park: Park, behaviour: string): Promise<void> {
  await park.car("CP1", { behaviour });
  await park.charging(10);
  await park.forget();
  await park.car("CP1", { reboot: true });
  await park.until("it is dark", () => park.drawnA("CP1") === 0);
  await park.charging(6);
  await park.pass(15);
  await park.heldWithin(1);
}

drill("12: a charger reboots while it charges", {
  plan: () => garage(63),
  without: "promptRewrite",
  cases: [
    {
      full: true,
      title: "its limits are lost and written again before its car draws",
      run: (park) => reboot(park, "forgetsOnReboot"),
    },
    { title: "its limits are kept", long: true, without: null, run: (park) => reboot(park, "normal") },
  ],
});

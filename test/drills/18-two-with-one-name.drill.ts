import { RawCharger } from "../e2e/raw-charger.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

/** A sample of the charger, two that agree, a cycle, and the cars that make room. */
const FOUND_OUT_S = 28;

drill("18: two with one name, two controllers", {
  plan: () => garage(100),
  cases: [
    {
      full: true,
      title: "somebody else dials in as CP1 and says it draws nothing: the one that is there stays",
      without: "takeoverProbe",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        const idle = { connectorId: 1, errorCode: "NoError", status: "Available" };
        const { connections } = park.cable("CP1");
        for (let attempt = 0; attempt < 40; attempt++) {
          const impostor = await RawCharger.dial(park.ports.ocpp, "CP1").catch(() => null);
          await impostor?.call("StatusNotification", idle, 500).catch(() => null);
          await park.pass(1);
          impostor?.close();
        }
        await park.heldWithin(1);
        park.check("CP1 goes on as before", park.drawnA("CP1") > 9 && park.cable("CP1").connections === connections);
      },
    },
    {
      long: true,
      title: "another controller writes 32 A into CP1: its draw is taken from the others, then it is overruled",
      without: "ownDraw",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.car("CP1", { foreignA: 32 });
        await park.until("it draws what the other allows", () => park.drawnA("CP1") > 15);
        await park.pass(35);
        await park.heldWithin(FOUND_OUT_S);
      },
    },
  ],
});

import { strict as assert } from "node:assert";
import { readTheirCsv, readTheirRows } from "../../../lib/upstream/compare/their-table.ts";
import { refusalText } from "../../../lib/words/refusal.ts";

const BERLIN = "Europe/Berlin";
const at = (text: string) => Date.parse(text);

describe("a back end's table of charges", () => {
  const read = async (...lines: string[]) =>
    (await readTheirCsv(lines.join("\r\n"), BERLIN)).map(({ charger, startedWallMs, energyWh }) => [
      charger,
      new Date(startedWallMs).toISOString(),
      Math.round(energyWh * 1000) / 1000,
    ]);
  const ONE = [["CP1", "2026-05-31T16:05:09.000Z", 12_345]];

  for (const [form, lines] of Object.entries({
    "with commas and points": ["Charger,Start,Energy (kWh)", "CP1,2026-05-31T16:05:09Z,12.345"],
    "with semicolons, decimal commas and German headings": [
      "Ladestation;Ladebeginn;Verbrauch (kWh)",
      "CP1;31.05.2026 18:05:09;12,345",
    ],
    "with a title above and totals below": [
      "Charges of May",
      "",
      "Station\tStarted at\tEnergy\t",
      "CP1\t2026-05-31 18:05:09\t12,345 kWh\t",
      "Total\t\t12,345 kWh\t",
    ],
    "with days, times and the letters of an American clock": [
      "chargeBoxId,Start Date,Start Time,kWh",
      '"CP1","05/31/2026","6:05:09 PM","12.345"',
    ],
    "with Wh and an offset": ["EVSE ID,Start Time,Energy Wh", "CP1,2026-05-31T18:05:09+02:00,12345"],
    "with readings of the meter, as SteVe writes it": [
      "Transaction Id,ChargeBox Id,Connector Id,OCPP Tag,Start Date Time,Start Value,Stop Date Time,Stop Value",
      "7,CP1,1,04AB,2026-05-31 18:05:09,1000,2026-05-31 19:00:00,13345",
    ],
    "with thousands and seconds since 1970": [
      "id;charger;start;energy (Wh)",
      `7;CP1;${at("2026-05-31T16:05:09Z") / 1000};12.345`,
    ],
    "with semicolons and points before three decimals": [
      "charger;start;energy (kWh)",
      "CP1;2026-05-31 18:05:09;12.345",
    ],
    "in French, with a byte order mark": ["\uFEFFBorne;Début;Énergie (kWh)", "CP1;31/05/2026 18:05:09;12,345"],
  })) {
    it(`is read ${form}`, async () => assert.deepEqual(await read(...lines), ONE));
  }

  it("is read from the rows of a flow", async () => {
    const [found] = await readTheirRows(
      [{ chargePoint: "CP1", start: "2026-05-31T16:05:09Z", energyKWh: 12.345 }],
      BERLIN,
    );
    assert.deepEqual([found?.charger, found?.energyWh, found?.line], ["CP1", 12_345, 1]);
  });

  const refusal = async (...lines: string[]): Promise<string> => {
    try {
      await readTheirCsv(lines.join("\n"), BERLIN);
    } catch (error) {
      return refusalText("en-US", error);
    }
    return "nothing is wrong";
  };

  it("names line and column of what cannot be read", async () => {
    const head = ["Charger;Start;Energy (kWh)", "CP1;2026-05-31 18:05;1,0"];
    assert.match(
      await refusal(...head, "CP1;2026-05-31 19:05;a lot"),
      /^Nothing was compared. Line 3, column Energy \(kWh\): "a lot" is no energy/,
    );
    assert.match(
      await refusal(...head, "CP1;2026-02-30 19:05;1,0"),
      /Line 3, column Start: "2026-02-30 19:05" is no day and time/,
    );
    assert.match(await refusal(...head, "CP1;2026-05-31 25:05;1,0"), /Line 3, column Start/);
    assert.match(await refusal(...head, "CP1;2026-05-31 19:05;"), /Line 3, column Energy \(kWh\): the cell is empty/);
  });

  it("says which column is missing, and which there are", async () => {
    assert.match(
      await refusal("Charger;Start;Price", "CP1;2026-05-31;3"),
      /how much was charged.*Charger, Start, Price/,
    );
    assert.match(await refusal("Charger;Energy", "CP1;3"), /when charges began/);
    assert.match(await refusal("\u0000\u0001PK"), /No column/);
  });
});

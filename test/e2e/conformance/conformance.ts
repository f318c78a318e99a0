/** Every rule of the table, at a central system of every kind of protection, in one Node-RED. */
import { strict as assert } from "node:assert";
import { isFull } from "../../full.ts";
import type { Major } from "../node-red.ts";
import { Bench, EXTRAS, type Extra, PROTECTIONS, Product, type Protection } from "./product.ts";
import { ROWS } from "./table.ts";
import type { Wire } from "./wire.ts";

const SYSTEMS = [...PROTECTIONS, ...EXTRAS];

/** Kinds of central system that take turns in showing a row: all of them do where everything is tested. */
const shownOn = ROWS.map(({ on = PROTECTIONS }, index) => (isFull ? on : [on[index % on.length]!]));
const isShownOn = (index: number, system: Protection | Extra): boolean => shownOn[index]!.includes(system);
const identityOf = (system: Protection | Extra, index: number): string =>
  `${{ open: "O", passwords: "P", TLS: "T", "mutual TLS": "M", parking: "K", lenient: "L", badges: "B" }[system]}-${index}`;

/** Charge points of a central system: two for each of its rows, and a witness that must be served all the time. */
function identitiesOf(system: Protection | Extra): string[] {
  const own = ROWS.flatMap((_, index) => (isShownOn(index, system) ? [identityOf(system, index)] : []));
  // Those of the parking one are strangers to it.
  if (system === "parking") return [];
  return [`witness-${SYSTEMS.indexOf(system)}`, ...own.flatMap((identity) => [identity, `${identity}-b`])];
}

/** @param systems those it is shown at */
export function describeConformance(major: Major, systems: readonly (Protection | Extra)[] = SYSTEMS): void {
  describe(`the central system in Node-RED ${major}`, () => {
    let product: Product;
    before("deploy one of each kind", async () => {
      product = await Product.start(major, identitiesOf);
    });
    after(() => product?.stop());
    for (const system of systems) {
      describe(system, () => {
        let witness: Wire | undefined;
        before("a charge point that must be served all the time", async () => {
          if (system !== "parking") witness = await new Bench(product, system, identitiesOf(system)[0]!).booted();
        });
        after(() => witness?.close());

        ROWS.forEach((row, index) => {
          if (!isShownOn(index, system)) return;
          it(`${row.id}: ${row.rule}`, async () => {
            const bench = new Bench(product, system, identityOf(system, index));
            try {
              await row.run(bench);
              await witness?.settled();
            } finally {
              await bench.close();
            }
          });
        });
      });
    }

    it("has met all that without anything reaching the process's last resort", () => {
      assert.equal(product.nodeRed.running, true);
      assert.doesNotMatch(product.nodeRed.log, /uncaught|unhandled|MaxListeners|TypeError|RangeError/i);
    });
  });
}

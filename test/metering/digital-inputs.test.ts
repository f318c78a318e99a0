import { strict as assert } from "node:assert";
import { DIGITAL_INPUTS, isClosed } from "../../lib/metering/digital-inputs.ts";
import { meterProfile } from "../../lib/metering/profiles.ts";

describe("digital inputs of meters", () => {
  it("belong to devices of the list, each with a source", () => {
    for (const [id, { inputs, source }] of Object.entries(DIGITAL_INPUTS)) {
      assert.ok(meterProfile(id), id);
      assert.ok(inputs.length > 0 && source.length > 0, id);
      for (const { bit, registers } of inputs) assert.ok(bit === null || bit < 16 * registers, id);
    }
  });

  it("are a bit, counted from the lowest of all registers, or anything but 0", () => {
    assert.equal(isClosed({ bit: 1 }, [0, 0b10]), true);
    assert.equal(isClosed({ bit: 1 }, [0b10, 0b101]), false);
    assert.equal(isClosed({ bit: 17 }, [0b10, 0]), true);
    assert.equal(isClosed({ bit: 15 }, [0x8000]), true);
    assert.equal(isClosed({ bit: null }, [0, 2]), true);
    assert.equal(isClosed({ bit: null }, [0, 0]), false);
  });
});

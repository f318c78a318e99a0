import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import { Codec } from "../../lib/modbus/codec.ts";
import { withCrc } from "../../lib/modbus/crc.ts";
import { ModbusException } from "../../lib/modbus/transport.ts";

const REQUEST = { unitId: 17, functionCode: 3, address: 107, count: 2 } as const;
const REPLY = withCrc(17, Buffer.from([3, 4, 0x02, 0x2b, 0xff, 0xfe]));

function isFrameError(reply: unknown): void {
  assert.ok(reply instanceof EvError);
  assert.equal(reply.code, "EV_MODBUS_FRAME");
}

describe("Codec", () => {
  it("writes a read of holding registers and one of input registers as serial frames", () => {
    const codec = new Codec();
    assert.deepEqual(codec.encode(REQUEST), withCrc(17, Buffer.from([3, 0, 107, 0, 2])));
    assert.deepEqual(codec.encode({ ...REQUEST, functionCode: 4 }), withCrc(17, Buffer.from([4, 0, 107, 0, 2])));
  });

  it("reads registers and exceptions out of replies", () => {
    const codec = new Codec();
    codec.encode(REQUEST);
    assert.deepEqual(codec.decode(REPLY, "a read"), [0x022b, 0xfffe]);
    codec.encode(REQUEST);
    const exception = codec.decode(withCrc(17, Buffer.from([0x83, 2])), "a read");
    assert.ok(exception instanceof ModbusException);
    assert.equal(exception.exceptionCode, 2);
    assert.match(exception.message, /a read was answered by exception 2/);
  });

  it("keeps the requests of two codecs apart", () => {
    const [one, other] = [new Codec(), new Codec()];
    one.encode(REQUEST);
    other.encode({ ...REQUEST, unitId: 18 });
    assert.deepEqual(one.decode(REPLY, "a read"), [0x022b, 0xfffe]);
  });

  for (const [what, frame] of Object.entries({
    "of another unit": withCrc(18, REPLY.subarray(1, -2)),
    "of another length": withCrc(17, Buffer.from([3, 2, 0x02, 0x2b])),
    "with a wrong check sum": Buffer.concat([REPLY.subarray(0, -1), Buffer.of(0)]),
  }))
    it(`refuses a frame ${what}`, () => {
      const codec = new Codec();
      codec.encode(REQUEST);
      isFrameError(codec.decode(frame, "a read"));
    });

  it("refuses a frame before anything was asked", () => {
    isFrameError(new Codec().decode(REPLY, "a read"));
  });
});

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { withCrc } from "../../../lib/modbus/crc.ts";
import { encodeMbap } from "../../../lib/modbus/mbap.ts";
import { replyBytes, requestFramer } from "../../../lib/simulator/meter/meter-wire.ts";
import { UdpMeterServer } from "../../../lib/simulator/meter/udp-meter-server.ts";

/** Read 2 input registers from 6 on. */
const READ = Buffer.from([4, 0, 6, 0, 2]);

describe("Requests to a simulated meter in serial frames", () => {
  const frames = (...chunks: Buffer[]) => {
    const framer = requestFramer("rtu-over-tcp");
    return chunks.flatMap((chunk) => framer.feed(chunk)).map(({ unitId, pdu }) => [unitId, pdu.toString("hex")]);
  };

  it("are found whole, split and merged", () => {
    const [one, two] = [withCrc(1, READ), withCrc(2, READ)];
    const expected = [
      [1, READ.toString("hex")],
      [2, READ.toString("hex")],
    ];
    assert.deepEqual(frames(Buffer.concat([one, two])), expected);
    assert.deepEqual(frames(one.subarray(0, 3), one.subarray(3), two), expected);
  });

  it("are found behind noise, and passed over with a wrong check sum", () => {
    const broken = withCrc(3, READ);
    broken[7] = (broken[7] as number) ^ 1;
    assert.deepEqual(frames(Buffer.from([0xff, 0x00]), broken, withCrc(1, READ)), [[1, READ.toString("hex")]]);
  });

  it("are answered in the frame they came in", () => {
    const frame = { transactionId: 7, unitId: 1, pdu: READ };
    assert.deepEqual(replyBytes("rtu-over-tcp", frame, READ), withCrc(1, READ));
    assert.deepEqual(replyBytes("udp", frame, READ), encodeMbap(frame));
  });
});

describe("UdpMeterServer", () => {
  it("answers datagrams, ignores what is no Modbus, and frees its port", async () => {
    const server = new UdpMeterServer({ host: "127.0.0.1", port: 0, respond: (frame) => encodeMbap(frame) });
    const port = await server.listen();
    const client = createSocket("udp4");
    try {
      client.send(Buffer.from("no Modbus at all"), port, "127.0.0.1");
      const request = encodeMbap({ transactionId: 9, unitId: 1, pdu: READ });
      client.send(request, port, "127.0.0.1");
      const [reply] = (await once(client, "message")) as [Buffer];
      assert.deepEqual(reply, request);
      const rival = new UdpMeterServer({ host: "127.0.0.1", port, respond: () => null });
      await assert.rejects(rival.listen(), { code: "EV_PORT_IN_USE" });
      await server.close();
      const heir = new UdpMeterServer({ host: "127.0.0.1", port, respond: () => null });
      assert.equal(await heir.listen(), port);
      await heir.close();
      await heir.close();
    } finally {
      client.close();
      await server.close();
    }
  });
});

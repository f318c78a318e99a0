import { once } from "node:events";
import type { Server } from "node:net";
import { ServerTCP } from "modbus-serial";

/** An input and relay module on a real Modbus TCP port. */
export interface ContactDevice {
  port: number;
  inputs: Map<number, boolean>;
  coils: Map<number, boolean>;
  registers: Map<number, number>;
  close(): Promise<void>;
}

/** Starts a module. Addresses without a value are refused, as devices refuse them. */
export async function startContacts(port: number): Promise<ContactDevice> {
  const inputs = new Map<number, boolean>();
  const coils = new Map<number, boolean>();
  const registers = new Map<number, number>();
  const of =
    <T>(values: Map<number, T>) =>
    (address: number): T => {
      const value = values.get(address);
      if (value === undefined) throw Object.assign(new Error("no such address"), { modbusErrorCode: 2 });
      return value;
    };
  const vector = {
    getDiscreteInput: of(inputs),
    getCoil: of(coils),
    getHoldingRegister: of(registers),
    setCoil: (address: number, value: boolean) => {
      of(coils)(address);
      coils.set(address, value);
    },
  };
  const server = new ServerTCP(vector as never, { host: "127.0.0.1", port, unitID: 1 });
  await once(server as unknown as Server, "initialized");
  return { port, inputs, coils, registers, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

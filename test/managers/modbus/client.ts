import ModbusRTU from "modbus-serial";

/** The client of modbus-serial, whose server ours is not. */
export type Client = ModbusRTU;

export async function connect(port: number, unitId = 1): Promise<Client> {
  const client = new ModbusRTU();
  await client.connectTCP("127.0.0.1", { port });
  client.setID(unitId);
  client.setTimeout(2000);
  return client;
}

export async function registers(client: Client, address: number, count = 1): Promise<number[]> {
  return (await client.readHoldingRegisters(address, count)).data;
}

/** The number of the exception that a request is answered by; 0 = none. */
export async function exceptionOf(request: Promise<unknown>): Promise<number> {
  return request.then(
    () => 0,
    (error: { modbusCode?: number }) => error.modbusCode ?? -1,
  );
}

import { type SerialPackage, serialPackage } from "./rtu-lines.ts";

/** A serial port of this machine. */
export interface SerialPortInfo {
  path: string;
  /** Maker and serial number of the adapter, as far as known. */
  text: string;
}

/** The serial ports of this machine, by path. Rejects with EvError EV_MODBUS_SERIAL without the optional package `serialport`. */
export async function listSerialPorts(
  load: () => Promise<SerialPackage> = () => import("serialport"),
): Promise<SerialPortInfo[]> {
  const { SerialPort } = await serialPackage(load);
  const ports = await SerialPort.list();
  return ports
    .map(({ path, manufacturer, serialNumber }) => ({
      path,
      text: [manufacturer, serialNumber].filter(Boolean).join(" "),
    }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

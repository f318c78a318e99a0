import { type ClientConnection, type ClientOptions, connectClient } from "../../lib/ocpp/client.ts";
import { until } from "./net.ts";

/** Dials until it is let in: a central system's port opens a moment after the flows have started. */
export async function dialIn(options: ClientOptions): Promise<ClientConnection> {
  let connection: ClientConnection | null = null;
  const isIn = (made: ClientConnection): boolean => {
    connection = made;
    return true;
  };
  await until(`${options.identity} is let in`, () => connectClient(options).then(isIn, () => false));
  return connection!;
}

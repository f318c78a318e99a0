import type { AuthorizeRequest, AuthorizeResponse } from "../authorize.ts";
import type { Handler } from "./handler.ts";

/** §4.1: the station decides about the badge. */
export const authorize: Handler<AuthorizeRequest, AuthorizeResponse> = (request, station, context) =>
  station.authorize(request, context);

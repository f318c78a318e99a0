import { OCPP16 } from "../../lib/ocpp/v16/dialect.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import * as compile from "../../lib/profile/compile.ts";

const said = (profile: ReturnType<typeof compile.compileBaseline>): SetChargingProfileRequest =>
  OCPP16.request("setProfile", profile).payload as SetChargingProfileRequest;

/** The limit as a charge point with OCPP 1.6 reads it. */
export const compileLimit = (...given: Parameters<typeof compile.compileLimit>): SetChargingProfileRequest[] =>
  compile.compileLimit(...given).map(said);

/** The baseline as a charge point with OCPP 1.6 reads it. */
export const compileBaseline = (...given: Parameters<typeof compile.compileBaseline>): SetChargingProfileRequest =>
  said(compile.compileBaseline(...given));

/** One seed for all properties that have none of their own, so that a run can be repeated; `SEED` of the environment is another one. */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env["SEED"] || 20_261_122) });

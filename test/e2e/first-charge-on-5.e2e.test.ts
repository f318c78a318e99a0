import { describeFirstCharge } from "./first-charge.ts";

describeFirstCharge("5");

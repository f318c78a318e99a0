import { describeFirstCharge } from "./first-charge.ts";
import { isFull } from "./node-red.ts";

if (isFull) describeFirstCharge("4.1");

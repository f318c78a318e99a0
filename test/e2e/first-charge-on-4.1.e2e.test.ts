import { isFull } from "../full.ts";
import { describeFirstCharge } from "./first-charge.ts";

if (isFull) describeFirstCharge("4.1");

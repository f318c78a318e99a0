import { describeFirstCharger } from "./first-charger.ts";

describeFirstCharger("4.1");

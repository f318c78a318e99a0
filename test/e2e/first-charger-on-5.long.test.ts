import { describeFirstCharger } from "./first-charger.ts";

describeFirstCharger("5");

import { isFull } from "../../full.ts";
import { describeConformance } from "./conformance.ts";

if (isFull) describeConformance("4.1", ["open", "mutual TLS", "badges"]);

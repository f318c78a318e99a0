import { isFull } from "../node-red.ts";
import { describeConformance } from "./conformance.ts";

if (isFull) describeConformance("4.1", ["open", "mutual TLS", "badges"]);

import { describeConformance } from "./conformance.ts";

describeConformance("4.1", ["open", "mutual TLS", "badges"]);

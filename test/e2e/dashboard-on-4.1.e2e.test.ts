import { describeDashboard } from "./dashboard.ts";
import { isFull } from "./node-red.ts";

if (isFull) describeDashboard("4.1");

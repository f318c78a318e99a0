import { isFull } from "../full.ts";
import { describeDashboard } from "./dashboard.ts";

if (isFull) describeDashboard("5");

import { describeDashboard } from "./dashboard.ts";

describeDashboard("4.1");

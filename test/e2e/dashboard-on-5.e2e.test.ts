import { describeDashboard } from "./dashboard.ts";

describeDashboard("5");

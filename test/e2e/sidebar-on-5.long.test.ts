import { describeSidebar } from "./sidebar.ts";

describeSidebar("5");

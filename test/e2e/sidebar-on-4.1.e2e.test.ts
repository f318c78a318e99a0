import { describeSidebar } from "./sidebar.ts";

describeSidebar("4.1");

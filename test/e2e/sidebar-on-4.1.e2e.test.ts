import { isFull } from "./node-red.ts";
import { describeSidebar } from "./sidebar.ts";

if (isFull) describeSidebar("4.1");

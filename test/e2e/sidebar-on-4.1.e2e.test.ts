import { isFull } from "../full.ts";
import { describeSidebar } from "./sidebar.ts";

if (isFull) describeSidebar("4.1");

/** The controller, at the path that programs outside import. */
export * from "./controller/controller.ts";

/** The allocator, at the path that programs outside import. */
export * from "./allocation/allocate.ts";

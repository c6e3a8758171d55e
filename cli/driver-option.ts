import { DRIVERS } from "../platform/drivers/open-driver.ts";

/** Option `--driver` of commands that start a platform. */
export const DRIVER_OPTION = {
  choices: DRIVERS,
  default: "process",
  describe: "Where instances run: as processes, or as Docker containers",
} as const;

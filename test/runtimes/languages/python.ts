import { python as installed } from "../../../platform/drivers/process/languages/python.ts";
import { interpreted } from "./interpreted.ts";

export const python = interpreted({
  family: "python",
  ending: ".py",
  programs: () => installed.find(),
  missing: "Python 2.7 to 3.13: this machine has one version or none",
});

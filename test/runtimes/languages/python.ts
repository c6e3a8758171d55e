import { interpreted } from "./interpreted.ts";

export const python = interpreted({
  family: "python",
  ending: ".py",
  own: ["python3"],
  programs: /^python/,
});

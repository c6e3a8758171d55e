import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { apiError, faultsError, listErrors } from "../../model/errors.ts";
import { renderErrors } from "../../scripts/generate-errors.ts";

describe("error catalogue", () => {
  test("has every code once, each with a status, a title and a sentence that says what to do", () => {
    const errors = listErrors();
    expect(errors).toHaveLength(189);
    for (const one of errors) {
      expect(one.code).toMatch(/^FSS\.\d{4}$/);
      expect(one.status).toBeGreaterThanOrEqual(400);
      expect(one.status).toBeLessThan(600);
      expect(one.title).toMatch(/^[A-Z].*[^.]$/);
      expect(one.fix).toMatch(/^[A-Z].+\.$/);
    }
  });

  test("docs/errors.md is fresh (else run: node scripts/generate-errors.ts)", () => {
    const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    expect(page).toBe(renderErrors(listErrors()));
  });
});

describe("answers", () => {
  test("carry status, code and a message", () => {
    expect(apiError("FSS.1051")).toEqual({
      status: 404,
      error_code: "FSS.1051",
      error_msg: "No such function. Check the name in the URN; list the functions of the project.",
    });
    expect(apiError("FSS.0429", "Function Disabled").error_msg).toBe("Function Disabled");
  });

  test("of several faults have the first one's code and a line for each", () => {
    const answer = faultsError([
      { property: "memory_size", value: 3, rule: "must be 128", fix: "Use 128.", code: "FSS.1007" },
      { property: "timeout", value: 0, rule: "must be 3", fix: "Use 3.", code: "FSS.1008" },
    ]);
    expect(answer).toMatchObject({ status: 400, error_code: "FSS.1007" });
    expect(answer.error_msg.split("\n")).toEqual([
      "memory_size: 3 — must be 128. Use 128. (FSS.1007)",
      "timeout: 0 — must be 3. Use 3. (FSS.1008)",
    ]);
  });

  test("of faults with a code that is none are bad requests", () => {
    expect(faultsError([{ property: "a", rule: "b", fix: "c", code: "X" }])).toMatchObject({ status: 400 });
  });
});

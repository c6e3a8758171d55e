import { describe, test } from "vitest";
import { applicableCases, TOPICS } from "./cases.ts";
import { subjectsHere } from "./languages/index.ts";
import { runCase } from "./run-case.ts";

describe.each(await subjectsHere())("$title", ({ language, subject }) => {
  describe.each(TOPICS)("%s", (topic) => {
    const cases = applicableCases(topic, language.family, subject.version);
    test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) =>
      runCase(language, subject, one),
    );
  });
});

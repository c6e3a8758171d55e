import { describe, test } from "vitest";
import { applicableCases, TOPICS } from "./cases.ts";
import { subjectsHere } from "./languages/index.ts";
import { runCase } from "./run-case.ts";

describe.each(await subjectsHere())("$title", ({ language, subject }) => {
  const topics = TOPICS.map((topic) => ({
    topic,
    cases: applicableCases(topic, language.family, subject.version),
  })).filter(({ cases }) => cases.length > 0);
  describe.each(topics)("$topic", ({ cases }) => {
    test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) =>
      runCase(language, subject, one),
    );
  });
});

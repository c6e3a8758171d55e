import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fungraph } from "./command.ts";

const NOWHERE = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
const NO_ENGINE = "No Docker Engine answers at /nowhere/docker.sock. Start it, or set DOCKER_HOST";

test("images build refuses what has no image, and names what has one", async () => {
  const { code, stderr } = await fungraph(["images", "build", "Node.js20.15", "Cobol1"]);
  expect(stderr).toMatch(/There is no image for "Cobol1"\. Choose from: Node\.js6\.10, .*fonts, gateway\./);
  expect(code).toBe(1);
});

test("images build and platforms of containers say so when there is no engine", async () => {
  const build = await fungraph(["images", "build", "Go1.x"], { env: NOWHERE });
  expect(build.stderr).toContain(NO_ENGINE);
  expect(build.code).toBe(1);
  const data = mkdtempSync(join(tmpdir(), "fungraph-cli-"));
  try {
    const start = ["platform", "start", "--driver", "docker", "--port", "0", "--data", data];
    const platform = await fungraph(start, { env: NOWHERE });
    expect(platform.stderr).toContain(NO_ENGINE);
    expect(platform.stderr).not.toContain("    at ");
    expect(platform.code).toBe(1);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test("an engine on another machine is refused with the reason", async () => {
  const { code, stderr } = await fungraph(["images", "build", "Go1.x"], {
    env: { DOCKER_HOST: "tcp://10.0.0.1:2375" },
  });
  expect(stderr).toMatch(
    /DOCKER_HOST is "tcp:\/\/10\.0\.0\.1:2375".*Use unix:\/\/\/var\/run\/docker\.sock\./,
  );
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(1);
});

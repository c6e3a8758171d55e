import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MountsSpec } from "../../model/mount.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { dockerSubject, type DockerSubject } from "./docker-subject.ts";
import { sh } from "./inside.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const RUNTIME = "Node.js20.15";
const missing = await noEngine();
if (missing !== undefined) console.log(`file systems of containers are not tested: ${missing}`);

describe.skipIf(missing !== undefined)("functions with file systems in containers", () => {
  const share = mkdtempSync(join(tmpdir(), "fungraph-share-"));
  let subject: DockerSubject;
  let code: string;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, RUNTIME);
    engine.close();
    subject = await dockerSubject();
    code = subject.code("a", OPEN_DOOR);
    mkdirSync(join(share, "files"));
    chmodSync(join(share, "files"), 0o777);
    await subject.driver.arrange({
      vpcs: [],
      fileSystems: [
        { id: "files", source: join(share, "files") },
        { id: "nfs", source: { server: "127.0.0.1", path: "/exports" } },
      ],
    });
  }, 600_000);

  afterAll(async () => {
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
    rmSync(share, { recursive: true });
  });

  async function tenant(path: string, user: Partial<MountsSpec> = {}): Promise<Tenant> {
    const mounts = { userId: -1, groupId: -1, mounts: [{ fileSystemId: "files", path }], ...user };
    return (await Tenant.start(subject.driver, RUNTIME, { mounts })).claim(code);
  }

  test("see one file, each at its own path, and nothing beside it", async () => {
    await using one = await tenant("/mnt/files");
    await using other = await tenant("/data/of/all");
    expect(await sh(one, "echo hello > /mnt/files/word && umask 077 && echo mine > /mnt/files/own")).toBe("");
    expect(await sh(other, "cat /data/of/all/word")).toBe("hello\n");
    expect(await sh(other, "ls /data/of/all")).toBe("own\nword\n");
    expect(await sh(other, "ls /mnt/files 2>&1")).toMatch(/^refused: .*No such file/);
    expect(readFileSync(join(share, "files/word"), "utf8")).toBe("hello\n");
    expect(statSync(join(share, "files/word"))).toMatchObject({ uid: 1003, gid: 1003 });
  });

  test("are the user and group that is said, whose files are closed to others", async () => {
    await using one = await tenant("/mnt/files", { userId: 2000, groupId: 2001 });
    expect(await sh(one, "id -u; id -g")).toBe("2000\n2001\n");
    expect(
      await sh(one, "umask 077; echo secret > /mnt/files/secret; mkdir /tmp/x; echo log > ~/log/x"),
    ).toBe("");
    expect(statSync(join(share, "files/secret"))).toMatchObject({ uid: 2000, gid: 2001 });
    await using other = await tenant("/mnt/files");
    expect(await sh(other, "cat /mnt/files/secret 2>&1")).toMatch(/^refused: .*Permission denied/);
    expect(await sh(other, "ls -A /opt/function/code")).toBe("index.js\n");
  });

  test("keep the share when they end, and the rest of the machine stays closed", async () => {
    await using one = await tenant("/mnt/files");
    expect(await sh(one, "ln -sf /etc/shadow /mnt/files/link; cat /mnt/files/link 2>&1")).toMatch(
      /^refused: /,
    );
    expect(await sh(one, "ls -A /mnt/files/..")).toBe("files\n");
    expect(await sh(one, "echo x > /mnt/other 2>&1")).toMatch(/^refused: /);
    expect(await sh(one, "grep -c ' /mnt/files ' /proc/self/mounts")).toBe("1\n");
  });

  test("do not start without what they mount, and say why", async () => {
    const mounts = { userId: -1, groupId: -1, mounts: [{ fileSystemId: "lost", path: "/mnt/files" }] };
    await expect(Tenant.start(subject.driver, RUNTIME, { mounts })).rejects.toThrow(
      "the file system lost is not there",
    );
    // No server listens there; where the kernel knows no NFS it says so itself.
    const nfs = { ...mounts, mounts: [{ fileSystemId: "nfs", path: "/mnt/nfs" }] };
    await expect(Tenant.start(subject.driver, RUNTIME, { mounts: nfs })).rejects.toThrow(
      /the file system 127.0.0.1:\/exports cannot be mounted: .* Check that the server exports it/,
    );
  });
});
